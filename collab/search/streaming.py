"""Streams what a search finds, a line of JSON for each piece.

The search runs in a task of its own, as fast as it can, however slowly its program reads: so it
gives its turn back to others soon. What waits to be read has limits in `SearchLimits`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from msgspec import json

from collab.search.asking import stop_of
from collab.search.limits import SearchLimits
from collab.search.messages import Chosen, Done, Found, Job, Stopped
from collab.search.schemas import BeginLine, EndLine, FileLine
from collab.search.searching import search
from collab.search.texts import RoomTexts
from collab.search.turns import Turns

_EMPTY = "The pattern also matches where there is nothing; such places are left out."
_Line = BeginLine | FileLine | EndLine


async def lines(
    job: Job, texts: RoomTexts, limits: SearchLimits, turns: Turns, address: str
) -> AsyncGenerator[bytes]:
    """Yield the lines of a search. It ends when nobody takes them any more.

    Raises TooManyRequestsException and BadQuery before the first line.
    """
    found: asyncio.Queue[_Line | None] = asyncio.Queue()

    async def run() -> None:
        try:
            async with turns.running:
                async for line in _found(job, texts, limits):
                    found.put_nowait(line)
        finally:
            found.put_nowait(None)

    with turns.counted(address):
        running = asyncio.create_task(run())
        try:
            while line := await found.get():
                yield json.encode(line) + b"\n"
            await running  # raises what has ended it
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def _found(job: Job, texts: RoomTexts, limits: SearchLimits) -> AsyncGenerator[_Line]:
    matches, files = 0, set()
    end = EndLine(0, 0)
    async with aclosing(search(job, texts.text)) as answers:
        async for answer in answers:
            match answer:
                case Chosen(chosen, assets):
                    yield BeginLine(texts.revision, len(chosen), assets)
                case Found(file, some):
                    matches += len(some)
                    files.add(file)
                    yield FileLine(texts.ids[file], texts.paths[file], some)
                case Stopped():
                    end = EndLine(0, 0, *stop_of(answer, texts, limits))
                case Done(empty=True):
                    end = EndLine(0, 0, None, _EMPTY)
    yield EndLine(matches, len(files), end.stopped, end.words)
