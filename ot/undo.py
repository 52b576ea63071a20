"""Undo and redo of one author's edits, while others edit the same text.

A step is kept as its inverse, an edit of the text right after it. What others do is gathered above
the last step, composed, and carried down past a step only when that step is taken back: the idea
of ProseMirror's and CodeMirror's history.

Taking a step back is a new edit, so it is the newcomer and goes left of what came meanwhile, as
everywhere. Hence what others do is composed as history, and steps that join as what is pending:
these are the forms that carry the other operand exactly.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass

from ot.batch import Batch
from ot.errors import OperationError, check_count, check_text
from ot.operation import Operation, check_operation, transform


class UndoStack:
    """The steps of one author, and what it takes to undo and to redo them.

    Tell it every edit of the text that the author sees, in order: their own with `edited`, others'
    with `received` (what `Client.receive` returns). Apply what `undo` and `redo` give to that
    text, and submit it as any edit; do not tell it of that one again.

    The law: undoing takes out what the author inserted, as far as it is there, and brings back
    what the author deleted. Once all is undone, the text has exactly the characters of the first
    text and of others' insertions, without those that others deleted. And whatever is done, undone
    and redone: two characters that once stood in one text stand in that order in every other.
    Where nobody else edits, undo and redo walk through the very texts that there were.

    What two delete at once was, for each of them, their own deletion: it comes back when either
    undoes it, and twice when both do.
    """

    def __init__(self, *, depth: int = 1000) -> None:
        """Keep the last `depth` steps. Raises OperationError for a depth below 0."""
        check_count(depth, "the depth")
        self._undo = _Steps(depth)
        self._redo = _Steps(depth)

    @property
    def can_undo(self) -> bool:
        """Tell if a step is left to undo. Others may have erased what it did."""
        return bool(self._undo.steps)

    @property
    def can_redo(self) -> bool:
        """Tell if an undone step is left to redo. Others may have erased what it did."""
        return bool(self._redo.steps)

    def edited(self, operation: Operation, text: str, *, joins: bool = False) -> None:
        """The author's own edit of `text`, a new step. There is nothing to redo any more.

        With `joins` it becomes a part of the last step, as the next letter of a word does.
        Raises OperationError unless it spans `text`, and `text` is as long as what was told of.
        """
        check_operation(operation)
        self._undo.expect(text)
        self._redo.expect(text)
        inverse = operation.invert(text)
        if joins and self.can_undo:
            inverse = inverse.compose_pending(self._undo.pop(text)[0])
        self._undo.push(inverse)
        self._redo.steps.clear()

    def received(self, operation: Operation) -> None:
        """Somebody else's edit of the text. Costs as much as to add it to a Batch.

        Raises OperationError unless it spans the text.
        """
        check_operation(operation)
        for steps in (self._undo, self._redo):
            if steps.length not in (None, operation.base_length):
                raise OperationError(
                    f"the operation spans {operation.base_length} code points, "
                    f"the text has {steps.length}"
                )
        self._undo.gather(operation)
        self._redo.gather(operation)

    def undo(self, text: str) -> Operation | None:
        """The edit of `text` that takes back the last step of which anything is left, if any.

        Linear in the step, in what others did since, and in the text. Raises OperationError
        unless `text` is as long as the text that was told of.
        """
        return _move(self._undo, self._redo, text)

    def redo(self, text: str) -> Operation | None:
        """The edit of `text` that does again what was undone last, if anything. As `undo`."""
        return _move(self._redo, self._undo, text)


@dataclass(slots=True)
class _Step:
    inverse: Operation
    since: Batch | None = None
    """The edits of others until the next step."""


class _Steps:
    """Steps, each an edit of the text that the step and what others did after it lead to.

    Reading downwards: `inverse` edits the text right after the step; what it leaves is the text
    after the step below, once `since` of that one is done.
    """

    def __init__(self, depth: int) -> None:
        self.steps: deque[_Step] = deque(maxlen=min(depth, sys.maxsize))

    @property
    def length(self) -> int | None:
        """Of the text as it is now, in code points; None if no step is left to tell."""
        if not self.steps:
            return None
        last = self.steps[-1]
        return last.inverse.base_length if last.since is None else last.since.length

    def expect(self, text: str) -> None:
        """Raise OperationError unless `text` can be the text as it is now."""
        check_text(text, "the text")
        if self.length not in (None, len(text)):
            raise OperationError(
                f"the last step spans {self.length} code points, the text has {len(text)}"
            )

    def push(self, inverse: Operation) -> None:
        """Add a step, as what takes it back."""
        self.steps.append(_Step(inverse))

    def gather(self, operation: Operation) -> None:
        """Somebody else's edit comes above the last step; if there is none, nothing can need it."""
        if self.steps:
            last = self.steps[-1]
            if last.since is None:
                last.since = Batch(last.inverse.base_length)
            last.since.add(operation)

    def pop(self, text: str) -> tuple[Operation, Operation]:
        """Take the last step off. Returns (the edit of `text` that takes it back, its inverse).

        What others did since now lies above the step below.
        """
        carried, since = self.steps[-1].inverse, self.steps[-1].since
        after = None
        if since is not None:
            after, carried = transform(since.operation(), carried)
        inverse = carried.invert(text)
        self.steps.pop()
        if after is not None:
            self.gather(after)
        return carried, inverse


def _move(source: _Steps, target: _Steps, text: str) -> Operation | None:
    """Take back the last step of `source` that others have not erased; it can be had again."""
    source.expect(text)
    while source.steps:
        operation, inverse = source.pop(text)
        if not operation.is_noop():
            target.push(inverse)
            return operation
    return None
