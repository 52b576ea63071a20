"""Makes SQLAlchemy's engine. Only migrations use it, since importing it takes half a second."""

from __future__ import annotations

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool


def create_engine(database_url: str) -> AsyncEngine:
    """Make an engine on a `postgresql://` URL. asyncpg reads it: all parameters work."""

    async def connect() -> asyncpg.Connection[asyncpg.Record]:
        return await asyncpg.connect(database_url)

    # Errors and logs do not repeat what people wrote.
    return create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, hide_parameters=True, poolclass=NullPool
    )
