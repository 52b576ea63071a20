"""Drafts the changes that put files at paths, with the folders that are missing on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from collab.changes.tree import AddAsset, AddFolder
from collab.protocol import AddFile, Language, Single
from collab.room.names import key_of
from collab.room.tree import ROOT, Tree


class Builder:
    """Collects changes. `new_id` makes the id of a node that no room has."""

    def __init__(self, tree: Tree, new_id: Callable[[], str]) -> None:
        self._tree = tree
        self._new_id = new_id
        self._made: dict[tuple[str, str], str] = {}
        """The folders that it adds, by their parent and the key of their name."""
        self._parts: list[Single] = []

    def take(self) -> list[Single]:
        """Return the changes since the last time."""
        parts, self._parts = self._parts, []
        return parts

    def add(self, change: Single) -> None:
        self._parts.append(change)

    def folder(self, names: Sequence[str]) -> str:
        """The id of the folder at a path, whose missing folders are added."""
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
        """Add a file of bytes, which are kept already."""
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
