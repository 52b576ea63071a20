"""A Redis that is killed and comes back, under people who type on two servers."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from tests.support.balancer import Balancer
from tests.support.crowd import crowd
from tests.support.redis import Redis
from tests.support.server import Server

PEOPLE = 8


async def test_a_redis_that_is_killed_and_restarted_loses_nothing_and_heals(
    database_url: str,
) -> None:
    with ExitStack() as stack:
        redis = stack.enter_context(Redis())
        servers = [
            stack.enter_context(Server("--redis-url", redis.url, database_url=database_url))
            for _ in range(2)
        ]
        urls = [server.url for server in servers]
        room_id = servers[0].create_room()
        async with (
            Balancer(urls) as balancer,
            crowd(lambda: balancer.room_url(room_id), PEOPLE, plain=1) as people,
        ):
            for _ in range(2):
                async with people.typing():
                    await people.acknowledges(4 * PEOPLE)
                    await asyncio.to_thread(redis.kill)
                    await people.acknowledges(4 * PEOPLE)
                await people.agrees(database_url, room_id, urls)
                await asyncio.to_thread(redis.start)
            async with people.typing():
                await people.acknowledges(4 * PEOPLE)
            await people.agrees(database_url, room_id, urls)
