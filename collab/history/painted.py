"""Makes texts and their colours of chapters and of the edits since. Without I/O."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Any

from collab.history.chapters import OWN, Runs, burst_of, colour_of
from collab.history.store import FileChapter, pack, pack_text
from collab.protocol import FileId
from ot import Operation, compose_all, diff, runs

_MOST_CHAPTERS = 16
"""After so many chapters, one has the whole text."""
_MOST_COMPONENTS = 15_000
"""After so many components, one has it sooner."""


def components_since(before: list[int], operation: Operation) -> int:
    """Count the components since the last whole text: 0 where it is time for another one.

    `before` has those of each chapter since. So few rows lead to any revision.
    """
    components = (before[-1] if before else 0) + len(operation.components)
    is_time = len(before) >= _MOST_CHAPTERS or components > _MOST_COMPONENTS
    return 0 if is_time else components


def packed(
    file: FileId, operation: Operation, painted: Operation, whole: list[FileChapter] | None
) -> tuple[FileId, bytes, bytes, bytes | None, bytes | None]:
    """Return the row of a file. With the chapters before it, the row has the whole text."""
    text = runs = None
    if whole is not None:
        text = pack_text(text_of(whole, [operation]))
        runs = pack(runs_of(whole, [painted]))
    # What it keeps and deletes is in the operation. Only who wrote what it inserts is not.
    paint = "".join(c for c in painted.components if isinstance(c, str))
    return (file, pack(operation.components), pack(paint), text, runs)


def text_of(chapters: list[FileChapter], tail: list[Operation]) -> str:
    """Make a text of chapters, of which the first may have it whole, and of the edits since."""
    text, rest = "", chapters
    if chapters and chapters[0].text is not None:
        text, rest = chapters[0].text, chapters[1:]
    # Each is of many components: to apply them one by one costs less than to compose them.
    for one in rest:
        text = one.operation.apply(text)
    return compose_all(tail).apply(text) if tail else text


def runs_of(chapters: list[FileChapter], tail: list[Operation]) -> Runs:
    """Find who wrote a text, from the same chapters and painted operations."""
    known, rest = Runs([], []), chapters
    if chapters and chapters[0].runs is not None:
        known, rest = chapters[0].runs, chapters[1:]
    done = [*(one.painted for one in rest if one.painted), *tail]
    return repainted(known, compose_all(done)) if done else known


def repainted(known: Runs, operation: Operation) -> Runs:
    """Return the runs of a text after a painted operation.

    The cost grows with the components and the runs, not with the length of the text.
    """
    out = Runs([], [])
    numbers, counts = known.numbers, known.counts
    ends = list(accumulate(counts))
    position = run = 0
    c: Any
    for c in operation.components:
        if type(c) is str:
            for colour, count in runs(c) if len(c) > 1 else ((c, 1),):
                out.add(burst_of(colour), count)
        elif c < 0:
            position -= c
        else:
            end = position + c
            if ends[run] <= position:
                run = bisect_right(ends, position, run)
            if end <= ends[run]:
                out.add(numbers[run], c)
            else:
                until = bisect_left(ends, end, run)
                out.add(numbers[run], ends[run] - position)
                out.numbers += numbers[run + 1 : until]
                out.counts += counts[run + 1 : until]
                out.add(numbers[until], end - ends[until - 1])
                run = until
            position = end
    return out


def colours_of(known: Runs) -> str:
    """Return the colour of each character."""
    pairs = zip(known.numbers, known.counts, strict=True)
    return "".join(colour_of(number) * count for number, count in pairs)


def inherited(operation: Operation, after: str, then: str, painted: str) -> str:
    """Return the colours of inserted text: from `painted` where `then` has the text, else OWN."""
    all_of_it: list[str] = []
    place = 0
    for c in diff(then, after).components:
        if isinstance(c, str):
            all_of_it.append(OWN * len(c))
        elif c > 0:
            all_of_it.append(painted[place : place + c])
            place += c
        else:
            place -= c
    colours = "".join(all_of_it)
    inserted: list[str] = []
    place = 0
    for c in operation.components:
        length = len(c) if isinstance(c, str) else max(c, 0)
        if isinstance(c, str):
            inserted.append(colours[place : place + length])
        place += length
    return "".join(inserted)
