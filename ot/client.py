"""The client's half of the conversation, for one text.

At most one operation is in flight. What is typed meanwhile joins one waiting operation. So the
client is in one of three states: synchronised (neither), awaiting (in flight), and awaiting with
a buffer (both). After D. Wang and A. Mah, "Apache Wave Operational Transformation" (2010).
"""

from __future__ import annotations

from ot.operation import Operation, OperationError, transform


class Client:
    """One person's view of a text whose revisions are decided elsewhere.

    `edit`, `acknowledged` and `refused` give the operation to send next, based on `revision`, or
    None when there is nothing to send. `receive` and `refused` give the operation by which the
    visible text changes.
    """

    def __init__(self, text: str, revision: int = 0) -> None:
        self.committed = text
        self.revision = revision
        self.in_flight: Operation | None = None
        self.waiting: Operation | None = None

    @property
    def text(self) -> str:
        """What the person sees: the committed text with their own pending work on it."""
        text = self.committed
        for operation in (self.in_flight, self.waiting):
            if operation is not None:
                text = operation.apply(text)
        return text

    def edit(self, operation: Operation) -> Operation | None:
        """Take a local edit of `text`."""
        if self.in_flight is None:
            self._expect(operation, len(self.committed))
            self.in_flight = operation
            return operation
        if self.waiting is None:
            self._expect(operation, self.in_flight.target_length)
            self.waiting = operation
        else:
            self.waiting = self.waiting.compose_pending(operation)
        return None

    def receive(self, operation: Operation) -> Operation:
        """Take the next committed operation, somebody else's. Returns it as an edit of `text`."""
        self.committed = operation.apply(self.committed)
        self.revision += 1
        if self.in_flight is not None:
            operation, self.in_flight = transform(operation, self.in_flight)
        if self.waiting is not None:
            operation, self.waiting = transform(operation, self.waiting)
        return operation

    def acknowledged(self) -> Operation | None:
        """The next committed operation is the one in flight."""
        if self.in_flight is None:
            raise OperationError(f"nothing is in flight at revision {self.revision}")
        self.committed = self.in_flight.apply(self.committed)
        self.revision += 1
        self.in_flight, self.waiting = self.waiting, None
        return self.in_flight

    def refused(self) -> tuple[Operation, Operation | None]:
        """The one in flight will never be committed.

        Returns (the edit that takes it out of `text`, the operation to send next).
        """
        if self.in_flight is None:
            raise OperationError(f"nothing is in flight at revision {self.revision}")
        undo = self.in_flight.invert(self.committed)
        if self.waiting is not None:
            undo, self.waiting = transform(undo, self.waiting)
        self.in_flight, self.waiting = self.waiting, None
        return undo, self.in_flight

    def _expect(self, operation: Operation, length: int) -> None:
        if operation.base_length != length:
            raise OperationError(
                f"the operation spans {operation.base_length} code points, the text has {length}"
            )
