"""Lets sockets, programs and other processes into a room that is in memory."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct

from collab.errors import (
    ChangeRefused,
    LogUnavailable,
    PeerError,
    Refusal,
    Restarting,
)
from collab.live.addresses import Account
from collab.live.asker import Asker
from collab.live.connection import Connection
from collab.live.doorbell import Doorbell
from collab.live.extension import NOTHING, Extensions
from collab.live.limits import ServerLimits
from collab.live.permits import NOBODYS, Permit
from collab.live.running import LEFT, Running
from collab.live.spending import Spending
from collab.live.who import Who
from collab.protocol import (
    Caret,
    Change,
    ClientMessage,
    DomainMessage,
    Error,
    FileId,
    Join,
    Knocked,
    Origin,
    PlainMessage,
    Presence,
    Submit,
)
from collab.room import elsewhere
from collab.room.between import Ask, Here, News
from collab.room.doors import Access, What, may, why_not
from collab.room.log import Log, Opened
from collab.room.plain import PlainSession
from collab.room.session import Session, client_id
from collab.room.state import Entry, State
from collab.room.visit import Visit
from collab.telemetry import metrics

T = TypeVar("T")

_MOST_LET_IN = 10_000


class Visitor(Struct, frozen=True):
    """The program that `Host.visit` is called for: who asks, and the account of its address.

    Of all visits to a room with one `key`, at most one is committed. Visits without a key are
    independent. `permit` is whose request it is, and what that person may do.
    """

    asker: Asker
    origin: Origin
    account: Account
    key: str = ""
    permit: Permit = NOBODYS


class Host(Running):
    """Keeps a Room in step with its log and its sockets. `on_end` is called as `Running` says."""

    def __init__(
        self,
        room_id: UUID,
        opened: Opened,
        limits: ServerLimits,
        log: Log,
        doorbell: Doorbell,
        on_end: Callable[[Host], None],
        extensions: Extensions = NOTHING,
    ) -> None:
        super().__init__(room_id, opened, limits, log, doorbell, partial(on_end, self))
        self.secret = opened.secret
        self._doorbell = doorbell
        self._extensions = extensions
        self._let_in: tuple[int, set[UUID]] = (0, set())
        """Who has come in under the access of that number."""
        self._extended = opened.state.revision
        """The last revision that the extensions were told of."""
        self._flow = metrics.Flow()
        self._spending = Spending(limits, asyncio.get_running_loop().time())

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts of the room at its head, by name."""
        return self.room.state.facts

    # From the sockets

    async def join(self, connection: Connection, message: Join | None) -> None:
        """Let a socket in; `message` is None for a plain client.

        Raises PeerError when the join is wrong, LogUnavailable, Restarting.
        """
        session = connection.session
        revision = message.revision if message else None
        if message is not None:
            await self._drive(self._pump.admit(session, message))
            await self._prepare(session, message)
        elif session.who is None:
            session.seat(Access(self.room.door))
        else:
            await self._drive(self._pump.learn(session))
        # Checked after all waiting: else a client could join a room whose task has ended.
        if self._closing:
            raise Restarting
        if self._task.done() or self._guard.dropped:
            raise LogUnavailable(LEFT)
        if isinstance(session, PlainSession):
            entered = self._guard.enter(self.room.join_plain, session)
        else:
            assert message is not None
            join = partial(self.room.join, text=message.text, holds=message.holds)
            entered = self._guard.enter(join, session, revision)
        if not entered:
            raise LogUnavailable(LEFT)
        self._note_let_in(session.who)
        self._audience.connections.add(connection)
        self._spending.join(session.client, connection.account)
        metrics.SESSIONS.inc()
        self._audience.tell()

    def has_let_in(self, who: Who | None) -> bool:
        """Tell whether somebody has come in since the access last changed, as far as this process
        knows."""
        access, whos = self._let_in
        return who is not None and access == self.room.door.access and who.id in whos

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
        # Others are told of a submission only when it is read from the log.
        if session.outbox or behind is None:
            self._audience.tell()
        metrics.count_refusals(self.room.refused)
        if client in queue and not waited:
            self._flow.came(client, behind)
        if queue or self.room.asked:
            self._wake()

    async def catch_up(self) -> None:
        """Read the log to its head. Raises LogUnavailable."""
        await self._drive(self._pump.catch_up())

    async def visit(
        self, visitor: Visitor, revision: int, change: Change, look: Callable[[State], T]
    ) -> tuple[T, float]:
        """Commit a change made on a revision, for a program that has no socket in the room.

        Returns what `look` finds in the state right after the entry, and the seconds to hold back
        the answer for the bytes that the address has written. The change is carried to the head and
        committed once, like every client's, even if the caller is cancelled meanwhile. Raises
        ChangeRefused (with the code `in_log` where the visitor's key is in the log already),
        PeerError, Restarting, and LogUnavailable when nobody knows what became of the change.
        """
        await self._remember(revision)
        if self._closing:
            raise Restarting
        client = client_id(self.secret, visitor.key or secrets.token_urlsafe())
        found: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def settle(outcome: Entry | Refusal, state: State) -> None:
            if found.done():
                return
            if isinstance(outcome, Refusal):
                found.set_exception(ChangeRefused(outcome))
                return
            try:
                found.set_result(look(state))
            except Exception as error:  # noqa: BLE001 - the error is the caller's; the room goes on
                found.set_exception(error)

        name, person = visitor.asker.name, visitor.asker.person_in(self.secret)
        permit = visitor.permit
        visit = Visit(client, person, name, 0, settle=settle, who=permit.who)
        visit.watches, visit.link = permit.watches, permit.link
        visit.seat(permit.access)
        if visit.who:
            await self._extensions.visited(self, visit, visit.who)
        while visit.seated != self.room.door.access:
            await self._drive(self._pump.learn(visit))
        if self._task.done() or not self._guard.enter(
            self.room.visit, visit, revision, change, visitor.origin
        ):
            raise LogUnavailable(LEFT)
        self._awaited.add(found)
        self._spending.join(client, visitor.account)
        self._wake()
        try:
            return await found, self.pause_for_log(visit)
        finally:
            self._awaited.discard(found)
            self._spending.leave(client, waits=client in self.room.queue)

    @asynccontextmanager
    async def holding(self, files: Collection[FileId] | None = None) -> AsyncIterator[State]:
        """Keep the texts of these files, or of all, in the room's state until the block ends.

        The state goes forward meanwhile as entries are committed. Raises LogUnavailable.
        """
        held = list(self.room.state.files) if files is None else files
        with self.room.pinned(held):
            await self._drive(self._pump.supply(held))
            yield self.room.state
        self._idleness.watch()  # or the texts would stay while nobody types

    def pause_for_log(self, session: Session) -> float:
        """Return the seconds for which a session is not read, because of the log bytes it has
        written."""
        return self._spending.pause(session.client, asyncio.get_running_loop().time())

    def object(self, session: Session, error: PeerError) -> None:
        """Tell a session the error in what it has sent."""
        metrics.REFUSED.labels(error.code).inc()
        session.tell(Error(error.code, error.message, error.seq))
        self._audience.tell()

    def check(self, session: Session, what: What) -> None:
        """Raise PeerError unless a session may do that."""
        if not may(session.role, what):
            raise PeerError("not_allowed", why_not(session.role, self.room.door))

    def tell_everybody(self, message: DomainMessage) -> None:
        """Tell the OT clients that are connected to this process."""
        for connection in self._audience.connections:
            connection.session.hear(message, None)
        self._audience.tell()

    def tell(self, sessions: Iterable[Session], message: DomainMessage) -> None:
        """Tell some sessions that are connected to this process."""
        for session in sessions:
            session.tell(message)
        self._audience.tell()

    def dismiss(self, client: str, code: int, words: str) -> bool:
        """Close the socket of a client that is connected to this process. Returns whether one
        was."""
        session = self.room.people.sessions.get(client)
        if session is None:
            return False
        session.closing = (code, words)
        self._guard.enter(self.room.leave, session)
        self._audience.tell()
        return True

    async def carry(self, carets: Sequence[Caret]) -> list[Caret]:
        """Carry positions in files, told at some revisions, all to the head of the room.

        They stay left of text that was inserted at them. The room does not go on between the last
        of them and the return. Raises PeerError for a file or a revision that the room does not
        have, OperationError for a position beyond the end of its text, and LogUnavailable.
        """
        for caret in carets:
            self.room.people.check_revision(caret.revision)
            if caret.file not in self.room.state.files:
                raise PeerError("unknown_file", f"There is no file {caret.file} in this room.")
        if carets:
            await self._remember(min(caret.revision for caret in carets))
        carried = [self.room.people.at_head(caret) for caret in carets]
        if None in carried:
            raise LogUnavailable(LEFT)
        return [caret for caret in carried if caret]

    def leave(self, connection: Connection) -> None:
        """Remove a connection whose socket is gone."""
        self._audience.connections.discard(connection)
        metrics.SESSIONS.dec()
        client = connection.session.client
        self._flow.left(client)
        self._spending.leave(client, waits=client in self.room.queue)
        self._guard.enter(self.room.leave, connection.session)
        self._extensions.left(self.room_id, connection.session)
        self._idleness.watch()  # or the texts that it held would stay while nobody types
        self._audience.tell()

    # From the hub

    def heard(self, revision: int, access: int = 0) -> None:
        """Wake the pump when the log may be at `revision`, or the access at that number, further
        than the room."""
        if self._pump.heard(revision, access):
            self._wake()

    def knocked(self) -> None:
        """Tell owners that the list of those who wait has changed."""
        for connection in self._audience.connections:
            if may(connection.session.role, "manage"):
                connection.session.hear(Knocked(), None)
        self._audience.tell()

    def hear(self, process: str, news: News) -> None:
        """Take another process's news of its people in this room."""
        if isinstance(news, Here | Ask):
            self.heard(news.revision)
        self._guard.enter(self.room.hear, process, news)
        self._audience.tell()

    def call_roll(self, process: str, *, ends: bool) -> None:
        """Note that another process begins to name all its people or, with `ends`, has named
        them."""
        self._guard.enter(
            elsewhere.drop_doubtful if ends else elsewhere.doubt, self.room.people, process
        )
        self._audience.tell()

    def forget(self, process: str) -> None:
        """Remove the people of a process that has ended."""
        self._guard.enter(elsewhere.forget, self.room.people, process)
        self._audience.tell()

    def roll(self) -> list[Here]:
        """Return the people who are in this room through this process."""
        here: list[Here] = []
        self._guard.enter(lambda: here.extend(elsewhere.roll(self.room.people)))
        return here

    # From the pump

    def _stepped(self) -> None:
        """Send the room's messages after a step of the pump."""
        metrics.count_refusals(self.room.refused)
        self._audience.flush()
        if self.room.unsummed:
            self._idleness.watch()
        if self.room.revision > self._extended:
            past = self.room.past
            entries = past.after(max(self._extended, past.oldest))
            self._extended = self.room.revision
            self._extensions.read(self, entries)

    def _committed(self, entries: list[Entry], took: float) -> None:
        """Ring the other processes, and charge the authors."""
        self._doorbell.ring(self.room_id, entries[-1].revision, self.room.door.access)
        self._extensions.committed(self, entries)
        self._spending.commit(entries, asyncio.get_running_loop().time())
        self._flow.went([entry.client for entry in entries], took)

    async def _prepare(self, session: Session, message: Join) -> None:
        """Load into memory what a joining client will be told, and bring its role to the access
        that the room knows.

        The client must join before anything else is awaited.
        """
        texts = message.revision is None or message.text
        while True:
            if message.revision is not None:
                await self._remember(message.revision, session.client)
            if session.seated != self.room.door.access:
                await self._drive(self._pump.learn(session))
            elif unready := self.room.unready(message.holds, texts=texts):
                await self._drive(self._pump.supply(unready))
            else:
                return

    def _note_let_in(self, who: UUID | None) -> None:
        access = self.room.door.access
        if self._let_in[0] != access or len(self._let_in[1]) >= _MOST_LET_IN:
            self._let_in = (access, set())
        if who:
            self._let_in[1].add(who)
