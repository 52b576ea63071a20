"""The definitions of compose and transform. The fast forms must agree with these.

Each goes through its two component lists side by side, and handles every case once.
"""

from __future__ import annotations

from collections.abc import Iterable

Component = int | str
"""Retain (positive), insert (a string), delete (negative)."""


def transform(
    committed: Iterable[Component], submitted: Iterable[Component]
) -> tuple[list[Component], list[Component]]:
    """Carry both lists past one another. Returns (committed', submitted')."""
    after: list[Component] = []  # committed', to apply after submitted
    rebased: list[Component] = []  # submitted', to apply after committed
    theirs, ours = iter(committed), iter(submitted)
    c, s = next(theirs, 0), next(ours, 0)
    while s or c:
        if isinstance(s, str):  # the newcomer goes left
            append(rebased, s)
            append(after, len(s))
            s = next(ours, 0)
        elif isinstance(c, str):
            append(after, c)
            append(rebased, len(c))
            c = next(theirs, 0)
        else:
            n = min(abs(s), abs(c))
            if s > 0 and c > 0:
                append(after, n)
                append(rebased, n)
            elif s > 0:
                append(after, -n)
            elif c > 0:
                append(rebased, -n)
            s = _shorten(s, n) or next(ours, 0)
            c = _shorten(c, n) or next(theirs, 0)
    return after, rebased


def compose(
    first: Iterable[Component], second: Iterable[Component], *, deletions_first: bool
) -> list[Component]:
    """Compose `first`, then `second`, to one list.

    If `second` inserts where `first` has deleted, `deletions_first` puts the insertion right of the
    deleted run (history); otherwise it goes left of the run (a client's buffer).
    """
    out: list[Component] = []
    left, right = iter(first), iter(second)
    a, b = next(left, 0), next(right, 0)
    while a or b:
        deletes = isinstance(a, int) and a < 0
        inserts = isinstance(b, str)
        if deletes and (deletions_first or not inserts):
            append(out, a)
            a = next(left, 0)
        elif inserts:
            append(out, b)
            b = next(right, 0)
        else:
            assert isinstance(b, int)
            if isinstance(a, str):
                n = min(len(a), abs(b))
                append(out, a[:n] if b > 0 else "")
                a = a[n:] or next(left, 0)
            else:
                n = min(a, abs(b))
                append(out, n if b > 0 else -n)
                a = a - n or next(left, 0)
            b = _shorten(b, n) or next(right, 0)
    return out


def append(out: list[Component], component: Component) -> None:
    """Add one component to a list in normal form, and keep the normal form."""
    if not component:
        return
    last = out[-1] if out else 0
    if isinstance(component, str):
        if isinstance(last, str):
            out[-1] = last + component
            return
    elif isinstance(last, int) and (last > 0) == (component > 0) and last:
        out[-1] = last + component
        return
    out.append(component)


def _shorten(component: int, n: int) -> int:
    """Return the rest of a retain or a deletion after `n` of its code points."""
    return component - n if component > 0 else component + n
