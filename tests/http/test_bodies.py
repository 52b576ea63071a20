"""Requests that take long, hold much, or can be read in two ways."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from collab.live.limits import ServerLimits
from collab.settings import Settings
from tests.http.test_connections import HEALTH, answer, closed, connection
from tests.support.here import serving

LIMITS = ServerLimits(text=1000, request_within=1, held_per_address=1)
"""Unfinished bodies of one address hold at most one whole message, 71,536 bytes."""


@pytest.fixture
async def address(database_url: str) -> AsyncIterator[str]:
    settings = Settings(
        port=0,
        database_url=database_url,
        limits=LIMITS,
        of_domains={"limit_completion": {"text": 100}},
    )
    async with serving(settings) as address:
        yield address


def post(path: str, size: int, *more: str) -> bytes:
    """The head of a request whose body has so many bytes."""
    lines = [f"POST {path} HTTP/1.1", "Host: here", "Content-Type: application/json"]
    return "\r\n".join([*lines, f"Content-Length: {size}", *more, "", ""]).encode()


async def asked(address: str, *parts: bytes) -> tuple[int, Any]:
    """The status and the answer to what is sent."""
    async with connection(address) as (reader, writer):
        for part in parts:
            writer.write(part)
        said = await closed(reader)
        head, _, body = said.partition(b"\r\n\r\n")
        return int(head.split()[1]), body.decode()


async def test_a_body_that_comes_too_slowly_is_not_waited_for(address: str) -> None:
    status, body = await asked(address, post("/rooms", 1000), b"{")
    assert status == 408
    assert json.loads(body) == {
        "status_code": 408,
        "detail": "The body came too slowly; the limit is 1 s and then 4096 bytes a second.",
        "extra": {"code": "too_slow"},
    }


@pytest.mark.parametrize(("path", "most"), [("/rooms", 71_536), ("/autocomplete", 66_136)])
async def test_each_route_has_a_limit_of_its_own(address: str, path: str, most: int) -> None:
    async with connection(address) as streams:
        streams[1].write(post(path, most + 1))
        body = json.loads(await answer(streams))
    assert body == {
        "status_code": 413,
        "detail": f"The request is too large; the limit is {most} bytes.",
        "extra": {"code": "too_large"},
    }


async def test_a_body_without_a_length_is_counted_as_it_comes(address: str) -> None:
    head = b"POST /autocomplete HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with connection(address) as streams:
        streams[1].write(head + b"8000\r\n" + b" " * 0x8000 + b"\r\n")
        streams[1].write(b"8000\r\n" + b" " * 0x8000 + b"\r\n")
        streams[1].write(b"8000\r\n" + b" " * 0x8000 + b"\r\n")
        told = await closed(streams[0])
    assert b" 413 " in told
    assert b"connection: close" in told.lower(), "or clients ask again on a connection that ends"


async def test_an_address_has_no_more_unfinished_bodies_than_it_may(address: str) -> None:
    async with connection(address) as first, connection(address) as second:
        answers = {}
        for streams in (first, second):
            streams[1].write(post("/rooms", 60_000) + b" " * 50_000)
            answers[asyncio.create_task(answer(streams))] = streams
        done, still = await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
        body = json.loads(done.pop().result())
        assert body["status_code"] == 429
        assert "71536 bytes, the limit" in body["detail"]
        assert body["extra"] == {"code": "too_much_unfinished"}
        # The other body is taken all the same.
        (other,) = still
        answers[other][1].write(b" " * 9_998 + b"{}")
        assert "roomId" in json.loads(await other)
    # What is not held any more does not count any more.
    async with connection(address) as streams:
        streams[1].write(post("/rooms", 60_000) + b" " * 59_998 + b"{}")
        assert "roomId" in json.loads(await answer(streams))


LENGTH_AND_CHUNKS = (
    b"POST /rooms HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
)


@pytest.mark.parametrize(
    "request_",
    [
        LENGTH_AND_CHUNKS,
        HEALTH.replace(b"\r\n", b"\n"),
        HEALTH.replace(b"Host: here\r\n", b"Host: here\nX: y\r\n"),
        HEALTH.replace(b"\r\n\r\n", b"\r\nX: a\rb\r\n\r\n"),
        HEALTH.replace(b"\r\n\r\n", b"\r\nX: a\r\n b\r\n\r\n"),
        HEALTH.replace(b"\r\n\r\n", b"\r\nX: a\r\n\tContent-Length: 3\r\n\r\n"),
    ],
    ids=["length and chunks", "line feeds", "a line feed", "a return", "a fold", "a tab"],
)
async def test_what_two_programs_may_read_otherwise_is_refused(
    address: str, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    status, words = await asked(address, request_)
    assert status == 400
    assert "Invalid HTTP request received." in words
    assert not caplog.records


async def test_chunks_are_taken_however_small(address: str) -> None:
    head = b"POST /rooms HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b'{"initial_code": "' + b"x" * 900 + b'"}'
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    async with connection(address) as streams:
        streams[1].write(head + chunks + b"0\r\n\r\n")
        assert json.loads(await answer(streams))["code"] == "x" * 900
        streams[1].write(HEALTH)
        assert await answer(streams) == b'{"status":"ok"}'


async def test_chunks_that_are_none_end_the_connection_and_nothing_more(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    head = b"POST /rooms HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with connection(address) as (reader, writer):
        writer.write(head + b"zz\r\n")
        await closed(reader)
    async with connection(address) as (reader, writer):
        writer.write(post("/autocomplete", 70_000) + b" " * 70_000)
        writer.write(b"\0\0\0\n\n")
        assert b" 413 " in await closed(reader)
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("rate", [0, 1], ids=["not sent", "held back"])
async def test_a_server_that_stops_has_nothing_to_say_of_bodies_that_are_still_to_come(
    database_url: str, caplog: pytest.LogCaptureFixture, rate: int
) -> None:
    limits = ServerLimits(bytes_per_address=rate)
    settings = Settings(port=0, database_url=database_url, limits=limits)
    async with serving(settings) as address:
        host, port = address.split(":")
        streams = [await asyncio.open_connection(host, int(port)) for _ in range(3)]
        for _, writer in streams:
            writer.write(post("/rooms", 1000) + b'{"initial')
        async with connection(address) as asking:
            asking[1].write(HEALTH)
            await answer(asking)
    for reader, writer in streams:
        assert (await closed(reader)).startswith(b"HTTP/1.1 503 ")
        writer.close()
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []
