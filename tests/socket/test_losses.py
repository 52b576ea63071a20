"""Whatever is cut or killed: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from websockets.exceptions import InvalidHandshake

from ot import Operation
from tests.support.clients import OtClient, PlainClient, one_text
from tests.support.database import eventually, fetch_value, fill, hindered, locked, run
from tests.support.server import Server
from tests.support.sockets import ot_socket

PEOPLE = 10
MARKS = 40
"""Characters that each of them types, no two alike."""


@asynccontextmanager
async def in_room(url: str, count: int) -> AsyncIterator[list[OtClient]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(OtClient(url, f"ot{n}")) for n in range(count)]


def marks(number: int) -> str:
    """Return the characters that one person types, one by one."""
    return "".join(chr(0x20000 + MARKS * number + n) for n in range(MARKS))


async def type_marks(person: OtClient, text: str) -> None:
    """Type so that most edits are commits of their own; without waiting when offline."""
    for mark in text:
        await person.type(mark, at=len(person.text) // 2)
        await person.moves_on(person.revision)


def inserted(operations: Iterable[Operation]) -> str:
    """All that some operations insert."""
    parts = [part for operation in operations for part in operation.components]
    return "".join(part for part in parts if isinstance(part, str))


async def test_after_a_lost_acknowledgement_what_is_sent_again_is_there_once(
    shared_server: Server, room_id: str
) -> None:
    url = shared_server.room_url(room_id)
    async with ot_socket(url) as watcher:
        await watcher.join("watcher")
        async with ot_socket(url) as socket:
            client = (await socket.join("ann"))["client"]
            await socket.submit(1, 1, "edit", "main", ["a", 5])
            assert (await watcher.receive())["type"] == "person"
            assert (await watcher.receive())[0] == 2
            # It is committed, and its author has not read so.
            socket.connection.transport.abort()
        async with ot_socket(url) as socket:
            joined = await socket.join("ann", revision=1)
            assert joined["entries"] == [[client, 1, "main", ["a", 5]]]
            assert joined["seq"] == 1
            await socket.submit(1, 2, "edit", "main", ["a", 6])
            await socket.nothing_more()
    assert shared_server.room(room_id)["code"] == "ahello"


async def test_whenever_the_link_breaks_every_edit_is_there_once(
    shared_server: Server, room_id: str
) -> None:
    async with in_room(shared_server.room_url(room_id), 3) as people:
        ann = people[0]
        for mark in marks(0):
            await ann.type(mark)
            await ann.lose_connection()
            await ann.connect()
            await people[1].type("b")
        text = await one_text(shared_server, room_id, people)
        assert all(text.count(mark) == 1 for mark in marks(0))
        assert text.count("b") == MARKS


async def test_a_kill_of_the_server_while_ten_people_type_loses_nothing(server: Server) -> None:
    room_id = server.create_room()
    async with in_room(server.room_url(room_id), PEOPLE) as people:
        typing = asyncio.gather(*(type_marks(p, marks(n)) for n, p in enumerate(people)))
        await people[0].acknowledges(MARKS // 3)
        await asyncio.to_thread(server.kill)
        await typing
        for person in people:
            await person.disconnected()
        assert any(person.replica.is_flying for person in people)
        acknowledged = [inserted(person.acknowledged) for person in people]

        await asyncio.to_thread(server.start)
        kept = Counter((await asyncio.to_thread(server.room, room_id))["code"])
        for text in acknowledged:
            assert text
            assert all(kept[mark] == 1 for mark in text)

        for person in people:
            await person.connect()
        assert Counter(await one_text(server, room_id, people)) == Counter(
            "".join(marks(n) for n in range(PEOPLE))
        )


async def test_a_server_that_is_told_to_stop_saves_all_it_has_and_says_goodbye(
    server: Server,
) -> None:
    room_id = server.create_room()
    url = server.room_url(room_id)
    async with in_room(url, PEOPLE) as people, PlainClient(url) as plain, ot_socket(url) as deaf:
        await deaf.join("deaf")
        deaf.connection.transport.pause_reading()
        async with locked(server.database_url, room_id):
            for number, person in enumerate(people):
                await person.type(marks(number))
                await person.answered()
            stopping = asyncio.create_task(asyncio.to_thread(server.terminate))
            await refuses_connections(url)
        assert await stopping == 0
        for person in people:
            await person.disconnected()
            assert person.closed == 1012
        await plain.disconnected()
        assert plain.closed == 1012
        deaf.connection.transport.abort()
        # Their edits were waiting for the database when the server was told to stop.
        assert all(inserted(p.acknowledged) == marks(n) for n, p in enumerate(people))


async def test_a_server_stops_though_its_database_hangs(server: Server) -> None:
    room_id = server.create_room()
    async with (
        locked(server.database_url, room_id),
        OtClient(server.room_url(room_id), "ann") as ann,
    ):
        await ann.type("a")
        await ann.answered()
        assert await asyncio.to_thread(server.terminate) == 0
        await ann.disconnected()
        assert not ann.acknowledged


async def test_two_servers_on_one_database_end_with_one_text(
    shared_server: Server, room_id: str
) -> None:
    with Server(database_url=shared_server.database_url) as other:
        async with (
            OtClient(shared_server.room_url(room_id), "ann") as ann,
            OtClient(other.room_url(room_id), "bo") as bo,
            PlainClient(other.room_url(room_id)) as plain,
        ):
            await asyncio.gather(type_marks(ann, marks(0)), type_marks(bo, marks(1)))
            text = await one_text(shared_server, room_id, [ann, bo], [plain])
            assert Counter(text) == Counter(marks(0) + marks(1) + "hello")
            assert other.room(room_id)["code"] == text


@pytest.mark.parametrize("sqlstate", ["22021", "23505", "P0001"])
async def test_a_change_that_the_database_cannot_store_is_refused_alone(
    shared_server: Server, room_id: str, sqlstate: str
) -> None:
    poison = f"if position('☠' in new.change) > 0 then raise sqlstate '{sqlstate}'; end if"
    url, database_url = shared_server.room_url(room_id), shared_server.database_url
    async with in_room(url, 6) as people, hindered(database_url, room_id, poison):
        async with locked(database_url, room_id):
            # The first is being committed; the others become one batch behind it.
            for number, person in enumerate(people):
                await person.type("☠" if number == 3 else str(number))
                await person.answered()
        await people[3].until(lambda: people[3].refused)
        text = await one_text(shared_server, room_id, people)
        assert Counter(text) == Counter("hello01245")
        await people[3].type("!")
        assert "!" in await one_text(shared_server, room_id, people)
        assert [len(person.refused) for person in people] == [0, 0, 0, 1, 0, 0]


async def test_nothing_is_acknowledged_while_the_database_cannot_write(
    shared_server: Server, room_id: str
) -> None:
    database_url = shared_server.database_url
    await run(database_url, "create sequence attempts")
    full = "perform nextval('attempts'); raise sqlstate '53100'"
    async with in_room(shared_server.room_url(room_id), 2) as (ann, bo):
        async with hindered(database_url, room_id, full):
            await ann.type(marks(0))
            await bo.type(marks(1))
            await eventually(database_url, "select last_value > 2 from attempts")
            await ann.answered()
            await bo.answered()
            assert not ann.acknowledged
            assert not bo.acknowledged
            assert shared_server.room(room_id)["code"] == "hello"
        text = await one_text(shared_server, room_id, [ann, bo])
        assert Counter(text) == Counter("hello" + marks(0) + marks(1))
    await run(database_url, "drop sequence attempts")


async def test_lost_connections_to_the_database_lose_nothing(
    shared_server: Server,
) -> None:
    room_id = shared_server.create_room()
    async with in_room(shared_server.room_url(room_id), 3) as people:
        typing = asyncio.gather(*(type_marks(p, marks(n)) for n, p in enumerate(people)))
        for share in (4, 2):
            await people[0].acknowledges(MARKS // share)
            await fetch_value(
                shared_server.database_url,
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()",
            )
        await typing
        text = await one_text(shared_server, room_id, people)
        assert Counter(text) == Counter(marks(0) + marks(1) + marks(2))
        assert shared_server.create_room() != room_id


@pytest.mark.parametrize("count", [30, 2500])
async def test_who_is_far_behind_a_room_that_was_read_anew_catches_up(
    shared_server: Server, count: int
) -> None:
    room_id = shared_server.create_room()
    await fill(shared_server.database_url, room_id, head=1, count=count)
    async with OtClient(shared_server.room_url(room_id), "ann") as ann:
        await ann.lose_connection()
        ann.replica.go_back(1, "")  # as it was before all that
        await ann.type("a")
        await ann.connect()
        assert await one_text(shared_server, room_id, [ann]) == "a" + "x" * count


async def test_a_change_drafted_far_behind_is_carried_to_the_head(shared_server: Server) -> None:
    room_id = shared_server.create_room()
    await fill(shared_server.database_url, room_id, head=1, count=2500)
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        await socket.join("ann")
        await socket.submit(1, 1, "edit", "main", ["a"])
        frame = await socket.receive()
        assert (frame[0], frame[1][2:]) == (2502, ["main", ["a", 2500]])


async def refuses_connections(url: str) -> None:
    """Wait until the server takes nobody new."""
    while True:
        try:
            async with ot_socket(url):
                pass
        except (OSError, InvalidHandshake):
            # Refused, or let go of before the handshake.
            return
