"""The fold: brings a room's state forward by one entry of its log."""

from __future__ import annotations

from collab.protocol import FileId
from collab.room.kinds import KINDS
from collab.room.state import Entry, State


def fold(state: State, entry: Entry) -> tuple[FileId, ...]:
    """Bring a state forward by the next entry. Returns the files whose texts changed."""
    assert entry.revision == state.revision + 1, (entry.revision, state.revision)
    change = entry.change
    changed = KINDS[type(change)].apply(state, change)
    state.revision = entry.revision
    state.updated_at = int(entry.created_at.timestamp() * 1000)
    return changed
