"""One server process of the simulation: what a host does with a Room, without asyncio.

Everything that waits is a coroutine in `tasks`, and the world decides which of them runs next. The
pump is the one that `collab.live.drive` drives, so what a seed proves holds for real servers.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from collab.errors import LogError, LogUnavailable, PeerError, Refusal
from collab.protocol import (
    ClientMessage,
    Join,
    Many,
    PlainMessage,
    Presence,
    Submit,
)
from collab.room import elsewhere
from collab.room.between import Ask, Hello, Here, Roll
from collab.room.doors import Access
from collab.room.log import read_room
from collab.room.people import ASK, GONE
from collab.room.plain import PlainSession
from collab.room.pump import Pump
from collab.room.room import Room
from collab.room.session import OtSession, Session, client_id
from collab.room.snapshot import take_snapshot
from collab.room.state import Entry, Limits
from collab.room.visit import Visit
from collab.room.wishes import (
    Append,
    Arrival,
    Aside,
    AskAccess,
    LastSeq,
    Open,
    Pause,
    Since,
    Texts,
    Wish,
    Work,
)
from collab.room.wishes import Turn as Yield
from tests.simulation.connection import CLOSED, Closed, Connection
from tests.simulation.log import SimulatedLog, Turn
from tests.simulation.plain_peer import PlainPeer
from tests.simulation.talk import Word


class Process:
    """A server process. `ring` tells the other processes that the log has new entries."""

    def __init__(
        self,
        name: str,
        room_id: UUID,
        log: SimulatedLog,
        limits: Limits,
        ring: Callable[[Process, int], None],
        clock: Callable[[], datetime],
        say: Callable[[Process, Word], None],
    ) -> None:
        self.name = name
        self.room_id = room_id
        self.log = log
        self.limits = limits
        self.ring = ring
        self.clock = clock
        self.say = say
        self.up = True
        self.stalled = False
        self.parting = False
        """Told to stop: it lets nobody in, commits the changes that it has, and ends."""
        self.evictions = 0
        self.room: Room | None = None
        self.pump: Pump
        """The pump of `room`."""
        self.connections: list[Connection] = []
        self.tasks: list[Coroutine[Any, Any, None]] = []
        self._opening = False
        self._pumping = False
        self._named = 0
        self._started = 0

    @property
    def id(self) -> str:
        """The id by which other processes know this one. It changes with each crash."""
        return f"{self.name}{self._started}"

    def step(self, index: int) -> None:
        """Run one task until it waits again."""
        task = self.tasks[index]
        try:
            task.send(None)
        except StopIteration:
            self.tasks.remove(task)

    def crash(self) -> None:
        """Lose everything in memory."""
        for task in self.tasks:
            task.close()
        self.tasks.clear()
        self.up, self.parting, self.room = False, False, None
        self._started += 1
        self._opening = self._pumping = False

    def start(self) -> None:
        crashed = not self.up and not self.parting
        self.up, self.parting = True, False
        if crashed:
            self.greet()

    def evict(self) -> None:
        """Drop the room from memory when nobody needs it there."""
        if not self.connections and not self.tasks and self.room and not self.room.queue:
            self.room = None
            self.evictions += 1

    def part(self) -> None:
        """Stop, as on SIGTERM: let nobody in, commit the changes that are here, then close."""
        self.up, self.parting = False, True
        if self.room is None or not self.room.queue:
            for connection in self.connections[:]:
                self.hang_up(connection)

    def _spawn(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def task() -> None:
            await Turn()
            await work()

        self.tasks.append(task())
        self.step(len(self.tasks) - 1)

    # From the sockets

    def accept(self, connection: Connection) -> None:
        self.connections.append(connection)
        if isinstance(connection.peer, PlainPeer):
            self._take(connection, self._join_plain(connection))

    def receive(self, connection: Connection) -> None:
        """Handle the next message of a connection."""
        message = connection.up.popleft()
        session = connection.session
        if isinstance(message, Closed):
            self._closed(connection)
        elif isinstance(message, Join):
            self._take(connection, self._join(connection, message))
        elif session is not None:
            self._take(connection, self._receive(session, message))

    def _take(self, connection: Connection, taking: Coroutine[Any, Any, None]) -> None:
        async def task() -> None:
            try:
                await taking
            except (LogUnavailable, PeerError):
                self.hang_up(connection)
            connection.busy = False

        connection.busy = True
        self.tasks.append(task())
        self.step(len(self.tasks) - 1)

    async def _join(self, connection: Connection, message: Join) -> None:
        room = await self._open()
        name = client_id(self.room_id.bytes, message.key)
        session = OtSession(name, message.person, message.name, message.colour)
        session.who = self.log.whos.get(name)
        await self._drive(self.pump.admit(session, message))
        texts = message.revision is None or message.text
        while True:
            if message.revision is not None:
                await self._drive(self.pump.remember(message.revision, session.client))
            if session.seated != room.door.access:
                await self._drive(self.pump.learn(session))
            elif unready := room.unready(message.holds, texts=texts):
                await self._drive(self.pump.supply(unready))
            else:
                break
        if not connection.dead:
            room.join(session, message.revision, text=message.text, holds=message.holds)
            connection.session = session
            self.flush()

    async def _join_plain(self, connection: Connection) -> None:
        room = await self._open()
        if not connection.dead:
            self._named += 1
            name = f"plain-{self.name}-{self._named}"
            session = PlainSession(name, name, "Plain", 0)
            session.seat(Access(room.door))
            room.join_plain(session)
            connection.session = session
            self.flush()

    async def _receive(self, session: Session, message: ClientMessage | PlainMessage) -> None:
        room = await self._open()
        if isinstance(message, Submit | Presence):
            await self._drive(self.pump.remember(message.revision))
        room.receive(session, message)
        self.flush()
        self.wake()

    def visit(self, revision: int, change: Many, settle: Callable[[Entry | Refusal], None]) -> None:
        """Submit a change of a program, which has no socket, made on a revision."""
        assert self.room is not None
        self._named += 1
        name = f"visitor-{self.id}-{self._named}"
        visit = Visit(name, name, "Visitor", 0, settle=lambda outcome, _: settle(outcome))
        visit.seat(Access(self.room.door))
        self.room.visit(visit, revision, change, "tool")
        self.flush()
        self.wake()

    def hang_up(self, connection: Connection) -> None:
        """Close from the server's side."""
        if not connection.dead:
            connection.down.append(CLOSED)
            self._closed(connection)

    def _closed(self, connection: Connection) -> None:
        connection.dead = True
        self.connections.remove(connection)
        if self.room and connection.session:
            self.room.leave(connection.session)
            self.flush()

    def flush(self) -> None:
        """Put the room's messages on the wires."""
        for connection in list(self.connections):
            if session := connection.session:
                connection.down.extend(session.outbox)
                session.outbox.clear()
                if session.closing:
                    sent_away = session.closing in (GONE, ASK)
                    assert connection.gone or sent_away, (
                        "a connection in use was taken for an older one"
                    )
                    self.hang_up(connection)
        if self.room:
            for news in self.room.people.news:
                self.say(self, news)
            self.room.people.news.clear()

    # From other processes

    def told(self, speaker: str, word: Word) -> None:
        if isinstance(word, Hello):
            self._call_roll()
        elif self.room:
            if isinstance(word, Here | Ask):
                self.heard(word.revision)
            if isinstance(word, Roll):
                (elsewhere.drop_doubtful if word.ends else elsewhere.doubt)(
                    self.room.people, speaker
                )
            else:
                self.room.hear(speaker, word)
            self.flush()

    def lost(self, process: str) -> None:
        if self.room:
            elsewhere.forget(self.room.people, process)
            self.flush()

    def greet(self) -> None:
        """Greet the other processes after a start, or after a message was lost."""
        self.say(self, Hello())
        self._call_roll()

    def _call_roll(self) -> None:
        self.say(self, Roll(ends=False))
        for here in elsewhere.roll(self.room.people) if self.room else ():
            self.say(self, here)
        self.say(self, Roll(ends=True))

    # The log

    def heard(self, revision: int, access: int = 0) -> None:
        """Take note of a head of the log, which the doorbell or the slow tick has told."""
        if self.room and self.pump.heard(revision, access):
            self.wake()

    def tick(self) -> None:
        """Start to ask the log for the head of the room."""
        self._spawn(self._tick)

    async def _tick(self) -> None:
        with suppress(LogUnavailable):
            self.heard(*(await self.log.heads([self.room_id]))[self.room_id])

    def snapshot(self) -> None:
        """Start to save a snapshot."""
        self._spawn(self._snapshot)

    async def _snapshot(self) -> None:
        if self.room:
            room, pump = self.room, self.pump
            with suppress(LogUnavailable):
                await self._drive(pump.supply_edited())
                snapshot = take_snapshot(room.state)
                await self.log.save_snapshot(self.room_id, snapshot)
                room.keep(snapshot)

    def read_texts(self) -> None:
        """Have all texts of the room in memory, at once."""
        work = self._drive(self.pump.supply())
        with suppress(StopIteration):
            while True:
                work.send(None)

    async def _open(self) -> Room:
        while self._opening:
            await Turn()
        if self.room is None:
            self._opening = True
            try:
                opened = await read_room(self.log, self.room_id, self.log.page)
            finally:
                self._opening = False
            assert opened is not None
            self.room = Room(opened.state, self.limits, opened.door)
            self.pump = Pump(self.room, self.log.page, self.clock)
            self.say(self, Ask(self.room.revision))
        return self.room

    async def _drive(self, work: Work) -> None:
        """Carry out a piece of the pump's work, as `collab.live.drive` does."""
        step: Callable[[], Wish] = partial(next, work)
        committed = 0
        while True:
            try:
                wish = step()
            except StopIteration:
                return
            finally:
                self.flush()
                if committed:
                    self.ring(self, committed)
            committed = 0
            try:
                answer = await self._do(wish)
            except LogError as error:
                step = partial(work.throw, error)
            else:
                step = partial(work.send, answer)
                committed = wish.entries[-1].revision if isinstance(wish, Append) else 0

    async def _do(self, wish: Wish) -> object:
        match wish:
            case Append(entries, access):
                await self.log.append(self.room_id, entries, access)
            case Since(revision):
                return await self.log.since(self.room_id, revision)
            case Open():
                return await self.log.open(self.room_id)
            case Texts(files):
                return await self.log.texts(self.room_id, files)
            case LastSeq(client):
                return await self.log.last_seq(self.room_id, client)
            case Arrival(client, who, login, _):
                return await self.log.arrival(self.room_id, client, who, login)
            case AskAccess(whos):
                return await self.log.access(self.room_id, whos)
            case Pause() | Yield():
                await Turn()
            case Aside(do):
                await Turn()
                return do()
        return None

    def wake(self) -> None:
        room = self.room
        if (
            room
            and (room.queue or room.asked or self.pump.behind or self.pump.unsure)
            and not self._pumping
        ):
            self._pumping = True
            self._spawn(self._work)

    async def _work(self) -> None:
        room = await self._open()
        await self._drive(self.pump.work())
        room.tell_checksums()
        self.flush()
        self._pumping = False
