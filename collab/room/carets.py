"""Where an entry leaves its author's caret."""

from __future__ import annotations

from collab.protocol import Caret
from collab.room.kinds import KINDS
from collab.room.state import Entry


def after(entry: Entry) -> Caret | None:
    """Where an entry leaves its author; None if it says nothing of that."""
    return KINDS[type(entry.change)].caret(entry)
