"""The runs that this process knows: it owns those it has committed, and follows all others."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from logging import getLogger
from pathlib import Path
from uuid import UUID

from collab.changes.run import Run
from collab.errors import LogError, PeerError
from collab.live.extension import OpenRoom
from collab.live.hub import Hub
from collab.live.tasks import Tasks
from collab.room.log import Log
from collab.room.session import Session
from collab.room.state import Entry
from collab.runs.in_page import InPages
from collab.runs.ladder import Ground, find_ground
from collab.runs.messages import Output, RunInput, RunState, StopRun, state_of
from collab.runs.options import RunLimits, RunOptions
from collab.runs.programs import Ended
from collab.runs.running import Running
from collab.runs.store import Row, RunStore, Typed
from collab.store.blobs import Blobs

_LOG = getLogger(__name__)
_BEAT = 2.0
"""Seconds between two signs of life of an owner."""
_LOOK = 1.0
"""Seconds between two looks at a run when no notice arrives."""
_NEWS, _TYPED = "run", "run input"
"""The topics of notices: a run has gone on, and somebody has typed into it. They are about it."""
_ORPHANED = 3.0
"""Seconds after which this process takes over a run without an owner: the process that committed
its entry has probably died."""
_Key = tuple[UUID, int]


class Runs:
    """Starts runs, keeps them alive, and tells the people here what they print."""

    def __init__(self, options: RunOptions, limits: RunLimits, cache: Path) -> None:
        self.limits = limits
        self.in_pages = InPages(limits)
        self._options = options
        self._cache = cache
        self._owner = secrets.token_urlsafe(9)
        self._ground: asyncio.Task[Ground] | None = None
        self._starts = asyncio.Semaphore(max(1, (os.cpu_count() or 1) - 1))
        """Leaves a processor to those who type while many press Run."""
        self._running: dict[_Key, Running] = {}
        self._followed: dict[_Key, asyncio.Event] = {}
        self._tasks = Tasks(_LOG, "a run ended by a mistake of ours")

    def begin(self, hub: Hub, log: Log, blobs: Blobs, store: RunStore) -> None:
        self._hub = hub
        self._log = log
        self._blobs = blobs
        self.store = store
        self.in_pages.begin(hub)
        self._tasks.spawn(self._beat())
        if self._options.packages:
            self._tasks.spawn(self._prepare())

    async def close(self) -> None:
        """End all runs of ours, and their programs."""
        await self._tasks.close()
        if self._ground:
            self._ground.cancel()
            with suppress(asyncio.CancelledError):
                await (await self._ground).close()

    async def ground(self) -> Ground:
        """What programs run on; the first call probes it."""
        if self._ground is None:
            finding = find_ground(self._options, self.limits, self._cache)
            self._ground = asyncio.create_task(finding)
        return await asyncio.shield(self._ground)

    async def _prepare(self) -> None:
        """Install the packages before somebody runs a program."""
        if words := (await self.ground()).packages.words:
            _LOG.warning("%s", words)

    # From the rooms

    def opened(self, room: OpenRoom) -> None:
        """Follow what runs in a room that has come into memory."""
        self._tasks.spawn(self._follow_active(room.room_id))

    def read(self, room: OpenRoom, entries: Sequence[Entry]) -> None:
        """Follow the runs of new entries."""
        for entry in entries:
            self._follow(room.room_id, entry.revision, entry)

    def committed(self, room: OpenRoom, entries: Sequence[Entry]) -> None:
        """Own the runs whose entries this process has committed."""
        for entry in entries:
            self._tasks.spawn(self._own(room.room_id, entry))

    async def take_input(self, room_id: UUID, session: Session, message: RunInput) -> None:
        if message.text:
            typed = Typed(session.name, "text", message.text)
            await self.type(room_id, message.run, session.client, 2 * message.seq, typed)
        if message.end:
            typed = Typed(session.name, "end", "")
            await self.type(room_id, message.run, session.client, 2 * message.seq + 1, typed)

    async def take_stop(self, room_id: UUID, session: Session, message: StopRun) -> None:
        typed = Typed(session.name, "stop", "")
        await self.type(room_id, message.run, session.client, 0, typed)

    # For everybody

    async def type(self, room_id: UUID, revision: int, client: str, seq: int, typed: Typed) -> None:
        """Pass what somebody typed, or asked for, to a run of any process. Raises PeerError."""
        if typed.kind == "stop" and (running := self._running.get((room_id, revision))):
            running.stop()
            return
        row = await self.look(room_id, revision)
        if row is None:
            raise PeerError("unknown_run", f"There is no run {revision} in this room.")
        if row.state == "ended":
            return
        new = await self.store.type(room_id, revision, client, seq, typed)
        if not new:
            return
        if running := self._running.get((room_id, revision)):
            running.look()
        else:
            self._hub.notice(room_id, _TYPED, str(revision))

    async def look(self, room_id: UUID, revision: int) -> Row | None:
        """Read a run. If its owner gives no sign of life, it is marked as lost first."""
        row = await self.store.one(room_id, revision)
        if row and row.silent:
            await self.store.lose(room_id, revision)
            row = await self.store.one(room_id, revision)
        return row

    async def claimed(self, room_id: UUID, revision: int) -> Row | None:
        """Wait until a run that has just been committed has an owner, and read it."""
        until = asyncio.get_running_loop().time() + 2 * _ORPHANED
        while True:
            news = self.news(room_id, revision)
            row = await self.store.one(room_id, revision)
            if row or asyncio.get_running_loop().time() > until:
                return row
            await wait(news)

    def news(self, room_id: UUID, revision: int) -> asyncio.Event:
        """An event that is set when there may be something new about a run: see `wait`."""
        self._follow(room_id, revision, late=True)
        return self._followed[room_id, revision]

    def active_here(self, room_id: UUID) -> str:
        """Words why no further run may start in a room now; empty if one may."""
        if len(self._running) >= self.limits.at_once:
            return f"This server runs {self.limits.at_once} programs at once. Try again later."
        if sum(room == room_id for room, _ in self._running) >= self.limits.at_once_room:
            return f"A room runs {self.limits.at_once_room} programs at once. Stop one of them."
        return ""

    # Owning

    async def _own(self, room_id: UUID, entry: Entry) -> None:
        assert isinstance(entry.change, Run)
        key = (room_id, entry.revision)
        if key in self._running:
            return
        refused = self.active_here(room_id)
        running = self._running[key] = Running(
            room_id,
            entry.revision,
            self._owner,
            entry.change,
            self.store,
            self.limits,
            self._starts,
            lambda: self._go_on(key),
            lambda: self.in_pages.start(room_id, entry.revision, entry.client),
        )
        try:
            change, author = entry.change, entry.author
            if await self.store.claim(room_id, entry.revision, self._owner, author, change):
                self._go_on(key)
                await running.run(await self.ground(), self._log, self._blobs, refused=refused)
                await self._drop(room_id)
        except LogError as error:
            _LOG.warning("a run is not claimed: %s", error)
        finally:
            del self._running[key]

    async def _drop(self, room_id: UUID) -> None:
        options = self._options
        await self.store.drop(room_id, options.keep, options.keep_bytes, options.keep_days)

    async def _beat(self) -> None:
        """Give signs of life. If a run was marked as lost meanwhile, end its program."""
        while True:
            await asyncio.sleep(_BEAT)
            if not self._running:
                continue
            before = set(self._running)
            with suppress(LogError):
                ours = await self.store.beat(self._owner)
                for key in before - ours:
                    await self._end_if_lost(key)

    async def _end_if_lost(self, key: _Key) -> None:
        row = await self.store.one(*key)
        if row and row.reason == "lost" and (running := self._running.get(key)):
            running.give_up()

    # Following

    async def _follow_active(self, room_id: UUID) -> None:
        with suppress(LogError):
            for revision in await self.store.active(room_id):
                self._follow(room_id, revision)
            # The process that committed these died before it claimed them, or claims them soon.
            for entry, is_old in await self.store.orphans(room_id):
                if is_old:
                    await self._lose(room_id, entry)
                else:
                    self._follow(room_id, entry.revision, entry)

    async def _lose(self, room_id: UUID, entry: Entry) -> None:
        """Mark a run as lost that nobody has started."""
        assert isinstance(entry.change, Run)
        ours = (room_id, entry.revision, self._owner)
        if await self.store.claim(*ours, entry.author, entry.change):
            await self.store.end(*ours, Ended("lost"), None)

    def _follow(
        self, room_id: UUID, revision: int, entry: Entry | None = None, *, late: bool = False
    ) -> None:
        key = (room_id, revision)
        if key not in self._followed:
            self._followed[key] = asyncio.Event()
            self._tasks.spawn(self._tell(key, entry, late=late))

    def noticed(self, room_id: UUID, topic: str, about: str) -> None:
        """Look at once at a run of which another process says something."""
        if topic not in (_NEWS, _TYPED) or not about.isdecimal():
            return
        key = (room_id, int(about))
        if topic == _NEWS:
            self._wake(key)
        elif running := self._running.get(key):
            running.look()

    def _go_on(self, key: _Key) -> None:
        """Tell everybody, here and elsewhere, that there is something new about a run of ours."""
        self._wake(key)
        self._hub.notice(key[0], _NEWS, str(key[1]))

    def _wake(self, key: _Key) -> None:
        if event := self._followed.get(key):
            event.set()

    async def _tell(self, key: _Key, entry: Entry | None, *, late: bool) -> None:
        """Send the state and output of a run to the people here, until it has ended. With `late`, a
        run that has ended already is not told again."""
        room_id, revision = key
        told: RunState | None = None
        chunks = 0
        loop = asyncio.get_running_loop()
        orphaned_at = loop.time() + _ORPHANED
        try:
            while True:
                event = self._followed[key] = asyncio.Event()
                with suppress(LogError):
                    row = await self.look(room_id, revision)
                    state = state_of(row) if row else None
                    ended = row is not None and row.state == "ended"
                    if ended and late:
                        return
                    late = False
                    if state and state != told and not ended:
                        self._hub.tell_everybody(room_id, state)
                        told = state
                    async for n, parts in self.store.chunks(room_id, revision, chunks):
                        self._hub.tell_everybody(room_id, Output(revision, n, parts))
                        chunks = n
                    if state and ended:
                        self._hub.tell_everybody(room_id, state)
                        return
                    if row is None and loop.time() > orphaned_at:
                        if entry is None:
                            return
                        self._tasks.spawn(self._own(room_id, entry))
                await wait(event)
        finally:
            self._followed.pop(key).set()


async def wait(news: asyncio.Event) -> None:
    """Wait until the event is set, or until it is time to look without it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LOOK):
            await news.wait()
