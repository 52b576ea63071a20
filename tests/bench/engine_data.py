"""Data for the engine benchmarks: traces from a folder, or edits made up from a seed.

A trace is gzipped JSON as of github.com/josephg/editing-traces, positions in code points.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Literal

from msgspec import Struct, json

from ot import Document, Patch

SHAPES = ("typing", "bursts", "random", "astral")
_LETTERS = "etaoinshr dlu\n"
_ASTRAL = "😀🦊e🧩"


class Typing(Struct):
    """Edits that follow one another, and where they lead."""

    text: str
    patches: list[Patch]
    end: str


class Run(Struct):
    """Edits of one author, made knowing all own edits, and others' keys before number `seen`.

    `first` is the number of the first key of it; `parents` are the keys that were the last known.
    """

    first: int
    author: int
    seen: int
    patches: list[Patch]
    parents: list[int] = []


class Concurrent(Struct):
    """A history of several authors, from an empty text on: by keys, and by runs of keys.

    Keys that one author made without hearing anything new are one run, unless another author
    has seen the beginning of it alone.
    """

    authors: int
    keys: list[Run]
    runs: list[Run]


class Sides(Struct):
    """Two who edited one text without hearing of each other."""

    text: str
    sides: tuple[list[Patch], list[Patch]]


class Backlog(Struct):
    """Edits that followed one another, and one made without knowing any of them."""

    text: str
    patches: list[Patch]
    edit: Patch


Input = Typing | Concurrent | Sides | Backlog
INPUTS: dict[str, type[Input]] = {
    "typing": Typing,
    "merge": Concurrent,
    "live": Concurrent,
    "offline": Sides,
    "behind": Backlog,
    "load": Typing,
}
"""By row of the table."""
Unit = Literal["utf16", "utf8"]


def inputs(traces: Path | None, trace: str | None, concurrent: str, edits: int) -> dict[str, Input]:
    """By row of the table, from traces or made up, with so many edits.

    The rows of a concurrent history are left out when it could not have come to a server in this
    order.
    """
    keys: list[Run] | None
    if traces is None:
        typing = typed(trace or SHAPES[0], edits * 2 // 5)
        keys = _lagging(edits // 4)
    else:
        typing = replayed(traces, trace or "rustcode")
        keys = _known(_read(traces, concurrent))
    made: dict[str, Input] = {
        "typing": typing,
        "offline": _sides(edits),
        "behind": _backlog(typing, revisions=edits // 10),
        "load": typing,
    }
    if keys is not None:
        made["merge"] = made["live"] = _concurrent(keys)
    return made


def replayed(traces: Path, name: str) -> Typing:
    """Read a trace whose edits follow one another."""
    found = _read(traces, name)
    patches = [tuple(patch) for txn in found["txns"] for patch in txn["patches"]]
    return Typing(found["startContent"], patches, found["endContent"])


def counted(given: Input, unit: Unit) -> Input:
    """Return the same with positions counted in a unit. Raises ValueError for an unknown unit."""
    match given:
        case Typing(text, patches, end):
            return Typing(text, _counted(text, patches, unit), end)
        case Sides(text, (first, second)):
            return Sides(text, (_counted(text, first, unit), _counted(text, second, unit)))
        case Backlog(text, patches, edit):
            (counted,) = _counted(text, [edit], unit)
            return Backlog(text, _counted(text, patches, unit), counted)
        case Concurrent(keys=keys):
            if not all(patch[2].isascii() for key in keys for patch in key.patches):
                raise ValueError("a concurrent history of more than ASCII counts code points")
            return given


def _counted(text: str, patches: list[Patch], unit: Unit) -> list[Patch]:
    if text.isascii() and all(inserted.isascii() for _, _, inserted in patches):
        return patches
    document = Document(text)
    count = document.to_utf16 if unit == "utf16" else document.to_utf8
    out: list[Patch] = []
    for position, deleted, inserted in patches:
        start, end = count(position), count(position + deleted)
        out.append((start, end - start, inserted))
        document.replace(position, deleted, inserted)
    return out


def _read(traces: Path, name: str) -> Any:
    with gzip.open(traces / f"{name}.json.gz") as file:
        return json.decode(file.read())


# Made up


def typed(shape: str, size: int) -> Typing:
    """So many edits of 1,000 characters."""
    random = Random(f"{shape} {size}")
    letters = _ASTRAL if shape == "astral" else _LETTERS
    text = "".join(random.choices(letters, k=1000))
    make = {"typing": _forward, "random": _anywhere}.get(shape, _bursts)
    patches = make(random, len(text), size, letters)
    document = Document(text)
    document.replace_all(patches)
    return Typing(text, patches, str(document))


def _sides(size: int) -> Sides:
    """Two who each make so many edits, in bursts, of 50,000 characters."""
    text = "".join(Random(0).choices(_LETTERS, k=50_000))
    first, second = (_bursts(Random(seed), len(text), size, _LETTERS) for seed in (1, 2))
    return Sides(text, (first, second))


def _backlog(typing: Typing, revisions: int) -> Backlog:
    """The first revisions of a typing, and a letter typed in the middle before all of them."""
    edit = len(typing.text) // 2, 0, "x"
    return Backlog(typing.text, typing.patches[:revisions], edit)


def _forward(random: Random, length: int, size: int, letters: str) -> list[Patch]:
    """One who goes on typing at the end, and takes back one letter of ten."""
    patches: list[Patch] = []
    for _ in range(size):
        patch = (
            (length - 1, 1, "") if random.random() < 0.1 else (length, 0, random.choice(letters))
        )
        length += len(patch[2]) - patch[1]
        patches.append(patch)
    return patches


def _bursts(random: Random, length: int, size: int, letters: str) -> list[Patch]:
    """One who types some twenty letters, with backspaces, and goes elsewhere."""
    patches: list[Patch] = []
    while len(patches) < size:
        start = cursor = random.randint(0, length)
        for _ in range(random.randint(1, 40)):
            if cursor > start and random.random() < 0.1:
                patches.append((cursor - 1, 1, ""))
                cursor -= 1
            else:
                patches.append((cursor, 0, random.choice(letters)))
                cursor += 1
        length += cursor - start
    del patches[size:]
    return patches


def _anywhere(random: Random, length: int, size: int, letters: str) -> list[Patch]:
    """One letter in or out, each time in another place."""
    patches: list[Patch] = []
    for _ in range(size):
        if random.random() < 0.4 and length:
            patches.append((random.randrange(length), 1, ""))
            length -= 1
        else:
            patches.append((random.randint(0, length), 0, random.choice(letters)))
            length += 1
    return patches


def _lagging(size: int) -> list[Run]:
    """Three who type in bursts, each hearing of the others up to 40 keys late.

    They take back only letters of their own, so that lengths add up whoever knows what.
    """
    random = Random(f"lagging {size}")
    keys: list[Run] = []
    seen, lengths, cursors, typed = [0] * 3, [0] * 3, [0] * 3, [0] * 3
    author = 0
    for number in range(size):
        if random.random() < 0.2:
            author = random.randrange(3)
        if random.random() < 0.3:
            hears = random.randint(max(seen[author], number - 40), number)
            for key in keys[seen[author] : hears]:
                if key.author != author:
                    lengths[author] += growth(key.patches)
                    seen[author] = key.first + 1
            cursors[author] = random.randint(0, lengths[author])
            typed[author] = 0
        taken_back = int(typed[author] > 0 and random.random() < 0.1)
        patch = (cursors[author] - taken_back, taken_back, random.choice(_LETTERS)[taken_back:])
        grown = growth([patch])
        for counts in (lengths, cursors, typed):
            counts[author] += grown
        keys.append(Run(number, author, seen[author], [patch]))
    return keys


def growth(patches: Sequence[Patch]) -> int:
    return sum(len(inserted) - deleted for _, deleted, inserted in patches)


# Concurrent histories


def _known(trace: Any) -> list[Run] | None:
    """The keys of a trace, with what their authors had seen.

    None where what somebody knew of the others is no stretch from the beginning.
    """
    authors = range(trace["numAgents"])
    by_author: list[list[int]] = [[] for _ in authors]
    for number, txn in enumerate(trace["txns"]):
        by_author[txn["agent"]].append(number)
    latest: list[list[int]] = []  # by key, the last key that is known of each author, or -1
    keys: list[Run] = []
    for number, txn in enumerate(trace["txns"]):
        author = txn["agent"]
        parents = [latest[parent] for parent in txn["parents"]]
        known = [max((parent[other] for parent in parents), default=-1) for other in authors]
        seen = 1 + max((known[other] for other in authors if other != author), default=-1)
        for other in authors:
            until = number if other == author else seen
            here = bisect_left(by_author[other], until)
            if known[other] != (by_author[other][here - 1] if here else -1):
                return None
        known[author] = number
        latest.append(known)
        patches = [tuple(patch) for patch in txn["patches"]]
        keys.append(Run(number, author, seen, patches))
    return keys


def _concurrent(keys: list[Run]) -> Concurrent:
    authors = 1 + max(key.author for key in keys)
    _add_parents(keys, authors)
    return Concurrent(authors, keys, _runs(keys, authors))


def _add_parents(keys: list[Run], authors: int) -> None:
    """The last key known of each author, without those that another of them implies."""
    last: list[list[int]] = [[] for _ in range(authors)]
    for key in keys:
        known = {key.author: last[key.author][-1]} if last[key.author] else {}
        for other in range(authors):
            count = bisect_left(last[other], key.seen)
            if other != key.author and count:
                known[other] = last[other][count - 1]
        key.parents = [
            number
            for author, number in known.items()
            if all(number >= keys[other].seen for by, other in known.items() if by != author)
        ]
        last[key.author].append(key.first)


def _runs(keys: list[Run], authors: int) -> list[Run]:
    cuts = [sorted({key.seen for key in keys if key.author != author}) for author in range(authors)]
    current: dict[int, tuple[tuple[int, int], Run]] = {}
    runs: list[Run] = []
    for key in keys:
        stretch = key.seen, bisect_left(cuts[key.author], key.first + 1)
        before, run = current.get(key.author, (None, None))
        if run is not None and before == stretch:
            run.patches.extend(key.patches)
        else:
            run = Run(key.first, key.author, key.seen, list(key.patches))
            current[key.author] = stretch, run
            runs.append(run)
    return runs
