"""Connects processes that share nothing but the database, by LISTEN and NOTIFY."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg

from collab.driver import ERRORS
from collab.live.line import CHANNEL, PATIENCE, LineLost, Send


class PostgresLine:
    """A line on its own connection, so that no NOTIFY is part of a transaction that writes."""

    largest = 7_999

    def __init__(self, database_url: str) -> None:
        self._url = database_url

    @asynccontextmanager
    async def open(
        self, hear: Callable[[bytes], None], lose: Callable[[str], None]
    ) -> AsyncIterator[Send]:
        with _translated():
            connection = await asyncpg.connect(
                self._url,
                timeout=PATIENCE,
                command_timeout=PATIENCE,
                server_settings={"application_name": "collab doorbell"},
            )
        try:
            connection.add_termination_listener(lambda _: lose("the connection has ended"))
            with _translated():
                # Otherwise a NOTIFY would wait for the disk.
                await connection.execute("set synchronous_commit = off")
                await connection.add_listener(
                    CHANNEL, lambda _connection, _pid, _channel, text: hear(str(text).encode())
                )
                notify = await connection.prepare("select pg_notify($1, $2)")

            async def send(message: bytes) -> None:
                with _translated():
                    await notify.fetchval(CHANNEL, message.decode())

            yield send
        finally:
            connection.terminate()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ERRORS as error:
        raise LineLost(f"{type(error).__name__}: {error}") from error
