"""Where carets go when the text under them changes."""

from __future__ import annotations

from collections.abc import Iterable

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


def carry_caret(caret: Caret, entries: Iterable[Entry]) -> Caret:
    """A caret past the entries that follow its revision, staying left of their insertions.

    Raises OperationError when it lies beyond the end of the text.
    """
    selections = caret.selections
    revision = caret.revision
    for entry in entries:
        revision = entry.revision
        if isinstance(entry.change, Edit) and entry.change.file == caret.file:
            edit = entry.change.operation
            selections = [(edit.map(anchor), edit.map(head)) for anchor, head in selections]
    return Caret(caret.file, revision, selections)
