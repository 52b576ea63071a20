"""A start waits for a database that does not answer yet, with words and a limit."""

from __future__ import annotations

import asyncio
import struct
from asyncio import StreamReader, StreamWriter
from typing import Any

import asyncpg
import pytest

from collab.store.reach import reach

IN_RECOVERY = ("57P03", "the database system is in recovery mode")
NO_SUCH_DATABASE = ("3D000", 'database "rooms" does not exist')


class Saying:
    """A server that answers whoever comes with an error of PostgreSQL, and counts them."""

    def __init__(self, code: str, message: str) -> None:
        fields = f"SFATAL\0VFATAL\0C{code}\0M{message}\0\0".encode()
        self._answer = b"E" + struct.pack("!i", 4 + len(fields)) + fields
        self.came = 0

    async def __call__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.came += 1
        size = struct.unpack("!i", await reader.readexactly(4))[0]
        await reader.readexactly(size - 4)
        writer.write(self._answer)
        writer.close()


async def test_a_database_in_recovery_is_waited_for_with_words(
    caplog: pytest.LogCaptureFixture, unused_tcp_port: int, database_url: str
) -> None:
    recovering = Saying(*IN_RECOVERY)
    url = f"postgresql://x@127.0.0.1:{unused_tcp_port}/rooms?sslmode=disable"
    real = asyncpg.connect

    async def connect(*_: object, **options: Any) -> object:
        # It recovers meanwhile: from the third try on, the real one answers at its address.
        return await real(url if recovering.came < 2 else database_url, **options)

    async with await asyncio.start_server(recovering, "127.0.0.1", unused_tcp_port):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncpg, "connect", connect)
            async with reach(url, patience=60) as connection:
                assert await connection.fetchval("select 1") == 1
    assert recovering.came == 2
    (record,) = caplog.records
    assert "does not answer yet: the database system is in recovery mode" in record.message
    assert "Waiting for it, for up to 60 s" in record.message


async def test_the_wait_has_a_limit(unused_tcp_port: int) -> None:
    recovering = Saying(*IN_RECOVERY)
    url = f"postgresql://x@127.0.0.1:{unused_tcp_port}/rooms?sslmode=disable"
    async with await asyncio.start_server(recovering, "127.0.0.1", unused_tcp_port):
        with pytest.raises(ConnectionError, match="does not answer: the database system is in"):
            async with reach(url, patience=0.3):
                pass
    assert recovering.came > 1


async def test_a_database_that_is_not_there_yet_is_waited_for(
    caplog: pytest.LogCaptureFixture, unused_tcp_port: int
) -> None:
    url = f"postgresql://x@127.0.0.1:{unused_tcp_port}/rooms?sslmode=disable"
    with pytest.raises(ConnectionError, match="Connect call failed"):
        async with reach(url, patience=0.3):
            pass
    assert "does not answer yet: " in caplog.text


async def test_one_that_says_no_is_not_waited_for(unused_tcp_port: int) -> None:
    saying = Saying(*NO_SUCH_DATABASE)
    url = f"postgresql://x@127.0.0.1:{unused_tcp_port}/rooms?sslmode=disable"
    async with await asyncio.start_server(saying, "127.0.0.1", unused_tcp_port):
        with pytest.raises(ConnectionError, match="does not exist"):
            async with reach(url, patience=60):
                pass
    assert saying.came == 1
