"""A client that edits on without waiting for the log, while the log goes on.

The branch keeps the entries that the client has not seen, carried past the client's own edits. That
is one line of the grid of D. Nichols and others, "High-Latency, Low-Bandwidth Windowing in the
Jupiter Collaboration System" (1995). Nearly every edit is one patch in another place than the
others. So edits stay patches, which only shift one another, as long as that is enough.
"""

from __future__ import annotations

from ot.errors import OperationError, Patch, check_count, check_patch
from ot.operation import Operation
from ot.transforming import transform

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
            _, deleted, inserted = edit = check_patch(edit, self._head)
            self._head += len(inserted) - deleted
        self._unseen.append(edit)

    def merge(self, count: int) -> None:
        """Note that the client has taken in the first `count` of `unseen`.

        Raises OperationError if there are fewer.
        """
        self.length += self._merging(count)
        del self._unseen[:count]

    def rebase(self, edit: Edit, merged: int = 0) -> Edit:
        """Carry the client's next edit of the text that it shows to the text at the head.

        The client made it when it had taken in the first `merged` of `unseen`, as by `merge`. The
        newcomer goes left, as everywhere. Raises OperationError, and changes nothing, if the edit
        does not fit.
        """
        length = self.length
        if merged:
            length += self._merging(merged)
        index = 0
        if isinstance(edit, Operation):
            _check_span(edit, length)
            grows = edit.target_length - length
        else:
            _, deleted, inserted = edit = check_patch(edit, length)
            grows = len(inserted) - deleted
        if merged:
            del self._unseen[:merged]
        self.length = length + grows
        if type(edit) is tuple:
            index, edit = _shift(self._unseen, 0, edit)
        if index < len(self._unseen):
            edit = self._past(index, edit)
            grows = growth(edit)
        self._head += grows
        return edit

    def _merging(self, count: int) -> int:
        """Return by how much the first unseen edits make the text longer."""
        unseen = self._unseen
        if type(count) is not int or not 0 <= count <= len(unseen):
            check_count(count, "the number of edits")
            raise OperationError(f"there are {len(unseen)} unseen edits, not {count}")
        grown = 0
        for edit in unseen[:count]:
            grown += growth(edit)
        return grown

    def _past(self, index: int, edit: Edit) -> Edit:
        """Carry an edit that is past the first `index` unseen edits past the others."""
        unseen = self._unseen
        while index < len(unseen):
            edit = self._cross(index, edit)
            index += 1
            if not isinstance(edit, Operation):
                index, edit = _shift(unseen, index, edit)
        return edit

    def _cross(self, index: int, edit: Edit) -> Edit:
        """Carry an edit that is past the first `index` unseen edits past the next one.

        Each becomes a patch if it can be one, else an operation.
        """
        other = self._unseen[index]
        if isinstance(other, Operation):
            length = other.base_length
        elif isinstance(edit, Operation):
            length = edit.base_length
        else:
            # What stands right of both patches does not matter, as long as they stay patches.
            length = max(other[0] + other[1], edit[0] + edit[1])
            past, carried = _transform(other, edit, length)
            if isinstance(past, tuple) and isinstance(carried, tuple):
                self._unseen[index] = past
                return carried
            length = self.length - growth(edit) + sum(map(growth, self._unseen[:index]))
        self._unseen[index], edit = _transform(other, edit, length)
        return edit


def _shift(unseen: list[Edit], index: int, patch: Patch) -> tuple[int, Patch]:
    """Carry a patch past the unseen patches in other places, from an index on.

    Returns the index of the first unseen edit that is not such a patch, and the patch there.
    """
    position, deleted, inserted = patch
    grows = len(inserted) - deleted
    end = position + deleted
    for place in range(index, len(unseen)):
        other = unseen[place]
        if type(other) is not tuple:
            return place, (position, deleted, inserted)
        at, gone, text = other
        if end <= at:
            unseen[place] = (at + grows, gone, text)
        elif at + gone <= position and (gone or at < position or not inserted):
            shift = len(text) - gone
            position += shift
            end += shift
        else:
            return place, (position, deleted, inserted)
    return len(unseen), (position, deleted, inserted)


def _transform(committed: Edit, submitted: Edit, length: int) -> tuple[Edit, Edit]:
    """Do as `transform`, for two edits of a text of this length."""
    if not isinstance(committed, Operation):
        committed = Operation.patch(length, *committed)
    if not isinstance(submitted, Operation):
        submitted = Operation.patch(length, *submitted)
    committed, submitted = transform(committed, submitted)
    return committed.as_patch() or committed, submitted.as_patch() or submitted


def _check_span(operation: Operation, length: int) -> None:
    if operation.base_length != length:
        raise OperationError(
            f"the operation spans {operation.base_length} code points, the text has {length}"
        )


def growth(edit: Edit) -> int:
    """Return by how much an edit makes a text longer."""
    if isinstance(edit, tuple):
        return len(edit[2]) - edit[1]
    return edit.target_length - edit.base_length
