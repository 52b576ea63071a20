"""Painting tells who wrote what: in its operations and texts a character stands for its author.

To *paint* an operation is to replace each character that it inserts by a colour: a character that
stands for who inserted it, and when. A painted operation is an operation like any other. It
composes, inverts and applies as the operation does from which it was painted, and what it makes of
a painted text says of each character who wrote it. So authorship needs no algorithm of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import add
from typing import Any

from ot.batch import compose_all
from ot.errors import OperationError, check_text, listed
from ot.operation import Operation, check_operation, made
from ot.plain import Component

_LEAST = 8
_MOST = 1 << 16
"""Characters that are looked at together for the end of a run: few at first, then more."""


def paint(operation: Operation, colours: str) -> Operation:
    """Replace what an operation inserts by colours: by one, or by one for each character.

    The laws, for operations a and b, each with a colour of its own:

        paint(a).compose(paint(b))   says of each character that a.compose(b) inserts who wrote it
        paint(a).invert(painted)     gives back the colours that `a` took away

    Raises OperationError for colours that are not as many as the characters.
    """
    check_operation(operation)
    check_text(colours, "the colours")
    out: list[Component] = []
    c: Any
    if len(colours) == 1:
        out = [colours * len(c) if type(c) is str else c for c in operation.components]
    else:
        inserts = sum([len(c) for c in operation.components if type(c) is str])
        if len(colours) != inserts:
            raise OperationError(f"{len(colours)} colours for {inserts} characters")
        used = 0
        for c in operation.components:
            if type(c) is str:
                out.append(colours[used : used + len(c)])
                used += len(c)
            else:
                out.append(c)
    return made(out, operation.base_length, operation.target_length)


def compose_painted(steps: Iterable[tuple[Operation, str]]) -> tuple[Operation, Operation]:
    """Compose operations, each with its colours as for `paint`. Returns the composed operation, and
    the same painted: what `compose_all` makes of the operations, and of them painted.

    Both come of one composition, of operations on pairs of a character and its colour.
    Raises OperationError if there is none, if one does not follow the one before, and as `paint`.
    """
    given = listed(steps, "steps")
    if not all(isinstance(step, tuple) and len(step) == 2 for step in given):
        raise OperationError("a step is an operation and its colours")
    both = compose_all([_paired(operation, colours) for operation, colours in given])
    parts = [
        [c[first::2] if type(c) is str else int(c) // 2 for c in both.components]
        for first in (0, 1)
    ]
    lengths = both.base_length // 2, both.target_length // 2
    return made(parts[0], *lengths), made(parts[1], *lengths)


def _paired(operation: Operation, colours: str) -> Operation:
    """Return the operation on pairs: all positions doubled, each character before its colour."""
    painted: Any = paint(operation, colours).components
    out: list[Any] = []
    for c, colour in zip(operation.components, painted, strict=True):
        if type(c) is not str:
            out.append(2 * c)
        elif len(c) == 1:
            out.append(c + colour)
        else:
            out.append("".join(map(add, c, colour)))
    return made(out, 2 * operation.base_length, 2 * operation.target_length)


def runs(painted: str) -> list[tuple[str, int]]:
    """Return the colours of a painted text, each with how many characters in a row have it."""
    check_text(painted, "the painted text")
    found: list[tuple[str, int]] = []
    at, end = 0, len(painted)
    while at < end:
        colour, start, size = painted[at], at, _LEAST
        while True:
            piece = painted[at : at + size]
            same = len(piece) - len(piece.lstrip(colour))
            at += same
            if same < size:
                break
            size = min(8 * size, _MOST)
        found.append((colour, at - start))
    return found
