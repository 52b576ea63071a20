"""Measures how the cost of an edit grows with their number, for shapes of all kinds: `ot` alone."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from random import Random
from time import perf_counter

from ot import Batch, Component, Document, History, Operation, Patch, compose_all, compose_patches
from tests.bench.engine_data import SHAPES, typed
from tests.bench.engine_ot import operations

CURSORS = 10


class Edits:
    """Edits that follow one another: patches, or operations of CURSORS edits each."""

    def __init__(self, text: str, patches: Sequence[Patch], many: Sequence[Operation] = ()) -> None:
        self.text = text
        self.patches = patches
        self.operations = many or operations(len(text), patches)

    def __len__(self) -> int:
        return len(self.patches) or CURSORS * len(self.operations)


def alternating_ends(size: int) -> Edits:
    return Edits("", [(number % 2 * number, 0, "x") for number in range(size)])


def backspacing(size: int) -> Edits:
    return Edits("x" * size, [(position, 1, "") for position in reversed(range(size))])


def longer_replacements(size: int) -> Edits:
    random = Random(size)
    lengths = range(1000, 1000 + 2 * size, 2)
    patches = [(random.randint(0, length - 10), 10, "y" * 12) for length in lengths]
    return Edits("x" * 1000, patches)


def many_cursors(size: int) -> Edits:
    many = []
    for step in range(size // CURSORS):
        section: list[Component] = [100 + step, "x"]
        many.append(Operation(section * CURSORS))
    return Edits("x" * 100 * CURSORS, (), many)


def _typed(shape: str) -> Callable[[int], Edits]:
    def make(size: int) -> Edits:
        made = typed(shape, size)
        return Edits(made.text, made.patches)

    return make


MADE: dict[str, Callable[[int], Edits]] = {
    **{shape: _typed(shape) for shape in SHAPES},
    "alternating ends": alternating_ends,
    "backspacing": backspacing,
    "longer replacements": longer_replacements,
    "many cursors": many_cursors,
}


def document(edits: Edits) -> str:
    document = Document(edits.text)
    if edits.patches:
        document.replace_all(edits.patches)
    else:
        for operation in edits.operations:
            document.apply(operation)
    return str(document)


def batch(edits: Edits) -> str:
    if edits.patches:
        return compose_patches(len(edits.text), edits.patches).apply(edits.text)
    return compose_all(edits.operations).apply(edits.text)


def one_by_one(edits: Edits) -> str:
    batch = Batch(len(edits.text))
    for patch in edits.patches:
        batch.replace(*patch)
    for operation in edits.operations if not edits.patches else ():
        batch.add(operation)
    return batch.operation().apply(edits.text)


def rebase(edits: Edits) -> History:
    """One edit from the beginning, past all of them, nothing being composed yet."""
    history = History(edits.text)
    for operation in edits.operations:
        history.append(operation)
    history.rebase(Operation.patch(len(edits.text), 0, 0, "x"), 0)
    return history


MEASURED: dict[str, Callable[[Edits], object]] = {
    "Document": document,
    "batch": batch,
    "batch, one by one": one_by_one,
    "History, cold": rebase,
}


def table(largest: int) -> Iterator[str]:
    """Microseconds an edit, at three sizes; of a warm history, a rebase past all edits."""
    sizes = [largest // 100, largest // 10, largest]
    yield f"{'ot alone, us an edit, at':40}" + "".join(f"{size:>10,}" for size in sizes)
    for name, make in MADE.items():
        shapes = [make(size) for size in sizes]
        for measured, work in MEASURED.items():
            each = [_seconds(work, edits) / len(edits) for edits in shapes]
            yield _line(f"{name}, {measured}", each)
        yield _line(f"{name}, History, warm: a rebase", [_warm(edits) for edits in shapes])


def _line(name: str, seconds: Sequence[float]) -> str:
    return f"  {name:38}" + "".join(f"{1e6 * each:10.2f}" for each in seconds)


def _warm(edits: Edits) -> float:
    history, random = rebase(edits), Random(0)
    length = len(edits.text)
    late = [Operation.patch(length, random.randint(0, length), 0, "x") for _ in range(100)]

    def run(_: Edits) -> None:
        for operation in late:
            history.rebase(operation, 0)

    return _seconds(run, edits) / len(late)


def _seconds(work: Callable[[Edits], object], edits: Edits) -> float:
    """The best of a few, since what is small is soon disturbed."""
    times = []
    for _ in range(3):
        gc.collect()
        start = perf_counter()
        work(edits)
        times.append(perf_counter() - start)
    return min(times)
