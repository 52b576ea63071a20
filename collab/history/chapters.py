"""A chapter sums up a thousand entries of the log. Without I/O.

For each edited file it has one operation, composed of all edits, and the same operation painted
(`ot.painting`). Each colour is the number of a *burst*: edits of one person in one file without a
pause. A chapter also counts who did how much and when, and lists the marks on the timeline.
"""

from __future__ import annotations

import zlib

from msgspec import Struct, field, json

from collab.changes.run import Run
from collab.changes.version import NameVersion, Revert, TakeBack
from collab.protocol import Edit, FileId, Many
from collab.room.outline import grow, operations
from collab.room.state import Entry, State
from ot import Operation, compose_painted, paint

CHAPTER = 1000
"""The number of revisions in a chapter."""
GRANULE = 20
"""The number of revisions that are counted together."""
_BURST = 60_000
"""A longer pause ends a burst. Milliseconds."""
_PAUSE = 30 * 60_000
"""A longer pause is a mark on the timeline. Milliseconds."""
OWN = "\0"
_SURROGATES = 0xD800
_COLOURS = 0x110000 - 0x800 - 1


class Who(Struct, frozen=True, array_like=True, gc=False):
    """A person, by the public id and the latest name."""

    person: str
    name: str


class Burst(Struct, array_like=True, gc=False):
    """Edits of one person in one file, from revision `first` to `last`, with pauses under a minute.

    `who` is an index into the people of the chapter. Times are milliseconds since 1970.
    """

    who: int
    file: FileId
    first: int
    last: int
    at: int
    until: int
    origin: str | None


class Mark(Struct, frozen=True, array_like=True, gc=False):
    """Something on the timeline that people look for.

    `kind` is version, import, restore, undo, replace, format, run or pause. `of` is the revision
    that a version names, or that was gone back to; `name` the name of a version.
    """

    kind: str
    revision: int
    at: int
    who: int
    name: str | None = None
    of: int | None = None


Heat = tuple[int, int, int, int, int]
"""The number of a granule, a person, and how many entries, inserted and deleted characters."""


class Summary(Struct, array_like=True):
    """The people, marks and totals of a stretch of the log.

    `last` is the last revision, and `last_at` when it was. `totals` has `(who, entries, inserted,
    deleted)`.
    """

    people: list[Who] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    totals: list[tuple[int, int, int, int]] = field(default_factory=list)
    last: int = 0
    last_at: int = 0


class Details(Struct, array_like=True):
    """The counts of each granule in `heat`, and the time of its last entry in `at`."""

    heat: list[Heat] = field(default_factory=list)
    at: list[tuple[int, int]] = field(default_factory=list)


class Summed(Struct):
    """A summary. Its details stay compressed, because few readers need them."""

    summary: Summary
    details: bytes

    @classmethod
    def unpack(cls, packed: bytes) -> Summed:
        """Read what `pack` has made. Raises DecodeError and zlib.error."""
        stream = zlib.decompressobj()
        summary = _summary.decode(stream.decompress(packed))
        return cls(summary, stream.unused_data)

    def pack(self) -> bytes:
        return zlib.compress(json.encode(self.summary), 6) + self.details

    def finely(self) -> Details:
        return _details.decode(zlib.decompress(self.details))


_summary = json.Decoder(Summary)
_details = json.Decoder(Details)


class Runs(Struct, array_like=True):
    """The bursts that wrote a text, from its start to its end, and how many characters each."""

    numbers: list[int]
    counts: list[int]

    def add(self, number: int, count: int) -> None:
        if self.numbers and self.numbers[-1] == number:
            self.counts[-1] += count
        else:
            self.numbers.append(number)
            self.counts.append(count)


class Step(Struct, frozen=True, gc=False):
    """One edit of a text by an entry."""

    revision: int
    operation: Operation
    colours: str
    """The colours of the inserted text: one for each character, or one for all."""


def person_of(entry: Entry) -> str:
    """Return the public id of an entry's author; the name where the entry has no id.

    An entry that a room began with has a person and no author. It counts as nobody's work, so that
    nobody takes back the files that the others have built on.
    """
    return entry.author and (entry.person or entry.author)


def colour_of(burst: int) -> str:
    """Return the character that stands for a burst. Bursts beyond the last colour share it."""
    code = min(burst, _COLOURS - 1) + 1
    return chr(code if code < _SURROGATES else code + 0x800)


def burst_of(colour: str) -> int:
    code = ord(colour)
    return (code if code < _SURROGATES else code - 0x800) - 1


class Chapter:
    """Collects entries, one after the other. `outline` is the tree before them; `add` grows it."""

    def __init__(self, outline: State, bursts_before: int, revision: int, last_at: int) -> None:
        self.outline = outline
        self.bursts_before = bursts_before
        self.began = self.revision = revision
        self.last_at = last_at
        self.summary = Summary()
        self.bursts: list[Burst] = []
        self.steps: dict[FileId, list[Step]] = {}
        self.grown = False
        self._people: dict[str, int] = {}
        self._open: dict[tuple[int, FileId], int] = {}
        self._counts: dict[tuple[int, int], list[int]] = {}
        self._at: dict[int, int] = {}

    def add(self, entry: Entry, colours: dict[FileId, str] | None = None) -> None:
        """Add the next entry.

        `colours` has, by file, a colour for each inserted character: that of its first author for
        restored text, OWN for new text.
        """
        assert entry.revision == self.revision + 1, (entry.revision, self.revision)
        at = _milliseconds(entry)
        who = self._who(entry)
        granule = (entry.revision - 1) // GRANULE
        counts = self._counts.setdefault((granule, who), [0, 0, 0])
        counts[0] += 1
        self._at[granule] = at
        for file, operation in operations(entry.change):
            colour = colour_of(self._burst(who, file, entry, at))
            if colours and file in colours:
                colour = colours[file].replace(OWN, colour)
            self.steps.setdefault(file, []).append(Step(entry.revision, operation, colour))
            _count(operation, counts)
        self._mark(entry, at, who)
        if type(entry.change) is not Edit:
            self.grown |= grow(self.outline, entry.change)
        self.revision, self.last_at = entry.revision, at

    def end(self) -> Summed:
        """Return the counts and marks of all entries."""
        summary, totals = self.summary, dict[int, list[int]]()
        for (_, who), counts in self._counts.items():
            total = totals.setdefault(who, [0, 0, 0])
            for index, count in enumerate(counts):
                total[index] += count
        summary.totals = [(who, *total) for who, total in totals.items()]  # type: ignore[misc]
        summary.last, summary.last_at = self.revision, self.last_at
        details = Details(
            [(*key, *counts) for key, counts in self._counts.items()],  # type: ignore[misc]
            list(self._at.items()),
        )
        return Summed(summary, zlib.compress(json.encode(details), 6))

    def composed(self, file: FileId, *, painted: bool, until: int | None = None) -> list[Operation]:
        """List the edits of a text up to a revision, entry by entry."""
        return [
            paint(step.operation, step.colours) if painted else step.operation
            for step in self.steps.get(file, ())
            if until is None or step.revision <= until
        ]

    def whole(self, file: FileId) -> tuple[Operation, Operation]:
        """Compose the edits of a text to one operation, and to one painted operation."""
        return compose_painted((step.operation, step.colours) for step in self.steps[file])

    def _who(self, entry: Entry) -> int:
        person = person_of(entry)
        people = self.summary.people
        at = self._people.setdefault(person, len(people))
        if at == len(people):
            people.append(Who(person, entry.author))
        elif people[at].name != entry.author:
            people[at] = Who(person, entry.author)
        return at

    def _burst(self, who: int, file: FileId, entry: Entry, at: int) -> int:
        number = self._open.get((who, file))
        if number is not None:
            burst = self.bursts[number]
            if burst.origin == entry.origin and at - burst.until <= _BURST:
                burst.last, burst.until = entry.revision, at
                return self.bursts_before + number
        number = self._open[who, file] = len(self.bursts)
        revision = entry.revision
        self.bursts.append(Burst(who, file, revision, revision, at, at, entry.origin))
        return self.bursts_before + number

    def _mark(self, entry: Entry, at: int, who: int) -> None:
        marks, revision = self.summary.marks, entry.revision
        if self.last_at and at - self.last_at > _PAUSE:
            marks.append(Mark("pause", revision - 1, self.last_at, who))
        match entry.change:
            case NameVersion(name, of):
                marks.append(
                    Mark("version", revision, at, who, name, revision - 1 if of is None else of)
                )
            case Run():
                marks.append(Mark("run", revision, at, who))
            case Many(cause=Revert(of)):
                marks.append(Mark("restore", revision, at, who, None, of))
            case Many(cause=TakeBack(_, since)):
                marks.append(Mark("undo", revision, at, who, None, since))
            case Many(cause=("revert" | "undo" | "replace") as cause):
                marks.append(Mark("restore" if cause == "revert" else cause, revision, at, who))
            case Many():
                marks.append(Mark("import", revision, at, who))
            case _ if entry.origin == "import" and revision > 1:
                marks.append(Mark("import", revision, at, who))
            case _ if entry.origin == "formatted":
                marks.append(Mark("format", revision, at, who))


def _count(operation: Operation, counts: list[int]) -> None:
    """Add inserted characters to `counts[1]` and deleted ones to `counts[2]`."""
    for c in operation.components:
        if isinstance(c, str):
            counts[1] += len(c)
        elif c < 0:
            counts[2] -= c


def _milliseconds(entry: Entry) -> int:
    return int(entry.created_at.timestamp() * 1000)
