"""A room, without I/O: messages and committed entries in, drafts and messages out.

Rule 1: a room moves forward only in `read`, whoever wrote the entries.
Rule 2: only committed state may refuse a change; a change that the draft makes impossible waits.
Rule 3: a client has at most one change here that is not settled.
Rule 4: nothing here waits, sleeps, or asks what time it is.
Rule 5: changes are judged by the lengths of texts; a text is in memory while somebody holds it.
Rule 6: what waits is of people who may write by the access that the room knows; a batch is appended
under the number of that access.

A change stays in the queue, carried to the head, until `read` finds its (client, seq) in the log,
or it is refused. `seal` only looks: sealing twice drafts the same batch, so a batch whose fate is
unknown needs no special care.

This module handles changes. `people` handles what people are told of one another, `keeping` which
texts are in memory, `sealing` the draft of a batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from collab.errors import PeerError, Refusal
from collab.protocol import (
    Authors,
    Change,
    Checksum,
    ClientMessage,
    CodeUpdate,
    Entries,
    Error,
    FileId,
    Join,
    Origin,
    Ping,
    PlainMessage,
    Pong,
    Presence,
    Profile,
    Read,
    Submit,
)
from collab.room import carets, elsewhere, sealing
from collab.room.between import News
from collab.room.doors import Access, Door, may, why_not
from collab.room.fold import fold
from collab.room.keeping import Keeping
from collab.room.kinds import KINDS
from collab.room.needs import NEEDS, need_of
from collab.room.past import Past, edits_of
from collab.room.people import REPLACED, People
from collab.room.plain import PlainSession
from collab.room.sealing import Waiting
from collab.room.session import Session
from collab.room.state import Entry, Limits, State
from collab.room.visit import Visit
from ot import OperationError


class Room(Keeping):
    """One room in one process: its people, and what they change.

    `state` must be at a revision that the log has.
    """

    def __init__(self, state: State, limits: Limits, door: Door | None = None) -> None:
        self.past = Past(state.revision)
        super().__init__(state, People(state, self.past, limits))
        self.limits = limits
        self.people.door = door or Door()
        self.queue: dict[str, Waiting] = {}
        self.plain: list[PlainSession] = []
        """The sessions of plain clients, and those that have left while texts of theirs wait."""
        self.visits: dict[str, Visit] = {}
        """By client, the clients without a socket whose change is not settled."""
        self.unsummed: set[str] = set()
        """Files whose texts have changed since `tell_checksums`."""
        self.refused: Counter[str] = Counter()
        """The number of refusals by code, for the metrics."""
        self._summed = state.revision

    @property
    def count(self) -> int:
        """The number of people in the room, through all processes."""
        return self.people.count

    @property
    def door(self) -> Door:
        return self.people.door

    # Who may do what

    def whos(self) -> set[UUID]:
        """Return the known people whose roles matter here: of sessions, and of what waits."""
        sessions = [*self.people.sessions.values(), *self.plain, *self.visits.values()]
        found = {session.who for session in sessions}
        found.update(waiting.who for waiting in self.queue.values())
        return {who for who in found if who}

    def regulate(self, access: Access) -> None:
        """Take a newer access, which has all of `whos`: refuse what its author may not write any
        more, and close the sessions of those who have no access."""
        for waiting in list(self.queue.values()):
            role = access.role(waiting.who, link=waiting.link)
            if not may(role, need_of(waiting.change)):
                refusal = Refusal("not_allowed", why_not(role, access.door))
                self.refuse(waiting.client, waiting.seq, refusal)
        for session in self.people.regulate(access):
            session.depart()
        for session in self.plain:  # among them those who have left while texts of theirs wait
            session.seat(access)
        self._part_with_plain()

    # Coming and going

    def join(
        self,
        session: Session,
        revision: int | None,
        *,
        text: bool = False,
        holds: Collection[FileId] | None = None,
    ) -> None:
        """Let an OT client in. The past must reach back to `revision`.

        The client is told the entries since `revision`, if it names one; it is told the files if it
        does not, or if it wants the `text`. `holds` are the files whose texts it has; None stands
        for all. The texts or checksums that it is told must be in memory: see `unready`. Raises
        PeerError when the revision is above the head, or the room is full.
        """
        self.people.check_access(session)
        self.people.check_name(session.name, session.agent)
        session.held = None if holds is None else set(holds)
        if revision is not None:
            self.people.check_revision(revision)
        other = self.people.find(session.client)
        if other is None:
            self.people.check_space()
        elif other.since > session.since:
            # This is a late join, from a connection that the client has abandoned.
            session.closing = REPLACED
            return
        elif isinstance(other, Session):
            self.people.supersede(other)
        else:
            elsewhere.leave(self.people, other)
        # The client resends the changes it still wants; another process may have refused the rest.
        self.queue.pop(session.client, None)
        session.settled = max(session.settled, self.past.last_seqs.get(session.client, 0))
        self.people.number(session)
        self.people.greet(session, revision, text=text)
        self.people.enter(session)

    def join_plain(self, session: PlainSession) -> None:
        """Let a plain client in. Raises PeerError when the room is full, or does not let it in."""
        self.people.check_access(session)
        self.people.check_space()
        session.greet(self)
        self.people.number(session)
        self.people.enter(session)
        self.plain.append(session)

    def leave(self, session: Session) -> None:
        """Remove a session whose socket is gone. The changes it sent are still committed."""
        if self.people.sessions.get(session.client) is session:
            session.depart()
            self.plain = [s for s in self.plain if s is not session or s.bridge.waiting]
            self.people.part(session)

    def hear(self, process: str, news: News) -> None:
        """Take news from another process. It may say that a client here has joined there."""
        if superseded := elsewhere.hear(self.people, process, news):
            self.queue.pop(superseded.client, None)

    # What comes in

    def receive(self, session: Session, message: ClientMessage | PlainMessage) -> None:
        """Take a message of a session, and tell the session if something is wrong with it.

        Ignores a session that is not in the room any more, because it was told no news since.
        """
        if self.people.sessions.get(session.client) is not session:
            return
        try:
            if isinstance(message, CodeUpdate) and not may(session.role, NEEDS[CodeUpdate]):
                session.refuse(self, 0, self._not_allowed(session))
                return
            assert may(session.role, "read"), "a session without access is closed"
            match message:
                case Submit():
                    self._submit(session, message)
                case Presence():
                    self.people.place(session, message)
                    if message.file is not None:
                        self._hold(session, message.file)
                case Profile():
                    self.people.rename(session, message)
                case Read():
                    self._answer(session, message)
                case Ping():
                    session.tell(Pong())
                case Join():
                    raise PeerError("already_joined", "This socket has joined already.")
                case _:
                    session.receive(self, message)
        except PeerError as error:
            self.refused[error.code] += 1
            session.tell(Error(error.code, error.message, error.seq))

    def _submit(self, session: Session, message: Submit) -> None:
        kind = KINDS[type(message.change)]
        kind.admit(message.change, message.seq)
        waiting = self.queue.get(session.client)
        if message.seq <= session.settled or (waiting and message.seq <= waiting.seq):
            return  # sent again: its entry is in the log, or will be
        if waiting:
            raise PeerError(
                "in_flight",
                f"Change {message.seq} came while change {waiting.seq} is not settled.",
                seq=message.seq,
            )
        if not may(session.role, need_of(message.change)):
            session.settled = message.seq
            session.refuse(self, message.seq, self._not_allowed(session))
            return
        change = self._carry(message.seq, message.revision, message.change)
        for part in edits_of(change):
            self._hold(session, part.file)
        by_default: Origin = "tool" if session.agent else "typed"
        self.submit(session, message.seq, change, message.origin or by_default)

    def visit(self, visit: Visit, revision: int, change: Change, origin: Origin) -> None:
        """Take the only change of a client without a socket. The past must reach back to
        `revision`.

        The change may be of a kind that only the server submits. Raises PeerError.
        """
        assert visit.seated == self.door.access, (visit.seated, self.door.access)
        if not may(visit.role, need_of(change)):
            visit.refuse(self, 1, self._not_allowed(visit))
            return
        if visit.client in self.visits:
            raise PeerError("in_flight", "The same request came before and is not settled.")
        self.submit(visit, 1, self._carry(1, revision, change), origin)
        self.visits[visit.client] = visit

    def _not_allowed(self, session: Session) -> Refusal:
        refusal = Refusal("not_allowed", why_not(session.role, self.door))
        self.refused[refusal.code] += 1
        return refusal

    def _carry(self, seq: int, revision: int, change: Change) -> Change:
        """Bring a change made on a revision to the head. Raises PeerError where it does not fit."""
        kind = KINDS[type(change)]
        self.people.check_revision(revision, seq)
        try:
            carried: Change = kind.carry(change, self.past, revision)
            kind.check(carried, self.state)
        except OperationError as error:
            raise PeerError(
                "invalid_operation", f"Change {seq} does not fit: {error}", seq=seq
            ) from error
        return carried

    def submit(self, session: Session, seq: int, change: Change, origin: Origin) -> None:
        """Queue a change drafted on the head."""
        self.queue[session.client] = Waiting.of(session, seq, change, origin)

    def point(self, session: Session) -> None:
        """Tell everybody else where a session's caret is now."""
        self.people.point(session)

    def length(self, file: str) -> int:
        """Return the code points of a file; 0 if there is none."""
        found = self.state.files.get(file)
        return len(found.text) if found else 0

    # What goes on

    def seal(self, now: datetime) -> list[Entry]:
        """Draft the next batch: see `sealing.seal`."""
        return sealing.seal(self.queue, self.state, self.limits, now, self.refuse)

    def refuse(self, client: str, seq: int, refusal: Refusal | None) -> None:
        """Drop a change that is not committed from here. Without a refusal, it is in the log
        already."""
        waiting = self.queue.get(client)
        if waiting is None or waiting.seq != seq:
            return
        del self.queue[client]
        self._part_with_plain()
        visit = self.visits.pop(client, None)
        if refusal:
            self.refused[refusal.code] += 1
        elif visit:
            refusal = Refusal("in_log", "This change is in the log already.")
        else:
            return
        session = visit or self.people.sessions.get(client)
        if session is None:
            return
        session.settled = max(session.settled, seq)
        session.refuse(self, seq, refusal)

    def read(self, entries: Sequence[Entry]) -> None:
        """Go forward by committed entries, skipping those known. Asserts that there is no gap."""
        fresh = [entry for entry in entries if entry.revision > self.revision]
        if not fresh:
            return
        before = self.revision
        for entry in fresh:
            self.unsummed.update(fold(self.state, entry))
            self.past.append(entry)
            self._settle(entry)
        for waiting in self.queue.values():
            kind = KINDS[type(waiting.change)]
            waiting.change = kind.carry(waiting.change, self.past, before)
        number_of = self.people.number_of
        frame = Entries(before + 1, [entry.wire(number_of(entry.client)) for entry in fresh])
        authors = self.people.authors_of(fresh)
        for session in self.people.sessions.values():
            if authors:
                session.hear(Authors(authors), None)
            session.hear(frame, None)
        if self.revision - self._summed >= self.limits.checksum_every:
            self.tell_checksums()
        elsewhere.catch_up(self.people)
        self.advance_plain(self.plain)  # may show a caret, which is at the new head
        self._part_with_plain()
        self._trim()

    def advance_plain(self, sessions: Sequence[PlainSession]) -> None:
        """Submit the next waiting text of each plain client, or send it the text at the head."""
        if sessions:
            whole = CodeUpdate(str(self.state.main.text))
            for session in sessions:
                session.advance(self, whole)

    def tell_checksums(self) -> None:
        """Tell OT clients the checksums of the texts that have changed since the last call."""
        self._summed = self.revision
        sessions = self.people.sessions
        if self.unsummed and not sessions.keys() <= {plain.client for plain in self.plain}:
            texts = {file: self.state.files[file].text for file in sorted(self.unsummed)}
            sums = {file: text.checksum for file, text in texts.items() if text.is_summed}
            message = Checksum(self.revision, sums)
            for session in sessions.values():
                session.hear(message, None)
        self.unsummed.clear()

    def _settle(self, entry: Entry) -> None:
        """Bring the records of the entry's author, and of plain clients, forward by this entry."""
        waiting = self.queue.get(entry.client)
        own = waiting is not None and waiting.seq == entry.seq
        if waiting and waiting.seq <= entry.seq:
            # If a later change of the client is in the log, another process has refused this one.
            del self.queue[entry.client]
        if visit := self.visits.pop(entry.client, None):
            visit.settle(entry, self.state)
        if session := self.people.sessions.get(entry.client):
            session.settled = max(session.settled, entry.seq)
        if author := session or self.people.elsewhere.get(entry.client):
            author.caret = carets.after(entry) or author.caret
        for edit in edits_of(entry.change) if self.plain else ():
            if edit.file == self.state.main_id:
                for plain in self.plain:
                    plain.bridge.read(edit.operation, own=own and plain.client == entry.client)

    def _part_with_plain(self) -> None:
        """Forget the plain clients that have left and have nothing waiting any more."""
        if self.plain:
            kept = self.people.sessions.keys() | self.queue.keys()
            self.plain = [session for session in self.plain if session.client in kept]

    def _trim(self) -> None:
        if self.past.is_long(self.limits):
            self._forget_all_but(self.limits.tail)

    def rest(self) -> None:
        """Free memory while the room is idle: drop the texts that nobody holds and a slice of the
        past. The log has both."""
        self.past.forget_told()
        self._release()
        self._forget_all_but(1)

    def _forget_all_but(self, tail: int) -> None:
        self.people.carry_carets()
        self.past.trim(self.limits, tail)
