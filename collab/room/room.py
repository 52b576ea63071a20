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
    Edit,
    Entries,
    Error,
    Join,
    Ping,
    PlainMessage,
    Pong,
    Presence,
    Profile,
    Read,
    Refused,
    Submit,
    Text,
)
from collab.room import carets, elsewhere, plain
from collab.room.draft import Draft
from collab.room.fold import fold
from collab.room.kinds import KINDS, WAIT
from collab.room.people import REPLACED, People
from collab.room.session import PlainSession, Session
from collab.room.state import Entry, Limits, State
from ot import OperationError


@dataclass
class Waiting:
    """A change that is not in the log yet, as it is at the head."""

    client: str
    seq: int
    author: str
    change: Change


class Room(People):
    """One room in one process: its people, and what they change.

    `state` must be at a revision that the log has.
    """

    def __init__(self, state: State, limits: Limits) -> None:
        super().__init__(state, limits)
        self.queue: dict[str, Waiting] = {}
        self.leaving: list[PlainSession] = []
        """Plain clients that are gone, whose last texts wait for an earlier one to be saved."""
        self.unsummed: set[str] = set()
        """Files whose texts have changed since `tell_checksums`."""
        self.refused: Counter[str] = Counter()
        """How often something was refused, by code, for whoever counts."""
        self._summed = state.revision

    # Who comes and goes

    def join(self, session: Session, revision: int | None, *, text: bool = False) -> None:
        """Let an OT client in. The past must reach back to `revision`.

        It is told the entries since, if it names one; the files, if not, or if it wants the `text`.
        Raises PeerError when the revision is above the head, or the room is full.
        """
        if revision is not None:
            self.check_revision(revision)
        other = self.find(session.client)
        if other is None:
            self.check_space()
        elif other.since > session.since:
            # It comes late, from a link that its client has given up.
            session.closing = REPLACED
            return
        elif isinstance(other, Session):
            self.supersede(other)
        else:
            elsewhere.leave(self, other)
        # What it still wants it sends again; the rest may have been refused elsewhere.
        self.queue.pop(session.client, None)
        session.settled = max(session.settled, self.past.last_seqs.get(session.client, 0))
        self.number(session)
        self.greet(session, revision, text=text)
        self.enter(session)

    def join_plain(self, session: PlainSession) -> None:
        """Let a plain client in. Raises PeerError when the room is full."""
        self.check_space()
        plain.greet(self, session)
        self.number(session)
        self.enter(session)

    def supersede(self, session: Session) -> None:
        """The same client has joined again, here or in another process."""
        session.closing = session.closing or REPLACED
        self.queue.pop(session.client, None)
        self.leave(session)

    def leave(self, session: Session) -> None:
        """The socket is gone. What it had sent goes on."""
        if self.sessions.get(session.client) is session:
            if isinstance(session, PlainSession) and session.bridge.waiting:
                session.bridge.cursor = None
                self.leaving.append(session)
            self.part(session)

    # What comes in

    def receive(self, session: Session, message: ClientMessage | PlainMessage) -> None:
        """Take a message of a session. What is wrong with it is told to it.

        A session that is not in the room any more was told no news of it, and is not heard.
        """
        if self.sessions.get(session.client) is not session:
            return
        try:
            match message:
                case Submit():
                    self._submit(session, message)
                case Presence():
                    self.place(session, message)
                case Profile():
                    self.rename(session, message)
                case Read():
                    self._answer(session, message)
                case Ping():
                    session.tell(Pong())
                case Join():
                    raise PeerError("already_joined", "This socket has joined already.")
                case _:
                    assert isinstance(session, PlainSession), message
                    plain.receive(self, session, message)
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
        self.check_revision(message.revision, message.seq)
        try:
            change = kind.carry(message.change, self.past, message.revision)
            kind.check(change, self.state)
        except OperationError as error:
            raise PeerError(
                "invalid_operation", f"Change {message.seq} does not fit: {error}", seq=message.seq
            ) from error
        self.submit(session, message.seq, change)

    def submit(self, session: Session, seq: int, change: Change) -> None:
        """Queue a change drafted on the head."""
        self.queue[session.client] = Waiting(session.client, seq, session.name, change)

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
        batch: list[Entry] = []
        draft = Draft(self.state, self.limits)
        for waiting in list(self.queue.values()):
            if len(batch) == self.limits.batch:
                break
            placed = KINDS[type(waiting.change)].place(waiting.change, draft)
            if placed is WAIT:
                continue
            if isinstance(placed, Refusal):
                self.refuse(waiting.client, waiting.seq, placed)
                continue
            revision = self.revision + len(batch) + 1
            batch.append(Entry(revision, waiting.client, waiting.seq, waiting.author, now, placed))
        return batch

    def refuse(self, client: str, seq: int, refusal: Refusal | None) -> None:
        """A change will not be committed from here. No refusal: it is in the log already."""
        waiting = self.queue.get(client)
        if waiting is None or waiting.seq != seq:
            return
        del self.queue[client]
        self.leaving = [session for session in self.leaving if session.client != client]
        if refusal:
            self.refused[refusal.code] += 1
        session = self.sessions.get(client)
        if session is None or refusal is None:
            return
        session.settled = max(session.settled, seq)
        if isinstance(session, PlainSession):
            plain.refused(self, session, refusal)
        else:
            session.tell(Refused(seq, refusal.code, refusal.message))

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
        frame = Entries(before + 1, [entry.wire(self.number_of(entry.client)) for entry in fresh])
        for session in self.sessions.values():
            session.hear(frame, None)
        if self.revision - self._summed >= self.limits.checksum_every:
            self.tell_checksums()
        elsewhere.catch_up(self)
        for session in self._plain_sessions():
            plain.advance(self, session)  # may show a caret, which is at the new head
        self.leaving = [session for session in self.leaving if session.client in self.queue]
        self._trim()

    def tell_checksums(self) -> None:
        """Tell OT clients what the texts that have changed since the last time come to."""
        self._summed = self.revision
        to = [s for s in self.sessions.values() if not isinstance(s, PlainSession)]
        if to and self.unsummed:
            files = {file: self.state.files[file].checksum for file in sorted(self.unsummed)}
            message = Checksum(self.revision, files)
            for session in to:
                session.tell(message)
        self.unsummed.clear()

    def _settle(self, entry: Entry) -> None:
        """Bring what we keep of its author, and of plain clients, past an entry."""
        waiting = self.queue.get(entry.client)
        own = waiting is not None and waiting.seq == entry.seq
        if waiting and waiting.seq <= entry.seq:
            # A later one in the log says that another process has refused this one.
            del self.queue[entry.client]
        if session := self.sessions.get(entry.client):
            session.settled = max(session.settled, entry.seq)
        if author := session or self.elsewhere.get(entry.client):
            author.caret = carets.after(entry) or author.caret
        if isinstance(entry.change, Edit) and entry.change.file == self.state.main.id:
            for session in self._plain_sessions():
                session.bridge.read(
                    entry.change.operation, own=own and session.client == entry.client
                )

    def _plain_sessions(self) -> list[PlainSession]:
        here = [s for s in self.sessions.values() if isinstance(s, PlainSession)]
        return here + self.leaving

    def _trim(self) -> None:
        if self.past.is_long(self.limits):
            self._forget_all_but(self.limits.tail)

    def rest(self) -> None:
        """Free memory while the room is idle: drop a slice of the past, which the log has."""
        self.past.forget_told()
        self._forget_all_but(1)

    def _forget_all_but(self, tail: int) -> None:
        self.carry_carets()
        self.past.trim(self.limits, tail)
