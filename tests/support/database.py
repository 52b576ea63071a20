"""SQL from tests."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg


def execute(database_url: str, sql: str) -> Any:
    """Run a statement, outside any loop, and give the one value it yields."""
    return asyncio.run(fetch_value(database_url, sql))


async def fetch_value(database_url: str, sql: str, *arguments: object) -> Any:
    """Run a statement and give the one value it yields."""
    connection = await asyncpg.connect(database_url)
    try:
        return await connection.fetchval(sql, *arguments)
    finally:
        await connection.close()
