"""SQLAlchemy's way to the database, for everything but the log."""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

_PATIENCE = 60.0
"""Seconds that a connection may take where nobody says else."""


def create_engine(
    database_url: str, *, pooled: bool = True, statement_timeout: float | None = None
) -> AsyncEngine:
    """An engine on a `postgresql://` URL, which asyncpg reads: all its parameters work.

    A statement may take so many seconds. Raises ConnectionError where nobody answers.
    """

    async def connect() -> asyncpg.Connection[asyncpg.Record]:
        return await _connect(database_url, command_timeout=statement_timeout)

    # A connection may have been lost while it was idle: asked before use, it is made anew.
    pool: dict[str, Any] = {"pool_pre_ping": True} if pooled else {"poolclass": NullPool}
    # Errors and logs do not repeat what people wrote.
    return create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, hide_parameters=True, **pool
    )


async def ask(database_url: str) -> None:
    """Raises ConnectionError, with words, unless a database answers there."""
    await (await _connect(database_url)).close()


async def _connect(
    database_url: str, *, command_timeout: float | None = None
) -> asyncpg.Connection[asyncpg.Record]:
    try:
        return await asyncpg.connect(
            database_url, timeout=command_timeout or _PATIENCE, command_timeout=command_timeout
        )
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ConnectionError(f"The database does not answer: {error}") from error
