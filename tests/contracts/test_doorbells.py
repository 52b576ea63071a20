from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from collab.live.line import Line
from collab.live.postgres_line import PostgresLine
from collab.live.redis_line import RedisLine
from collab.room.neighbours import Neighbours
from tests.contracts.doorbell_contract import (
    ROOM,
    SHORT,
    DoorbellContract,
    Listening,
    listening,
    two,
)
from tests.support.database import fetch_value
from tests.support.proxy import Proxy
from tests.support.redis import Redis, cluster, sentinel


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    with Redis() as redis:
        yield redis


class TestPostgresDoorbell(DoorbellContract):
    @pytest.fixture
    def line(self, empty_database_url: str) -> Line:
        self.database_url = empty_database_url
        return PostgresLine(empty_database_url)

    async def lose(self, line: Line) -> None:
        await fetch_value(
            self.database_url,
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where datname = current_database() and application_name = 'collab doorbell'",
        )


class TestRedisDoorbell(DoorbellContract):
    @pytest.fixture
    def line(self, redis: Redis) -> Line:
        self.redis = redis
        return RedisLine(redis.url)

    async def lose(self, line: Line) -> None:
        await asyncio.to_thread(self.redis.kill)
        await asyncio.to_thread(self.redis.start)

    async def test_deployments_on_other_databases_of_one_redis_do_not_hear_each_other(
        self, redis: Redis
    ) -> None:
        async with (
            listening(RedisLine(redis.url)) as one,
            listening(RedisLine(f"{redis.url}/3")),
            listening(RedisLine(f"{redis.url}/0")) as own,
        ):
            await one.until(lambda: one.doorbell.neighbours)
            assert [*one.doorbell.neighbours] == [own.doorbell.process]

    async def test_a_line_that_has_gone_dead_is_noticed(self, redis: Redis) -> None:
        async with Proxy(redis.url) as proxy:
            line = RedisLine(proxy.url.replace("http", "redis"))
            async with two(line, SHORT) as (one, other):

                async def stall() -> None:
                    proxy.stall()
                    await one.until(lambda: not one.doorbell.connected)
                    proxy.cut()
                    proxy.mend()

                await meet_again(one, other, stall)


async def test_when_a_master_is_lost_the_next_one_that_sentinels_name_carries_on() -> None:
    with sentinel() as (address, master):
        async with two(RedisLine(address), SHORT) as (one, other):
            await meet_again(one, other, lambda: asyncio.to_thread(master.kill))


async def test_rings_cross_a_cluster_and_outlive_a_node_of_it() -> None:
    with cluster() as nodes:
        first = RedisLine(f"redis+cluster://{nodes[0].host}")
        async with listening(first) as one, listening(RedisLine(nodes[1].url)) as other:
            await one.until(lambda: one.doorbell.neighbours)
            await other.until(lambda: other.doorbell.neighbours)
            one.doorbell.ring(ROOM, 1)
            await other.hears(ROOM, 1)
        await asyncio.to_thread(nodes[1].kill)
        line = RedisLine(f"redis+cluster://{nodes[1].host},{nodes[0].host}")
        async with two(line, SHORT) as (one, other):
            await asyncio.to_thread(nodes[1].start)
            await meet_again(one, other, lambda: asyncio.to_thread(nodes[0].kill))


async def meet_again(
    one: Listening, other: Listening, lose: Callable[[], Awaitable[object]]
) -> None:
    """Ring, break every line, and ring again once both have noticed."""
    one.doorbell.ring(ROOM, 1)
    await other.hears(ROOM, 1)
    before = one.misses, other.misses
    await lose()
    await one.until(lambda: one.misses > before[0] and one.doorbell.connected)
    await other.until(lambda: other.misses > before[1] and other.doorbell.connected)
    await one.until(lambda: one.doorbell.neighbours)  # or it rings for nobody
    one.doorbell.ring(ROOM, 10)
    await other.hears(ROOM, 10)


def test_a_neighbour_is_heard_of_until_it_is_silent_for_too_long() -> None:
    neighbours = Neighbours(10)
    assert neighbours.heard("a", 1, 100)
    assert neighbours.heard("a", 2, 105)
    assert not neighbours.heard("a", 4, 106), "number 3 was missed"
    assert neighbours.silent(116) == []
    assert neighbours.silent(116.1) == ["a"]
    assert "a" not in neighbours
