"""A client that edits on without waiting for the log, while the log goes on.

The branch keeps the entries that the client has not seen, carried past the client's own edits. That
is one line of the grid of D. Nichols and others, "High-Latency, Low-Bandwidth Windowing in the
Jupiter Collaboration System" (1995). Nearly every edit is one patch in another place than the
others. So edits stay patches, which only shift one another, as long as that is enough.
"""

from __future__ import annotations

from ot.errors import OperationError, Patch, check_count, check_patch
from ot.operation import Operation, transform

Edit = Patch | Operation


class Branch:
    """The entries of the log that a client has not seen, as edits of the text that it shows.

    The client starts with the text at the head of the log, of `length` code points.
    Raises OperationError if `length` is no length.
    """

    def __init__(self, length: int) -> None:
        check_count(length, "the length of the text")
        self.length = length
        """The length of the text that the client shows."""
        self._head = length
        """The length of the text at the head."""
        self._unseen: list[Edit] = []

    @property
    def unseen(self) -> list[Edit]:
        """The unseen edits. They follow one another on the text that the client shows."""
        return list(self._unseen)

    def append(self, edit: Edit) -> None:
        """Add somebody else's entry, which edits the text at the head.

        Raises OperationError if the edit does not fit that text.
        """
        if isinstance(edit, Operation):
            _check_span(edit, self._head)
            self._head = edit.target_length
        else:
            check_patch(edit, self._head)
            self._head += len(edit[2]) - edit[1]
        self._unseen.append(edit)

    def merge(self, count: int) -> None:
        """Note that the client has taken in the first `count` of `unseen`.

        Raises OperationError if there are fewer.
        """
        check_count(count, "the number of edits")
        if count > len(self._unseen):
            raise OperationError(f"there are {len(self._unseen)} unseen edits, not {count}")
        seen = self._unseen[:count]
        del self._unseen[:count]
        self.length += sum(map(_growth, seen))

    def rebase(self, edit: Edit) -> Edit:
        """Carry the client's next edit of the text that it shows to the text at the head.

        The newcomer goes left, as everywhere. Raises OperationError if the edit does not fit.
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
        """Carry an edit that is past the first `index` unseen edits past the others.

        An unseen edit that is no single patch any more becomes an operation.
        """
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
