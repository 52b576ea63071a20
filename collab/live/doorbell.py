"""Tells the other server processes which rooms have new revisions, and who is connected here.

A ring carries no data. When a ring is lost, the room only waits for the slow tick. News of people
carry data, and may be lost, too. Each process has one line to the others and sends numbered batches
on it; every few seconds it sends an empty one, as a sign of life. A process that receives a number
which is not the next has missed something and says hello, as does a process that has just come.
Then every process calls the roll, which names all its people, and looks at the log. A process that
hears of no other sends no rings and no news.
"""

from __future__ import annotations

import asyncio
import math
import random
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from logging import getLogger
from typing import Protocol
from uuid import UUID

import msgspec

from collab.live.line import Line, LineLost, Send
from collab.room.between import (
    KNOWS,
    About,
    Ask,
    Bye,
    Hello,
    Here,
    Item,
    News,
    Notice,
    Ring,
    Roll,
    batch_decoder,
    item_decoder,
    item_encoder,
)
from collab.room.neighbours import Neighbours

_LOG = getLogger(__name__)
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_BETWEEN_HELLOS = 1.0
_BETWEEN_NEWS = 0.1
"""Seconds between two sendings of news."""
_ANSWERS_WITHIN = 1.0
"""Seconds in which every process that serves has answered a greeting."""
_FAREWELL = 0.5
"""Seconds that the last batch of a stopping process may take."""


class Listener(Protocol):
    """Receives what other processes say. None of these methods may block."""

    def rung(self, room_id: UUID, revision: int, access: int) -> None:
        """Note that a room has reached a revision, and its access that number."""

    def missed(self) -> None:
        """Note that rings may have been lost, so any room may have gone on."""

    def noticed(self, room_id: UUID, topic: str, about: str) -> None:
        """Note that a domain has something new in a room."""

    def told(self, process: str, room_id: UUID, news: News) -> None:
        """Take a process's news of the people it has in a room."""

    def roll_called(self, process: str, *, ends: bool) -> None:
        """Note that a process begins to name all its people or, with `ends`, has named them."""

    def lost(self, process: str) -> None:
        """Note that a process has ended, or has been silent for too long."""

    def roll(self) -> Iterable[tuple[UUID, Here]]:
        """Return every person connected to this process, each with the room."""


class Doorbell:
    """One process's end of the line. Works inside `async with doorbell.listening(listener)`."""

    def __init__(self, line: Line, patience: float) -> None:
        self.process = secrets.token_urlsafe(9)
        self.connected = False
        self.neighbours = Neighbours(patience)
        self._line = line
        self._beat = patience / 4
        self._number = 0
        self._rings: dict[UUID, tuple[int, int]] = {}
        self._notices: dict[tuple[UUID, str, str], None] = {}
        self._news: dict[tuple[UUID, str], News] = {}
        """The latest news of each session, by room and client."""
        self._say_hello = self._call_roll = False
        self._beat_due = self._hello_due = self._news_due = -math.inf
        self._last_echo = math.inf
        self._greeted = 0.0
        self._all_know = False
        self._lost: str | None = None
        self._ending = False
        self._woken = asyncio.Event()

    def ring(self, room_id: UUID, revision: int, access: int = 0) -> None:
        """Say that a room is at `revision` now, and its access at that number. Never blocks; the
        ring may be lost.

        Waiting rings of one room become one.
        """
        if self.connected and self.neighbours:
            before = self._rings.get(room_id, (0, 0))
            self._rings[room_id] = (max(revision, before[0]), max(access, before[1]))
            self._woken.set()

    def notice(self, room_id: UUID, topic: str, about: str) -> None:
        """Say that a domain has something new in a room. Never blocks; the notice may be lost.

        Waiting notices that say the same become one.
        """
        if self.connected and self.neighbours:
            self._notices[room_id, topic, about] = None
            self._woken.set()

    async def all_know(self) -> bool:
        """Tell whether every process that speaks on the line knows what this release knows.

        A process of an older release that still serves would neither compare the access of a room
        with its appends nor hide a private room. No older one starts on newer tables, so when
        the line is lost, what was so goes on to hold. On a new line it waits until the others had
        time to answer.
        """
        since = asyncio.get_running_loop().time() - self._greeted
        if self.connected and since < _ANSWERS_WITHIN:
            await asyncio.sleep(_ANSWERS_WITHIN - since)
        self._look_who_knows()
        return self._all_know

    def _look_who_knows(self) -> None:
        now = asyncio.get_running_loop().time()
        if self.connected and now - self._greeted >= _ANSWERS_WITHIN:
            self._all_know = all(
                self.neighbours.knows(process) >= KNOWS for process in self.neighbours
            )

    def tell(self, room_id: UUID, news: News) -> None:
        """Queue news of a room. Never blocks; news may be lost, and then the roll is called."""
        if self.connected and self.neighbours:
            about = (room_id, "" if isinstance(news, Ask) else news.client)
            self._news.pop(about, None)  # newest news goes last
            self._news[about] = news
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
        """Open the line, and open it again whenever it is lost."""
        pause = _FIRST_PAUSE
        complained = False
        while not self._ending:
            try:
                self._lost = None
                async with self._line.open(self._hear, self._lose) as send:
                    await self._greet(send)
                    if complained:
                        _LOG.warning("the doorbell rings again")
                    pause, complained = _FIRST_PAUSE, False
                    await self._speak(send)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next line may hold
                if not complained:
                    known = isinstance(error, LineLost)
                    _LOG.warning(
                        "the doorbell is silent, rooms wait for the tick: %s",
                        error,
                        exc_info=None if known else error,
                    )
                complained = True
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - no secret
                pause = min(2 * pause, _LONGEST_PAUSE)
            finally:
                self.connected = False

    async def _greet(self, send: Send) -> None:
        """Send the first messages on a new line. Raises LineLost."""
        now = asyncio.get_running_loop().time()
        self._last_echo = self._hello_due = self._greeted = now
        self._rings.clear()
        self._notices.clear()
        self._news.clear()
        self.connected = self._say_hello = self._call_roll = True
        self._listener.missed()
        await self._send_due(send, now)

    async def _speak(self, send: Send) -> None:
        """Send rings and news as they come, until the process ends. Raises LineLost."""
        loop = asyncio.get_running_loop()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._next_due()):
                    await self._woken.wait()
            self._woken.clear()
            if self._lost is not None:
                raise LineLost(self._lost)
            if loop.time() - self._last_echo > 3 * self._beat:
                raise LineLost("we do not hear ourselves")
            if self._ending:
                await self._send_due(send, math.inf)
                return
            await self._send_due(send, loop.time())

    def _next_due(self) -> float:
        due = self._beat_due
        if self._say_hello:
            due = min(due, self._hello_due)
        if self._news or self._call_roll:
            due = min(due, self._news_due)
        return due

    async def _send_due(self, send: Send, now: float) -> None:
        items = list(self._due(now))
        if not items and now < self._beat_due:
            return
        self._beat_due = now + self._beat
        for message in self._pack(items):
            try:
                async with asyncio.timeout(2 * self._beat):
                    await send(message)
            except TimeoutError as error:
                raise LineLost("it takes nothing any more") from error

    def _due(self, now: float) -> Iterator[Item]:
        if self._say_hello and now >= self._hello_due:
            self._say_hello, self._hello_due = False, now + _BETWEEN_HELLOS
            yield Hello()
        rings, self._rings = self._rings, {}
        for room_id, (revision, access) in rings.items():
            yield Ring(room_id, revision, access)
        notices, self._notices = self._notices, {}
        for room_id, topic, about in notices:
            yield Notice(room_id, topic, about)
        if now >= self._news_due and (self._news or self._call_roll):
            self._news_due = now + _BETWEEN_NEWS
            yield from self._people()
        if self._ending:
            yield Bye()

    def _people(self) -> Iterator[Item]:
        news, self._news = self._news, {}
        for (room_id, _), item in news.items():
            yield About(room_id, item)
        if self._call_roll:
            self._call_roll = False
            yield Roll(ends=False)
            for room_id, here in self._listener.roll():
                yield About(room_id, here)
            yield Roll(ends=True)

    def _pack(self, items: list[Item]) -> Iterator[bytes]:
        """Pack items into batches as large as the line takes; at least one."""
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
        process = self.process.encode()
        return b'["%s",%d,[%s],%d]' % (process, self._number, b",".join(items), KNOWS)

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
        next_one = self.neighbours.heard(batch.process, batch.number, now, batch.knows)
        # A process that was unknown may be answering our hello.
        if not next_one and (known or now >= self._hello_due):
            self._say_hello = self._call_roll = True
            self._woken.set()
        for raw in batch.items:
            try:
                self._take(batch.process, item_decoder.decode(raw))
            except (msgspec.DecodeError, ValueError, RecursionError) as error:
                _LOG.warning("process %s says what we do not know: %s", batch.process, error)
            except Exception:  # noqa: BLE001 - whatever it is, the line must go on
                _LOG.exception("what process %s says cannot be taken", batch.process)

    def _take(self, process: str, item: Item) -> None:
        match item:
            case Ring(room_id, revision, access):
                self._listener.rung(room_id, revision, access)
            case Notice(room_id, topic, about):
                self._listener.noticed(room_id, topic, about)
            case About(room_id, news):
                self._listener.told(process, room_id, news)
            case Roll(ends):
                self._listener.roll_called(process, ends=ends)
            case Hello():
                # The other process missed what we said, and we may have missed what it said.
                self._call_roll = True
                self._woken.set()
                self._listener.missed()
            case Bye():
                self.neighbours.forget(process)
                self._listener.lost(process)

    async def _watch(self) -> None:
        """Report processes that have fallen silent, and look whether all know before the line is
        lost."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._beat / 2)
            self._look_who_knows()
            for process in self.neighbours.silent(loop.time()):
                self._listener.lost(process)
