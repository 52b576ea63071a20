"""Several server processes on one database, and what goes between them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from collab.live.limits import ServerLimits
from collab.settings import Settings
from tests.support.clients import OtClient, PlainClient, one_text
from tests.support.here import serving
from tests.support.redis import Redis
from tests.support.server import Server
from tests.support.sockets import ot_socket, person, plain_socket
from tests.support.talk import talking

NEVER = "--tick=600"
"""So that what comes in time has come by the bell."""

Pair = tuple[Server, Server]


@contextmanager
def two_servers(database_url: str, *options: str) -> Iterator[Pair]:
    """Two processes on one database, started side by side."""
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        starting = [pool.submit(Server, *options, database_url=database_url) for _ in range(2)]
        one, other = [stack.enter_context(start.result()) for start in starting]
        yield one, other


async def counts(person: PlainClient, count: int) -> None:
    """Wait until a plain client is told that so many are in the room."""
    await person.until(lambda: person.count == count)


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    with Redis() as redis:
        yield redis


@pytest.fixture(scope="module", params=["PostgreSQL", "Redis"])
def pair(request: pytest.FixtureRequest, shared_server: Server) -> Iterator[Pair]:
    """Two processes with either doorbell."""
    options = [NEVER]
    if request.param == "Redis":
        options += ["--redis-url", request.getfixturevalue("redis").url]
    with two_servers(shared_server.database_url, *options) as pair:
        yield pair


async def test_an_edit_in_one_is_seen_in_the_other_long_before_the_tick(pair: Pair) -> None:
    one, other = pair
    room_id = one.create_room(initial_code="hello")
    async with (
        OtClient(one.room_url(room_id), "ann") as ann,
        OtClient(other.room_url(room_id), "bo") as bo,
    ):
        await ann.type("from ann, ")
        await bo.sees("from ann, ")
        await bo.type("from bo, ")
        await ann.sees("from bo, ")
        assert await one_text(one, room_id, [ann, bo]) == "from bo, from ann, hello"


async def test_what_is_said_in_one_is_told_in_the_other_long_before_the_tick(pair: Pair) -> None:
    one, other = pair
    room_id = one.create_room()
    async with (
        talking(one.room_url(room_id), "ann") as ann,
        talking(other.room_url(room_id), "bo") as bo,
    ):
        await ann.say("hello")
        await bo.until_told(lambda: bo.texts == ["hello"])
        await bo.say("hi")
        await ann.until_told(lambda: ann.texts == ["hello", "hi"])
        assert ann.messages == bo.messages
        await ann.socket.send("typing")
        await bo.until(lambda told: told["type"] == "typing")


async def test_people_see_one_another_across_processes(pair: Pair) -> None:
    one, other = pair
    room_id = one.create_room(initial_code="hello")
    async with ot_socket(one.room_url(room_id)) as ann, ot_socket(other.room_url(room_id)) as bo:
        await ann.join("ann")
        joined = await bo.join("bo")
        client = joined["client"]
        here = await ann.receive()
        assert (here["type"], here["client"], here["name"]) == ("person", client, "bo")
        there = {person["name"] for person in joined["people"]}
        if "ann" not in there:  # the other process is told of her now
            there.add((await bo.receive())["name"])
        assert "ann" in there, "who was there before"

        await bo.send("presence", file="main", revision=1, selections=[[1, 3]])
        caret = await ann.receive()
        assert (caret["type"], caret["client"], caret["selections"]) == (
            "presence",
            client,
            [[1, 3]],
        )
        await bo.send("profile", name="Robert", colour=5)
        assert (await ann.receive())["name"] == "Robert"
        async with ot_socket(one.room_url(room_id)) as cy:
            known = {person["client"]: person for person in (await cy.join("cy"))["people"]}
            assert known[client]["caret"]["selections"] == [[1, 3]]
        assert (await ann.receive())["name"] == "cy"
        assert (await ann.receive())["type"] == "left"
        bo.connection.transport.abort()
        assert await ann.receive() == {"type": "left", "client": client}


async def test_an_entry_of_somebody_elsewhere_comes_under_the_number_told(pair: Pair) -> None:
    one, other = pair
    room_id = one.create_room(initial_code="hello")
    async with ot_socket(one.room_url(room_id)) as ann, ot_socket(other.room_url(room_id)) as bo:
        await ann.join("ann")
        await bo.join("bo")
        number = (await ann.receive())["number"]
        await bo.submit(1, 1, "edit", "main", ["x", 5])
        assert await ann.receive() == [2, [number, 1, "main", ["x", 5]]]


async def test_everybody_is_counted_whatever_process_they_are_in(pair: Pair) -> None:
    one, other = pair
    room_id = one.create_room()
    async with (
        PlainClient(one.room_url(room_id)) as ann,
        OtClient(one.room_url(room_id), "bo"),
        PlainClient(other.room_url(room_id)) as cy,
    ):
        async with PlainClient(other.room_url(room_id)) as dan:
            for person in (ann, cy, dan):
                await counts(person, 4)
        for person in (ann, cy):
            await counts(person, 3)
        async with plain_socket(one.room_url(room_id)) as late:
            await late.receive()
            assert await late.receive() == {"type": "user_count_update", "count": 4}


async def test_the_same_key_joining_another_process_closes_the_older_session(pair: Pair) -> None:
    one, other = pair
    room_id = one.create_room()
    async with ot_socket(one.room_url(room_id)) as older, PlainClient(one.room_url(room_id)) as bo:
        await older.join("ann")
        async with ot_socket(other.room_url(room_id)) as newer:
            await newer.join("ann")
            assert (await older.closed())[0] == 4409
            await counts(bo, 2)
            await newer.send("ping")


async def test_while_redis_is_away_the_tick_brings_what_is_new_and_then_people_are_told_again(
    redis: Redis, shared_server: Server
) -> None:
    settings = Settings(
        port=0, database_url=shared_server.database_url, redis_url=redis.url, tick=0.3
    )
    room_id = shared_server.create_room()
    async with (
        serving(settings) as one,
        serving(settings) as other,
        OtClient(f"ws://{one}/ws/{room_id}", "ann") as ann,
        OtClient(f"ws://{other}/ws/{room_id}", "bo") as bo,
        PlainClient(f"ws://{one}/ws/{room_id}") as cy,
    ):
        await counts(cy, 3)
        await asyncio.to_thread(redis.kill)
        async with (
            talking(f"ws://{one}/ws/{room_id}", "di") as di,
            talking(f"ws://{other}/ws/{room_id}", "ed") as ed,
        ):
            await di.say("hello")
            await ed.until_told(lambda: ed.texts == ["hello"])
        await ann.type("a")
        await bo.sees("a")
        await bo.type("b")
        await ann.sees("b")
        async with PlainClient(f"ws://{other}/ws/{room_id}"):
            await asyncio.to_thread(redis.start)
            await counts(cy, 4)
        await counts(cy, 3)
        await asyncio.gather(ann.type("c"), bo.type("d"))
        assert Counter(await one_text(shared_server, room_id, [ann, bo])) == Counter("abcd")
        assert ann.connected
        assert bo.connected


async def test_the_people_of_a_killed_process_are_gone_soon(server: Server) -> None:
    room_id = server.create_room()
    settings = Settings(port=0, database_url=server.database_url, presence_timeout=3)
    async with (
        serving(settings) as survivor,
        PlainClient(f"ws://{survivor}/ws/{room_id}") as ann,
        PlainClient(server.room_url(room_id)) as bo,
    ):
        await counts(ann, 2)
        await asyncio.to_thread(server.kill)
        await bo.disconnected()
        await counts(ann, 1)


async def test_who_comes_back_from_a_killed_process_has_its_place_in_a_full_room(
    database_url: str,
) -> None:
    limits = ServerLimits(sessions=2)
    settings = Settings(port=0, database_url=database_url, presence_timeout=600, limits=limits)
    with Server("--limit-sessions=2", database_url=database_url) as killed:
        room_id = killed.create_room()
        async with (
            serving(settings) as survivor,
            OtClient(killed.room_url(room_id), "ann") as ann,
            PlainClient(f"ws://{survivor}/ws/{room_id}") as bo,
        ):
            await counts(bo, 2)
            await asyncio.to_thread(killed.kill)
            await ann.disconnected()
            async with ot_socket(bo.room_url) as stranger:
                await stranger.send("join", **person("cy"))
                assert (await stranger.receive())["code"] == "room_full"
            ann.room_url = bo.room_url
            await ann.connect()
            await ann.type("here again")
            await bo.shows("here again")
            assert bo.count == 2


def test_by_default_that_takes_less_than_15_seconds() -> None:
    """A process is looked after eight times in the time it may be silent."""
    assert Settings().presence_timeout * (1 + 1 / 8) < 15


async def test_a_server_starts_though_its_redis_does_not_answer(shared_server: Server) -> None:
    nowhere = "redis://127.0.0.1:1"
    settings = Settings(port=0, database_url=shared_server.database_url, redis_url=nowhere)
    room_id = shared_server.create_room()
    async with serving(settings) as server, OtClient(f"ws://{server}/ws/{room_id}", "ann") as ann:
        await ann.type("a")
        await ann.settled()


async def test_an_agent_is_stopped_from_another_server_than_its_own(pair: Pair) -> None:
    one, other = pair
    room_id = one.create_room()
    async with (
        ot_socket(one.room_url(room_id)) as agent,
        ot_socket(other.room_url(room_id)) as ann,
    ):
        joined = await agent.join("helper", agent="Ann")
        people = (await ann.join("ann"))["people"]
        while not people:  # until the servers have told each other
            message = await ann.receive()
            people = [message] if message["type"] == "person" else []
        assert [(one["name"], one["agent"]) for one in people] == [("helper", "Ann")]
        await ann.send("stop_agent", client=joined["client"])
        assert await agent.at_last_closed() == 4411  # it may hear of Ann before
        while (message := await ann.receive())["type"] != "left":
            pass
        assert message["client"] == joined["client"]
        await ann.send("stop_agent", client=joined["client"])
        assert (await ann.receive())["code"] == "unknown_agent"
