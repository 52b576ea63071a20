"""Keeps what a run prints in the database, as chunks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from collab.runs.store import STDERR, STDOUT, Part

_BETWEEN_CHUNKS = 0.25
"""Seconds between two chunks of output, but for the first."""
_MOST_UNKEPT = 512 * 1024
"""Characters that wait to be kept. While there are more, the program is not read, and waits."""
_JOINED = {STDOUT, STDERR}
"""The streams whose pieces may be put together."""


class Outputs:
    """What a run has printed and is not kept yet.

    `write` keeps a chunk: its number, how many milliseconds after the beginning, and its parts.
    """

    def __init__(self, write: Callable[[int, int, list[Part]], Awaitable[None]]) -> None:
        self._write = write
        self._unkept: list[Part] = []
        self._size = 0
        self._chunks = 0
        self._room = asyncio.Event()
        self._room.set()
        self._something = asyncio.Event()
        self._over = asyncio.Event()

    def add(self, part: Part) -> None:
        if not part[1]:
            return
        last = self._unkept[-1] if self._unkept else None
        if last and part[0] in _JOINED and last[0] == part[0]:
            self._unkept[-1] = (part[0], last[1] + part[1])
        else:
            self._unkept.append(part)
        self._size += len(part[1])
        if self._size > _MOST_UNKEPT:
            self._room.clear()
        self._something.set()

    async def room(self) -> None:
        """Wait until more may be added."""
        await self._room.wait()

    def end(self) -> None:
        """Nothing more will be added: let `keep` end once all is kept."""
        self._over.set()
        self._something.set()

    async def keep(self) -> None:
        """Write what is added to the database: the first chunk at once, then four a second."""
        began = asyncio.get_running_loop().time()
        while True:
            await self._something.wait()
            self._something.clear()
            if parts := self._unkept:
                self._unkept, self._size = [], 0
                self._room.set()
                self._chunks += 1
                at_ms = int(1000 * (asyncio.get_running_loop().time() - began))
                await self._write(self._chunks, at_ms, parts)
            if self._over.is_set() and not self._unkept:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(_BETWEEN_CHUNKS):
                    await self._over.wait()
