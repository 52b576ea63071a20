"""Several server processes on one database, and what goes between them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.clients import OtClient, one_text
from tests.support.redis import Redis
from tests.support.server import Server

NEVER = "--tick=600"
"""So that what comes in time has come by the bell."""

Pair = tuple[Server, Server]


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    with Redis() as redis:
        yield redis


@pytest.fixture(scope="module", params=["PostgreSQL", "Redis"])
def pair(request: pytest.FixtureRequest, shared_server: Server) -> Iterator[Pair]:
    """Two processes on one database, with either doorbell."""
    options = [NEVER]
    if request.param == "Redis":
        options += ["--redis-url", request.getfixturevalue("redis").url]
    url = shared_server.database_url
    with Server(*options, database_url=url) as one, Server(*options, database_url=url) as other:
        yield one, other


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


async def test_while_redis_is_away_the_tick_brings_what_is_new(
    redis: Redis, shared_server: Server
) -> None:
    options, url = ("--tick=0.3", "--redis-url", redis.url), shared_server.database_url
    with Server(*options, database_url=url) as one, Server(*options, database_url=url) as other:
        room_id = one.create_room()
        async with (
            OtClient(one.room_url(room_id), "ann") as ann,
            OtClient(other.room_url(room_id), "bo") as bo,
        ):
            await asyncio.to_thread(redis.kill)
            await ann.type("a")
            await bo.sees("a")
            await bo.type("b")
            await ann.sees("b")
            await asyncio.to_thread(redis.start)
            await asyncio.gather(ann.type("c"), bo.type("d"))
            assert Counter(await one_text(one, room_id, [ann, bo])) == Counter("abcd")
            assert ann.connected
            assert bo.connected


def test_a_server_starts_though_its_redis_does_not_answer(shared_server: Server) -> None:
    options = ("--redis-url", "redis://127.0.0.1:1")
    with Server(*options, database_url=shared_server.database_url) as server:
        assert server.create_room()
