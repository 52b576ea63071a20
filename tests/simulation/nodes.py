"""The tree of a room as the simulator's people see it: the fold once more, so that the two can be
compared, and the rules that it must keep, said again in other words."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, TypeAlias, TypeVar
from unicodedata import normalize

from msgspec import UNSET
from msgspec.structs import replace

from collab.changes.name import SetName
from collab.changes.program import SetProgram
from collab.changes.run import Run
from collab.changes.tree import AddAsset, AddFolder, Move, PutAsset, Remove, Restore
from collab.changes.version import NameVersion
from collab.protocol import AddFile, Asset, Change, Edit, File, Folder, Many, SetLanguage, Single
from collab.room.state import Limits

Node: TypeAlias = File | Folder | Asset
Nodes: TypeAlias = Mapping[str, Node]
N = TypeVar("N", bound=Node)
NAMES = ["a.py", "A.py", "b.py", "é.txt", "e\u0301.txt", "lib", "Lib", "src", "a_2.py", ".env"]
"""Some of them are one name to a desktop."""


def parts_of(change: Change) -> list[Single]:
    if isinstance(change, Run | NameVersion):
        return []  # the room stays as it is
    return change.changes if isinstance(change, Many) else [change]


def fact_of(change: Change) -> dict[str, Any]:
    """The fact of the room that a change sets, by name."""
    match change:
        case SetName(name):
            return {"name": name}
        case SetProgram(program):
            return {"program": program}
    return {}


def after(nodes: Nodes, change: Change) -> Nodes:
    """The nodes after a change. What it does to a node that is not there is left out."""
    for part in parts_of(change):
        nodes = _after(nodes, part)
    return nodes


def _after(nodes: Nodes, change: Single) -> Nodes:
    node: Node | None
    match change:
        case SetName() | SetProgram():
            return nodes
        case AddFile(id_, name, language, text, parent):
            by_name = name.endswith({"python": ".py"}.get(language or "", "?"))
            node = File(id_, name, text, None if by_name else language, parent)
        case AddFolder(id_, parent, name):
            node = Folder(id_, name, parent)
        case AddAsset(id_, parent, name, blob, size):
            node = Asset(id_, name, blob, size, parent)
        case Edit(id_, operation):
            node = nodes.get(id_)
            # A client that does not hold the file passes over its edits.
            if isinstance(node, File) and node.text is not UNSET:
                node = replace(node, text=operation.apply(node.text))
        case SetLanguage(id_, language):
            node = with_(nodes.get(id_), language=language)
        case PutAsset(id_, blob, size):
            node = with_(nodes.get(id_), blob=blob, size=size)
        case Move(id_, parent, name):
            node = with_(nodes.get(id_), parent=parent, name=name)
        case Remove(id_):
            node = with_(nodes.get(id_), removed=True)
        case Restore(id_, parent, name):
            node = with_(nodes.get(id_), parent=parent, name=name, removed=False)
    return {**nodes, node.id: node} if node else nodes


def with_(node: N | None, **fields: object) -> N | None:
    return replace(node, **fields) if node else None


def chain(nodes: Nodes, id_: str) -> list[Node]:
    """A node and the folders above it."""
    found: list[Node] = []
    while id_:
        assert id_ in nodes, "a node is nowhere"
        node = nodes[id_]
        assert node not in found, "a folder is in itself"
        found.append(node)
        id_ = node.parent
    return found


def is_living(nodes: Nodes, id_: str) -> bool:
    return not any(node.removed for node in chain(nodes, id_))


def files_of(nodes: Nodes) -> list[File]:
    return [node for node in nodes.values() if isinstance(node, File)]


def text_of(file: Node) -> str:
    assert isinstance(file, File)
    assert file.text is not UNSET, "the file is not held"
    return file.text


def is_held(node: Node | None) -> bool:
    return isinstance(node, File) and node.text is not UNSET


def with_text(node: Node, text: str) -> Node:
    assert isinstance(node, File)
    return replace(node, text=text)


def without_text(node: Node) -> Node:
    return replace(node, text=UNSET) if isinstance(node, File) else node


def check_tree(nodes: Nodes, limits: Limits) -> None:
    """Every node is somewhere, and no desktop would take two of a folder for one."""
    names: set[tuple[str, str]] = set()
    for node in nodes.values():
        above = chain(nodes, node.id)
        assert all(isinstance(folder, Folder) for folder in above[1:]), "a node in no folder"
        if is_living(nodes, node.id):
            assert len(above) <= limits.depth, "a node is too deep"
            path = "/".join(one.name for one in above).encode()
            assert len(path) <= limits.path, "a path is too long"
        if not node.removed:
            name = (node.parent, normalize("NFC", node.name).casefold())
            assert name not in names, "two nodes have one name"
            names.add(name)


def check_placed(before: Nodes, change: Change) -> None:
    """Check that the changes of an entry to the tree were allowed when it was committed."""
    nodes = before
    for part in parts_of(change):
        match part:
            case AddFile(parent=parent) | AddFolder(parent=parent) | AddAsset(parent=parent):
                assert not parent or is_living(nodes, parent), "a new node is in a removed folder"
            case Move(id_, parent):
                stays = nodes[id_].parent == parent
                assert stays or not parent or is_living(nodes, parent), "moved out of sight"
            case Restore(id_):
                assert is_living(after(nodes, part), id_), "a restored node is not living"
        nodes = after(nodes, part)


def may_refuse(nodes: Nodes, change: Change, code: str, most_files: int) -> bool:
    """Tell whether the committed nodes are a reason to refuse a change with this code."""
    if isinstance(change, Many):
        return True  # its parts may stand in one another's way
    match change, code:
        case ((Move(id_, parent) | Restore(id_, parent)), "into_itself"):
            return id_ in {node.id for node in chain(nodes, parent)}
        case ((AddFile() | AddFolder()), "too_many_files"):
            return len(nodes) >= most_files
        case ((AddFile() | AddFolder() | Move() | Restore()), "too_deep" | "path_too_long"):
            return True
        case ((Move(id_) | Remove(id_) | Restore(id_)), "unknown_file"):
            return id_ not in nodes
        case ((SetLanguage(id_) | Edit(id_) | Run(id_)), "unknown_file"):
            return id_ not in nodes
        case (SetProgram(program), "unknown_file"):
            return program.entry not in nodes or program.stdin not in nodes
    return False


class Gardener:
    """Makes up changes of a tree, as of a person who sees these nodes."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._ids = 0

    def change(self, nodes: Nodes, text: str) -> AddFile | AddFolder | Move | Remove | Restore:
        rng = self.rng
        ids = [id_ for id_ in nodes if id_ != "main" or rng.random() < 0.3]
        parent, name = self._parent(nodes), rng.choice(NAMES)
        removed = [id_ for id_, node in nodes.items() if node.removed]
        match rng.choices(range(5), [3, 3, 5, 2, 3])[0]:
            case 0:
                return AddFile(self._id(), name, rng.choice([None, "python"]), text, parent)
            case 1:
                return AddFolder(self._id(), parent, name)
            case 2 if ids:
                id_ = rng.choice(ids)
                stays = rng.random() < 0.3
                return Move(id_, nodes[id_].parent if stays else parent, name)
            case 3 if ids:
                return Remove(rng.choice(ids))
            case 4 if removed:
                id_ = rng.choice(removed)
                return Restore(id_, nodes[id_].parent, nodes[id_].name)
        return AddFolder(self._id(), parent, name)

    def _parent(self, nodes: Nodes) -> str:
        folders = [node.id for node in nodes.values() if isinstance(node, Folder)]
        return self.rng.choice(["", *folders, *folders])

    def _id(self) -> str:
        self._ids += 1
        return f"n{self._ids}"
