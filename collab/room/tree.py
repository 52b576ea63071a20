"""The tree of a room: the place of each node, and which node has which name in a folder.

Folders are nodes, so moving a folder is one small change. A node is *removed* when it was removed
itself, and *living* when neither it nor a folder above it is removed. The contents of a removed
folder keep their place in it, and come back with it.

Kinds ask this tree to place a change; the fold only puts nodes where entries say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from collab.room.names import key_of

ROOT = ""


class Place(Struct, frozen=True):
    """The place of a node. Only folders have nodes in them."""

    parent: str
    name: str
    is_folder: bool
    removed: bool = False


class Tree:
    """The places of all nodes, removed ones too.

    With a `base`, nodes that are put here hide those of the base, which stays as it is.
    """

    def __init__(self, base: Tree | None = None) -> None:
        self._base = base
        self._places: dict[str, Place] = {}
        self._holders: dict[tuple[str, str], str | None] = {}
        """For each folder and key of a name, the node with that name that is not removed itself."""
        self._children: dict[str, dict[str, None]] = {}
        """For each folder, the nodes that were put there; some of them may have left it."""
        self._added = 0

    def __len__(self) -> int:
        """The number of nodes, removed ones too."""
        return self._added + (len(self._base) if self._base else 0)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the nodes, in the order in which they were added."""
        yield from self._base or ()
        for node in self._places:
            if self._base is None or self._base.get(node) is None:
                yield node

    def get(self, node: str) -> Place | None:
        found = self._places.get(node)
        return found or (self._base.get(node) if self._base else None)

    def __getitem__(self, node: str) -> Place:
        place = self.get(node)
        if place is None:
            raise KeyError(node)
        return place

    def places(self) -> Mapping[str, Place]:
        """Return the place of each node, in the order in which they were added."""
        return {**self._base.places(), **self._places} if self._base else self._places

    def put(self, node: str, place: Place) -> None:
        """Put a node at a place."""
        before = self.get(node)
        if before is None:
            self._added += 1
        elif not before.removed and self.holder(before.parent, before.name) == node:
            self._holders[before.parent, key_of(before.name)] = None
        self._places[node] = place
        if not place.removed:
            self._holders[place.parent, key_of(place.name)] = node
        self._children.setdefault(place.parent, {})[node] = None
        if before is not None and before.parent != place.parent:
            self._children.get(before.parent, {}).pop(node, None)

    def move(self, node: str, parent: str, name: str) -> None:
        self.put(node, replace(self[node], parent=parent, name=name))

    def flag(self, node: str, *, removed: bool) -> None:
        self.put(node, replace(self[node], removed=removed))

    def copy(self) -> Tree:
        """Copy the tree. The copy changes independently of this one."""
        tree = Tree()
        for node in self:
            tree.put(node, self[node])
        return tree

    # What is where

    def holder(self, parent: str, name: str) -> str | None:
        """Return the node of a folder with this name, or with one that some desktop takes for the
        same."""
        key = (parent, key_of(name))
        if key in self._holders or self._base is None:
            return self._holders.get(key)
        return self._base.holder(parent, name)

    def children(self, parent: str) -> list[str]:
        """List the nodes of a folder that are not removed themselves."""
        found = dict.fromkeys(self._base.children(parent) if self._base else ())
        found.update(self._children.get(parent, {}))
        places = ((node, self[node]) for node in found)
        return [node for node, place in places if place.parent == parent and not place.removed]

    def above(self, node: str) -> list[str]:
        """List a node and the folders above it, without the root."""
        chain: list[str] = []
        while node != ROOT and (place := self.get(node)):
            assert node not in chain, f"the folder {node} is in itself"
            chain.append(node)
            node = place.parent
        return chain

    def is_living(self, node: str) -> bool:
        return not any(self[one].removed for one in self.above(node))

    def path(self, node: str) -> str:
        """Return the path of a node, removed or not."""
        return "/".join(self[one].name for one in reversed(self.above(node)))

    def find(self, path: str) -> str | None:
        """Return the living node at a path. The path's case and normal form do not matter."""
        node = ROOT
        for name in path.split("/"):
            found = self.holder(node, name)
            if found is None:
                return None
            node = found
        return node

    def home(self, parent: str) -> str:
        """Return the nearest living folder at or above a node; the root for an unknown node."""
        home = parent
        for node in self.above(parent):
            place = self[node]
            if place.removed or not place.is_folder:
                home = place.parent
        return home if self.get(home) else ROOT

    def extent(self, node: str) -> tuple[int, int]:
        """Return the levels of nodes below a node, and the bytes of the longest path below it."""
        levels, longest = 0, 0
        rows = [(child, 1, 0) for child in self.children(node)]
        while rows:
            child, depth, before = rows.pop()
            assert depth <= len(self), f"the folder {child} is in itself"
            length = before + 1 + len(self[child].name.encode())
            levels, longest = max(levels, depth), max(longest, length)
            rows += [(below, depth + 1, length) for below in self.children(child)]
        return levels, longest
