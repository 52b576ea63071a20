"""`ot` at the work that the engines are compared at, and a bare `str` beside it.

A case is (prepare, work): `prepare(input)` gives what the engine starts from, and work(that) the
function that is timed, ready to be called once.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ot import (
    Branch,
    Document,
    Edit,
    History,
    Operation,
    Patch,
    Server,
    compose_patches,
    join_runs,
    transform,
)
from tests.bench.engine_data import Backlog, Concurrent, Run, Sides, Typing

READS = 10
"""The number of times that a text is read while it is typed."""
Case = tuple[Callable[[Any], Any], Callable[[Any], Callable[[], object]]]


def same(given: Any) -> Any:
    return given


def parts(patches: Sequence[Patch]) -> Iterator[Sequence[Patch]]:
    """The patches up to each reading of the text."""
    for part in range(READS):
        yield patches[len(patches) * part // READS : len(patches) * (part + 1) // READS]


# Typing


def typing_str(given: Typing) -> Callable[[], str]:
    def run() -> str:
        text = given.text
        for part in parts(given.patches):
            for position, deleted, inserted in part:
                text = text[:position] + inserted + text[position + deleted :]
        return text

    return run


def typing_document(given: Typing) -> Callable[[], str]:
    def run() -> str:
        document = Document(given.text)
        for part in parts(given.patches):
            document.replace_all(part)
            str(document)
        return str(document)

    return run


def typing_one_by_one(given: Typing) -> Callable[[], str]:
    def run() -> str:
        document = Document(given.text)
        for part in parts(given.patches):
            for position, deleted, inserted in part:
                document.replace(position, deleted, inserted)
            str(document)
        return str(document)

    return run


def typing_composed(given: Typing) -> Callable[[], str]:
    def run() -> str:
        text = given.text
        for part in parts(given.patches):
            text = compose_patches(len(text), part).apply(text)
        return text

    return run


# A concurrent history


def served(
    authors: int, edits: Iterable[Run], shorten: Callable[[Sequence[Patch]], Sequence[Patch]] = same
) -> Iterator[Edit]:
    """Take edits as a server does, each carried past what its author had not seen."""
    branches = [Branch(0) for _ in range(authors)]
    unseen: list[list[int]] = [[] for _ in range(authors)]  # the first key of each edit of a branch
    others = [[other for other in range(authors) if other != author] for author in range(authors)]
    for edit in edits:
        author = edit.author
        branch = branches[author]
        heard = bisect_left(unseen[author], edit.seen)
        if heard:
            branch.merge(heard)
            del unseen[author][:heard]
        for patch in shorten(edit.patches):
            rebased = branch.rebase(patch)
            yield rebased
            for other in others[author]:
                branches[other].append(rebased)
                unseen[other].append(edit.first)


def by_server(
    authors: int, edits: Iterable[Run], shorten: Callable[[Sequence[Patch]], Sequence[Patch]] = same
) -> Iterator[Edit]:
    """Do the same as `served`, with the class that ot has for it."""
    server = Server(0)
    clients = [server.join() for _ in range(authors)]
    firsts: list[int] = []  # the first key of each entry
    for edit in edits:
        seen = bisect_left(firsts, edit.seen)
        for patch in shorten(edit.patches):
            yield server.submit(clients[edit.author], patch, seen)
            firsts.append(edit.first)


def live(given: Concurrent) -> Callable[[], str]:
    return lambda: written(served(given.authors, given.keys))


def merge(given: Concurrent) -> Callable[[], str]:
    """Each run in as few patches as it takes."""
    return lambda: written(served(given.authors, given.runs, join_runs))


def live_server(given: Concurrent) -> Callable[[], str]:
    return lambda: written(by_server(given.authors, given.keys))


def written(edits: Iterable[Edit]) -> str:
    document = Document()
    for edit in edits:
        if isinstance(edit, tuple):
            document.replace(*edit)
        else:
            document.apply(edit)
    return str(document)


def offline(given: Sides) -> Callable[[], str]:
    def run() -> str:
        first, second = given.sides
        committed = compose_patches(len(given.text), first)
        submitted = compose_patches(len(given.text), second, pending=True)
        return transform(committed, submitted)[1].apply(committed.apply(given.text))

    return run


def check_sides(given: Sides) -> Sides:
    """Both sides end with one text."""
    text = given.text
    committed = compose_patches(len(text), given.sides[0])
    submitted = compose_patches(len(text), given.sides[1], pending=True)
    back, on = transform(committed, submitted)
    if on.apply(committed.apply(text)) != back.apply(submitted.apply(text)):
        raise AssertionError("the two sides differ")
    return given


# Far behind


def operations(length: int, patches: Sequence[Patch]) -> list[Operation]:
    made = []
    for patch in patches:
        made.append(Operation.patch(length, *patch))
        length = made[-1].target_length
    return made


def behind_warm(given: Backlog) -> Callable[[], Operation]:
    run = behind_cold(given)
    run()
    return run


def behind_cold(given: Backlog) -> Callable[[], Operation]:
    history = History(given.text)
    for operation in operations(len(given.text), given.patches):
        history.append(operation)
    edit = Operation.patch(len(given.text), *given.edit)
    return lambda: history.rebase(edit, 0)


def behind_pairwise(given: Backlog) -> Callable[[], Operation]:
    committed = operations(len(given.text), given.patches)
    edit = Operation.patch(len(given.text), *given.edit)

    def run() -> Operation:
        operation = edit
        for one in committed:
            operation = transform(one, operation)[1]
        return operation

    return run


# A saved document


def save(given: Typing) -> tuple[str, str]:
    """The snapshot and the rows of the log, both JSON."""
    rows = [one.encode() for one in operations(len(given.text), given.patches)]
    return json.dumps([len(rows), given.end]), json.dumps(rows)


def load(saved: tuple[str, str]) -> Callable[[], str]:
    """Return a function that opens a room from its revision and text. It does not read the rows:
    those are read when somebody asks for them.
    """

    def run() -> str:
        revision, text = json.loads(saved[0])
        History(text, revision)
        return str(Document(text))

    return run


def load_rows(saved: tuple[str, str]) -> Callable[[], str]:
    def run() -> str:
        revision, text = json.loads(saved[0])
        history = History(text, revision)
        history.lengthen([Operation.decode(row) for row in json.loads(saved[1])])
        return str(Document(text))

    return run


CASES: dict[tuple[str, str], Case] = {
    ("typing", "str slicing"): (same, typing_str),
    ("typing", "ot"): (same, typing_document),
    ("typing", "ot, one by one"): (same, typing_one_by_one),
    ("typing", "ot, composed"): (same, typing_composed),
    ("merge", "ot"): (same, merge),
    ("live", "ot"): (same, live),
    ("live", "ot, Server"): (same, live_server),
    ("offline", "ot"): (check_sides, offline),
    ("behind", "ot"): (same, behind_warm),
    ("behind", "ot, cold"): (same, behind_cold),
    ("behind", "ot, pairwise"): (same, behind_pairwise),
    ("load", "ot"): (save, load),
    ("load", "ot, every row"): (save, load_rows),
}
