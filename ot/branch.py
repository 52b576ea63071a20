"""Somebody who edits on without waiting, beside a log that goes on without waiting for them.

Each side remembers what the other has not seen, carried past what it has done itself: one line of
the grid of D. Nichols and others, "High-Latency, Low-Bandwidth Windowing in the Jupiter
Collaboration System" (1995). Nearly every edit is a single patch in another place than the ones it
meets, so patches stay patches, and shift each other, as long as that is all they do.
"""

from __future__ import annotations

from ot.errors import OperationError, Patch, check_count, check_patch
from ot.operation import Operation, transform

Edit = Patch | Operation


class Branch:
    """The entries of the log that a person has not seen, as edits of the text that they see.

    They begin with a text of `length` code points, the one at the head of the log.
    Raises OperationError for a length that is none.
    """

    def __init__(self, length: int) -> None:
        check_count(length, "the length of the text")
        self.length = length
        """Of the text that they see."""
        self._head = length
        """Of the text at the head."""
        self._unseen: list[Edit] = []

    @property
    def unseen(self) -> list[Edit]:
        """The unseen edits, which follow one another on the text that the person sees."""
        return list(self._unseen)

    def append(self, edit: Edit) -> None:
        """The log goes on by somebody else's edit of the text at its head.

        Raises OperationError when the edit does not fit that text.
        """
        if isinstance(edit, Operation):
            _check_span(edit, self._head)
            self._head = edit.target_length
        else:
            check_patch(edit, self._head)
            self._head += len(edit[2]) - edit[1]
        self._unseen.append(edit)

    def merge(self, count: int) -> None:
        """They take in the first `count` of `unseen`.

        Raises OperationError when there are not so many.
        """
        check_count(count, "the number of edits")
        if count > len(self._unseen):
            raise OperationError(f"there are {len(self._unseen)} unseen edits, not {count}")
        seen = self._unseen[:count]
        del self._unseen[:count]
        self.length += sum(map(_growth, seen))

    def rebase(self, edit: Edit) -> Edit:
        """Their next edit of the text that they see, as an edit of the text at the head.

        The newcomer goes left, as everywhere. Raises OperationError when it does not fit.
        """
        if isinstance(edit, Operation):
            _check_span(edit, self.length)
            return self._past(0, edit)
        check_patch(edit, self.length)
        unseen = self._unseen
        position, deleted, inserted = edit
        grows = len(inserted) - deleted
        for index, other in enumerate(unseen):
            if isinstance(other, tuple):
                at, gone, text = other
                if position + deleted <= at:
                    unseen[index] = (at + grows, gone, text)
                    continue
                if at + gone <= position and (gone or at < position or not inserted):
                    position += len(text) - gone
                    continue
            length = self.length + sum(map(_growth, unseen[:index]))
            return self._past(index, Operation.patch(length, position, deleted, inserted))
        self.length += grows
        self._head += grows
        return position, deleted, inserted

    def _past(self, index: int, operation: Operation) -> Edit:
        """An edit that has come past so many of the unseen, past the rest; at first they are
        patches no more."""
        self.length += operation.target_length - operation.base_length
        for later in range(index, len(self._unseen)):
            other = self._unseen[later]
            if isinstance(other, tuple):
                other = Operation.patch(operation.base_length, *other)
            other, operation = transform(other, operation)
            self._unseen[later] = other.as_patch() or other
        self._head = operation.target_length
        return operation.as_patch() or operation


def _check_span(operation: Operation, length: int) -> None:
    if operation.base_length != length:
        raise OperationError(
            f"the operation spans {operation.base_length} code points, the text has {length}"
        )


def _growth(edit: Edit) -> int:
    if isinstance(edit, tuple):
        return len(edit[2]) - edit[1]
    return edit.target_length - edit.base_length
