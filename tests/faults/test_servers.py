"""Servers that are killed, and servers that are restarted, under many who type."""

from __future__ import annotations

import asyncio

from tests.support.balancer import Balancer
from tests.support.crowd import RESTARTING, crowd
from tests.support.database import hindered
from tests.support.server import Server

PEOPLE = 20
KILLS = 10
SLOWLY = "perform pg_sleep(0.01)"


async def test_ten_kills_in_the_middle_of_commits_under_twenty_who_type_lose_nothing(
    servers: list[Server],
) -> None:
    database_url, room_id = servers[0].database_url, servers[0].create_room()
    urls = [server.url for server in servers]
    async with (
        Balancer(urls) as balancer,
        crowd(lambda: balancer.room_url(room_id), PEOPLE, plain=2) as people,
    ):
        # So that there is always a commit to be killed in.
        async with hindered(database_url, room_id, SLOWLY), people.typing():
            for kill in range(KILLS):
                await people.acknowledges(PEOPLE)
                server = servers[kill % 2]
                await asyncio.to_thread(server.kill)
                await asyncio.to_thread(server.start)
        await people.agrees(database_url, room_id, urls)


async def test_servers_are_restarted_one_by_one_and_those_who_type_do_not_notice(
    servers: list[Server],
) -> None:
    database_url, room_id = servers[0].database_url, servers[0].create_room()
    urls = [server.url for server in servers]
    async with (
        Balancer(urls) as balancer,
        crowd(lambda: balancer.room_url(room_id), PEOPLE, plain=2) as people,
    ):
        async with people.typing():
            await people.acknowledges(4 * PEOPLE)
            for server in servers:
                status = await asyncio.to_thread(server.terminate)
                assert status == 0
                await asyncio.to_thread(server.start)
                await people.acknowledges(4 * PEOPLE)
        text = await people.agrees(database_url, room_id, urls)
    # Everybody is told why the link ends, and the first try to come back is taken.
    for person in people.everybody:
        assert person.closes
        assert set(person.closes) == {RESTARTING}
        assert person.failures == []
    for plain in people.plain:
        assert set(plain.marks) <= set(text), "a server did not save what it was sent"
