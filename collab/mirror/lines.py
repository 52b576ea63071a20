"""Differences of texts by their lines.

A difference by letters is smaller, but of lines that are alike it takes one for the other, and may
put what was inserted into the middle of what somebody else writes there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ot import Component, Operation, common_ends, diff

_FIRST = 0x10000
"""The first of the characters that stand for lines."""
_MOST = 0x100000
"""Lines that are told apart."""


def line_diff(before: str, after: str, *, whole: bool = False) -> Operation:
    """Return the operation that turns `before` into `after`, by lines. With `whole` no part of a
    line stays for another."""
    letters: dict[str, str] = {}
    old, new = _lines(before), _lines(after)
    if len(old) + len(new) > _MOST:
        return diff(before, after)
    coded = ["".join(_letter(letters, line) for line in lines) for lines in (old, new)]
    parts: list[Component] = []
    i = j = 0
    for kept, gone, come in _hunks(diff(*coded)):
        parts.append(sum(map(len, old[i : i + kept])))
        i, j = i + kept, j + kept
        lost, found = old[i : i + gone], new[j : j + come]
        parts += ["".join(found), -sum(map(len, lost))] if whole else _replaced(lost, found)
        i, j = i + gone, j + come
    return Operation(parts)


def more_lines(one: str, other: str) -> Counter[str]:
    """Return the lines that two texts have not alike: how many more of each the first has."""
    prefix, _ = common_ends(one, other)
    prefix = one.rfind("\n", 0, prefix) + 1
    more = Counter(_lines(one[prefix:]))
    more.subtract(_lines(other[prefix:]))
    return Counter({line: count for line, count in more.items() if count})


def _lines(text: str) -> list[str]:
    """Split a text at its line ends, which stay."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _letter(letters: dict[str, str], line: str) -> str:
    return letters.setdefault(line, chr(_FIRST + len(letters)))


def _hunks(edit: Operation) -> Iterator[tuple[int, int, int]]:
    """Yield how many lines are kept, and how many are then replaced by how many."""
    kept = gone = come = 0
    for component in edit.components:
        if isinstance(component, str):
            come += len(component)
        elif component < 0:
            gone -= component
        else:
            if gone or come:
                yield kept, gone, come
                kept = gone = come = 0
            kept += component
    yield kept, gone, come


def _replaced(old: Sequence[str], new: Sequence[str]) -> list[Component]:
    """Return what turns some lines into others."""
    if len(old) == len(new):
        return [part for a, b in zip(old, new, strict=True) for part in diff(a, b).components]
    before, after = "".join(old), "".join(new)
    start, end = (0, 0) if not (old and new) else common_ends(before, after)
    middle = after[start : len(after) - end]
    return [start, middle, start + end - len(before), end]
