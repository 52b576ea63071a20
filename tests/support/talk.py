"""People who talk, each on a socket of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.support.sockets import Socket, ot_socket


class Talker:
    """Somebody who has joined a room and is told what is said there.

    `messages` and `threads` are as the last telling of each has them.
    """

    def __init__(self, socket: Socket, joined: dict[str, Any], key: str) -> None:
        self.socket = socket
        self.joined = joined
        self.key = key
        self.who = ""
        self.stamp = 0
        self.read = self.said = self.unread = 0
        self.resets = 0
        self.messages: dict[int, dict[str, Any]] = {}
        self.threads: dict[int, dict[str, Any]] = {}
        self.told: list[dict[str, Any]] = []
        """All that came, in order."""

    async def listen(self, stamp: int | None = None) -> None:
        await self.socket.send("talk", key=self.key, stamp=stamp)
        told = await self.until(lambda one: one["type"] == "talk" and one.get("who"))
        self.who = told["who"]
        self.read, self.said = told.get("read", 0), told.get("said", 0)
        self.unread = told.get("unread", 0)

    async def say(self, text: str, *, nonce: str = "", **fields: object) -> int:
        """Say something that is kept. Returns its number."""
        told = await self.try_to_say(text, nonce=nonce, **fields)
        assert told["type"] == "said", told
        number: int = told["number"]
        await self.until_told(lambda: number in self.messages)
        return number

    async def try_to_say(self, text: str, *, nonce: str = "", **fields: object) -> dict[str, Any]:
        """Say something. Returns the answer, `said` or `unsaid`."""
        nonce = nonce or f"nonce-{len(self.told)}-{self.key[:8]}"
        await self.socket.send("say", nonce=nonce, text=text, **fields)
        return await self.until(
            lambda one: one["type"] in ("said", "unsaid") and one.get("nonce") == nonce
        )

    async def refused(self, kind: str, **fields: object) -> str:
        """Ask for something that is refused. Returns the code."""
        await self.socket.send(kind, **fields)
        code: str = (await self.until(lambda one: one["type"] in ("unsaid", "error")))["code"]
        return code

    async def until(self, fits: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Take what comes until something fits, and return that."""
        while True:
            message = await self.socket.receive()
            if not isinstance(message, dict):
                continue
            self.take(message)
            if fits(message):
                return message

    async def until_told(self, holds: Callable[[], object]) -> None:
        while not holds():
            await self.until(lambda one: one["type"] == "talk")

    async def settled(self) -> None:
        """Take all that is on its way already."""
        await self.socket.send("ping")
        await self.until(lambda one: one["type"] == "pong")

    def take(self, message: dict[str, Any]) -> None:
        self.told.append(message)
        if message["type"] != "talk":
            return
        if message.get("reset"):
            self.resets += 1
            self.messages.clear()
            self.threads.clear()
        self.stamp = max(self.stamp, message["stamp"])
        for one in message.get("messages", []):
            self.messages[one["number"]] = one
        for one in message.get("threads", []):
            self.threads[one["id"]] = one
            if one.get("deleted"):
                del self.threads[one["id"]]

    @property
    def texts(self) -> list[str | None]:
        """Return what is said, in order."""
        return [self.messages[number]["text"] for number in sorted(self.messages)]


@asynccontextmanager
async def talking(
    room_url: str, name: str, *, key: str = "", stamp: int | None = None, **fields: object
) -> AsyncIterator[Talker]:
    """Somebody who talks with a secret of their own: `key`, or one made of the name."""
    async with ot_socket(room_url) as socket:
        joined = await socket.join(name, **fields)
        talker = Talker(socket, joined, key or f"secret-of-{name}".ljust(16, "_"))
        await talker.listen(stamp)
        yield talker
