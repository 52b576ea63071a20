"""Finds a place for a node in the tree of a draft.

When two people change the tree at once, neither makes the other's change fail: a name that is taken
becomes the first free one, and a folder that was removed meanwhile is replaced by the nearest
living folder above it. A change is refused only for a limit, for a name that no desktop can store,
or for a folder that would be in itself, and only if committed state has that problem, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias
from unicodedata import normalize

from msgspec import Struct

from collab.errors import Refusal
from collab.room.draft import Draft
from collab.room.kinds.kind import WAIT, Waits
from collab.room.names import spare_name, wrong_name
from collab.room.state import Limits
from collab.room.tree import Tree

No: TypeAlias = Refusal | Literal[Waits.WAIT]


class Spot(Struct, frozen=True):
    """The folder and the name that a node gets."""

    parent: str
    name: str


def unknown_node(draft: Draft, node: str) -> Refusal | None:
    """Refuse a change to a node that is not in the room; None if the node is there."""
    if draft.tree.get(node):
        return None
    return Refusal("unknown_file", f"There is no file or folder {node} in this room.")


def new_node(draft: Draft, node: str) -> No | None:
    """Say why the room cannot have a new node of this id; None if it can."""

    def problem(tree: Tree) -> Refusal | None:
        if tree.get(node):
            words = f"There is a file or folder {node} in this room already."
            return Refusal("file_exists", words)
        if len(tree) >= (most := draft.limits.files):
            words = f"The room has {len(tree)} files and folders; the limit is {most}."
            return Refusal("too_many_files", words)
        return None

    return _unless(draft, problem)


def room_for(draft: Draft, size: int) -> No | None:
    """Say why the room cannot grow by `size`; None if it can."""
    before, most = draft.state.size, draft.limits.room
    if size <= 0 or before + draft.grown + size <= most:
        return None
    refusal = Refusal(
        "room_too_large", f"The room would have {before + size} characters; the limit is {most}."
    )
    return refusal if before + size > most else _wait(draft, refusal)


def find_spot(draft: Draft, node: str, parent: str, name: str, *, stays: bool = False) -> Spot | No:
    """Find the folder and the name for a node that somebody wants at `name` in `parent`.

    With `stays`, the node stays in its parent, even if that is removed.
    """
    limits = draft.limits
    if len(name) <= limits.name:
        name = normalize("NFC", name)
    if words := wrong_name(name, limits.name):
        return Refusal("bad_name", words)

    def spot_in(tree: Tree) -> Spot:
        home = parent if stays else tree.home(parent)

        def is_taken(name: str) -> bool:
            return tree.holder(home, name) not in {None, node}

        return Spot(home, spare_name(name, is_taken, limits.name))

    def problem(tree: Tree) -> Refusal | None:
        return _misfit(tree, node, spot_in(tree), limits)

    return _unless(draft, problem) or spot_in(draft.tree)


def _misfit(tree: Tree, node: str, spot: Spot, limits: Limits) -> Refusal | None:
    above = tree.above(spot.parent)
    if node in above:
        return Refusal("into_itself", "A folder cannot be moved into itself.")
    levels, longest = tree.extent(node)
    if len(above) + 1 + levels > limits.depth:
        return Refusal("too_deep", f"Folders may be {limits.depth} levels deep.")
    name = len(spot.name.encode())
    path = len(tree.path(spot.parent).encode()) + name + bool(above) + longest
    if path > limits.path:
        words = f"The path would have {path} bytes; the limit is {limits.path}."
        return Refusal("path_too_long", words)
    return None


def _unless(draft: Draft, problem: Callable[[Tree], Refusal | None]) -> No | None:
    found = problem(draft.tree)
    if found is None:
        return None
    return problem(draft.state.tree) or _wait(draft, found)


def _wait(draft: Draft, reason: Refusal) -> Literal[Waits.WAIT]:
    draft.reason = reason
    return WAIT
