"""The client that is shipped with the protocol, against a real server."""

from __future__ import annotations

import ast
import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

import collab.client
from collab.client import Editor
from tests.support.clients import random_edit
from tests.support.proxy import Proxy
from tests.support.server import Server
from tests.support.sockets import ot_socket
from tests.support.sockets import person as introduction

LETTERS = 30
"""That each person types, no two alike."""
PATIENCE = 120.0
"""Seconds until a test is taken to hang."""


@pytest.fixture(autouse=True)
async def patience() -> AsyncIterator[None]:
    async with asyncio.timeout(PATIENCE):
        yield


@asynccontextmanager
async def editors(url: str, count: int) -> AsyncIterator[list[Editor]]:
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(Editor(url, name=f"Person {n}")) for n in range(count)
        ]


async def agreed(server: Server, room_id: str, people: list[Editor]) -> str:
    """Wait until all is saved and seen by everybody; the text that is then there."""
    for person in people:
        await person.saved()
    head = max(person.revision for person in people)
    for person in people:
        while person.revision < head:
            await person.changed()
    assert len({person.text for person in people}) == 1
    text: str = (await asyncio.to_thread(server.room, room_id))["code"]
    assert people[0].text == text
    return text


def test_it_is_short_and_needs_only_ot_and_websockets() -> None:
    assert collab.client.__file__
    source = Path(collab.client.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 150
    names = [
        alias.name if isinstance(node, ast.Import) else node.module or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    others = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    assert others == {"ot", "websockets"}


async def test_what_it_types_is_saved_and_seen_by_others(
    shared_server: Server, room_id: str, room_url: str
) -> None:
    async with editors(room_url, 2) as people:
        ann, bob = people
        ann.replace(5, 5, " world")
        ann.replace(0, 1, "J")
        assert ann.text == "Jello world"
        bob.replace(5, 5, "!")
        text = await agreed(shared_server, room_id, people)
        # Who comes later goes left.
        assert text in ("Jello! world", "Jello world!")


async def test_random_edits_of_several_people_end_in_one_text(
    shared_server: Server, room_id: str, room_url: str
) -> None:
    random = Random(7)
    async with editors(room_url, 3) as people:
        for _ in range(100):
            person = random.choice(people)
            edit = random_edit(random, person.text)
            first, last = edit.components[0], edit.components[-1]
            start = first if isinstance(first, int) and first > 0 else 0
            kept = last if isinstance(last, int) and last > 0 else 0
            after = edit.apply(person.text)
            person.replace(start, len(person.text) - kept, after[start : len(after) - kept])
            if random.random() < 0.3:
                await person.changed() if person.pending else await asyncio.sleep(0)
        await agreed(shared_server, room_id, people)


async def test_whatever_breaks_every_letter_is_there_once(
    shared_server: Server, room_id: str
) -> None:
    async with Proxy(shared_server.url) as link, editors(link.room_url(room_id), 2) as people:
        typed = [chr(0x4E00 + n) for n in range(2 * LETTERS)]
        for number, letter in enumerate(typed):
            person = people[number % 2]
            person.replace(len(person.text) // 2, len(person.text) // 2, letter)
            match number % 10:
                case 3:
                    link.stall()  # it is committed, and its author is not told
                case 5:
                    link.cut()
                case 8:
                    link.mend()
                case 9:
                    await person.saved()
        text = await agreed(shared_server, room_id, people)
        assert Counter(text) == Counter("hello") + Counter(typed)
        assert [person.set_aside for person in people] == [[], []]


async def test_a_large_text_goes_through_a_gateway_that_takes_frames_of_64_kb(
    shared_server: Server, room_id: str
) -> None:
    text = "🪐\x01漢\n" * 20_000
    async with (
        Proxy(shared_server.url, most_bytes=2**16) as gateway,
        Editor(gateway.room_url(room_id), name="Ann") as ann,
    ):
        ann.replace(0, 5, text)
        assert await agreed(shared_server, room_id, [ann]) == text
        assert gateway.broken == 0


async def test_what_is_refused_is_set_aside_and_the_rest_is_saved(
    database_url: str,
) -> None:
    with Server("--limit-text", "10", database_url=database_url) as server:
        room_id = await asyncio.to_thread(server.create_room, initial_code="hello")
        async with Editor(server.room_url(room_id), name="Ann") as ann:
            ann.replace(5, 5, " much too long")
            await asyncio.sleep(0)  # it is sent
            ann.replace(0, 1, "J")
            await ann.saved()
            while ann.set_aside == []:
                await ann.changed()
            assert ann.set_aside == [" much too long"]
            assert await agreed(server, room_id, [ann]) == "Jello"


async def test_a_server_that_restarts_loses_and_doubles_nothing(server: Server) -> None:
    room_id = await asyncio.to_thread(server.create_room)
    async with Editor(server.room_url(room_id), name="Ann") as ann:
        ann.replace(0, 0, "a")
        await ann.saved()
        await asyncio.to_thread(server.kill)
        ann.replace(1, 1, "b")
        ann.replace(2, 2, "c")
        await asyncio.to_thread(server.start)
        assert await agreed(server, room_id, [ann]) == "abc"


async def test_who_was_away_for_long_takes_what_others_did_as_one(
    shared_server: Server, room_id: str, room_url: str
) -> None:
    async with (
        Proxy(shared_server.url) as link,
        Editor(link.room_url(room_id), name="Ann") as ann,
        Editor(room_url, name="Bob") as bob,
    ):
        link.cut()
        ann.replace(5, 5, " from Ann")
        for _ in range(150):
            bob.replace(0, 0, "b")
            await bob.saved()
        link.mend()
        assert await agreed(shared_server, room_id, [ann, bob]) == "b" * 150 + "hello from Ann"


async def test_it_ends_with_the_servers_reason_where_it_cannot_go_on(
    shared_server: Server, room_url: str
) -> None:
    with pytest.raises(ConnectionError, match="4404"):
        async with Editor(shared_server.room_url(str(uuid4())), name="Ann"):
            pass
    async with Editor(room_url, name="Ann") as ann, ot_socket(room_url) as socket:
        await socket.send_raw(json.dumps(ann._join | {"at": 2**50}))
        with pytest.raises(ConnectionError, match="4409"):
            await forever(ann)


async def test_a_join_without_a_clock_is_older_than_one_that_has_one(room_url: str) -> None:
    async with ot_socket(room_url) as first, ot_socket(room_url) as second:
        await first.join("ann", at=1)
        await second.send("join", **introduction("ann"))
        assert (await second.closed())[0] == 4409
        await first.nothing_more()


async def forever(person: Editor) -> None:
    while True:
        await person.changed()
