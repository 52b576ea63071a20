"""The runs that this process knows: it owns those it has committed, and follows all others."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
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
from collab.runs.following import Following, RunKey
from collab.runs.in_page import InPages
from collab.runs.ladder import Ground, find_ground
from collab.runs.messages import RunInput, StopRun
from collab.runs.options import RunLimits, RunOptions
from collab.runs.programs import Ended
from collab.runs.running import Running
from collab.runs.store import Chunk, Row, RunStore, Typed
from collab.store.blobs import Blobs

_LOG = getLogger(__name__)
_BEAT = 1.0
"""Seconds between two signs of life of an owner, and two looks for input when no notice arrives."""
_NEWS, _TYPED = "run", "run input"
"""The topics of notices: a run has gone on, and somebody has typed into it. They are about it."""


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
        self._running: dict[RunKey, Running] = {}
        self._tasks = Tasks(_LOG, "a run ended by a mistake of ours")

    def begin(self, hub: Hub, log: Log, blobs: Blobs, store: RunStore) -> None:
        self._hub = hub
        self._log = log
        self._blobs = blobs
        self.store = store
        self.in_pages.begin(hub)
        self.following = Following(hub, store, self._tasks, self._running.__contains__, self._own)
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
            self.following.follow((room.room_id, entry.revision), entry)

    def committed(self, room: OpenRoom, entries: Sequence[Entry]) -> None:
        """Own the runs whose entries this process has committed."""
        for entry in entries:
            self._own(room.room_id, entry)

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
        row = await self.store.one(room_id, revision)
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

    def active_here(self, room_id: UUID) -> str:
        """Words why no further run may start in a room now; empty if one may."""
        if len(self._running) >= self.limits.at_once:
            return f"This server runs {self.limits.at_once} programs at once. Try again later."
        if sum(room == room_id for room, _ in self._running) >= self.limits.at_once_room:
            return f"A room runs {self.limits.at_once_room} programs at once. Stop one of them."
        return ""

    # Owning

    def _own(self, room_id: UUID, entry: Entry) -> None:
        """Claim a run, and run it to its end."""
        assert isinstance(entry.change, Run)
        key = (room_id, entry.revision)
        if key in self._running:
            return
        refused = self.active_here(room_id)
        self._running[key] = Running(
            room_id,
            entry.revision,
            self._owner,
            entry.change,
            self.store,
            self.limits,
            self._starts,
            partial(self._wrote, key),
            lambda: self.in_pages.start(room_id, entry.revision, entry.client),
        )
        self._tasks.spawn(self._run(key, entry.author, refused))

    async def _run(self, key: RunKey, author: str, refused: str) -> None:
        running = self._running[key]
        try:
            if await running.claim(author):
                await running.run(await self.ground(), self._log, self._blobs, refused=refused)
                await self._drop(key[0])
        except LogError as error:
            _LOG.warning("a run is left: %s", error)
        finally:
            del self._running[key]
            self.following.wake(key)

    async def _drop(self, room_id: UUID) -> None:
        options = self._options
        await self.store.drop(room_id, options.keep, options.keep_bytes, options.keep_days)

    async def _beat(self) -> None:
        """Give signs of life, and look for input. If a run was marked as lost meanwhile, end its
        program."""
        while True:
            await asyncio.sleep(_BEAT)
            if not self._running:
                continue
            before = set(self._running)
            with suppress(LogError):
                ours = await self.store.beat(self._owner, before)
                for key in before:
                    if key not in ours:
                        await self._end_if_lost(key)
                    elif ours[key] and (running := self._running.get(key)):
                        running.look()

    async def _end_if_lost(self, key: RunKey) -> None:
        row = await self.store.one(*key)
        if row and row.reason == "lost" and (running := self._running.get(key)):
            running.give_up()

    # Following

    async def _follow_active(self, room_id: UUID) -> None:
        with suppress(LogError):
            for revision in await self.store.active(room_id):
                self.following.follow((room_id, revision))
            # The process that committed these died before it claimed them, or claims them soon.
            for entry, is_old in await self.store.orphans(room_id):
                if is_old:
                    await self._lose(room_id, entry)
                else:
                    self.following.follow((room_id, entry.revision), entry)

    async def _lose(self, room_id: UUID, entry: Entry) -> None:
        """Mark a run as lost that nobody has started."""
        assert isinstance(entry.change, Run)
        ours = (room_id, entry.revision, self._owner)
        if await self.store.claim(*ours, entry.author, entry.change):
            await self.store.end(*ours, Ended("lost"), None)

    def noticed(self, room_id: UUID, topic: str, about: str) -> None:
        """Look at once at a run of which another process says something."""
        if topic not in (_NEWS, _TYPED) or not about.isdecimal():
            return
        key = (room_id, int(about))
        if topic == _NEWS:
            self.following.wake(key)
        elif running := self._running.get(key):
            running.look()

    def _wrote(self, key: RunKey, row: Row | None, chunk: Chunk | None = None) -> None:
        """Tell everybody, here and elsewhere, what is new about a run of ours."""
        self.following.wrote(key, row, chunk)
        self._hub.notice(key[0], _NEWS, str(key[1]))
