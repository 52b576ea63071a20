"""Connections that are slow to ask, byte by byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from collab.live.limits import ServerLimits
from collab.settings import Settings
from tests.support.here import serving
from tests.support.server import DEADLINE
from tests.support.sockets import ot_socket

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
HEALTH = b"GET /health HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.fixture
async def address(database_url: str) -> AsyncIterator[str]:
    """Of a server that is not patient."""
    limits = ServerLimits(request_within=1, least_rate=1)
    async with serving(Settings(port=0, database_url=database_url, limits=limits)) as address:
        yield address


@asynccontextmanager
async def connection(address: str) -> AsyncIterator[Streams]:
    """A connection that has said nothing yet."""
    host, port = address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.close()


async def closed(reader: asyncio.StreamReader) -> bytes:
    """Wait until the server closes the connection; what it says before."""
    said = b""
    # What was on its way to a connection that is closed has the server's system reset it.
    with suppress(ConnectionResetError):
        async with asyncio.timeout(DEADLINE):
            while piece := await reader.read(1024):
                said += piece
    return said


async def trickle(streams: Streams) -> bytes:
    """Ask, a header now and then, until the server closes the connection; what it says before."""
    reader, writer = streams
    writer.write(b"GET / HTTP/1.1\r\n")
    end = asyncio.create_task(closed(reader))
    while not end.done():
        writer.write(b"x-more: to come\r\n")
        await asyncio.wait([end], timeout=0.1)
    return await end


async def answer(streams: Streams) -> bytes:
    """The body of the answer to a request that was sent; the connection stays."""
    reader, _ = streams
    async with asyncio.timeout(DEADLINE):
        head = await reader.readuntil(b"\r\n\r\n")
        (length,) = [
            int(value)
            for name, _, value in (line.partition(b": ") for line in head.lower().splitlines())
            if name == b"content-length"
        ]
        return await reader.readexactly(length)


async def test_who_never_asks_is_not_waited_for(address: str) -> None:
    async with connection(address) as (reader, _):
        assert await closed(reader) == b""


async def test_who_never_comes_to_the_end_of_asking_is_told_and_not_waited_for(
    address: str,
) -> None:
    async with connection(address) as streams:
        said = await trickle(streams)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert said.endswith(b"\r\n\r\nNo whole request came within 1 s.")


async def test_that_somebody_has_asked_before_changes_nothing(address: str) -> None:
    async with connection(address) as idle, connection(address) as slow:
        for streams in (idle, slow):
            streams[1].write(HEALTH)
            assert await answer(streams) == b'{"status":"ok"}'
        assert (await trickle(slow)).startswith(b"HTTP/1.1 408 ")
        assert await closed(idle[0]) == b""


async def test_whoever_has_asked_has_time(address: str) -> None:
    room = b'{"initial_code": "hello"}'
    host, _, _ = address.partition(":")
    async with connection(address) as streams:
        _, writer = streams
        head = f"POST /rooms HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(room)}\r\n\r\n"
        writer.write(head.encode() + room[:5])
        async with connection(address) as silent:
            assert await closed(silent[0]) == b""
        writer.write(room[5:])
        created = await answer(streams)
    assert b'"code":"hello"' in created
    room_id = created.split(b'"')[3].decode()
    async with ot_socket(f"ws://{address}/ws/{room_id}") as socket:
        await socket.join("ann")
        async with connection(address) as silent:
            assert await closed(silent[0]) == b""
        await socket.nothing_more()
