"""What led to the head of a room, as far back as somebody still needs it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate

from collab.protocol import Caret, Edit
from collab.room.state import Entry, Limits
from ot import History, Operation


@dataclass
class _Edits:
    """The edits of one file; `revisions` are theirs in the room, one for each in `history`."""

    history: History = field(default_factory=lambda: History(None))
    revisions: list[int] = field(default_factory=list)

    def at(self, revision: int) -> int:
        """The revision of `history` that goes with one of the room."""
        return self.history.oldest + bisect_right(self.revisions, revision)


class Past:
    """The entries from `oldest` on, and what they did to each file."""

    def __init__(self, head: int) -> None:
        self.oldest = head
        """The revision from which the entries lead on."""
        self.entries: list[Entry] = []
        self._files: defaultdict[str, _Edits] = defaultdict(_Edits)
        self._lengthened = False
        self._kept = 0
        self._inserted = 0
        """Code points that the entries insert."""

    def append(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._inserted += _inserted(entry)
        if isinstance(entry.change, Edit):
            edits = self._files[entry.change.file]
            edits.history.append(entry.change.operation)
            edits.revisions.append(entry.revision)

    def lengthen(self, entries: Iterable[Entry]) -> None:
        """Put before the oldest what leads to it; nothing, if they do not reach it."""
        older = [entry for entry in entries if entry.revision <= self.oldest]
        if not older or older[-1].revision != self.oldest:
            return
        self._lengthened = True
        self.oldest = older[0].revision - 1
        self.entries[:0] = older
        self._inserted += sum(map(_inserted, older))
        found: defaultdict[str, list[tuple[int, Operation]]] = defaultdict(list)
        for entry in older:
            if isinstance(entry.change, Edit):
                found[entry.change.file].append((entry.revision, entry.change.operation))
        for file, changes in found.items():
            edits = self._files[file]
            edits.history.lengthen(operation for _, operation in changes)
            edits.revisions[:0] = [revision for revision, _ in changes]

    def is_long(self, limits: Limits) -> bool:
        """Whether it holds more than it should: older entries stay, for others who were away as
        long, until there are many."""
        most = max(2 * limits.tail, limits.remembered if self._lengthened else 0)
        return len(self.entries) > most or self._inserted > limits.past_text

    def trim(self, limits: Limits, tail: int) -> None:
        """Forget all but so many; and of those, what inserts too much, but for the last entry."""
        if self._kept or len(self.entries) <= 1:
            return
        inserted = accumulate(map(_inserted, reversed(self.entries)))
        small = bisect_right(list(inserted), limits.past_text // 2)
        keep = max(1, min(tail, small))
        self._lengthened = False
        del self.entries[:-keep]
        self._inserted = sum(map(_inserted, self.entries))
        self.oldest = self.entries[0].revision - 1
        for edits in self._files.values():
            edits.history.forget(edits.at(self.oldest))
            del edits.revisions[: bisect_right(edits.revisions, self.oldest)]

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Nothing is trimmed meanwhile."""
        self._kept += 1
        try:
            yield
        finally:
            self._kept -= 1

    def carry(self, change: Edit, revision: int) -> Edit:
        """An edit made on a revision, as it is at the head.

        Raises OperationError where it does not span its text.
        """
        edits = self._files.get(change.file)
        if edits is None:
            return change
        return Edit(change.file, edits.history.rebase(change.operation, edits.at(revision)))

    def carry_caret(self, caret: Caret) -> Caret:
        """A caret as it is at the head, staying left of what was inserted at it.

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
        return Caret(caret.file, self.oldest + len(self.entries), selections)

    def warm(self, revision: int) -> None:
        """Compose beforehand what somebody at a revision will need; once, for all who are there.

        Fills caches alone, so another thread may do it while this Past is `kept`, and appended to.
        """
        for edits in [*self._files.values()]:
            edits.history.warm(edits.at(revision))

    def composed(self, before: int, last: int) -> list[Edit]:
        """What the edits after one revision up to another come to, one for each edited file."""
        found: list[Edit] = []
        for file, edits in [*self._files.items()]:
            start, end = edits.at(before), edits.at(last)
            if start < end:
                found.append(Edit(file, edits.history.since(start, end)))
        return found


def _inserted(entry: Entry) -> int:
    """How many code points an entry puts into a text."""
    if not isinstance(entry.change, Edit):
        return 0
    return sum(len(c) for c in entry.change.operation.components if isinstance(c, str))
