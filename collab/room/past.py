"""The entries that led to the head of a room, as far back as a client still needs them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate, islice

from msgspec import Struct

from collab.protocol import Caret, Change, Edit, Many, Stretch, WireEntry
from collab.room.state import Entry, Limits
from ot import History, Operation

SLICE = 500
"""Entries that are put before the oldest, or dropped, in one step: at most 5 ms of work."""
_MANY = 1000
"""Entries that may take too long to compose between two messages."""
_MOST_TOLD = 8


class Told(Struct, frozen=True):
    """The entries after `before` up to `last`, as a client that missed them is told.

    `client` is the one for whom they were composed; "" for any client that is not among `authors`.
    """

    before: int
    last: int
    client: str
    authors: set[str]
    news: list[WireEntry | Stretch]


@dataclass
class _Edits:
    """The edits of one file. As in its history, only one thread changes them, and others read."""

    history: History = field(default_factory=lambda: History(None))
    made: tuple[int, list[int]] = field(default_factory=lambda: (0, []))
    """The oldest revision of `history`, and for each edit since the revision in the room."""

    def append(self, revision: int, operation: Operation) -> None:
        """Append an edit that is a part of the room's `revision`."""
        self.history.append(operation)
        self.made[1].append(revision)

    def lengthen(self, changes: list[tuple[int, Operation]]) -> None:
        """Put edits, each with the revision in the room, before the oldest one."""
        self.history.lengthen(operation for _, operation in changes)
        older = [revision for revision, _ in changes]
        self.made = self.history.oldest, older + self.made[1]

    def forget(self, revision: int) -> None:
        """Drop the edits up to a revision of the room."""
        oldest = self.at(revision)
        self.history.forget(oldest)
        self.made = oldest, self.made[1][oldest - self.made[0] :]

    def at(self, revision: int) -> int:
        """Return the revision of `history` that corresponds to a revision of the room."""
        oldest, made = self.made
        return oldest + bisect_right(made, revision)


class Past:
    """The entries after revision `oldest`, and what they did to each file.

    One thread changes it. Others may `warm` it, and ask for what it has `composed`, meanwhile.
    """

    def __init__(self, head: int) -> None:
        self.oldest = head
        """The revision that the first entry follows."""
        self.entries: list[Entry] = []
        self._files: defaultdict[str, _Edits] = defaultdict(_Edits)
        self._lengthened = False
        self._kept = 0
        self._inserted = 0
        """Code points that the entries insert."""
        self.last_seqs: dict[str, int] = {}
        """The highest seq of each client that has an entry here."""
        self._told: dict[tuple[int, str], Told] = {}

    def append(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._inserted += _inserted(entry)
        self._note_seq(entry)
        for edit in edits_of(entry.change):
            self._files[edit.file].append(entry.revision, edit.operation)

    def lengthen(self, entries: Iterable[Entry]) -> None:
        """Put entries before the oldest. Does nothing if they do not reach up to it."""
        older = [entry for entry in entries if entry.revision <= self.oldest]
        if not older or older[-1].revision != self.oldest:
            return
        self._lengthened = True
        self.oldest = older[0].revision - 1
        self.entries[:0] = older
        for entry in older:
            self._inserted += _inserted(entry)
            self._note_seq(entry)
        found: defaultdict[str, list[tuple[int, Operation]]] = defaultdict(list)
        for entry in older:
            for edit in edits_of(entry.change):
                found[edit.file].append((entry.revision, edit.operation))
        for file, changes in found.items():
            self._files[file].lengthen(changes)

    @property
    def head(self) -> int:
        return self.oldest + len(self.entries)

    def after(self, revision: int) -> list[Entry]:
        """List the entries after a revision to which the past reaches back."""
        return self.entries[revision - self.oldest :]

    def is_far(self, revision: int) -> bool:
        """Tell whether the past begins after a revision, or takes long to compose from there."""
        return revision < max(self.oldest, self.head - _MANY)

    def told(self, revision: int, client: str) -> Told | None:
        """Find what was composed for a client at a revision; None if too much has come since."""
        found = self._told.get((revision, client)) or self._told.get((revision, ""))
        if found is None or self.is_far(found.last):
            return None
        return found if found.client == client or client not in found.authors else None

    def keep(self, told: Told) -> None:
        """Keep composed entries for `told` to find. Forgets the oldest when there are many."""
        key = (told.before, told.client)
        self._told.pop(key, None)
        self._told[key] = told
        if len(self._told) > _MOST_TOLD:
            del self._told[next(iter(self._told))]

    def forget_told(self) -> None:
        self._told.clear()

    def is_long(self, limits: Limits) -> bool:
        """Tell whether the past holds too many entries or too much text.

        Entries that were read for one returning client stay longer, for other clients that were
        away as long.
        """
        most = max(2 * limits.tail, limits.remembered if self._lengthened else 0)
        return len(self.entries) > most or self._inserted > limits.past_text

    def trim(self, limits: Limits, tail: int) -> None:
        """Drop the oldest entries: all but the last `tail`, and more where those insert too much.

        Keeps the last entry, and does nothing while the past is `kept`. Drops at most SLICE
        entries a call, so that no call holds the loop for long.
        """
        if self._kept or len(self.entries) <= 1:
            return
        keep, most = tail, limits.past_text // 2
        if self._inserted > most:
            inserted = accumulate(map(_inserted, islice(reversed(self.entries), tail)))
            keep = max(1, bisect_right(list(inserted), most))
        if len(self.entries) <= keep:
            return
        dropped = self.entries[: min(SLICE, len(self.entries) - keep)]
        self._lengthened = False
        del self.entries[: len(dropped)]
        self._inserted -= sum(map(_inserted, dropped))
        self.oldest += len(dropped)
        for entry in dropped:
            if self.last_seqs.get(entry.client) == entry.seq:
                del self.last_seqs[entry.client]
        for edits in self._files.values():
            edits.forget(self.oldest)

    def _note_seq(self, entry: Entry) -> None:
        if entry.seq > self.last_seqs.get(entry.client, 0):
            self.last_seqs[entry.client] = entry.seq

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Trim nothing until the block ends."""
        self._kept += 1
        try:
            yield
        finally:
            self._kept -= 1

    def carry(self, change: Edit, revision: int) -> Edit:
        """Carry an edit made on a revision to the head.

        Raises OperationError where it does not span its text.
        """
        edits = self._files.get(change.file)
        if edits is None:
            return change
        return Edit(change.file, edits.history.rebase(change.operation, edits.at(revision)))

    def carry_caret(self, caret: Caret) -> Caret:
        """Carry a caret to the head. It stays left of text that was inserted at it.

        Raises OperationError when it lies beyond the end of its text.
        """
        selections = caret.selections
        if caret.file in self._files:
            edits = self._files[caret.file]
            at = edits.at(caret.revision)
            selections = [
                (edits.history.map(anchor, at), edits.history.map(head, at))
                for anchor, head in selections
            ]
        return Caret(caret.file, self.head, selections)

    def warm(self, revision: int) -> None:
        """Compose beforehand what a client at a revision will need; once, for all clients there.

        This only fills caches, so another thread may call it while this Past is `kept`.
        """
        for edits in [*self._files.values()]:
            edits.history.warm(edits.at(revision))

    def composed(self, before: int, last: int) -> list[Edit]:
        """Compose the edits after `before` up to `last`: one for each edited file."""
        found: list[Edit] = []
        for file, edits in [*self._files.items()]:
            start, end = edits.at(before), edits.at(last)
            if start < end:
                found.append(Edit(file, edits.history.since(start, end)))
        return found


def _inserted(entry: Entry) -> int:
    """Count the code points that an entry inserts."""
    size = 0
    for edit in edits_of(entry.change):
        for component in edit.operation.components:
            if isinstance(component, str):
                size += len(component)
    return size


def edits_of(change: Change) -> Sequence[Edit]:
    """Return the edits that a change makes: at most one of each file."""
    if type(change) is Edit:
        return (change,)
    if type(change) is Many:
        return [part for part in change.changes if isinstance(part, Edit)]
    return ()
