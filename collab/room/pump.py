"""The pump of a room, without I/O: what to ask of the log, and what its answers mean.

Each piece of work is a generator. It yields what it asks for (a `Wish`), and is sent the answer, or
thrown the LogError that the log raised. Between two of its asks it changes the room, so whoever
drives it sends what the room has to say before it does what is asked. `collab.live.drive` drives it
on asyncio and PostgreSQL, `tests.simulation` on a log in memory that fails as a seed decides.

Rule 1: an append that did not answer may have committed; only reading the log tells.
Rule 2: what the log rejects is found by appending alone, and refused alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct

from collab.errors import LogUnavailable, NewerRelease, NotStorable, Refusal, RevisionTaken
from collab.protocol import Join
from collab.room.past import SLICE
from collab.room.room import Room
from collab.room.session import Session
from collab.room.state import Entry
from collab.room.stretches import compose

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


class Append(Struct, frozen=True):
    """Commit these entries: `Log.append`. The answer is None."""

    entries: list[Entry]


class Since(Struct, frozen=True):
    """Read a page of the entries after a revision: `Log.since`."""

    revision: int


class LastSeq(Struct, frozen=True):
    """Read the highest seq of a client: `Log.last_seq`."""

    client: str


class Arrival(Struct, frozen=True):
    """Read a client's highest seq, and number its arrival: `Log.arrival`."""

    client: str


class Pause(Struct, frozen=True):
    """Wait so many seconds, because the log does not answer. The answer is None."""

    seconds: float
    error: LogUnavailable


class Aside(Struct, frozen=True):
    """Call this where it does not hold up others: in another thread. The answer is its result."""

    do: Callable[[], Any]


class Turn(Struct, frozen=True):
    """Let other work have a turn. The answer is None."""


Wish = Append | Since | LastSeq | Arrival | Pause | Aside | Turn
Work = Generator[Wish, Any, None]


class Pump:
    """Keeps a room in step with its log. One `work` at a time; the others may run beside it.

    `page` is how many entries the log reads at once, `clock` tells when an entry is made.
    """

    def __init__(self, room: Room, page: int, clock: Callable[[], datetime]) -> None:
        self.room = room
        self.behind = False
        """The log may have entries that are not read here."""
        self._page = page
        self._clock = clock
        self._alone = 0
        """So many of the next entries are appended one by one."""

    def heard(self, revision: int) -> bool:
        """The log may have gone on to `revision`. Returns whether there is work to do for that."""
        self.behind = self.behind or revision > self.room.revision
        return self.behind

    def work(self) -> Work:
        """Read what is new and commit what waits, until neither is left."""
        pause = _FIRST_PAUSE
        while True:
            try:
                if self.behind:
                    # Before the reading, or what is heard of meanwhile would be forgotten.
                    self.behind = False
                    yield from self.catch_up()
                batch = self.room.seal(self._clock())
                if batch:
                    yield from self._commit(batch)
                elif not self.behind:
                    return
                pause = _FIRST_PAUSE
            except RevisionTaken:
                self.behind = True
            except NewerRelease:
                raise  # it would not pass, however long the room waited
            except LogUnavailable as error:
                self.behind = True
                yield Pause(pause, error)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _commit(self, batch: list[Entry]) -> Work:
        if self._alone:
            self._alone -= 1
            batch = batch[:1]
        try:
            yield Append(batch)
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
        """Learn what the log knows of a client that joins, and read up to what the client knows.

        Raises LogUnavailable. What the client has missed is `remember`ed next.
        """
        session.settled, arrival = yield Arrival(session.client)
        session.since = (message.at, arrival)
        if message.revision is not None and message.revision > self.room.revision:
            yield from self.catch_up()

    def must_remember(self, revision: int, client: str | None = None) -> bool:
        """Tell if `remember` has work to do before the room takes a message made on a revision.

        `client` is given when that client is about to join.
        """
        past = self.room.past
        return past.is_far(revision) and not (client and past.told(revision, client))

    def remember(self, revision: int, client: str | None = None) -> Work:
        """Make the room's past reach back to a revision, and do long work on it beforehand.

        For a `client` that joins, composes what it is told; otherwise what carries its edits.
        Raises LogUnavailable.
        """
        past = self.room.past
        if not self.must_remember(revision, client):
            return
        with past.kept():
            yield from self._lengthen(revision)
            if client:
                most = self.room.limits.steps
                past.keep((yield Aside(partial(compose, past, revision, client, most))))
            elif past.is_far(revision):
                yield Aside(partial(past.warm, revision))

    def _lengthen(self, revision: int) -> Work:
        """Read the entries before the past, and put them there a slice at a time."""
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
