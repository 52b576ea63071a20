"""People who talk while servers are killed, answers are lost and pages are closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
from websockets.exceptions import ConnectionClosed, InvalidMessage

from tests.support.proxy import Proxy
from tests.support.server import Server
from tests.support.talk import Talker, talking

PEOPLE = 6
MESSAGES = 18
KILLS = 5
ANN = "the-secret-of-ann"
"""All of her tabs have this one."""


class Page:
    """Somebody who sends each message until it is said, over as many connections as it takes, from
    as many tabs as there are."""

    def __init__(self, name: str, count: int = MESSAGES) -> None:
        self.name = name
        self.waiting = {f"nonce-of-{name}-{n}": f"{name} {n}" for n in range(count)}
        self.texts = list(self.waiting.values())
        self.sent = asyncio.Event()

    async def talk(self, urls: list[str]) -> None:
        """Go on until everything is said. The next server is asked when one does not answer."""
        turn = 0
        while self.waiting:
            with suppress(ConnectionClosed, OSError, InvalidMessage, EOFError):
                async with talking(urls[turn % len(urls)], self.name) as talker:
                    await self.send_all(talker)
            turn += 1

    async def send_all(self, talker: Talker) -> None:
        for nonce, text in list(self.waiting.items()):
            told = await talker.try_to_say(text, nonce=nonce)
            if told["type"] == "said":
                self.waiting.pop(nonce, None)
                self.sent.set()
            else:
                assert told["code"] == "unavailable", told


@asynccontextmanager
async def everybody(pages: list[Page], urls: list[str]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        for number, page in enumerate(pages):
            turned = urls[number % len(urls) :] + urls[: number % len(urls)]
            group.create_task(page.talk(turned))
        yield


def texts_of(server: Server, room_id: str) -> list[str]:
    """All that was said, read over HTTP in pages."""
    found: list[str] = []
    after = 0
    while True:
        query = {"after": after, "limit": 200}
        answer = httpx.get(f"{server.url}/rooms/{room_id}/messages", params=query, timeout=60)
        messages = answer.json()["messages"]
        if not messages:
            return found
        assert [one["number"] for one in messages] == sorted(one["number"] for one in messages)
        found += [one["text"] for one in messages]
        after = messages[-1]["number"]


async def test_servers_that_are_killed_lose_and_double_no_message(servers: list[Server]) -> None:
    room_id = servers[0].create_room()
    urls = [server.room_url(room_id) for server in servers]
    pages = [Page(f"person{number}") for number in range(PEOPLE)]
    async with everybody(pages, urls):
        for kill in range(KILLS):
            page = pages[kill % PEOPLE]
            page.sent.clear()
            if page.waiting:
                await page.sent.wait()
            server = servers[kill % 2]
            await asyncio.to_thread(server.kill)
            await asyncio.to_thread(server.start)
    for server in servers:
        assert sorted(texts_of(server, room_id)) == sorted(
            text for page in pages for text in page.texts
        )
    assert texts_of(servers[0], room_id) == texts_of(servers[1], room_id)


async def test_a_message_whose_acknowledgement_was_lost_is_said_once(servers: list[Server]) -> None:
    """A duplicated tab, a closed one, and another server: all send what was sent before."""
    room_id = servers[0].create_room()
    nonce = "n" * 20
    async with (
        Proxy(servers[0].url) as proxy,
        talking(proxy.room_url(room_id), "ann", key=ANN) as ann,
    ):
        proxy.stall()
        await ann.socket.send("say", nonce=nonce, text="once")
        async with talking(servers[1].room_url(room_id), "bo") as bo:
            await bo.until_told(lambda: bo.messages)
        proxy.cut()
    async with asyncio.TaskGroup() as group:
        for tab, server in enumerate([*servers, *servers]):
            group.create_task(_send(server.room_url(room_id), f"tab{tab}", nonce, "once"))
    assert texts_of(servers[0], room_id) == ["once"]


async def test_many_tabs_that_send_the_same_at_once_say_it_once(servers: list[Server]) -> None:
    room_id = servers[0].create_room()
    async with asyncio.TaskGroup() as group:
        for number in range(15):
            for tab, server in enumerate(servers):
                url, nonce = server.room_url(room_id), f"nonce-{number:04}"
                group.create_task(_send(url, f"tab{number}-{tab}", nonce, f"m{number}"))
    assert sorted(texts_of(servers[0], room_id)) == sorted(f"m{number}" for number in range(15))


async def _send(url: str, tab: str, nonce: str, text: str) -> None:
    async with talking(url, tab, key=ANN) as talker:
        told = await talker.try_to_say(text, nonce=nonce)
        assert told["type"] == "said", told
