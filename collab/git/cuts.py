"""Decides which revisions of a room are commits. Without I/O.

A commit ends at each version that somebody has named, before each pause of ten minutes, after ten
thousand revisions without either, and at each *pin*: the head that a fetch saw, or that a push came
to. Where commits are follows from the log and the pins alone, so every server makes the same ones.
It never changes: entries only follow one another, a pin is made at the head of its time, and what
would lie before the last commit makes none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from collab.changes.version import NameVersion
from collab.room.state import Entry

_PAUSE = 600.0
"""Seconds."""
_MOST = 10_000
"""Revisions of a commit."""


class Pin(Struct, frozen=True):
    """A revision at which there has to be a commit. Ids grow, and revisions with them.

    `pushed` is the commit that somebody has pushed, whose changes are in the room by then; `base`
    the last commit of the room that it descends from.
    """

    id: int
    revision: int
    pushed: bytes | None = None
    base: bytes | None = None


class Cut(Struct, frozen=True):
    """A commit to be made, of the entries since the last one up to `revision`.

    `title` is the name of the version that it is.
    """

    revision: int
    entries: Sequence[Entry]
    title: str | None = None
    pin: Pin | None = None


class Cutter:
    """Reads the entries after the last commit, in order, and yields the cuts."""

    def __init__(self, last: int, last_at: float, pins: Sequence[Pin]) -> None:
        """`last` is the revision of the last commit and `last_at` the time of that entry, in
        seconds since 1970. `pins` are those that no commit has ended at yet."""
        self._last = self._read = last
        self._at = last_at
        self._pins = list(pins)
        self._entries: list[Entry] = []

    def begin(self) -> Iterator[Cut]:
        """Yield the cuts at the last commit itself, for what was pushed without another entry."""
        yield from self._pinned()

    def add(self, entry: Entry) -> Iterator[Cut]:
        """Read the next entry."""
        assert entry.revision == self._read + 1, (entry.revision, self._read)
        at = entry.created_at.timestamp()
        if self._read > self._last and at - self._at > _PAUSE:
            yield self._cut(self._read)
        self._entries.append(entry)
        self._read, self._at = entry.revision, at
        if isinstance(change := entry.change, NameVersion):
            of = entry.revision - 1 if change.revision is None else change.revision
            if self._last < of < entry.revision:
                yield self._cut(of, change.name)
        yield from self._pinned()
        if self._read - self._last >= _MOST:
            yield self._cut(self._read)

    def _pinned(self) -> Iterator[Cut]:
        while self._pins and self._pins[0].revision <= self._read:
            pin = self._pins.pop(0)
            if pin.pushed or pin.revision > self._last:
                yield self._cut(self._read, pin=pin)

    def _cut(self, revision: int, title: str | None = None, pin: Pin | None = None) -> Cut:
        count = revision - self._last
        cut = Cut(revision, self._entries[:count], title, pin)
        self._entries = self._entries[count:]
        self._last = revision
        return cut
