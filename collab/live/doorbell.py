"""Tells the other server processes that a room has gone on.

A ring carries no data, and may be lost: it costs a slow tick then. Each process keeps one line to
the others and says on it, in numbered batches, what there is to say; every few seconds also
nothing, as a sign of life. Whoever hears a number that is not the next has missed something, and
asks to be told again. A process that hears of no other does not ring.
"""

from __future__ import annotations

import asyncio
import math
import random
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from logging import getLogger
from typing import Protocol
from uuid import UUID

import msgspec

from collab.live.line import Line, LineLost, Send
from collab.room.between import (
    Bye,
    Hello,
    Item,
    Ring,
    batch_decoder,
    item_decoder,
    item_encoder,
)
from collab.room.neighbours import Neighbours

_LOG = getLogger(__name__)
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_BETWEEN_HELLOS = 1.0
_FAREWELL = 0.5
"""Seconds that the last batch of a stopping process may take."""


class Listener(Protocol):
    """Who is to be told. None of these may block."""

    def rung(self, room_id: UUID, revision: int) -> None:
        """Another process says that a room is at a revision."""

    def missed(self) -> None:
        """Rings may have been lost: any room may have gone on."""


class Doorbell:
    """One process's place on a line. Works inside `async with doorbell.listening(listener)`."""

    def __init__(self, line: Line, patience: float) -> None:
        self.process = secrets.token_urlsafe(9)
        self.connected = False
        self.neighbours = Neighbours(patience)
        self._line = line
        self._beat = patience / 4
        self._number = 0
        self._rings: dict[UUID, int] = {}
        self._say_hello = False
        self._ending = False
        self._woken = asyncio.Event()
        self._lost: str | None = None
        self._last_hello = self._last_echo = -math.inf

    def ring(self, room_id: UUID, revision: int) -> None:
        """Say that a room is at `revision` now. Never blocks, may be lost.

        Rings of one room that wait become one.
        """
        if self.connected and self.neighbours:
            self._rings[room_id] = max(revision, self._rings.get(room_id, 0))
            self._woken.set()

    @asynccontextmanager
    async def listening(self, listener: Listener) -> AsyncIterator[None]:
        """Speak and listen until the block ends."""
        self._listener = listener
        tasks = [asyncio.create_task(self._stay()), asyncio.create_task(self._watch())]
        try:
            yield
        finally:
            self._ending = True
            self._woken.set()
            await asyncio.wait(tasks[:1], timeout=_FAREWELL)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # The line

    async def _stay(self) -> None:
        """Open the line, again and again."""
        pause = _FIRST_PAUSE
        complained = False
        while not self._ending:
            try:
                self._lost = None
                async with self._line.open(self._hear, self._lose) as send:
                    if complained:
                        _LOG.warning("the doorbell rings again")
                    pause, complained = _FIRST_PAUSE, False
                    await self._speak(send)
            except LineLost as error:
                if not complained:
                    _LOG.warning("the doorbell is silent, rooms wait for the tick: %s", error)
                complained = True
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - no secret
                pause = min(2 * pause, _LONGEST_PAUSE)
            finally:
                self.connected = False

    async def _speak(self, send: Send) -> None:
        """Send what there is to say, until the end. Raises LineLost."""
        loop = asyncio.get_running_loop()
        self.connected = self._say_hello = True
        self._last_hello, self._last_echo = -math.inf, loop.time()
        self._rings.clear()
        self._listener.missed()
        while not self._ending:
            await self._send_all(send)
            with suppress(TimeoutError):
                async with asyncio.timeout(_BETWEEN_HELLOS if self._say_hello else self._beat):
                    await self._woken.wait()
            self._woken.clear()
            if self._lost is not None:
                raise LineLost(self._lost)
            if loop.time() - self._last_echo > 3 * self._beat:
                raise LineLost("we do not hear ourselves")
        await self._send_all(send)

    async def _send_all(self, send: Send) -> None:
        for message in self._pack(list(self._items())):
            try:
                async with asyncio.timeout(2 * self._beat):
                    await send(message)
            except TimeoutError as error:
                raise LineLost("it takes nothing any more") from error

    def _items(self) -> Iterator[Item]:
        now = asyncio.get_running_loop().time()
        if self._say_hello and now - self._last_hello > _BETWEEN_HELLOS:
            self._say_hello, self._last_hello = False, now
            yield Hello()
        rings, self._rings = self._rings, {}
        for room_id, revision in rings.items():
            yield Ring(room_id, revision)
        if self._ending:
            yield Bye()

    def _pack(self, items: list[Item]) -> Iterator[bytes]:
        """Batches as large as the line takes; at least one."""
        most = self._line.largest - 64
        packed: list[bytes] = []
        size = 0
        for item in items:
            encoded = item_encoder.encode(item)
            if packed and size + len(encoded) >= most:
                yield self._batch(packed)
                packed, size = [], 0
            packed.append(encoded)
            size += len(encoded) + 1
        yield self._batch(packed)

    def _batch(self, items: list[bytes]) -> bytes:
        self._number += 1
        return b'["%s",%d,[%s]]' % (self.process.encode(), self._number, b",".join(items))

    def _lose(self, reason: str) -> None:
        self._lost = reason
        self._woken.set()

    # What comes

    def _hear(self, message: bytes) -> None:
        try:
            batch = batch_decoder.decode(message)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            _LOG.warning("what is no batch came on the line between processes: %s", error)
            return
        now = asyncio.get_running_loop().time()
        if batch.process == self.process:
            self._last_echo = now
            return
        known = batch.process in self.neighbours
        next_one = self.neighbours.heard(batch.process, batch.number, now)
        # Who was not known may be answering a hello.
        if not next_one and (known or now - self._last_hello > _BETWEEN_HELLOS):
            self._say_hello = True
            self._woken.set()
        for raw in batch.items:
            try:
                item = item_decoder.decode(raw)
            except (msgspec.DecodeError, ValueError, RecursionError) as error:
                _LOG.warning("process %s says what we do not know: %s", batch.process, error)
            else:
                self._take(batch.process, item)

    def _take(self, process: str, item: Item) -> None:
        match item:
            case Ring(room_id, revision):
                self._listener.rung(room_id, revision)
            case Hello():
                # It missed what we said, and we may have missed what it said.
                self._listener.missed()
                self._woken.set()
            case Bye():
                self.neighbours.forget(process)

    async def _watch(self) -> None:
        """Notice who has fallen silent."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._beat / 2)
            self.neighbours.silent(loop.time())
