"""Where an edit leaves its author's caret."""

from __future__ import annotations

from collab.protocol import Caret, Edit
from collab.room.state import Entry


def after_edit(entry: Entry) -> Caret | None:
    """Where an edit leaves its author: the end of its last insertion, or its last deletion.

    None if it says nothing of that.
    """
    if not isinstance(entry.change, Edit):
        return None
    caret = None
    position = 0
    for component in entry.change.operation.components:
        if isinstance(component, str):
            position += len(component)
            caret = position
        elif component < 0:
            caret = position
        else:
            position += component
    if caret is None:
        return None
    return Caret(entry.change.file, entry.revision, [(caret, caret)])
