"""Refusals that kinds about one file share."""

from __future__ import annotations

from collab.errors import Refusal
from collab.protocol import FileId


def unknown_file(file: FileId) -> Refusal:
    """The refusal of a change of a file that is not in the room."""
    return Refusal("unknown_file", f"There is no file {file} in this room.")
