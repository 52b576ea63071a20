"""Runs one room in this process, from its opening until it leaves memory."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from datetime import UTC, datetime
from functools import partial
from logging import getLogger
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from msgspec import Struct
from structlog.contextvars import bind_contextvars

from collab.errors import (
    ChangeRefused,
    LogError,
    LogUnavailable,
    PeerError,
    Refusal,
    Restarting,
)
from collab.live.addresses import Account
from collab.live.audience import Audience
from collab.live.connection import Connection
from collab.live.doorbell import Doorbell
from collab.live.drive import Drive
from collab.live.guard import Guard
from collab.live.idleness import Idleness
from collab.live.limits import ServerLimits
from collab.live.spending import Spending
from collab.protocol import (
    Change,
    ClientMessage,
    Error,
    Join,
    Origin,
    PlainMessage,
    Presence,
    Submit,
)
from collab.room import elsewhere
from collab.room.between import Ask, Here, News
from collab.room.log import PAGE, Log, Opened
from collab.room.plain import PlainSession
from collab.room.pump import Pump
from collab.room.room import Room
from collab.room.session import Session, client_id
from collab.room.state import Entry, State
from collab.room.visit import Visit
from collab.telemetry import metrics
from collab.telemetry.logs import short

P = ParamSpec("P")
T = TypeVar("T")

_LOG = getLogger(__name__)
_FAREWELL = 1.0
"""Seconds for the close frames of a stopping server to go out."""
_ANEW = "The room is being read anew"
_LEFT = "the room has just left memory"


class Visitor(Struct, frozen=True):
    """The program that `Host.visit` is called for: its name, and the account of its address."""

    name: str
    origin: Origin
    account: Account


class Host:
    """Keeps a Room in step with its log and its sockets.

    `holders` counts the sockets that use it. `on_end` is called once, when the room is to leave
    memory: nobody holds it, or it was dropped.

    Every call that may change the room goes through the guard, or through the pump, which does. A
    mistake of ours there drops the room: nothing uses it again, its sockets close, and whoever
    comes back has it read anew from the log.
    """

    def __init__(
        self,
        room_id: UUID,
        opened: Opened,
        limits: ServerLimits,
        log: Log,
        doorbell: Doorbell,
        on_end: Callable[[Host], None],
    ) -> None:
        self.room_id = room_id
        self.secret = opened.secret
        self._limits = limits
        self.room = Room(opened.state, limits)
        self._pump = Pump(self.room, PAGE, lambda: datetime.now(UTC))
        self.holders = 0
        self._log = log
        self._doorbell = doorbell
        self._on_end = on_end
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
        self._flow = metrics.Flow()
        self._spending = Spending(limits, asyncio.get_running_loop().time())
        # Not in the context of whoever came first, whose session its logs would name.
        context = Context()
        context.run(bind_contextvars, room=short(room_id))
        self._task = asyncio.create_task(self._run(), context=context)
        doorbell.tell(room_id, Ask(self.room.revision))

    # From the sockets

    async def join(self, connection: Connection, message: Join | None) -> None:
        """Let a socket in; `message` is None for a plain client.

        Raises PeerError when the join is wrong, LogUnavailable, Restarting.
        """
        session = connection.session
        revision = message.revision if message else None
        if message is not None:
            await self._drive(self._pump.admit(session, message))
            if revision is not None:
                await self._remember(revision, session.client)
        # Asked after all waiting, or one could sit in a room that nobody tends any more.
        if self._closing:
            raise Restarting
        if self._task.done() or self._guard.dropped:
            raise LogUnavailable(_LEFT)
        if isinstance(session, PlainSession):
            entered = self._guard.enter(self.room.join_plain, session)
        else:
            text = message is not None and message.text
            entered = self._guard.enter(partial(self.room.join, text=text), session, revision)
        if not entered:
            raise LogUnavailable(_LEFT)
        self._audience.connections.add(connection)
        self._spending.join(session.client, connection.account)
        metrics.SESSIONS.inc()
        self._audience.tell()

    async def receive(self, session: Session, message: ClientMessage | PlainMessage) -> None:
        """Take a message of a session that has joined. Raises LogUnavailable."""
        behind = None
        if isinstance(message, Submit | Presence):
            await self._remember(message.revision)
            if isinstance(message, Submit):
                behind = max(0, self.room.revision - message.revision)
        client, queue = session.client, self.room.queue
        waited = client in queue
        if not self._guard.enter(self.room.receive, session, message):
            return
        # A submission is news to nobody else until it is read from the log.
        if session.outbox or behind is None:
            self._audience.tell()
        metrics.count_refusals(self.room.refused)
        if client in queue and not waited:
            self._flow.came(client, behind)
        if queue:
            self._wake()

    async def catch_up(self) -> None:
        """Read the log to its head. Raises LogUnavailable."""
        await self._drive(self._pump.catch_up())

    async def visit(
        self, visitor: Visitor, revision: int, change: Change, look: Callable[[State], T]
    ) -> tuple[T, float]:
        """Commit a change made on a revision, for a program that has no socket in the room.

        Returns what `look` finds in the state right after its entry, and the seconds for which its
        address is not answered, for the bytes it has written. The change is carried to the head and
        committed once, as every client's, also when the caller is cancelled meanwhile. Raises
        ChangeRefused, PeerError, Restarting, and LogUnavailable when nobody knows what became of
        the change.
        """
        await self._remember(revision)
        if self._closing:
            raise Restarting
        client = client_id(self.secret, secrets.token_urlsafe())
        found: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def settle(outcome: Entry | Refusal, state: State) -> None:
            if found.done():
                return
            if isinstance(outcome, Refusal):
                found.set_exception(ChangeRefused(outcome))
            else:
                found.set_result(look(state))

        person = client_id(self.secret, visitor.name)  # one for all programs of that name
        visit = Visit(client, person, visitor.name, 0, settle=settle)
        if self._task.done() or not self._guard.enter(
            self.room.visit, visit, revision, change, visitor.origin
        ):
            raise LogUnavailable(_LEFT)
        self._awaited.add(found)
        self._spending.join(client, visitor.account)
        self._wake()
        try:
            return await found, self.pause_for_log(visit)
        finally:
            self._awaited.discard(found)
            self._spending.leave(client, waits=client in self.room.queue)

    def pause_for_log(self, session: Session) -> float:
        """Return the seconds that a session is not read, for the log bytes it has written."""
        return self._spending.pause(session.client, asyncio.get_running_loop().time())

    def object(self, session: Session, error: PeerError) -> None:
        """Tell a session what is wrong with what it sent."""
        metrics.REFUSED.labels(error.code).inc()
        session.tell(Error(error.code, error.message, error.seq))
        self._audience.tell()

    def leave(self, connection: Connection) -> None:
        """Remove a connection whose socket is gone."""
        self._audience.connections.discard(connection)
        metrics.SESSIONS.dec()
        client = connection.session.client
        self._flow.left(client)
        self._spending.leave(client, waits=client in self.room.queue)
        self._guard.enter(self.room.leave, connection.session)
        self._audience.tell()

    def release(self) -> None:
        """Count one holder less."""
        self.holders -= 1
        self._wake()

    # From the hub

    def heard(self, revision: int) -> None:
        """Wake the pump when the log may be at `revision`, further than the room."""
        if self._pump.heard(revision):
            self._wake()

    def hear(self, process: str, news: News) -> None:
        """Take another process's news of its people in this room."""
        if isinstance(news, Here | Ask):
            self.heard(news.revision)
        self._guard.enter(self.room.hear, process, news)
        self._audience.tell()

    def call_roll(self, process: str, *, ends: bool) -> None:
        """Take that another process begins to name all its people, or has named them."""
        self._guard.enter(
            elsewhere.drop_doubtful if ends else elsewhere.doubt, self.room.people, process
        )
        self._audience.tell()

    def forget(self, process: str) -> None:
        """Drop the people of a process that has ended."""
        self._guard.enter(elsewhere.forget, self.room.people, process)
        self._audience.tell()

    def roll(self) -> list[Here]:
        """Return the people who are in this room through this process."""
        here: list[Here] = []
        self._guard.enter(lambda: here.extend(elsewhere.roll(self.room.people)))
        return here

    async def close(self, code: int, reason: str, *, drain: float) -> None:
        """Commit what was received, for at most `drain` seconds, close every socket, and stop.

        Changes that a peer sent before the close reached it are committed too: a plain client can
        not find out that they were lost.
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
                if commits:  # or the database hangs, and more time is of no use
                    await self._drained()
        self._task.cancel()

    async def _drained(self) -> None:
        """Wait until all that was received is committed or refused."""
        self._wake()
        await self._idle.wait()

    # The end

    def _drop(self) -> None:
        """Forget the room because of the error being handled, and close its sockets."""
        _LOG.exception("room %s is dropped from memory", short(self.room_id))
        self._audience.close(1011, _ANEW)
        self._end()
        self._task.cancel()

    def _end(self) -> None:
        """Leave memory, once."""
        self._idleness.end()
        self._idle.set()
        for awaited in self._awaited:
            if not awaited.done():
                awaited.set_exception(LogUnavailable(_LEFT))
        on_end, self._on_end = self._on_end, _nothing
        on_end(self)

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
                    # Whoever comes meanwhile is let in, and the room stays.
                    await self._save_snapshot(every=1)
                await self._idleness.empty(self._needed)
        except Exception:  # noqa: BLE001 - whatever it is, the log is still right
            self._guard.drop()
        finally:
            self._end()

    def _needed(self) -> bool:
        return bool(self.holders or self.room.queue or not self._idle.is_set())

    def _stepped(self) -> None:
        """Send the room's messages after a step of the pump."""
        metrics.count_refusals(self.room.refused)
        self._audience.flush()
        if self.room.unsummed:
            self._idleness.watch()

    def _committed(self, entries: list[Entry], took: float) -> None:
        """Ring the other processes, and charge the authors."""
        self._doorbell.ring(self.room_id, entries[-1].revision)
        self._spending.commit(entries, asyncio.get_running_loop().time())
        self._flow.went([entry.client for entry in entries], took)

    async def _remember(self, revision: int, client: str | None = None) -> None:
        """Make the room's past reach back to `revision`. Of several that need it, one reads."""
        if not self._pump.must_remember(revision, client):
            return
        async with self._remembering:
            await self._drive(self._pump.remember(revision, client))
        self._idleness.watch()  # or what was read would stay while nobody types

    async def _save_snapshot(self, *, every: int) -> None:
        if self.room.revision - self._snapshot < every:
            return
        revision = self.room.revision
        try:
            await self._log.save_snapshot(self.room_id, self.room.state)
        except LogError as error:
            _LOG.warning("room %s: no snapshot: %s", short(self.room_id), error)
        else:
            self._snapshot = revision

    def _wake(self) -> None:
        self._idle.clear()
        self._woken.set()


def _nothing(_host: Host) -> None:
    """Do nothing, in place of `on_end`, once that has been called."""
