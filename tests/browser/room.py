"""A room that people of these tests meet in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.browser.person import Person
from tests.support.proxy import Proxy
from tests.support.server import Server


class Room:
    """A new room of a server."""

    def __init__(self, server: Server, text: str) -> None:
        self._server = server
        self.id = server.create_room(initial_code=text)
        self.url = f"{server.url}/r/{self.id}"

    def through(self, link: Proxy) -> str:
        """Its address behind this link."""
        return f"{link.url}/r/{self.id}"

    @property
    def text(self) -> str:
        """Return the text that the API gives for this room."""
        text: str = self._server.room(self.id)["code"]
        return text

    async def agree(self, *people: Person) -> str:
        """Wait until everybody's work is saved and all see what the API says; that text."""
        for person in people:
            await person.settles()
        text = self.text
        for person in people:
            await person.sees(text)
        return text


async def two(newcomer: Callable[[], Awaitable[Person]], url: str) -> tuple[Person, Person]:
    """Two in a room."""
    ann, bo = await asyncio.gather(newcomer(), newcomer())
    await asyncio.gather(ann.enter(url), bo.enter(url))
    return ann, bo
