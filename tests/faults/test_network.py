"""A network that stalls, tears what is being said, and says things twice."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from random import Random

from tests.support.crowd import crowd
from tests.support.proxy import Proxy
from tests.support.server import Server

PEOPLE = 8
TEARS = 6


async def test_links_that_stall_and_tear_in_the_middle_of_a_frame_lose_and_double_nothing(
    shared_server: Server,
) -> None:
    room_id, random = shared_server.create_room(), Random(7)
    async with AsyncExitStack() as stack:
        links = [await stack.enter_async_context(Proxy(shared_server.url)) for _ in range(3)]
        people = await stack.enter_async_context(
            crowd(lambda: random.choice(links).room_url(room_id), PEOPLE, plain=1)
        )
        async with people.typing(pause=0.1):
            for tear in range(TEARS):
                torn, stalled, deaf = random.sample(links, 3)
                torn.tear(after=random.randint(50, 5000))
                stalled.stall(both=True)
                deaf.stall()
                await asyncio.sleep(0.3)  # while nobody is heard, or nobody hears
                for link in links:
                    if tear % 2:
                        link.cut()  # what was held back is lost
                    link.resume()
                    link.mend()
                await people.acknowledges(2 * PEOPLE)
        await people.agrees(shared_server.database_url, room_id, [shared_server.url])


async def test_what_a_middlebox_says_twice_and_says_again_later_is_there_once(
    shared_server: Server,
) -> None:
    room_id = shared_server.create_room()
    async with (
        Proxy(shared_server.url, stutters=True) as link,
        crowd(lambda: link.room_url(room_id), PEOPLE) as people,
    ):
        async with people.typing(pause=0.1):
            await people.acknowledges(10 * PEOPLE)
            link.cut()
            link.mend()
            await people.acknowledges(10 * PEOPLE)
        await people.agrees(shared_server.database_url, room_id, [shared_server.url])
