"""Carrying concurrent operations past one another."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from ot import fast
from ot.errors import OperationError
from ot.operation import Operation, check_operation, made
from ot.plain import Component, append

_LONG = 32
"""From this many components on, it pays to look up where a position falls."""
_SHORT = 8
"""Up to this many components, it pays to look up where an operation falls."""


def transform(committed: Operation, submitted: Operation) -> tuple[Operation, Operation]:
    """Carry two concurrent operations past one another.

    Returns (committed', submitted') such that
        committed.compose(submitted') and submitted.compose(committed') give the same text.
    Where both insert in one gap, `submitted`, the newcomer, goes left.
    Exact over `compose` (history) and `compose_pending` (a client's buffer): see test_laws.py.
    Raises OperationError unless both edit texts of one length.
    """
    _expect_one_base(committed, submitted)
    c: Any = committed.components
    s: Any = submitted.components
    base = committed.base_length
    grown = committed.target_length - base
    grows = submitted.target_length - base
    length = base + grown + grows
    after: Any
    rebased: Any
    # If one retains the start and the other the end, and these overlap, each only shifts the other.
    if c and s and type(c[0]) is int and type(s[-1]) is int and c[0] + s[-1] > base:
        after = (c[0] + grows, *c[1:])
        rebased = (*s[:-1], s[-1] + grown)
    elif c and s and type(s[0]) is int and type(c[-1]) is int and s[0] + c[-1] > base:
        after = (*c[:-1], c[-1] + grows)
        rebased = (s[0] + grown, *s[1:])
    else:
        after, rebased = fast.transform(c, s)
        length = committed.target_length
        for component in rebased:
            if type(component) is str:
                length += len(component)
            elif component < 0:
                length += component
    return (
        made(after, submitted.target_length, length),
        made(rebased, committed.target_length, length),
    )


def rebase(committed: Operation, submitted: Operation) -> Operation:
    """Carry `submitted` past `committed`: the second result of `transform` alone.

    For a short operation and a long one, this looks up where the short one falls.
    """
    _expect_one_base(committed, submitted)
    if len(committed.components) < _LONG or len(submitted.components) > _SHORT:
        return transform(committed, submitted)[1]
    components: tuple[Any, ...] = committed.components
    bases, _ = committed.starts()
    rebased: list[Component] = []
    base = target = 0  # the positions in `submitted` and in its image
    length = committed.target_length
    s: Any
    for s in submitted.components:
        if type(s) is str:
            append(rebased, s)
            length += len(s)
        elif s > 0:
            base += s
            before, target = target, committed.map(base)
            append(rebased, target - before)
        else:
            end = base - s
            at = bisect_left(bases, base)
            if bases[at] > base:
                at -= 1
            while base < end:
                c = components[at]
                at += 1
                if type(c) is str:
                    append(rebased, len(c))
                    target += len(c)
                else:
                    n = min(bases[at], end) - base
                    base += n
                    if c > 0:
                        append(rebased, -n)
                        target += n
                        length -= n
    append(rebased, committed.target_length - target)
    return made(rebased, committed.target_length, length)


def _expect_one_base(committed: Operation, submitted: Operation) -> None:
    check_operation(committed)
    check_operation(submitted)
    if committed.base_length != submitted.base_length:
        raise OperationError(
            f"the operations span {committed.base_length} and {submitted.base_length} code points"
        )
