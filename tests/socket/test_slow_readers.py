"""Somebody whose network takes less than the room has to say."""

from __future__ import annotations

import asyncio

from tests.support.sockets import Socket, ot_socket

LARGE = "x" * 1_000_000
LARGE_EDITS = 60
SMALL_EDITS = 100


async def edit(author: Socket, large: bool, edits: int, revision: int) -> int:
    """Put a text before "hello" and take it away, by turns; the revision it ends with."""
    text = LARGE if large else "y"
    for number in range(edits):
        change = [-len(text), 5] if number % 2 else [text, 5]
        await author.submit(revision, revision, "edit", "main", change)
        revision += 1
        assert (await author.receive())[0] == revision
    return revision


async def test_a_slow_reader_delays_nobody_and_gets_every_entry_in_its_order(room_url: str) -> None:
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
