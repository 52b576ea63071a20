"""Edits around a cursor: what `Batch` and `Document` do alike."""

from __future__ import annotations

from collections.abc import Iterable

from ot.errors import Patch


class Typed:
    """Gathers what is typed left of a cursor. An edit elsewhere, or of more, is a jump."""

    _cursor: int
    """Right of what is typed."""
    _typed: list[str]
    """The pieces of text that are inserted left of the cursor."""

    def _replace_all(self, patches: Iterable[Patch]) -> None:
        """Do `replace_all` with patches that are known to fit."""
        typed = self._typed
        cursor = self._cursor
        for position, deleted, inserted in patches:
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
        """Do an edit that does not go on where the last one ended; leave the cursor behind it."""
        raise NotImplementedError
