"""The client library against a real server."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from uuid import uuid4

import httpx
import pytest

from collab.client import (
    Added,
    Edited,
    Event,
    Moved,
    NoEntry,
    NotThere,
    Refused,
    Removed,
    Room,
    RoomError,
    Stale,
    Text,
    connect,
)
from ot import OperationError
from tests.support.clients import random_edit
from tests.support.proxy import Proxy
from tests.support.server import DEADLINE, Server
from tests.support.sockets import ot_socket, person

LETTERS = 20
"""That each person types, no two alike."""
PATIENCE = 120.0
"""Seconds until a test is taken to hang."""


@pytest.fixture(autouse=True)
async def patience() -> AsyncIterator[None]:
    async with asyncio.timeout(PATIENCE):
        yield


@asynccontextmanager
async def people(address: str, count: int) -> AsyncIterator[list[Room]]:
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(connect(address, name=f"Person {n}"))
            for n in range(count)
        ]


async def agreed(server: Server, rooms: Sequence[Room], texts: Sequence[Text]) -> str:
    """Wait until all is saved and seen by everybody; the text that is then there."""
    for text in texts:
        await text.saved()
    head = max(room.revision for room in rooms)
    for room in rooms:
        await reaches(room, head)
    assert len({text.text for text in texts}) == 1
    committed: str = (await asyncio.to_thread(server.room, rooms[0].address.room))["code"]
    assert texts[0].text == committed
    return committed


async def reaches(room: Room, revision: int) -> None:
    await room.until(lambda: room.revision >= revision)


def test_it_loads_no_server_and_httpx_only_for_requests() -> None:
    code = "import collab.client, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = set(run.stdout.split())
    assert "websockets" in found
    assert not {"collab.live", "collab.store", "litestar", "asyncpg", "uvicorn", "httpx"} & found


async def test_what_it_types_is_saved_and_seen_by_others(
    shared_server: Server, room_id: str
) -> None:
    async with people(f"{shared_server.url}/r/{room_id}", 2) as rooms:
        ann, bob = texts = [await room.open("main.py") for room in rooms]
        events = rooms[1].watch("*.py")
        ann.replace(5, 5, " world")
        ann.replace(0, 1, "J")
        assert ann.text == "Jello world"
        bob.replace(5, 5, "!")
        # Who comes later goes left.
        assert await agreed(shared_server, rooms, texts) in ("Jello! world", "Jello world!")
        event = await anext(events)
        assert isinstance(event, Edited)
        assert (event.path, event.by) == ("main.py", "Person 0")


async def test_a_patch_names_a_text_that_occurs_once(shared_server: Server, room_id: str) -> None:
    async with connect(f"{shared_server.url}/r/{room_id}", name="Ann") as room:
        await room.edit("main.py", "ell", "ipp")
        assert await room.read("main.py") == "hippo"
        for stale in ("ell", "p", ""):
            with pytest.raises(Stale, match=r"occurs? .*main\.py"):
                await room.edit("main.py", stale, "x")
        assert await room.read("main.py") == "hippo"
        text = await room.open("main.py")
        text.write("aaa")
        with pytest.raises(Stale, match="more than once"):
            text.patch("aa", "b")


async def test_files_are_added_moved_and_removed(shared_server: Server, room_id: str) -> None:
    async with people(f"{shared_server.url}/r/{room_id}", 2) as (ann, bob):
        events = bob.watch()
        await ann.write("lib/deep/notes.txt", "one\n")
        await ann.write("lib/deep/notes.txt", "one\ntwo\n")
        await ann.write("logo.png", b"\x89PNG\xff")
        assert await ann.read_bytes("logo.png") == b"\x89PNG\xff"
        await ann.move("lib/deep/notes.txt", "lib/notes.md")
        await ann.remove("lib/deep")
        await bob.until(lambda: bob.revision >= ann.revision)
        assert [(node.path, node.kind) for node in bob.nodes] == [
            ("lib", "folder"),
            ("lib/notes.md", "file"),
            ("logo.png", "asset"),
            ("main.py", "file"),
        ]
        assert await bob.read("lib/notes.md") == "one\ntwo\n"
        with pytest.raises(NotThere, match="no file lib/deep"):
            await bob.read("lib/deep")
        with pytest.raises(RoomError, match="a file of bytes"):
            await bob.read("logo.png")
        told: list[Event] = []
        while not (told and isinstance(told[-1], Removed)):
            told.append(await anext(events))
        files = [event for event in told if isinstance(event, Added | Moved | Removed)]
        assert Moved("lib/notes.md", "lib/deep/notes.txt", "Person 0") in files
        assert files[-1] == Removed("lib/deep", "Person 0")


async def test_people_see_each_other_and_their_carets(shared_server: Server, room_id: str) -> None:
    async with people(f"{shared_server.url}/r/{room_id}", 2) as (ann, bob):
        text = await ann.open("main.py")
        text.replace(0, 0, "Oh, ")
        for beyond in ((0, 10), (-1, 0)):
            with pytest.raises(OperationError, match=r"is not in 0 … 9"):
                text.point(*beyond)
        text.point(4, 9)
        await bob.until(lambda: [p for p in bob.people if p.selections == [(4, 9)]])
        other = await bob.open("main.py")
        other.replace(0, 0, "__")
        await other.saved()
        assert [(p.name, p.selections) for p in bob.people] == [("Person 0", [(6, 11)])]
        await ann.say("Look here")
        await ann.comment("main.py", 6, 11, "Why?")
        url = f"{shared_server.url}/rooms/{room_id}"
        async with httpx.AsyncClient(base_url=url, timeout=DEADLINE) as client:
            threads = (await client.get("/threads")).json()["threads"]
            assert [(t["quote"], t["author"]) for t in threads] == [("hello", "Person 0")]
            said = (await client.get("/messages")).json()["messages"]
            assert [m["text"] for m in said] == ["Look here"]


async def test_random_edits_of_several_people_end_in_one_text(
    shared_server: Server, room_id: str
) -> None:
    random = Random(7)
    async with people(f"{shared_server.url}/r/{room_id}", 3) as rooms:
        texts = [await room.open("main.py") for room in rooms]
        for _ in range(100):
            text = random.choice(texts)
            text.apply(random_edit(random, text.text))
            if random.random() < 0.3:
                await asyncio.sleep(0)
            if random.random() < 0.1:
                await text.saved()
        await agreed(shared_server, rooms, texts)


async def test_whatever_breaks_every_letter_is_there_once(
    shared_server: Server, room_id: str
) -> None:
    async with Proxy(shared_server.url) as link, people(f"{link.url}/r/{room_id}", 2) as rooms:
        texts = [await room.open("main.py") for room in rooms]
        typed = [chr(0x4E00 + n) for n in range(2 * LETTERS)]
        for number, letter in enumerate(typed):
            text = texts[number % 2]
            text.replace(len(text.text) // 2, len(text.text) // 2, letter)
            match number % 10:
                case 3:
                    link.stall()  # it is committed, and its author is not told
                case 5:
                    link.cut()
                case 8:
                    link.mend()
                case 9:
                    await text.saved()
        assert Counter(await agreed(shared_server, rooms, texts)) == Counter("hello") + Counter(
            typed
        )


async def test_a_large_text_goes_through_a_gateway_that_takes_frames_of_64_kb(
    shared_server: Server, room_id: str
) -> None:
    large = "🪐\x01漢\n" * 20_000
    async with (
        Proxy(shared_server.url, most_bytes=2**16) as gateway,
        connect(f"{gateway.url}/r/{room_id}", name="Ann") as room,
    ):
        text = await room.open("main.py")
        text.replace(0, 5, large)
        assert await agreed(shared_server, [room], [text]) == large
        assert gateway.broken == 0


async def test_what_is_refused_is_offered_back_and_the_rest_is_saved(database_url: str) -> None:
    with Server("--limit-text", "10", database_url=database_url) as server:
        room_id = await asyncio.to_thread(server.create_room, initial_code="hello")
        async with connect(f"{server.url}/r/{room_id}", name="Ann") as room:
            text = await room.open("main.py")
            text.replace(5, 5, " much too long")
            await asyncio.sleep(0)  # it is sent
            text.replace(0, 1, "J")
            with pytest.raises(Refused, match="the limit is 10") as refused:
                await text.saved()
            assert (refused.value.code, refused.value.lost) == (
                "text_too_large",
                [" much too long"],
            )
            assert await agreed(server, [room], [text]) == "Jello"
            await asyncio.to_thread(server.kill)
            text.replace(5, 5, "!")
            text.replace(6, 6, "?")
            await asyncio.to_thread(server.start)
            assert await agreed(server, [room], [text]) == "Jello!?"


async def test_who_was_away_for_long_takes_what_others_did_as_one(
    shared_server: Server, room_id: str
) -> None:
    url = f"{shared_server.url}/r/{room_id}"
    async with (
        Proxy(shared_server.url) as link,
        connect(f"{link.url}/r/{room_id}", name="Ann") as ann,
        connect(url, name="Bob") as bob,
    ):
        texts = [await ann.open("main.py"), await bob.open("main.py")]
        link.cut()
        texts[0].replace(5, 5, " from Ann")
        for _ in range(110):
            end = len(texts[1].text)  # where Bob's caret is then: beyond the text that Ann has
            texts[1].replace(end, end, "b")
            await texts[1].saved()
        await bob.write("new/file.txt", "x")
        link.mend()
        expected = "hello from Ann" + "b" * 110  # who comes later goes left
        assert await agreed(shared_server, [ann, bob], texts) == expected
        assert await ann.read("new/file.txt") == "x"


async def test_a_text_that_is_not_what_the_server_has_is_mended_and_own_work_stays(
    shared_server: Server, room_id: str
) -> None:
    async with people(f"{shared_server.url}/r/{room_id}", 2) as rooms:
        texts = [await room.open("main.py") for room in rooms]
        replica = rooms[0]._replica
        replica.committed[texts[0].id] = replica.shown[texts[0].id] = "hellp!"
        texts[0].replace(6, 6, " from Ann")
        texts[1].replace(0, 0, "Oh, ")
        assert (await agreed(shared_server, rooms, texts)) == "Oh, hello from Ann"


async def test_it_ends_with_the_servers_words_where_it_cannot_go_on(
    shared_server: Server, room_id: str, room_url: str
) -> None:
    with pytest.raises(NoEntry, match="Room not found"):
        async with connect(str(uuid4()), name="Ann", server=shared_server.url):
            pass
    with pytest.raises(RoomError, match="neither the id of a room nor a link"):
        connect("my room", name="Ann")
    async with (
        connect(f"{shared_server.url}/r/{room_id}", name="Ann") as ann,
        ot_socket(room_url) as socket,
    ):
        key = ann._replica._key
        await socket.send_raw(
            json.dumps({"type": "join", **person("ann"), "key": key, "at": 2**50})
        )
        with pytest.raises(NoEntry, match="joined elsewhere"):
            await ann.until(lambda: False)
