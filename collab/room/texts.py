"""The text of a file in a room: whole in memory, or only its length and the edits since.

A room judges changes by lengths alone. So a text that nobody looks at stays in the log, beside the
latest snapshot, and the room holds the edits since. `supplying` loads it again.
"""

from __future__ import annotations

from msgspec import Struct

from ot import Document, Operation, OperationError


class KeptText(Struct, frozen=True):
    """A text that the log keeps beside a snapshot, and the hash that names it."""

    hash: str
    text: str


class Absent(LookupError):
    """Raised when a text is needed that is not in memory."""


class Text:
    """A text that grows by committed edits. `len` always works; `str` where the text `is_here`.

    `kept` is the hash of the version that the log keeps, None where it keeps no such version. The
    edits since that version are in the text when it is here, and wait for it when it is not.
    """

    __slots__ = ("_checksum", "_document", "_edits", "_length", "kept")

    def __init__(
        self,
        text: str | None,
        *,
        length: int = 0,
        checksum: int | None = None,
        kept: str | None = None,
    ) -> None:
        """Make a text. Without `text`, it is absent and the log keeps a version of it."""
        self.kept = kept
        self._document = None if text is None else Document(text)
        self._length = length if text is None else len(text)
        self._checksum = checksum
        self._edits: list[Operation] | None = None

    def __len__(self) -> int:
        """The length of the text in code points."""
        return self._length

    def __str__(self) -> str:
        """The whole text. Raises Absent."""
        if self._document is None:
            raise Absent("the text is not in memory")
        return str(self._document)

    @property
    def is_here(self) -> bool:
        """True if the whole text is in memory."""
        return self._document is not None

    @property
    def is_summed(self) -> bool:
        """True if `checksum` is known without the text, or the text is here."""
        return self._document is not None or self._checksum is not None

    @property
    def is_kept(self) -> bool:
        """True if the log keeps the text as it is now."""
        return self.kept is not None and not self._edits

    @property
    def checksum(self) -> int:
        """The checksum of the text as it is now. Raises Absent unless it `is_summed`."""
        if self._checksum is None:
            if self._document is None:
                raise Absent("the text is not in memory")
            self._checksum = self._document.checksum()
        return self._checksum

    def edit(self, operation: Operation) -> None:
        """Apply a committed edit. Raises OperationError unless it spans the text."""
        if self._document is not None:
            self._document.apply(operation)
            self.kept = None
        elif operation.base_length != self._length:
            words = f"the operation spans {operation.base_length} code points"
            raise OperationError(f"{words}, the text has {self._length}")
        elif self._edits is None:
            self._edits = [operation]
        else:
            self._edits.append(operation)
        self._length = operation.target_length
        self._checksum = None

    def supply(self, kept: KeptText) -> None:
        """Load the text into memory, if this is the version on which the edits here are based."""
        if self._document is not None or kept.hash != self.kept:
            return
        self._document = Document(kept.text)
        for operation in self._edits or ():
            self._document.apply(operation)
            self.kept = None
        self._edits = None

    def keep(self, kept: KeptText) -> None:
        """Note that the log keeps this version, if it is the text as it is now."""
        if self._document is not None and self.kept is None and str(self._document) == kept.text:
            self.kept = kept.hash

    def release(self) -> None:
        """Drop the text from memory, if the log keeps it as it is now."""
        if self._document is not None and self.kept is not None:
            self._checksum = self.checksum
            self._document = None
