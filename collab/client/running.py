"""The run of a program, as it is followed from outside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from collab.client.errors import NoServer
from collab.client.rest import Rest

_EVENTS = "text/event-stream"
_PAUSE = 1.0
"""Seconds before the output is asked for again after its connection broke."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of output. `stream` is stdout or stderr; input for what somebody typed, picture for
    the path of a file, and test for a result as JSON."""

    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. `exit` is its exit status, below 0 the signal that ended it, and None where
    it has none. `words` say it to people where `reason` needs words."""

    exit: int | None
    reason: str
    words: str


class Run:
    """A run: iterate over it for the pieces of its output. Once they end, `ended` says how."""

    def __init__(self, rest: Rest, room: str, number: int) -> None:
        self._rest, self._path = rest, f"/rooms/{room}/runs/{number}"
        self.number = number
        self.ended: Ended | None = None

    async def stop(self) -> None:
        """Ask the program to stop; it is killed where it does not at once. Raises RoomError."""
        await self._rest.ask("DELETE", self._path)

    async def __aiter__(self) -> AsyncIterator[Piece]:
        """Yield all pieces, each once, also over a broken connection. Raises RoomError."""
        seen = 0
        while self.ended is None:
            try:
                number = 0
                async for kind, body in self._events():
                    if kind == "ended":
                        words = body.get("words") or ""
                        self.ended = Ended(body.get("exit"), body.get("reason") or "", words)
                        return
                    number += 1
                    if number > seen:
                        seen = number
                        yield Piece(body["stream"], body["text"])
            except NoServer:
                await asyncio.sleep(_PAUSE)

    async def output(self) -> str:
        """Wait for the end, and return what the program has printed, errors and all."""
        pieces = [piece async for piece in self]
        return "".join(piece.text for piece in pieces if piece.stream in ("stdout", "stderr"))

    async def _events(self) -> AsyncIterator[tuple[str, Any]]:
        answer = await self._rest.stream(f"{self._path}/output", accept=_EVENTS)
        try:
            kind = ""
            async for line in _lines(answer):
                if line.startswith(b"event: "):
                    kind = line[7:].decode()
                elif line.startswith(b"data: "):
                    yield kind, json.loads(line[6:])
                    kind = ""
        finally:
            await answer.aclose()


async def _lines(answer: Any) -> AsyncIterator[bytes]:
    """Yield lines that end in LF alone: `aiter_lines` of httpx ends them at U+2028, too."""
    import httpx  # noqa: PLC0415

    rest = b""
    try:
        async for piece in answer.aiter_bytes():
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line
    except httpx.HTTPError as error:
        raise NoServer("no_server", f"The output broke off: {error}") from error
