"""Somebody whose network takes less than the room has to say."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from collab.live.limits import ServerLimits
from collab.settings import Settings
from tests.support.here import serving
from tests.support.server import DEADLINE
from tests.support.sockets import Socket, ot_socket

LARGE = "x" * 1_000_000
LARGE_EDITS = 60
SMALL_EDITS = 100
READS = 60


async def edit(author: Socket, large: bool, edits: int, revision: int) -> int:
    """Put a text before "hello" and take it away, by turns; the revision it ends with."""
    text = LARGE if large else "y"
    for number in range(edits):
        change = [-len(text), 5] if number % 2 else [text, 5]
        await author.submit(revision, revision, "edit", "main", change)
        revision += 1
        assert (await author.receive())[0] == revision
    return revision


async def receive_all(socket: Socket) -> None:
    """Read on for ever."""
    while True:
        await socket.receive()


async def test_a_slow_reader_delays_nobody_and_gets_every_entry_in_its_order(
    database_url: str,
) -> None:
    # Who does not read answers no ping, and is not to be given up for that.
    settings = Settings(port=0, database_url=database_url, heartbeat=600)
    async with serving(settings) as address, httpx.AsyncClient(timeout=DEADLINE) as http:
        room = await http.post(f"http://{address}/rooms", json={"initial_code": "hello"})
        room_url = f"ws://{address}/ws/{room.json()['roomId']}"
        await _read_slowly(room_url)


async def _read_slowly(room_url: str) -> None:
    async with ot_socket(room_url) as slow, ot_socket(room_url) as author:
        await slow.join("slow")
        revision = (await author.join("author"))["revision"]
        first = revision + 1
        slow.connection.transport.pause_reading()
        revision = await edit(author, True, LARGE_EDITS, revision)
        slow.connection.transport.resume_reading()
        async with asyncio.TaskGroup() as group:
            # What is said while the backlog goes out must not overtake it.
            typing = group.create_task(edit(author, False, SMALL_EDITS, revision))
            assert (await slow.receive())["type"] == "person"
            for expected in range(first, revision + SMALL_EDITS + 1):
                assert (await slow.receive())[0] == expected
        assert typing.result() == revision + SMALL_EDITS


async def test_who_asks_for_more_than_it_reads_is_closed_and_resumes_where_it_was(
    database_url: str,
) -> None:
    # A short question, a long answer: the frames are few.
    limits = ServerLimits(outbox_bytes=2 * len(LARGE))
    settings = Settings(port=0, database_url=database_url, limits=limits, heartbeat=60)
    async with serving(settings) as address, httpx.AsyncClient(timeout=DEADLINE) as http:
        room = await http.post(f"http://{address}/rooms", json={"initial_code": LARGE})
        url = f"ws://{address}/ws/{room.json()['roomId']}"
        async with ot_socket(url) as author:
            revision = (await author.join("author"))["revision"]
            async with ot_socket(url) as slow:
                await slow.join("slow")
                await author.receive()  # the other came
                slow.connection.transport.pause_reading()
                for _ in range(READS):
                    await slow.send("read", file="main")
                assert (await author.receive())["type"] == "left"
                await author.submit(1, revision, "edit", "main", ["y", len(LARGE)])
                assert (await author.receive())[0] == revision + 1
                slow.connection.transport.resume_reading()
                with pytest.raises(ConnectionClosed) as caught:
                    await receive_all(slow)
                assert caught.value.rcvd, "the connection was lost"
                assert caught.value.rcvd.code == 4413
                assert str(2 * len(LARGE)) in caught.value.rcvd.reason
            async with ot_socket(url) as again:
                joined = await again.join("slow", revision=revision)
                assert [entry[1:] for entry in joined["entries"]] == [
                    [1, "main", ["y", len(LARGE)]]
                ]
