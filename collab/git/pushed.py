"""The changes that a push makes in a room. Without I/O."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256

from msgspec import Struct

from collab.changes.tree import Move, PutAsset, Remove
from collab.git.objects import LINK, SUBMODULE, TreeEntry
from collab.protocol import AddFile, Edit, Single
from collab.room.building import Builder
from collab.room.paths import parse_path
from collab.room.state import Limits, State
from ot import diff

_SIZE = 1024 * 1024
"""Code points after which a batch ends, as with imports."""
_PARTS = 500


class BadPush(Exception):
    """A push is refused, with words that Git tells its user."""


class Asset(Struct, frozen=True):
    """The bytes of an asset, which are kept."""

    blob: str
    size: int


Content = str | Asset
"""The content of a file of a room."""


class Difference(Struct):
    """The difference of two trees: ids of blobs, by path."""

    added: dict[str, bytes] = {}
    changed: dict[str, tuple[bytes, bytes]] = {}
    removed: dict[str, bytes] = {}

    def moves(self) -> dict[str, str]:
        """Take files that are the same at another path out of what is added and removed. Returns
        the new path by the old one."""
        gone: dict[bytes, list[str]] = {}
        for path in sorted(self.removed, reverse=True):
            gone.setdefault(self.removed[path], []).append(path)
        moved: dict[str, str] = {}
        for path in sorted(self.added):
            if same := gone.get(self.added[path]):
                moved[same.pop()] = path
        for old, new in moved.items():
            del self.removed[old], self.added[new]
        return moved


def check_entry(prefix: str, entry: TreeEntry) -> str:
    """Return the path of a row of a tree that was pushed. Raises BadPush for what a room cannot
    have."""
    try:
        path = prefix + entry.name.decode()
    except UnicodeDecodeError:
        words = (prefix.encode() + entry.name).decode(errors="replace")
        raise BadPush(f"the name {words} is not UTF-8") from None
    if entry.mode == LINK:
        raise BadPush(f"{path} is a symbolic link, and a room has none")
    if entry.mode == SUBMODULE:
        raise BadPush(f"{path} is a submodule, and a room has none")
    return path


class Drafting:
    """Drafts the changes that a push makes, on the room as it was at its base.

    The ids of new files follow from the commit, so that a push that is sent again adds none twice.
    """

    def __init__(self, state: State, commit: bytes, limits: Limits) -> None:
        self._state = state
        self._commit = commit
        self._limits = limits
        self._ids = 0
        self._builder = Builder(state.tree, self._new_id)

    def draft(
        self,
        difference: Difference,
        moved: Mapping[str, str],
        before: Mapping[str, str],
        after: Mapping[str, Content],
    ) -> list[Single]:
        """Return the changes. `before` has the texts of the base that are changed, `after` what is
        new, by path. Raises BadPush for a path that a room cannot have."""
        builder, tree = self._builder, self._state.tree
        for path in sorted(difference.removed):
            if node := tree.find(path):
                builder.add(Remove(node))
        for old, new in moved.items():
            names = self._names(new)
            if node := tree.find(old):
                builder.add(Move(node, builder.folder(names[:-1]), names[-1]))
        for path in sorted(difference.added):
            self._add(path, after[path])
        for path in sorted(difference.changed):
            self._change(path, before.get(path), after[path])
        return builder.take()

    def _change(self, path: str, before: str | None, content: Content) -> None:
        builder, node = self._builder, self._state.tree.find(path)
        if node in self._state.assets and isinstance(content, Asset):
            assert node
            builder.add(PutAsset(node, content.blob, content.size))
        elif node and before is not None and isinstance(content, str):
            operation = diff(before, content)
            if not operation.is_noop():
                builder.add(Edit(node, operation))
        else:
            if node:
                builder.add(Remove(node))
            self._add(path, content)

    def _add(self, path: str, content: Content) -> None:
        names = self._names(path)
        if isinstance(content, Asset):
            self._builder.asset(names, content.blob, content.size, self._new_id())
        else:
            self._builder.text(names, content, self._new_id())

    def _names(self, path: str) -> list[str]:
        try:
            return parse_path(path, self._limits)
        except ValueError as error:
            where, words = error.args
            raise BadPush(f"{where}: {words}") from error

    def _new_id(self) -> str:
        self._ids += 1
        named = sha256(self._commit + self._ids.to_bytes(8)).digest()
        return urlsafe_b64encode(named)[:12].decode()


def batches(parts: list[Single]) -> Iterator[list[Single]]:
    """Split changes, so that no entry of the log is larger than one that a person can cause."""
    batch: list[Single] = []
    size = 0
    for part in parts:
        batch.append(part)
        if isinstance(part, AddFile):
            size += len(part.text)
        elif isinstance(part, Edit):
            size += sum(len(c) for c in part.operation.components if isinstance(c, str))
        if size >= _SIZE or len(batch) >= _PARTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
