"""A room, without I/O: messages and committed entries in, drafts and messages out.

Rule 1: a room moves forward only in `read`, whoever wrote the entries.
Rule 2: only committed state may refuse a change; what a draft makes impossible waits.
Rule 3: a client has at most one change here that is not settled.
Rule 4: nothing here waits, sleeps, or asks what time it is.

A change stays in the queue, carried to the head, until `read` finds its (client, seq) in the log,
or it is refused. `seal` only looks: sealing twice drafts the same batch, so a batch whose fate is
unknown needs no care of its own.

Here is what happens to what people change. What they are told of one another is in `people`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from collab.errors import PeerError, Refusal
from collab.protocol import (
    Change,
    Checksum,
    ClientMessage,
    CodeUpdate,
    Entries,
    Error,
    Join,
    Origin,
    Ping,
    PlainMessage,
    Pong,
    Presence,
    Profile,
    Read,
    Submit,
    Text,
)
from collab.room import carets, elsewhere
from collab.room.between import News
from collab.room.draft import Draft
from collab.room.fold import fold
from collab.room.kinds import KINDS, WAIT
from collab.room.past import Past, edits_of
from collab.room.people import REPLACED, People
from collab.room.plain import PlainSession
from collab.room.session import Session
from collab.room.state import Entry, Limits, State
from collab.room.visit import Visit
from ot import OperationError


@dataclass
class Waiting:
    """A change that is not in the log yet, as it is at the head."""

    client: str
    seq: int
    author: str
    change: Change
    person: str | None = None
    origin: Origin | None = None


class Room:
    """One room in one process: its people, and what they change.

    `state` must be at a revision that the log has.
    """

    def __init__(self, state: State, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.past = Past(state.revision)
        self.people = People(state, self.past, limits)
        self.queue: dict[str, Waiting] = {}
        self.plain: list[PlainSession] = []
        """The sessions of plain clients, and those that are gone while texts of theirs wait."""
        self.visits: dict[str, Visit] = {}
        """The clients without a socket whose change is not settled, by client."""
        self.unsummed: set[str] = set()
        """Files whose texts have changed since `tell_checksums`."""
        self.refused: Counter[str] = Counter()
        """The number of refusals by code, for the metrics."""
        self._summed = state.revision

    @property
    def revision(self) -> int:
        return self.state.revision

    @property
    def count(self) -> int:
        """The number of people in the room, in every process."""
        return self.people.count

    # Coming and going

    def join(self, session: Session, revision: int | None, *, text: bool = False) -> None:
        """Let an OT client in. The past must reach back to `revision`.

        It is told the entries since, if it names one; the files, if not, or if it wants the `text`.
        Raises PeerError when the revision is above the head, or the room is full.
        """
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
        """Let a plain client in. Raises PeerError when the room is full."""
        self.people.check_space()
        session.greet(self)
        self.people.number(session)
        self.people.enter(session)
        self.plain.append(session)

    def leave(self, session: Session) -> None:
        """Let a session go whose socket is gone. The changes it sent are still committed."""
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
        """Take a message of a session. What is wrong with it is told to it.

        A session that is not in the room any more was told no news of it, and is not heard.
        """
        if self.people.sessions.get(session.client) is not session:
            return
        try:
            match message:
                case Submit():
                    self._submit(session, message)
                case Presence():
                    self.people.place(session, message)
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
        change = self._carry(message.seq, message.revision, message.change)
        self.submit(session, message.seq, change, message.origin)

    def visit(self, visit: Visit, revision: int, change: Change, origin: Origin) -> None:
        """Take the only change of a client without a socket. The past must reach back to it.

        It may be of a kind that only the server submits. Raises PeerError.
        """
        self.submit(visit, 1, self._carry(1, revision, change), origin)
        self.visits[visit.client] = visit

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

    def submit(
        self, session: Session, seq: int, change: Change, origin: Origin | None = None
    ) -> None:
        """Queue a change drafted on the head."""
        self.queue[session.client] = Waiting(
            session.client, seq, session.name, change, session.person, origin
        )

    def point(self, session: Session) -> None:
        """Tell everybody else where a session's caret is now."""
        self.people.point(session)

    def length(self, file: str) -> int:
        """Code points of a file; 0 if there is none."""
        found = self.state.files.get(file)
        return len(found.text) if found else 0

    def _answer(self, session: Session, message: Read) -> None:
        file = self.state.files.get(message.file)
        if file is None:
            raise PeerError("unknown_file", f"There is no file {message.file} in this room.")
        session.tell(Text(file.id, self.revision, str(file.text)))

    # What goes on

    def seal(self, now: datetime) -> list[Entry]:
        """Draft the next batch: every waiting change, in order, placed behind those before it."""
        later: set[str] = set()
        while (batch := self._draft(now, later)) is None:
            pass
        return batch

    def _draft(self, now: datetime, later: set[str]) -> list[Entry] | None:
        """Draft a batch without the changes of the clients in `later`. Returns None where one more
        change spoilt the draft: it is among `later`, or refused, by then."""
        batch: list[Entry] = []
        draft = Draft(self.state, self.limits)
        for waiting in list(self.queue.values()):
            if len(batch) == self.limits.batch:
                break
            if waiting.client in later:
                continue
            placed = KINDS[type(waiting.change)].place(waiting.change, draft)
            if placed is WAIT and not batch:
                # The parts of the change stand in one another's way, so it would wait for ever.
                assert draft.reason
                placed = draft.reason
            if placed is WAIT:
                later.add(waiting.client)
                if draft.spoilt:
                    return None
                continue
            if isinstance(placed, Refusal):
                self.refuse(waiting.client, waiting.seq, placed)
                if draft.spoilt:
                    return None
                continue
            revision = self.revision + len(batch) + 1
            batch.append(
                Entry(
                    revision,
                    waiting.client,
                    waiting.seq,
                    waiting.author,
                    now,
                    placed,
                    waiting.person,
                    waiting.origin,
                )
            )
        return batch

    def refuse(self, client: str, seq: int, refusal: Refusal | None) -> None:
        """A change will not be committed from here. No refusal: it is in the log already."""
        waiting = self.queue.get(client)
        if waiting is None or waiting.seq != seq:
            return
        del self.queue[client]
        self._part_with_plain()
        if refusal:
            self.refused[refusal.code] += 1
        if refusal is None:
            return
        session = self.visits.pop(client, None) or self.people.sessions.get(client)
        if session is None:
            return
        session.settled = max(session.settled, seq)
        session.refuse(self, seq, refusal)

    def read(self, entries: Sequence[Entry]) -> None:
        """Go forward by committed entries, skipping those known. A gap is an assertion."""
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
        for session in self.people.sessions.values():
            session.hear(frame, None)
        if self.revision - self._summed >= self.limits.checksum_every:
            self.tell_checksums()
        elsewhere.catch_up(self.people)
        self.advance_plain(self.plain)  # may show a caret, which is at the new head
        self._part_with_plain()
        self._trim()

    def advance_plain(self, sessions: Sequence[PlainSession]) -> None:
        """Have plain clients go on: with what waits of theirs, or to the text at the head."""
        if sessions:
            whole = CodeUpdate(str(self.state.main.text))
            for session in sessions:
                session.advance(self, whole)

    def tell_checksums(self) -> None:
        """Tell OT clients what the texts that have changed since the last time come to."""
        self._summed = self.revision
        sessions = self.people.sessions
        if self.unsummed and not sessions.keys() <= {plain.client for plain in self.plain}:
            files = {file: self.state.files[file].checksum for file in sorted(self.unsummed)}
            message = Checksum(self.revision, files)
            for session in sessions.values():
                session.hear(message, None)
        self.unsummed.clear()

    def _settle(self, entry: Entry) -> None:
        """Bring what we keep of its author, and of plain clients, past an entry."""
        waiting = self.queue.get(entry.client)
        own = waiting is not None and waiting.seq == entry.seq
        if waiting and waiting.seq <= entry.seq:
            # A later one in the log says that another process has refused this one.
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
        """Forget the plain clients that are gone and have nothing waiting any more."""
        if self.plain:
            kept = self.people.sessions.keys() | self.queue.keys()
            self.plain = [session for session in self.plain if session.client in kept]

    def _trim(self) -> None:
        if self.past.is_long(self.limits):
            self._forget_all_but(self.limits.tail)

    def rest(self) -> None:
        """Free memory while the room is idle: drop a slice of the past, which the log has."""
        self.past.forget_told()
        self._forget_all_but(1)

    def _forget_all_but(self, tail: int) -> None:
        self.people.carry_carets()
        self.past.trim(self.limits, tail)
