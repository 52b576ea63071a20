"""Follows the tree of a room without its texts, and what its changes do to texts."""

from __future__ import annotations

from collections.abc import Iterator

from collab.changes.run import Run
from collab.changes.version import NameVersion
from collab.protocol import AddFile, Change, Edit, FileId, Many
from collab.room.kinds import KINDS
from collab.room.state import State
from ot import Operation


def operations(change: Change) -> Iterator[tuple[FileId, Operation]]:
    """Yield what a change does to texts. A file begins as an empty text."""
    if type(change) is Edit:
        yield change.file, change.operation
    elif isinstance(change, AddFile):
        yield change.file, Operation([change.text])
    elif isinstance(change, Many):
        for part in change.changes:
            yield from operations(part)


def is_of_tree(change: Change) -> bool:
    """Tell whether a change is about the tree or a fact of the room, not about texts alone."""
    if isinstance(change, Many):
        return any(map(is_of_tree, change.changes))
    return not isinstance(change, Edit | NameVersion | Run)


def grow(outline: State, change: Change) -> bool:
    """Apply a change to a tree without texts. Returns whether it was about the tree."""
    if isinstance(change, Many):
        grown = [grow(outline, part) for part in change.changes]
        return any(grown)
    if not is_of_tree(change):
        return False
    if isinstance(change, AddFile):
        change = AddFile(change.file, change.name, change.language, "", change.parent)
    KINDS[type(change)].apply(outline, change)
    return True
