"""Edits around a cursor, which `Batch` and `Document` share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ot.errors import OperationError, check_edit, is_well_formed


class Typed:
    """Gathers the text typed left of a cursor. Any other edit is a jump."""

    _cursor: int
    """The position right of the typed pieces."""
    _typed: list[str]
    """The pieces of text that are inserted left of the cursor."""

    def _replace_all(self, patches: Iterable[Any]) -> None:
        """Apply patches, which may be of anything.

        Raises ValueError at one that is malformed or does not fit. What is edited is useless then.
        """
        typed = self._typed
        cursor = self._cursor
        for patch in patches:
            if type(patch) is not tuple and not isinstance(patch, tuple | list):
                raise OperationError
            position, deleted, inserted = patch
            if (
                type(position) is not int
                or type(deleted) is not int
                or type(inserted) is not str
                or not (inserted.isascii() or is_well_formed(inserted))
            ):
                check_edit(position, deleted, inserted, 2**63)
            if position == cursor and not deleted:
                typed.append(inserted)
                cursor += len(inserted)
            elif typed and position + deleted == cursor and deleted == len(typed[-1]):
                typed.pop()
                if inserted:
                    typed.append(inserted)
                cursor = position + len(inserted)
            else:
                self._cursor = cursor
                self._jump(position, deleted, inserted)
                cursor = self._cursor
        self._cursor = cursor

    def _jump(self, position: int, deleted: int, inserted: str) -> None:
        """Do an edit that does not continue at the cursor, and leave the cursor behind it.

        Raises OperationError, and changes nothing, if it reaches beyond the text.
        """
        raise NotImplementedError
