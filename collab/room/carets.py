"""Finds the caret of an author after an entry."""

from __future__ import annotations

from collab.protocol import Caret
from collab.room.kinds import KINDS
from collab.room.state import Entry


def after(entry: Entry) -> Caret | None:
    """Return the caret of an entry's author after it; None if the entry does not move it."""
    return KINDS[type(entry.change)].caret(entry)
