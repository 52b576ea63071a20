"""Drafts the changes that put files at paths, with the folders that are missing on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from collab.changes.tree import AddAsset, AddFolder
from collab.protocol import AddFile, Language, Single
from collab.room.names import key_of
from collab.room.state import State
from collab.room.tree import ROOT, Tree

_SIZE = 1024 * 1024
"""Code points after which a batch ends."""
_PARTS = 500
"""Nodes in a batch."""


class Copied(Struct, frozen=True):
    """A node to copy, and the id, parent and name of the copy."""

    node: str
    id: str
    parent: str
    name: str

    def change(self, state: State) -> Single:
        """Return the change that adds the copy. The text of the node must be in memory."""
        if file := state.files.get(self.node):
            return AddFile(self.id, self.name, file.chosen, str(file.text), self.parent)
        if asset := state.assets.get(self.node):
            return AddAsset(self.id, self.parent, self.name, asset.blob, asset.size)
        return AddFolder(self.id, self.parent, self.name)


def copies(state: State, first: Copied, new_id: Callable[[], str]) -> Iterator[list[Copied]]:
    """List the nodes at and below `first`, each folder before its contents.

    The nodes come in batches, so that no entry of the log, and no message to people in the room, is
    larger than one that a person can cause.
    """
    batch: list[Copied] = []
    size = 0
    waiting = [first]
    while waiting:
        one = waiting.pop()
        batch.append(one)
        if file := state.files.get(one.node):
            size += len(file.text)
        waiting += [
            Copied(child, new_id(), one.id, state.tree[child].name)
            for child in state.tree.children(one.node)
        ]
        if size >= _SIZE or len(batch) >= _PARTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Builder:
    """Collects changes that add files and folders. `new_id` makes an id that no node has."""

    def __init__(self, tree: Tree, new_id: Callable[[], str]) -> None:
        self._tree = tree
        self._new_id = new_id
        self._made: dict[tuple[str, str], str] = {}
        """The folders that this builder adds, by their parent and the key of their name."""
        self._parts: list[Single] = []

    def take(self) -> list[Single]:
        """Return the changes collected since the last call."""
        parts, self._parts = self._parts, []
        return parts

    def add(self, change: Single) -> None:
        self._parts.append(change)

    def folder(self, names: Sequence[str]) -> str:
        """Return the id of the folder at a path. Adds the folders that are missing."""
        parent = ROOT
        for name in names:
            parent = self._found(parent, name) or self._new_folder(parent, name)
        return parent

    def text(
        self, names: Sequence[str], text: str, id_: str, language: Language | None = None
    ) -> None:
        """Add a file with a text."""
        parent = self.folder(names[:-1])
        self.add(AddFile(id_, names[-1], language, text, parent))

    def asset(self, names: Sequence[str], blob: str, size: int, id_: str) -> None:
        """Add an asset, whose bytes are kept already."""
        parent = self.folder(names[:-1])
        self.add(AddAsset(id_, parent, names[-1], blob, size))

    def _found(self, parent: str, name: str) -> str | None:
        if made := self._made.get((parent, key_of(name))):
            return made
        found = self._tree.holder(parent, name)
        return found if found and self._tree[found].is_folder else None

    def _new_folder(self, parent: str, name: str) -> str:
        id_ = self._made[parent, key_of(name)] = self._new_id()
        self.add(AddFolder(id_, parent, name))
        return id_
