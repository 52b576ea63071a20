"""Runs the pump of one room in this process, from its opening until it leaves memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from datetime import UTC, datetime
from logging import getLogger
from typing import Any
from uuid import UUID

from structlog.contextvars import bind_contextvars

from collab.errors import LogError, LogUnavailable
from collab.live.audience import Audience
from collab.live.doorbell import Doorbell
from collab.live.drive import Drive
from collab.live.guard import Guard
from collab.live.idleness import Idleness
from collab.live.limits import ServerLimits
from collab.room.between import Ask
from collab.room.log import PAGE, Log, Opened
from collab.room.pump import Pump
from collab.room.room import Room
from collab.room.snapshot import take_snapshot
from collab.room.state import Entry
from collab.telemetry.logs import short

_LOG = getLogger(__name__)
_FAREWELL = 1.0
"""Seconds for the close frames of a stopping server to go out."""
_ANEW = "The room is being read anew"
LEFT = "the room has just left memory"


class Running:
    """The life of a room in memory: its pump, its snapshots, and its end.

    `holders` counts the sockets and requests that use it. `on_end` is called once, when the room
    leaves memory because nobody holds it or because it was dropped.

    Every call that may change the room goes through the guard, or through the pump, which goes
    through the guard. A mistake of ours in such a call drops the room: nothing uses it again, its
    sockets close, and when a client comes back, the room is read anew from the log.
    """

    def __init__(
        self,
        room_id: UUID,
        opened: Opened,
        limits: ServerLimits,
        log: Log,
        doorbell: Doorbell,
        on_end: Callable[[], None],
    ) -> None:
        self.room_id = room_id
        self.room = Room(opened.state, limits, opened.door)
        self.holders = 0
        self._limits = limits
        self._log = log
        self._on_end = on_end
        self._pump = Pump(self.room, PAGE, lambda: datetime.now(UTC))
        self._guard = Guard(self._drop)
        self._audience = Audience(room_id, self.room, doorbell, self._guard)
        self._idleness = Idleness(self.room, self._guard, self._audience)
        self._drive = Drive(room_id, self.room, log, self._guard, self._stepped, self._committed).do
        self._awaited: set[asyncio.Future[Any]] = set()
        """The outcomes of visits that are not settled."""
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._closing = False
        self._remembering = asyncio.Lock()
        self._opened = opened.state.revision
        self._snapshot = opened.snapshot
        # A context of its own: in the first client's context, the logs would name that client's
        # session.
        context = Context()
        context.run(bind_contextvars, room=short(room_id))
        self._task = asyncio.create_task(self._run(), context=context)
        doorbell.tell(room_id, Ask(self.room.revision))

    def release(self) -> None:
        """Count one holder less."""
        self.holders -= 1
        self._wake()

    async def close(self, code: int, reason: str, *, drain: float) -> None:
        """Commit what was received, for at most `drain` seconds, close every socket, and stop.

        Changes that a peer sent before the close frame reached it are committed, too, because a
        plain client cannot find out that they were lost.
        """
        before = self.room.revision
        with suppress(TimeoutError):
            async with asyncio.timeout(drain):
                await self._drained()
        commits = self._idle.is_set() or self.room.revision > before
        self._closing = True
        connections = list(self._audience.connections)
        for connection in connections:
            connection.part(code, reason)
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                for connection in connections:
                    await connection.ended()
                if commits:  # else the database hangs, and more time does not help
                    await self._drained()
        self._task.cancel()

    async def _drained(self) -> None:
        """Wait until every received change is committed or refused."""
        self._wake()
        await self._idle.wait()

    # What a step of the pump leads to

    def _stepped(self) -> None:
        """React to a step of the pump."""
        raise NotImplementedError

    def _committed(self, entries: list[Entry], took: float) -> None:
        """React to a commit of these entries, which took so many seconds."""
        raise NotImplementedError

    # The end

    def _drop(self) -> None:
        """Forget the room because of the error being handled, and close its sockets."""
        _LOG.exception("room %s is dropped from memory", short(self.room_id))
        self._audience.close(1011, _ANEW)
        self._end()
        self._task.cancel()

    def _end(self) -> None:
        """Take the room out of memory, once."""
        self._idleness.end()
        self._idle.set()
        for awaited in self._awaited:
            if not awaited.done():
                awaited.set_exception(LogUnavailable(LEFT))
        on_end, self._on_end = self._on_end, _nothing
        on_end()

    # The pump

    async def _run(self) -> None:
        try:
            while self._needed():
                await self._woken.wait()
                self._woken.clear()
                await self._drive(self._pump.work())
                await self._save_snapshot(every=self._limits.snapshot_every)
                if not self._woken.is_set():
                    self._idle.set()
                if not self._needed() and self.room.revision > self._opened:
                    # A client that comes meanwhile is let in, and the room stays.
                    await self._save_snapshot(every=1)
                await self._idleness.empty(self._needed)
        except Exception:  # noqa: BLE001 - whatever it is, the log is still right
            self._guard.drop()
        finally:
            self._end()

    def _needed(self) -> bool:
        return bool(self.holders or self.room.queue or not self._idle.is_set())

    async def _remember(self, revision: int, client: str | None = None) -> None:
        """Make the room's past reach back to `revision`. If several callers need it, only one
        reads."""
        if not self._pump.must_remember(revision, client):
            return
        async with self._remembering:
            await self._drive(self._pump.remember(revision, client))
        self._idleness.watch()  # or what was read would stay while nobody types

    async def _save_snapshot(self, *, every: int) -> None:
        if self.room.revision - self._snapshot < every:
            return
        try:
            await self._drive(self._pump.supply_edited())
            snapshot = take_snapshot(self.room.state)
            await self._log.save_snapshot(self.room_id, snapshot)
        except LogError as error:
            _LOG.warning("room %s: no snapshot: %s", short(self.room_id), error)
        else:
            self._snapshot = snapshot.revision
            self._guard.enter(self.room.keep, snapshot)

    def _wake(self) -> None:
        self._idle.clear()
        self._woken.set()


def _nothing() -> None:
    """Do nothing, in place of `on_end`, once that has been called."""
