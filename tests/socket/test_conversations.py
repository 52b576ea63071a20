"""The conversations that the page's tests have with their server in memory, with a real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import Server
from tests.support.sockets import Socket, ot_socket, person

CONVERSATIONS = json.loads(
    Path(__file__).parents[1].joinpath("vectors/conversations.json").read_text(encoding="utf-8")
)
LONGEST = 8
OF_PEOPLE = {"person", "presence", "left"}


@pytest.fixture(scope="module")
def narrow_server(shared_server: Server) -> Iterator[Server]:
    """A server whose texts have few characters."""
    with Server("--limit-text", str(LONGEST), database_url=shared_server.database_url) as server:
        yield server


class Talk:
    """One room, and the sockets of those who speak in it."""

    def __init__(self, room_url: str) -> None:
        self._room_url = room_url
        self._sockets: dict[str, Socket] = {}
        self._open: dict[str, AsyncExitStack] = {}
        self._names: dict[tuple[str, int | str], str] = {}
        """Return the person of a number, which is that of one socket, or of a public id."""

    async def step(self, who: str, does: str, *what: Any) -> None:
        match does:
            case "opens":
                self._open[who] = stack = AsyncExitStack()
                self._sockets[who] = await stack.enter_async_context(ot_socket(self._room_url))
            case "joins":
                await self.step(who, "opens")
                await self.step(who, "says", {"type": "join", **what[0]})
                await self.step(who, "hears", {"type": "joined", **what[1]})
            case "says":
                fields = {**what[0]}
                kind = fields.pop("type")
                introduction = person(_key(who)) if kind == "join" else {}
                await self._sockets[who].send(kind, **introduction, **fields)
            case "hears":
                _agree(await self._hear(who), what[0])
            case "hears nothing":
                await self._sockets[who].send("ping")
                assert await self._hear(who) == {"type": "pong"}
            case "is closed with":
                assert (await self._sockets[who].closed())[0] == what[0]
            case "leaves":
                await self.close(who)
            case _:
                raise AssertionError(does)

    async def close(self, who: str) -> None:
        await self._open.pop(who).aclose()

    async def close_all(self) -> None:
        for who in [*self._open]:
            await self.close(who)

    async def _hear(self, who: str) -> Any:
        """The next message but for those about people; entries name who they are of."""
        while True:
            message = await self._sockets[who].receive()
            if isinstance(message, list):
                return [message[0], *(self._named(who, entry) for entry in message[1:])]
            if message["type"] == "person":
                self._meet(who, message)
            if message["type"] == "joined":
                self._names[who, message["number"]] = _key(who)
                self._names["", message["client"]] = _key(who)
                for other in message["people"]:
                    self._meet(who, other)
                entries = message.get("entries", [])
                message |= {"entries": [self._named(who, entry) for entry in entries]}
                if "files" in message:
                    message["text"] = message["files"][0]["text"]
            if message["type"] not in OF_PEOPLE:
                return message

    def _meet(self, who: str, other: Any) -> None:
        self._names["", other["client"]] = self._names[who, other["number"]] = other["name"]

    def _named(self, who: str, entry: Any) -> Any:
        by = entry[0]
        name = self._names["", by] if isinstance(by, str) else self._names[who, by]
        return [name, *entry[1:]]


def _key(who: str) -> str:
    """Two sockets of one page differ in the second word alone."""
    return who.partition(" ")[0]


def _agree(heard: Any, expected: Any) -> None:
    """Check the expected fields of a message and ignore its other fields."""
    if isinstance(heard, dict):
        heard = {field: heard.get(field) for field in expected}
    assert heard == expected


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda case: case["sentence"])
async def test_a_server_answers_as_the_one_in_memory(
    narrow_server: Server, shared_server: Server, conversation: Any
) -> None:
    # Made where there is room: the limit may have been another when a text was written.
    room_id = shared_server.create_room(initial_code=conversation.get("text", "abc"))
    talk = Talk(narrow_server.room_url(room_id))
    try:
        for step in conversation["steps"]:
            await talk.step(*step)
    finally:
        await talk.close_all()
