"""Finds a small operation between two texts, so that carets and others' edits stay in place.

It first removes the common prefix and suffix. Then it uses E. Myers, "An O(ND) Difference Algorithm
and Its Variations" (1986), by lines, and by characters inside the changed lines. Both are bounded,
so that unlike texts take linear time and become one replacement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isqrt

from ot.errors import OperationError, check_text, name_of
from ot.operation import Operation
from ot.plain import Component

_MOST_LINES = 200
_MOST_CHARACTERS = 200
_MOST_SPLIT = 50_000
"""The most lines of both texts for a comparison by lines: splitting a million takes 0.1 s."""
_ENDS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
"""The characters that end a line for `splitlines`."""
_MOST_EFFORT = 2 * _MOST_CHARACTERS**2
"""The most edits to try in all changed lines together, squared, since their cost is."""
_MOST_WALKED = 4
"""The total length of runs to compare, as a multiple of the length of both texts. In a text that
repeats itself, each of hundreds of paths may run to the end."""
_ALWAYS_WALKED = 20_000
_SHORT = 16
"""The number of items of a run that are compared one by one. Most runs are shorter."""
_PIECE = 16_384

_Match = tuple[int, int, int]
"""Start in before, start in after, length."""


def diff(before: str, after: str) -> Operation:
    """Return the operation that turns `before` into `after`. A replacement inserts, then deletes.

    Raises OperationError unless both are str, and `after` is well-formed.
    """
    check_text(after, "the text after")
    prefix, suffix = common_ends(before, after)
    old = before[prefix : len(before) - suffix]
    new = after[prefix : len(after) - suffix]
    return Operation([prefix, *_by_lines(old, new), suffix])


def common_ends(a: str, b: str) -> tuple[int, int]:
    """Return the lengths of the common prefix, and of the common suffix after it.

    Uses bisection, since str compares slices fast. Raises OperationError unless both are str.
    """
    for text in (a, b):
        if type(text) is not str:
            raise OperationError(f"a text is a str, not a {name_of(text)}")
    shorter = min(len(a), len(b))
    prefix = _bisect(shorter, lambda i, j: a[i:j] == b[i:j])
    suffix = _bisect(
        shorter - prefix,
        lambda i, j: a[len(a) - j : len(a) - i] == b[len(b) - j : len(b) - i],
    )
    return prefix, suffix


def _bisect(high: int, same: Callable[[int, int], bool]) -> int:
    """Find how far two texts of at least `high` agree, given a test of the stretch from i to j."""
    low = 0
    while low < high:
        middle = (low + high + 1) // 2
        if same(low, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _by_lines(old: str, new: str) -> Iterator[Component]:
    if not old or not new:
        yield from (new, -len(old))
        return
    size = len(old) + len(new)
    if size > _MOST_SPLIT and _are_many_lines(old, new):
        yield from _by_characters(old, new, _MOST_CHARACTERS)[0]
        return
    left, right = old.splitlines(keepends=True), new.splitlines(keepends=True)
    matches = _matches(left, right, _MOST_LINES) or []
    i = j = 0
    effort = _MOST_EFFORT
    for a, b, length in [*matches, (len(left), len(right), 0)]:
        most = min(isqrt(effort), _MOST_CHARACTERS)
        components, edits = _by_characters("".join(left[i:a]), "".join(right[j:b]), most)
        effort -= edits**2
        yield from components
        yield sum(map(len, left[a : a + length]))
        i, j = a + length, b + length


def _by_characters(old: str, new: str, most: int) -> tuple[list[Component], int]:
    """Return the components, and how many edits were tried to find them: at most `most`."""
    if not old or not new or abs(len(old) - len(new)) > most:
        return [new, -len(old)], 0
    matches = _matches(old, new, most)
    if matches is None:
        return [new, -len(old)], most
    components: list[Component] = []
    i = j = 0
    for a, b, length in [*matches, (len(old), len(new), 0)]:
        components += (new[j:b], i - a, length)
        i, j = a + length, b + length
    return components, len(old) + len(new) - 2 * sum(length for _, _, length in matches)


def _are_many_lines(old: str, new: str) -> bool:
    """Tell whether two texts have too many lines for a comparison by lines."""
    count = 0
    for text in (old, new):
        for start in range(0, len(text), _PIECE):
            piece = text[start : start + _PIECE]
            count += sum(piece.count(end) for end in _ENDS if end in piece)
            if count > _MOST_SPLIT:
                return True
    return False


def _matches(a: Sequence[str], b: Sequence[str], most: int) -> list[_Match] | None:
    """Return the runs that a shortest edit script keeps, in order.

    Returns None if the script has more than `most` edits, or takes too much work to find.
    """
    columns, rows = len(a), len(b)
    if abs(columns - rows) > most:
        return None
    most = min(most, columns + rows)
    # The furthest x on each diagonal (x - y); negative diagonals are at the end of the list.
    reach = [0] * (2 * most + 3)
    trail: list[list[int]] = []
    left = _MOST_WALKED * (columns + rows) + _ALWAYS_WALKED
    for edits in range(most + 1):
        trail.append(reach[:])
        for diagonal in range(-edits, edits + 1, 2):
            # This does the same as _comes_down and _entry, which take twice as long.
            over, down = reach[diagonal - 1], reach[diagonal + 1]
            comes_down = diagonal != edits and (diagonal == -edits or over < down)
            x = down if comes_down or not edits else over + 1
            y = x - diagonal
            if x < columns and y < rows and a[x] == b[y]:
                run = _run(a, b, x, y)
                left -= run
                if left < 0:
                    return None
                x += run
            reach[diagonal] = x
            if x >= columns and x - diagonal >= rows:
                return _walk_back(trail, columns, rows)
    return None


def _run(a: Sequence[str], b: Sequence[str], x: int, y: int) -> int:
    """Count the equal items in `a` from x on and in `b` from y on."""
    end = min(len(a) - x, len(b) - y)
    run, short = 0, min(end, _SHORT)
    while run < short and a[x + run] == b[y + run]:
        run += 1
    if run < _SHORT:
        return run
    # Slices are compared fast, so compare longer and longer ones, then shorter and shorter ones.
    step = _SHORT
    while run + step <= end and a[x + run : x + run + step] == b[y + run : y + run + step]:
        run += step
        step *= 2
    while step := step // 2:
        if run + step <= end and a[x + run : x + run + step] == b[y + run : y + run + step]:
            run += step
    return run


def _comes_down(reach: list[int], diagonal: int, edits: int) -> bool:
    """Tell if the path enters this diagonal by an insertion, and not by a deletion."""
    if diagonal in (-edits, edits):
        return diagonal == -edits
    return reach[diagonal - 1] < reach[diagonal + 1]


def _walk_back(trail: list[list[int]], x: int, y: int) -> list[_Match]:
    matches: list[_Match] = []
    for edits in range(len(trail) - 1, -1, -1):
        diagonal = x - y
        down = _comes_down(trail[edits], diagonal, edits)
        start = _entry(trail[edits], diagonal, down)
        if x > start:
            matches.append((start, start - diagonal, x - start))
        x, y = (start, start - diagonal - 1) if down else (start - 1, start - diagonal)
    matches.reverse()
    return matches


def _entry(reach: list[int], diagonal: int, down: bool) -> int:
    """Return the x at which the path enters this diagonal."""
    return reach[diagonal + 1] if down else reach[diagonal - 1] + 1
