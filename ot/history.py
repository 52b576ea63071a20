"""The log of one text. It carries operations past any stretch of revisions.

It composes blocks of revisions and keeps them. The length of a block is a power of two, and the
block starts at a multiple of its length, so n revisions are O(log n) blocks. An operation that is
carried past a block becomes the same as if it is carried past the block's entries one by one. A
block of 2**7 revisions is made when the last of them is appended, others when they are needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ot.batch import compose_all
from ot.errors import OperationError, check_text, listed, name_of
from ot.operation import Bias, Operation, check_bias, check_operation
from ot.transforming import rebase

_FEW = 8
"""Up to this many revisions, going one by one costs less than looking for blocks."""
_SHORT = 8
"""An operation of up to this many components is carried past one block after the other."""
_LEAF = 7
"""A block of 2**7 revisions is composed from its operations, a longer one from its halves."""


class History:
    """The committed operations of one text, revision by revision.

    `text` is the text at `revision`, where the history begins, or None if no texts are needed. The
    history can be made longer at both ends. One thread may change it while others read what is in
    it; one that reads what is forgotten meanwhile gets an OperationError.
    """

    def __init__(self, text: str | None = "", revision: int = 0) -> None:
        """Raises OperationError if `text` is no text or `revision` is no revision."""
        if text is not None:
            check_text(text, "the text")
        if type(revision) is not int:
            raise OperationError(f"a revision is an int, not a {name_of(revision)}")
        self._text = text
        self._anchor = revision
        self._since: tuple[int, list[Operation]] = (revision, [])
        """The oldest revision, and the operations since. The list only ever grows at its end: all
        else is a new tuple, so that a thread never meets a revision and a list of two moments."""
        self._blocks: dict[tuple[int, int], Operation] = {}

    @property
    def oldest(self) -> int:
        """The revision on which the first operation was made."""
        return self._since[0]

    @property
    def revision(self) -> int:
        """The newest revision, which is the head."""
        oldest, operations = self._since
        return oldest + len(operations)

    def append(self, operation: Operation) -> None:
        """Append an operation on the head. Raises OperationError unless it spans the text there."""
        check_operation(operation)
        length = self._length(self.revision)
        if length not in (None, operation.base_length):
            raise OperationError(
                f"the operation spans {operation.base_length} code points, the text has {length}"
            )
        oldest, operations = self._since
        operations.append(operation)
        index, rest = divmod(oldest + len(operations), 1 << _LEAF)
        if rest == 0 and len(operations) >= 1 << _LEAF:
            self._block(_LEAF, index - 1)  # so that whoever asks first need not wait for it

    def submit(self, operation: Operation, revision: int) -> Operation:
        """Append an operation made on an earlier revision. Returns it as it was appended."""
        rebased = self.rebase(operation, revision)
        self.append(rebased)
        return rebased

    def rebase(self, operation: Operation, revision: int) -> Operation:
        """Carry an operation made on a revision to the head.

        The result is exactly that of going one by one. A short operation is carried past one
        block after the other, a longer one past their composition. Raises OperationError if the
        revision is not in the history, or the operation does not span its text.
        """
        check_operation(operation)
        self._check(revision, self.revision)
        blocks = self._between(revision, self.revision)
        if len(operation.components) > _SHORT and self.revision - revision > _FEW:
            blocks = iter([compose_all(blocks)])
        for block in blocks:
            operation = rebase(block, operation)
        return operation

    def map(self, position: int, revision: int, bias: Bias = "left") -> int:
        """Carry a position of the text at a revision to the head.

        With bias "right" it goes one by one, because a composition does not know which insertions
        came to a place that was deleted before. Raises OperationError if the position or the
        revision is out of bounds, and for an unknown bias.
        """
        check_bias(bias)
        self._check(revision, self.revision)
        length = self._length(revision)
        if type(position) is not int or position < 0 or (length is not None and position > length):
            raise OperationError(f"position {position!r:.40} is not in the text at {revision}")
        if bias == "left":
            steps = self._between(revision, self.revision)
        else:
            steps = iter(self._part(revision, self.revision))
        for step in steps:
            position = step.map(position, bias)
        return position

    def since(self, revision: int, until: int | None = None) -> Operation:
        """Return everything from one revision to another, by default the head, as one operation.

        Raises OperationError if a revision is not in the history, or if both are the same and the
        length of the text there is not known.
        """
        until = self.revision if until is None else until
        self._check(revision, until)
        if revision == until and (length := self._length(revision)) is not None:
            return Operation([length])
        return compose_all(self._between(revision, until))

    def text(self, revision: int) -> str:
        """Return the text at a revision. Raises OperationError before the first known text."""
        if self._text is None or type(revision) is not int or revision < self._anchor:
            raise OperationError(f"the text at revision {revision!r:.40} is not known")
        if revision == self._anchor:
            return self._text
        return self.since(self._anchor, revision).apply(self._text)

    def lengthen(self, operations: Iterable[Operation]) -> None:
        """Put operations before the oldest one.

        Raises OperationError, and changes nothing, unless each operation leads to the next, and the
        last one leads to the text of the oldest revision.
        """
        older = listed(operations, "operations")
        for operation in older:
            check_operation(operation)
        following = [operation.base_length for operation in older[1:]]
        if (length := self._length(self.oldest)) is not None:
            following.append(length)
        for index, (operation, base) in enumerate(zip(older, following, strict=False)):
            if operation.target_length != base:
                raise OperationError(
                    f"operation {index} leaves {operation.target_length} code points, "
                    f"what follows spans {base}"
                )
        oldest, operations = self._since
        self._since = oldest - len(older), older + operations

    def warm(self, revision: int) -> None:
        """Compose beforehand the blocks that lead from a revision to the head.

        Raises OperationError if the revision is not in the history.
        """
        self._check(revision, self.revision)
        for _block in self._between(revision, self.revision):
            pass

    def forget(self, revision: int) -> None:
        """Drop everything before a revision. If the text there can be made, it is kept.

        Raises OperationError if the revision is not in the history.
        """
        self._check(revision, self.revision)
        if self._text is not None and self._anchor < revision:
            self._text, self._anchor = self.text(revision), revision
        oldest, operations = self._since
        self._since = revision, operations[revision - oldest :]
        self._blocks = {
            (level, index): block
            for (level, index), block in [*self._blocks.items()]  # a thread may add one meanwhile
            if index << level >= revision
        }

    def _length(self, revision: int) -> int | None:
        """Return the length of the text at a revision of the history; None if it is unknown."""
        oldest, operations = self._since
        if revision > oldest:
            return operations[revision - oldest - 1].target_length
        if operations:
            return operations[0].base_length
        return None if self._text is None else len(self._text)

    def _check(self, start: int, end: int) -> None:
        if (
            type(start) is not int
            or type(end) is not int
            or not self.oldest <= start <= end <= self.revision
        ):
            raise OperationError(
                f"revisions {start!r:.40} … {end!r:.40} are not within "
                f"{self.oldest} … {self.revision}"
            )

    def _between(self, start: int, end: int) -> Iterator[Operation]:
        """Yield a few operations that follow one another and lead from one revision to another."""
        if end - start <= _FEW:
            yield from self._part(start, end)
            return
        while start < end:
            level = (end - start).bit_length() - 1
            if start:
                level = min(level, (start & -start).bit_length() - 1)
            yield self._block(level, start >> level)
            start += 1 << level

    def _block(self, level: int, index: int) -> Operation:
        """Return 2**level revisions from index * 2**level on as one operation."""
        if level == 0:
            return self._part(index, index + 1)[0]
        blocks = self._blocks
        block = blocks.get((level, index))
        if block is None:
            if level <= _LEAF:
                start = index << level
                block = compose_all(self._part(start, start + (1 << level)))
            else:
                first = self._block(level - 1, 2 * index)
                block = first.compose(self._block(level - 1, 2 * index + 1))
            blocks[level, index] = block
        return block

    def _part(self, start: int, end: int) -> list[Operation]:
        """Return the operations that lead from one revision to another."""
        oldest, operations = self._since
        if start < oldest:
            raise OperationError(f"revision {start} is forgotten")
        return operations[start - oldest : end - oldest]
