"""SQLAlchemy's way to the database, for everything but the log."""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

_PATIENCE = 10.0
"""Seconds that a database may take to answer at the start."""


def create_engine(
    database_url: str, *, pooled: bool = True, statement_timeout: float | None = None
) -> AsyncEngine:
    """An engine on a `postgresql://` URL, which asyncpg reads: all its parameters work.

    A statement may take so many seconds, and so may a connection.
    """
    limits: dict[str, Any] = {}
    if statement_timeout is not None:
        limits = {"timeout": statement_timeout, "command_timeout": statement_timeout}

    async def connect() -> asyncpg.Connection[asyncpg.Record]:
        return await asyncpg.connect(database_url, **limits)

    # A connection may have been lost while it was idle: asked before use, it is made anew.
    pool: dict[str, Any] = {"pool_pre_ping": True} if pooled else {"poolclass": NullPool}
    # Errors and logs do not repeat what people wrote.
    return create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, hide_parameters=True, **pool
    )


async def ask(database_url: str) -> None:
    """Raises ConnectionError, with words, unless a database answers there, and soon."""
    try:
        connection = await asyncpg.connect(database_url, timeout=_PATIENCE)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        words = str(error) or f"nothing came within {_PATIENCE:g} s"
        raise ConnectionError(f"The database does not answer: {words}") from error
    await connection.close()
