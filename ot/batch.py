"""Composes many edits that follow one another, in nearly linear time whatever their shape.

A *zipper* gathers edits near one another. The components left of a cursor lie on one stack, and
those right of it on another, so the cost of an edit depends on the distance from the edit before.
When the zipper has moved many components, they become a block. Blocks of like size are composed, as
in a merge sort. Typing never leaves the zipper; scattered edits hardly use it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ot.errors import (
    OperationError,
    Patch,
    check_count,
    check_edit,
    complain,
    fitting,
    is_well_formed,
    listed,
)
from ot.operation import Operation, check_operation, made
from ot.typed import Typed

_FREE = 60
_PER_JUMP = 3
"""Components a zipper may move: this many, and this many more for each jump of its cursor."""
_PIECE = 64
"""The number of characters that take as long to cut as one component takes to move."""


class Batch(Typed):
    """Edits of a text of `length` code points. Each one edits the text that the one before left.

    If `pending`, `compose_pending` joins them, for work that is not submitted yet; else `compose`.
    Raises OperationError if `length` is no length.
    """

    def __init__(self, length: int, *, pending: bool = False) -> None:
        check_count(length, "the length of the text")
        self._pending = pending
        self._blocks: list[Operation] = []
        self._cursor = 0
        self._typed = []
        self._open(length)

    def replace(self, position: int, deleted: int, inserted: str) -> None:
        """Add a patch.

        Raises OperationError, and changes nothing, if it reaches beyond the text or is malformed.
        """
        check_edit(position, deleted, inserted, self.length)
        self._replace_all([(position, deleted, inserted)])

    def replace_all(self, patches: Iterable[Patch]) -> None:
        """Add patches that follow one another: all of them, or none.

        Raises OperationError if one reaches beyond the text that it edits, or is malformed.
        """
        self._replace_all(fitting(patches, self.length))

    @property
    def length(self) -> int:
        """The length of the text after all edits, in code points."""
        return self._length + self._cursor - self._start

    def add(self, operation: Operation) -> None:
        """Add an operation. Raises OperationError unless it spans the text."""
        self.add_all([operation])

    def add_all(self, operations: Iterable[Operation]) -> None:
        """Add operations that follow one another: all of them, or none.

        Raises OperationError if one does not span the text that the one before left.
        """
        given = listed(operations, "operations")
        length = self.length
        for operation in given:
            check_operation(operation)
            if operation.base_length != length:
                raise OperationError(
                    f"the operation spans {operation.base_length} code points, "
                    f"the text has {length}"
                )
            length = operation.target_length
        patches: list[Patch] = []
        for operation in given:
            if (patch := operation.as_patch()) is not None:
                patches.append(patch)
                continue
            self._replace_all(patches)
            patches.clear()
            self._close()
            self._stack(operation)
            self._open(operation.target_length)
        self._replace_all(patches)

    def operation(self) -> Operation:
        """Return all edits as one operation."""
        self._close()
        self._open(self._length)
        while len(self._blocks) > 1:
            self._join()
        return self._blocks[0] if self._blocks else Operation([self._length])

    # The blocks, each following the one before

    def _stack(self, block: Operation) -> None:
        """Add a block. Keep the sizes at least halving from one block to the next."""
        blocks = self._blocks
        blocks.append(block)
        while len(blocks) > 1 and len(blocks[-2].components) <= 2 * len(blocks[-1].components):
            self._join()

    def _join(self) -> None:
        second = self._blocks.pop()
        first = self._blocks.pop()
        joined = first.compose_pending(second) if self._pending else first.compose(second)
        self._blocks.append(joined)

    # The zipper

    def _open(self, length: int) -> None:
        """Start a block on a text of this length."""
        self._base_length = self._length = length
        """The length of the text before the block, and after it without the typed pieces."""
        self._left: list[Any] = []
        self._right: list[Any] = [length] if length else []
        """In reverse order: the last component is the one right of the cursor."""
        self._cursor = self._start = 0
        self._allowance = _FREE

    def _close(self) -> None:
        """Make a block of the gathered components."""
        self._settle()
        for c in self._right[::-1]:
            _push(self._left, c)
        block = made(self._left, self._base_length, self._length)
        if not block.is_noop():
            self._stack(block)

    def _jump(self, position: int, deleted: int, inserted: str) -> None:
        """Add a patch anywhere. Raises OperationError, and changes nothing, beyond the text."""
        if not 0 <= position <= position + deleted <= self.length:
            check_edit(position, deleted, inserted, self.length)
        self._settle()
        if self._allowance < 0:
            self._close()
            self._open(self._length)
        self._allowance += _PER_JUMP
        self._seek(position)
        self._typed.append(inserted)
        self._start = position
        self._cursor = position + len(inserted)
        if deleted:
            removed = self._take(deleted)
            if self._pending:
                _push_back(self._right, -removed)
            else:
                self._settle()
                _push(self._left, -removed)

    def _settle(self) -> None:
        """Make a component of the typed text."""
        run = "".join(self._typed)
        self._typed.clear()
        self._start = self._cursor
        if run:
            self._length += len(run)
            _push(self._left, run)
            self._allowance -= len(self._left[-1]) // _PIECE

    def _seek(self, position: int) -> None:
        """Move the cursor. Deletions at its place go left of it in history, else right of it."""
        left, right, pending = self._left, self._right, self._pending
        width = len(left)
        distance = position - self._cursor
        if left and right and _alike(left[-1], right[-1]):  # an earlier move has cut it
            whole = left.pop()
            distance += len(whole) if type(whole) is str else whole
            right[-1] = whole + right[-1]
            self._allowance -= len(right[-1]) // _PIECE if type(whole) is str else 0
        while distance > 0 or (right and not pending and _deletes(right[-1])):
            c = right.pop()
            size = len(c) if type(c) is str else c
            if size <= distance:
                left.append(c)
                distance -= size if size > 0 else 0
            elif type(c) is str:
                left.append(c[:distance])
                right.append(c[distance:])
                self._allowance -= size // _PIECE
                break
            else:
                left.append(distance)
                right.append(c - distance)
                break
        while distance < 0 or (left and pending and _deletes(left[-1])):
            c = left.pop()
            size = len(c) if type(c) is str else c
            if size <= -distance:
                right.append(c)
                distance += size if size > 0 else 0
            elif type(c) is str:
                left.append(c[:distance])
                right.append(c[distance:])
                self._allowance -= size // _PIECE
                break
            else:
                left.append(c + distance)
                right.append(-distance)
                break
        self._allowance -= abs(len(left) - width)

    def _take(self, count: int) -> int:
        """Delete right of the cursor. Returns how much of the base text this deletes."""
        right = self._right
        self._length -= count
        gone = 0
        while count or (not self._pending and right and _deletes(right[-1])):
            c = right.pop()
            size = _size(c)
            if size > count:
                right.append(c[count:] if type(c) is str else size - count)
                size = count
            if type(c) is int:
                gone += size if c > 0 else -c
            count -= size
        return gone


def _size(component: Any) -> int:
    """Return the length of a component in the text after the edits."""
    return len(component) if type(component) is str else max(component, 0)


def _deletes(component: Any) -> bool:
    return type(component) is int and component < 0


def _alike(a: Any, b: Any) -> bool:
    return type(a) is type(b) and (type(a) is str or (a > 0) == (b > 0))


def _push(out: list[Any], component: Any) -> None:
    """Add a component at the end of those left of the cursor."""
    if out and component and _alike(out[-1], component):
        out[-1] += component
    elif component:
        out.append(component)


def _push_back(out: list[Any], component: Any) -> None:
    """Add a component at the start of those right of the cursor."""
    if out and component and _alike(out[-1], component):
        out[-1] = component + out[-1]
    elif component:
        out.append(component)


def compose_all(operations: Iterable[Operation], *, pending: bool = False) -> Operation:
    """Compose operations that follow one another. `pending` is as in Batch.

    Raises OperationError if there is none, or if one does not follow the one before.
    """
    given = listed(operations, "operations")
    if not given:
        raise OperationError("there is nothing to compose")
    check_operation(given[0])
    batch = Batch(given[0].base_length, pending=pending)
    batch.add_all(given)
    return batch.operation()


def compose_patches(length: int, patches: Iterable[Patch], *, pending: bool = False) -> Operation:
    """Compose patches that follow one another on a text of `length` to one operation.

    Raises OperationError if one reaches beyond the text that it edits, or is malformed.
    """
    batch = Batch(length, pending=pending)
    given = listed(patches, "patches")
    try:
        batch._replace_all(given)  # noqa: SLF001
    except ValueError:
        complain(given, length)
        raise
    return batch.operation()


def join_runs(patches: Iterable[Patch]) -> list[Patch]:
    """Join each run of typing or of deleting into one patch. Returns the patches.

    Raises OperationError if one is no patch.
    """
    given = listed(patches, "patches")
    joined: list[Patch] = []
    typed: list[str] = []
    start = end = gone = 0  # the gathered run: `typed`, or else `gone` code points deleted
    try:
        for patch in given:
            if type(patch) is not tuple and not isinstance(patch, tuple | list):
                raise OperationError
            position, deleted, inserted = patch
            if (
                type(position) is not int
                or type(deleted) is not int
                or type(inserted) is not str
                or not (inserted.isascii() or is_well_formed(inserted))
            ):
                raise OperationError
            if position == end and not deleted and not gone:
                typed.append(inserted)
                end += len(inserted)
            elif typed and position + deleted == end and deleted == len(typed[-1]) and not inserted:
                typed.pop()
                end = position
            elif not 0 <= position <= position + deleted <= 2**63:
                raise OperationError
            elif not typed and not inserted and position <= end <= position + deleted:
                start = end = position
                gone += deleted
            else:
                if typed or gone:
                    joined.append((start, gone, "".join(typed)))
                typed = [inserted] if inserted else []
                start, gone = position, deleted
                end = position + len(inserted)
    except ValueError:
        complain(given, None)
        raise
    if typed or gone:
        joined.append((start, gone, "".join(typed)))
    return joined
