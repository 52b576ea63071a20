"""Takes back some of the edits of a log, wherever in it they are, and leaves the others.

Two parts of the log are joined at a time, so n edits need log n rounds of compose and transform. An
`UndoStack` does the same one edit at a time, for somebody who goes on editing.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TypeAlias

from ot.batch import compose_all
from ot.document import Document
from ot.errors import OperationError, check_text, listed, name_of
from ot.operation import Operation, check_operation, inverse
from ot.transforming import transform

_Part: TypeAlias = tuple[Operation | None, Operation | None]
"""A part of the log: what the others did, as if nobody else had been there; and the edit that leads
from the text after the whole part to the text after the others alone. None for nothing."""


def take_back(text: str, steps: Iterable[tuple[Operation, bool]]) -> Operation:
    """Return the edit that takes back those of the steps that are marked, and no others.

    The steps follow one another from `text` on; the edit spans the text after the last one. It
    removes what the marked steps inserted, as far as it is still there, and brings back what they
    deleted. After it the text has exactly the characters of `text` and of the other steps'
    insertions, without those that the other steps deleted. Raises OperationError for a step that
    does not follow the one before.
    """
    check_text(text, "the text")
    now = Document(text)
    parts: list[_Part] = []
    given = listed(steps, "steps")
    for step in given:
        if not isinstance(step, tuple | list) or len(step) != 2 or type(step[1]) is not bool:
            raise OperationError(f"a step is (operation, marked), not a {name_of(step)}")
    for marked, group in groupby(given, key=lambda step: step[1]):
        parts.append(_part(now, [operation for operation, _ in group], marked=marked))
    while len(parts) > 1:
        pairs = zip(parts[::2], parts[1::2], strict=False)
        parts = [_join(*pair) for pair in pairs] + parts[len(parts) // 2 * 2 :]
    back = parts[0][1] if parts else None
    return Operation([len(now)]) if back is None else back


def _part(now: Document, operations: list[Operation], *, marked: bool) -> _Part:
    inverses: list[Operation] = []
    for operation in operations:
        check_operation(operation)
        if operation.base_length != len(now):
            raise OperationError(
                f"the operation spans {operation.base_length} code points, the text has {len(now)}"
            )
        if marked:
            inverses.append(inverse(operation, now.slice))
        now.apply(operation)
    if marked:
        return None, compose_all(reversed(inverses), pending=True)
    return compose_all(operations), None


def _join(first: _Part, second: _Part) -> _Part:
    others, back = first
    more, back_last = second
    if back is not None and more is not None:
        # An edit that takes back is the newcomer, as every new edit is.
        more, back = transform(more, back)
    return _then(others, more), _then(back_last, back, pending=True)


def _then(
    first: Operation | None, second: Operation | None, *, pending: bool = False
) -> Operation | None:
    if first is None or second is None:
        return second if first is None else first
    return first.compose_pending(second) if pending else first.compose(second)
