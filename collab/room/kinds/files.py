"""Questions about files that several kinds of change ask, and their refusals."""

from __future__ import annotations

from collab.errors import Refusal
from collab.protocol import FileId
from collab.room.draft import Draft


def is_text(draft: Draft, file: FileId) -> bool:
    """Tell whether a file with a text has this id, removed or not."""
    place = draft.tree.get(file)
    return place is not None and not place.is_folder and draft.asset(file) is None


def unknown_file(file: FileId) -> Refusal:
    """Make the refusal of a change to a file that is not in the room."""
    return Refusal("unknown_file", f"There is no file {file} in this room.")
