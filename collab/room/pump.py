"""The pump of a room, without I/O: what to ask of the log, and what its answers mean.

Each piece of work is a generator. It yields what it asks for (a `Wish`). Its driver sends it the
answer, or throws the LogError that the log raised. The work changes the room between two wishes, so
its driver sends the room's messages before it carries out a wish. `collab.live.drive` drives it on
asyncio and PostgreSQL, `tests.simulation` on a log in memory that fails as a seed decides.

Rule 1: an append that did not answer may have committed; only reading the log tells.
Rule 2: the pump finds an entry that the log rejects by appending it alone, and refuses it alone.
Rule 3: an append that does not follow the head, although the room is at it, was judged under an
access that has changed; the pump reads the access, and the room judges anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from collab.errors import LogUnavailable, NewerRelease, NotStorable, Refusal, RevisionTaken
from collab.protocol import FileId, Join
from collab.room.log import Arrived
from collab.room.past import SLICE
from collab.room.room import Room
from collab.room.session import Session
from collab.room.snapshot import edited
from collab.room.state import Entry
from collab.room.stretches import compose
from collab.room.supplying import supply
from collab.room.wishes import (
    Append,
    Arrival,
    Aside,
    AskAccess,
    LastSeq,
    Pause,
    Since,
    Turn,
    Work,
)

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


class Pump:
    """Keeps a room in step with its log. One `work` at a time; the others may run beside it.

    `page` is the number of entries that the log reads at once. `clock` gives the time of an entry.
    """

    def __init__(self, room: Room, page: int, clock: Callable[[], datetime]) -> None:
        self.room = room
        self.behind = False
        """True if the log may have entries that the room has not read."""
        self.unsure = False
        """True if the access may have changed since the room has read it."""
        self._page = page
        self._clock = clock
        self._alone = 0
        """The number of next entries that are appended one by one."""

    def heard(self, revision: int, access: int = 0) -> bool:
        """Note that the log may have reached `revision`, and the access that number. Returns
        whether there is work to do for that."""
        self.behind = self.behind or revision > self.room.revision
        self.unsure = self.unsure or access > self.room.door.access
        return self.behind or self.unsure

    def work(self) -> Work:
        """Read what is new and commit what waits, until neither is left."""
        pause = _FIRST_PAUSE
        head, refused_at = self.room.revision, -1
        while True:
            try:
                if self.behind:
                    # Reset this before the reading, so that news which comes meanwhile counts.
                    self.behind = False
                    yield from self.catch_up()
                    self.unsure = self.unsure or refused_at == self.room.revision
                    refused_at = -1
                if self.unsure:
                    self.unsure = False
                    yield from self._learn_again()
                if asked := dict.fromkeys(file for _, file in self.room.asked):
                    yield from self.supply(asked)
                head = self.room.revision
                batch = self.room.seal(self._clock())
                if batch:
                    yield from self._commit(batch)
                elif not (self.behind or self.unsure):
                    return
                pause = _FIRST_PAUSE
            except RevisionTaken:
                self.behind, refused_at = True, head
            except NewerRelease:
                raise  # waiting would not help
            except LogUnavailable as error:
                self.behind = True
                yield Pause(pause, error)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _commit(self, batch: list[Entry]) -> Work:
        if self._alone:
            self._alone -= 1
            batch = batch[:1]
        try:
            yield Append(batch, self.room.door.access)
        except NotStorable:
            if len(batch) > 1:
                self._alone = len(batch)
            else:
                self._alone = 0
                yield from self._refuse(batch[0])
        else:
            self.room.read(batch)

    def _refuse(self, entry: Entry) -> Work:
        settled = yield LastSeq(entry.client)
        refusal = None
        if settled < entry.seq:
            refusal = Refusal("not_storable", "The database cannot store this change.")
        self.room.refuse(entry.client, entry.seq, refusal)

    def catch_up(self) -> Work:
        """Read the log to its head. Raises LogUnavailable."""
        while True:
            entries = yield Since(self.room.revision)
            self.room.read(entries)
            if len(entries) < self._page:
                return

    def admit(self, session: Session, message: Join) -> Work:
        """Learn what the log knows of a client that joins, and read up to the client's revision.

        Raises LogUnavailable, and PeerError where the client's login has ended. `remember` comes
        next and reads what the client has missed.
        """
        arrived: Arrived = yield Arrival(session.client, session.who, session.login, session.secret)
        if arrived.whose:
            session.who, session.login = arrived.whose
        session.settled = arrived.seq
        session.seat(arrived.access)
        session.since = (message.at, arrived.number)
        if message.revision is not None and message.revision > self.room.revision:
            yield from self.catch_up()

    def learn(self, session: Session | None = None) -> Work:
        """Read who may do what, for everybody in the room, and for a session that is to enter.

        Afterwards the session's role is that of the room's access. Raises LogUnavailable.
        """
        while True:
            whos = self.room.whos()
            if session and session.who:
                whos.add(session.who)
            access = yield AskAccess([*whos])
            assert access, "the room is not there any more"
            # Whoever has come meanwhile was not asked for, and another reading may be newer.
            if self.room.whos() <= whos and access.door.access >= self.room.door.access:
                break
        self.room.regulate(access)
        if session:
            session.seat(access)

    def _learn_again(self) -> Work:
        try:
            yield from self.learn()
        except LogUnavailable:
            self.unsure = True
            raise

    def supply(self, files: Collection[FileId] | None = None) -> Work:
        """Load the texts of these files, or of all, into memory. Raises LogUnavailable."""
        yield from supply(self.room.state, files, self.catch_up)
        self.room.answer()

    def supply_edited(self) -> Work:
        """Load the texts that a snapshot needs. Raises LogUnavailable.

        Other files may be edited while some are loaded.
        """
        while absent := self.room.state.absent(edited(self.room.state)):
            yield from self.supply(absent)

    def must_remember(self, revision: int, client: str | None = None) -> bool:
        """Tell if `remember` has work to do before the room takes a message made on a revision.

        `client` is given when that client is about to join.
        """
        past = self.room.past
        return past.is_far(revision) and not (client and past.told(revision, client))

    def remember(self, revision: int, client: str | None = None) -> Work:
        """Make the room's past reach back to a revision, and do long work on it beforehand.

        For a `client` that joins, compose what the client will be told. Otherwise compose what
        carries edits from that revision to the head. Raises LogUnavailable.
        """
        past = self.room.past
        if not self.must_remember(revision, client):
            return
        with past.kept():
            yield from self._lengthen(revision)
            if client:
                missed, most = past.after(revision), self.room.limits.steps
                past.keep((yield Aside(partial(compose, past, missed, client, most))))
            elif past.is_far(revision):
                yield Aside(partial(past.warm, revision))

    def _lengthen(self, revision: int) -> Work:
        """Read the entries before the past, and add them to it a slice at a time."""
        past = self.room.past
        if revision >= past.oldest:
            return
        older: list[Entry] = []
        while not older or older[-1].revision < past.oldest:
            page = yield Since(older[-1].revision if older else revision)
            assert page, f"the log has no entry after {revision}, and one at {past.oldest}"
            older += page
        del older[max(0, past.oldest - revision) :]
        while older:
            past.lengthen(older[-SLICE:])
            del older[-SLICE:]
            yield Turn()
