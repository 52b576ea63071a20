"""Undo and redo of one author's edits, while others edit the same text.

A step is kept as its inverse, which is an edit of the text right after the step. The edits of
others are composed above the last step. They are carried down past a step only when the step is
undone, as in the history of ProseMirror and CodeMirror.

An undo is a new edit, so it is the newcomer and goes left of what came meanwhile, as everywhere. So
the edits of others are composed by `compose`, and steps that join by `compose_pending`: these forms
carry the other operand exactly.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass

from ot.batch import Batch
from ot.errors import OperationError, check_count, check_text
from ot.operation import Operation, check_operation
from ot.transforming import transform


class UndoStack:
    """The steps of one author. It makes the edits that undo and redo them.

    Tell it every edit of the text that the author sees, in order: their own with `edited`, others'
    with `received` (the result of `Client.receive`). Apply the result of `undo` and `redo` to that
    text and submit it like any edit, but do not tell the stack of it again.

    The law: undoing removes what the author inserted, as far as it is still there, and brings back
    what the author deleted. When all is undone, the text has exactly the characters of the first
    text and of others' insertions, without those that others deleted. Whatever is done, undone and
    redone, two characters that were once in one text have the same order in every later text. If
    nobody else edits, undo and redo go through exactly the earlier texts.

    If two authors delete the same text concurrently, each of them can undo that. The text comes
    back when one of them does, and twice when both do.
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
        """Note the author's own edit of `text` as a new step. Afterwards there is nothing to redo.

        With `joins` it becomes a part of the last step, like the next letter of a word. Raises
        OperationError unless it spans `text`, and `text` is as long as after the edits so far.
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
        """Note somebody else's edit of the text. Costs as much as adding it to a Batch.

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
        """Return the edit of `text` that undoes the last step with anything left to undo, or None.

        Takes time linear in the step, in the edits of others since then, and in the text. Raises
        OperationError unless `text` is as long as after the edits so far.
        """
        return _move(self._undo, self._redo, text)

    def redo(self, text: str) -> Operation | None:
        """Return the edit of `text` that redoes the last undone step, or None. Like `undo`."""
        return _move(self._redo, self._undo, text)


@dataclass(slots=True)
class _Step:
    inverse: Operation
    since: Batch | None = None
    """The edits of others until the next step."""


class _Steps:
    """A stack of steps, each with the edits of others after it.

    Downwards, `inverse` edits the text right after its step. It leaves the text that the step below
    and the `since` of that step lead to.
    """

    def __init__(self, depth: int) -> None:
        self.steps: deque[_Step] = deque(maxlen=min(depth, sys.maxsize))

    @property
    def length(self) -> int | None:
        """The length of the present text in code points; None if there is no step to tell it."""
        if not self.steps:
            return None
        last = self.steps[-1]
        return last.inverse.base_length if last.since is None else last.since.length

    def expect(self, text: str) -> None:
        """Raise OperationError unless `text` can be the present text."""
        check_text(text, "the text")
        if self.length not in (None, len(text)):
            raise OperationError(
                f"the last step spans {self.length} code points, the text has {len(text)}"
            )

    def push(self, inverse: Operation) -> None:
        """Add a step, given as its inverse."""
        self.steps.append(_Step(inverse))

    def gather(self, operation: Operation) -> None:
        """Add somebody else's edit above the last step. Without a step it is not needed."""
        if self.steps:
            last = self.steps[-1]
            if last.since is None:
                last.since = Batch(last.inverse.base_length)
            last.since.add(operation)

    def pop(self, text: str) -> tuple[Operation, Operation]:
        """Take the last step off. Returns (the edit of `text` that undoes it, the inverse of that).

        The edits of others since then now lie above the step below.
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
    """Undo the last step of `source` that others have not erased, and put it onto `target`."""
    source.expect(text)
    while source.steps:
        operation, inverse = source.pop(text)
        if not operation.is_noop():
            target.push(inverse)
            return operation
    return None
