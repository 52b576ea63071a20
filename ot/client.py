"""The client's side of the protocol, for one text.

At most one operation is in flight. Edits made meanwhile join one waiting operation. So the client
is in one of three states: synchronised (neither), awaiting (one in flight), and awaiting with a
buffer (both). After D. Wang and A. Mah, "Apache Wave Operational Transformation" (2010).
"""

from __future__ import annotations

from ot.batch import Batch
from ot.errors import OperationError, check_count, check_text
from ot.operation import Operation, check_operation
from ot.transforming import transform


class Client:
    """One person's view of a text whose revisions a server decides.

    `edit`, `acknowledged` and `refused` return the operation to send next, based on `revision`, or
    None if there is nothing to send. `receive` and `refused` return the operation that changes the
    visible text.
    """

    def __init__(self, text: str, revision: int = 0) -> None:
        """Raises OperationError if `text` is no text or `revision` is no revision."""
        check_text(text, "the text")
        check_count(revision, "the revision")
        self.committed = text
        self.revision = revision
        self.in_flight: Operation | None = None
        self._buffer: Batch | None = None

    @property
    def waiting(self) -> Operation | None:
        """The edits since the operation in flight, as one operation."""
        return None if self._buffer is None else self._buffer.operation()

    @property
    def text(self) -> str:
        """The text that the person sees: the committed text with their own pending edits."""
        text = self.committed
        for operation in (self.in_flight, self.waiting):
            if operation is not None:
                text = operation.apply(text)
        return text

    def edit(self, operation: Operation) -> Operation | None:
        """Take a local edit of `text`. Raises OperationError unless it spans that text."""
        check_operation(operation)
        if self.in_flight is None:
            self._expect(operation, len(self.committed))
            self.in_flight = operation
            return operation
        buffer = self._buffer or Batch(self.in_flight.target_length, pending=True)
        buffer.add(operation)
        self._buffer = buffer
        return None

    def receive(self, operation: Operation, count: int = 1) -> Operation:
        """Take somebody else's committed operation, the next one. Returns it as an edit of `text`.

        It may be the next `count` revisions, composed by `compose`.
        Raises OperationError unless it spans the committed text.
        """
        check_operation(operation)
        check_count(count, "the number of revisions", 1)
        self.committed = operation.apply(self.committed)
        self.revision += count
        if self.in_flight is not None:
            operation, self.in_flight = transform(operation, self.in_flight)
        return self._past_waiting(operation)

    def acknowledged(self) -> Operation | None:
        """Note that the next committed operation is the one in flight."""
        if self.in_flight is None:
            raise OperationError(f"nothing is in flight at revision {self.revision}")
        self.committed = self.in_flight.apply(self.committed)
        self.revision += 1
        return self._send()

    def refused(self) -> tuple[Operation, Operation | None]:
        """Note that the operation in flight will never be committed.

        Returns (the edit that removes it from `text`, the operation to send next).
        """
        if self.in_flight is None:
            raise OperationError(f"nothing is in flight at revision {self.revision}")
        undo = self._past_waiting(self.in_flight.invert(self.committed))
        return undo, self._send()

    def _send(self) -> Operation | None:
        self.in_flight, self._buffer = self.waiting, None
        return self.in_flight

    def _past_waiting(self, operation: Operation) -> Operation:
        """Carry an operation past the waiting operations, and rebase those."""
        if (waiting := self.waiting) is not None:
            operation, rebased = transform(operation, waiting)
            self._buffer = Batch(rebased.base_length, pending=True)
            self._buffer.add(rebased)
        return operation

    def _expect(self, operation: Operation, length: int) -> None:
        if operation.base_length != length:
            raise OperationError(
                f"the operation spans {operation.base_length} code points, the text has {length}"
            )
