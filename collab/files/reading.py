"""Finds files by their paths."""

from __future__ import annotations

from collab.files.errors import no_file
from collab.room.state import State

_BLAME = "blame"


def find_node(state: State, path: str) -> str | None:
    """The id of the file or folder at a path, in whatever case and normal form; None if there is
    none."""
    return state.tree.find(path.strip("/"))


def seek_file(state: State, path: str) -> str | None:
    """The id of the text or asset at a path; None if there is none."""
    node = find_node(state, path)
    return None if node is None or state.tree[node].is_folder else node


def find_blamed(state: State, path: str) -> str:
    """The id of the text whose authors a path asks for: its own path, and `/blame` behind it.

    Raises NotFoundException.
    """
    of, _, what = path.strip("/").rpartition("/")
    node = seek_file(state, of) if what == _BLAME else None
    if node is None or node not in state.files:
        raise no_file(path.strip("/"))
    return node
