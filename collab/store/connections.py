"""Runs the log's statements on PostgreSQL, and turns the driver's errors into those of the log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

import asyncpg

from collab.driver import NO_ANSWER, is_about_rows
from collab.errors import LogUnavailable, NotStorable


class Connections:
    """Runs statements on asyncpg's pool."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], at_once: int | None = None) -> None:
        """With `at_once`, no more statements than that run at a time; the others wait."""
        self._pool = pool
        self._turns: AbstractAsyncContextManager[None] = (
            asyncio.Semaphore(at_once) if at_once else nullcontext()
        )

    def few(self, at_once: int) -> Connections:
        """The same pool, for statements of which many may come at once, and none of which may hold
        up what people type."""
        return Connections(self._pool, at_once)

    async def fetch(self, *statement: object) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self._run(asyncpg.Connection.fetch, *statement)
        return rows

    async def fetchrow(self, *statement: object) -> asyncpg.Record | None:
        row: asyncpg.Record | None = await self._run(asyncpg.Connection.fetchrow, *statement)
        return row

    async def fetchval(self, *statement: object) -> Any:
        return await self._run(asyncpg.Connection.fetchval, *statement)

    async def fetchmany(
        self, statement: str, values: Sequence[Sequence[object]]
    ) -> list[asyncpg.Record]:
        """Run a statement with each of these values in one transaction. Returns all rows."""
        rows: list[asyncpg.Record] = await self._run(
            asyncpg.Connection.fetchmany, statement, values
        )
        return rows

    async def execute(self, *statement: object) -> str:
        status: str = await self._run(asyncpg.Connection.execute, *statement)
        return status

    async def _run(self, way: Callable[..., Awaitable[Any]], *statement: object) -> Any:
        """`way` is a method of asyncpg.Connection.

        Raises NotStorable and LogUnavailable, with words that do not quote the statement.
        """
        try:
            async with self._turns, self._pool.acquire() as connection:
                return await getattr(connection, way.__name__)(*statement)
        except asyncpg.PostgresError as error:
            words = f"{type(error).__name__} ({error.sqlstate})"
            raise (NotStorable if is_about_rows(error) else LogUnavailable)(words) from error
        except NO_ANSWER as error:
            raise LogUnavailable(f"{type(error).__name__}: {error}") from error
