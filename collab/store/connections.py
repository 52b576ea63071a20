"""Connections to PostgreSQL for the log, and what goes wrong on them in its words."""

from __future__ import annotations

import time
from asyncio import LifoQueue
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import asyncpg

from collab.errors import LogUnavailable, NotStorable
from collab.store.failures import NO_ANSWER, is_about_rows

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

_LONG_IDLE = 300.0
"""Seconds after which something between us and the database may have forgotten a connection."""


class Connections:
    """A few connections, made when they are needed; the one that was used last is used next.

    asyncpg's own pool takes a connection back in a task, which every commit would wait for.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]], most: int = 10) -> None:
        self._connect = connect
        self._most = most
        self._free: LifoQueue[tuple[Connection | None, float]] = LifoQueue()
        """Each with the time when it was used."""
        for _ in range(most):
            self._free.put_nowait((None, 0))

    async def fetch(self, *statement: object) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self._run(asyncpg.Connection.fetch, *statement)
        return rows

    async def fetchrow(self, *statement: object) -> asyncpg.Record | None:
        row: asyncpg.Record | None = await self._run(asyncpg.Connection.fetchrow, *statement)
        return row

    async def fetchval(self, *statement: object) -> Any:
        return await self._run(asyncpg.Connection.fetchval, *statement)

    async def execute(self, *statement: object) -> str:
        status: str = await self._run(asyncpg.Connection.execute, *statement)
        return status

    async def close(self) -> None:
        """Wait for what runs, and close them all."""
        for _ in range(self._most):
            connection, _used = await self._free.get()
            if connection:
                await connection.close()

    async def _run(self, way: Callable[..., Awaitable[Any]], *statement: object) -> Any:
        """`way` is a method of asyncpg.Connection.

        Raises NotStorable and LogUnavailable, with words that do not quote the statement.
        """
        connection, used = await self._free.get()
        try:
            if connection and time.monotonic() - used > _LONG_IDLE:
                connection.terminate()
            if connection is None or connection.is_closed():
                connection = await self._connect()
            # One whose statement is being cancelled waits for that by itself.
            return await way(connection, *statement)
        except asyncpg.PostgresError as error:
            words = f"{type(error).__name__} ({error.sqlstate})"
            if is_about_rows(error):
                raise NotStorable(words) from error
            if connection:
                connection.terminate()  # it may be about to end
            raise LogUnavailable(words) from error
        except NO_ANSWER as error:
            if connection and not isinstance(error, TimeoutError):
                connection.terminate()  # nobody knows what it is at
            raise LogUnavailable(f"{type(error).__name__}: {error}") from error
        finally:
            self._free.put_nowait((connection, time.monotonic()))
