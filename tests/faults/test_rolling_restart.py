"""Servers restarted one after the other, behind a balancer that keeps nobody with the same one."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from tests.support.balancer import Balancer
from tests.support.crowd import crowd
from tests.support.server import Server

PEOPLE = 20
LONGEST_GAP = 2.0
"""Seconds between two acknowledgements of somebody who types all the time."""


async def test_servers_are_restarted_one_by_one_under_twenty_who_type_on(
    database_url: str,
) -> None:
    with ExitStack() as stack:
        servers = [stack.enter_context(Server(database_url=database_url)) for _ in range(2)]
        urls = [server.url for server in servers]
        room_id = servers[0].create_room()
        async with (
            Balancer(urls) as balancer,
            crowd(lambda: balancer.room_url(room_id), PEOPLE, plain=2) as people,
        ):
            async with people.typing():
                await people.acknowledges(4 * PEOPLE)
                for server in servers:
                    status, _ = await asyncio.to_thread(server.terminate)
                    assert status == 0
                    await asyncio.to_thread(server.start)
                    await people.acknowledges(4 * PEOPLE)
            text = await people.agrees(database_url, room_id, urls)
        assert max(person.longest_gap for person in people.people) < LONGEST_GAP
        for plain in people.plain:
            assert set(plain.marks) <= set(text), "a server did not save what it was sent"
