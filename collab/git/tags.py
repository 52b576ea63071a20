"""The tags of a room: the names of its versions.

A version is named at any time, also one that lies between two commits. Then it has a commit of its
own, whose parent is the commit of `main` before it. What such a commit says follows from the log
and the commits of `main`, so every server makes the same ones.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Iterable, Mapping
from uuid import UUID

from msgspec import Struct

from collab.git.committing import Made, beside
from collab.git.deltas import text_delta
from collab.git.graph import CommitRow, Graph
from collab.git.objects import (
    BLOB,
    COMMIT,
    FILE,
    FOLDER,
    ID,
    TREE,
    TreeEntry,
    encode_tree,
    object_id,
)
from collab.git.sending import asset
from collab.git.store import GitStore
from collab.live.programs import Reader
from collab.protocol import FileId
from collab.room.log import Log
from collab.room.outline import operations
from collab.room.state import Entry, State
from collab.room.tree import ROOT
from collab.store.blobs import Blobs
from ot import Operation, compose_all

_AT_ONCE = 10
"""Commits of versions that one listing makes. The next listing makes more."""
_UNFIT = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]+|\.\.+|@\{|//+")
_ENDS = "/.-"


class Tag(Struct, frozen=True):
    """A version. `commit` is the one it has, once that is known."""

    revision: int
    name: str
    commit: bytes | None = None


class Tagging:
    """Finds the commits of a room's versions, and makes those that are missing."""

    def __init__(self, store: GitStore, log: Log, blobs: Blobs, room_id: UUID) -> None:
        self._store, self._log, self._blobs, self._room_id = store, log, blobs, room_id

    async def find(self, graph: Graph, reader: Reader) -> Mapping[str, bytes]:
        """Return the commits of the versions up to the last commit, by the names of the tags.

        Raises LogUnavailable, and what `Reader.room` does.
        """
        found: dict[str, bytes] = {}
        taken: set[str] = set()
        made = 0
        for row in await self._store.tags(self._room_id):
            tag = Tag(*row)
            name = ref_name(tag, taken)
            taken.add(name.lower())
            main = graph.main_until(tag.revision)
            if main and main.revision == tag.revision:
                found[name] = main.id
            elif tag.commit in graph.commits:
                found[name] = tag.commit
            elif graph.tip and tag.revision < (graph.tip.revision or 0) and made < _AT_ONCE:
                made += 1
                found[name] = await self._make(graph, main, tag.revision, reader)
        return found

    async def _make(
        self, graph: Graph, main: CommitRow | None, revision: int, reader: Reader
    ) -> bytes:
        """Make the commit of a version that no commit of `main` ends at."""
        state = await reader.room(str(self._room_id), revision)
        assets = {
            content.blob: await asset(self._blobs, self._room_id, content.blob, content.size)
            for node, content in state.assets.items()
            if state.tree.is_living(node)
        }
        begun = main.revision if main and main.revision else 0
        entries: list[Entry] = []
        while begun + len(entries) < revision:
            entries += await self._log.since(self._room_id, begun + len(entries))
        entries = entries[: revision - begun]
        before = await reader.room(str(self._room_id), begun) if begun else State()
        tree, objects = await asyncio.to_thread(plant, state, assets, before, entries)
        if main and tree == main.tree:
            await self._store.tag(self._room_id, revision, main.id)
            return main.id
        parents = (main.id,) if main else ()
        data = beside(tree, parents, revision, entries)
        commit = _whole(COMMIT, data)
        row = CommitRow(commit.id, 0, None, parents, tree)
        await self._store.write_beside(self._room_id, row, [*objects, commit])
        await self._store.tag(self._room_id, revision, commit.id)
        graph.commits[commit.id] = row
        return commit.id


def ref_name(tag: Tag, taken: set[str]) -> str:
    """Return the name of a tag as Git allows it, and no other has it."""
    plain = _UNFIT.sub("-", tag.name).strip(_ENDS)
    parts = [part.strip(_ENDS).removesuffix(".lock") for part in plain.split("/")]
    name = "/".join(filter(None, parts))
    if not name or name == "@" or name.lower() in taken or _nests(name.lower(), taken):
        name = f"{name.replace('/', '-') or 'version'}-{tag.revision}"
    return name


def plant(
    state: State, assets: Mapping[str, Made], before: State, entries: Iterable[Entry]
) -> tuple[bytes, list[Made]]:
    """Return the id of the tree that a room has, and all objects in it. `assets` are by hash, and
    `entries` lead from a commit, which has the room as it was `before`."""
    objects: dict[bytes, Made] = {}
    edits: dict[FileId, list[Operation]] = {}
    for entry in entries:
        for file, operation in operations(entry.change):
            edits.setdefault(file, []).append(operation)

    def text_of(file: FileId) -> Made:
        made = _whole(BLOB, str(state.files[file].text).encode())
        if file not in edits or file not in before.files or not before.tree.is_living(file):
            return made
        base = str(before.files[file].text)
        source = base.encode()
        delta = text_delta(base, source, compose_all(edits[file]))
        packed = zlib.compress(delta)
        id_ = object_id(BLOB, source)
        if id_ == made.id or len(packed) + ID >= len(made.data):
            return made
        return Made(made.id, BLOB, len(delta), packed, id_)

    def below(folder: str) -> bytes | None:
        rows = []
        for node in state.tree.children(folder):
            place = state.tree[node]
            mode, id_ = FILE, b""
            if place.is_folder:
                mode, id_ = FOLDER, below(node) or b""
            else:
                is_asset = node in state.assets
                made = assets[state.assets[node].blob] if is_asset else text_of(node)
                objects[made.id] = made
                id_ = made.id
            if id_:
                rows.append(TreeEntry(mode, place.name.encode(), id_))
        if not rows and folder != ROOT:
            return None
        made = _whole(TREE, encode_tree(rows))
        objects[made.id] = made
        return made.id

    root = below(ROOT)
    assert root
    return root, list(objects.values())


def _whole(kind: int, data: bytes) -> Made:
    return Made(object_id(kind, data), kind, len(data), zlib.compress(data))


def _nests(name: str, taken: set[str]) -> bool:
    """Tell whether a tag would be in the folder of another, which Git does not have."""
    return any(one.startswith(f"{name}/") or name.startswith(f"{one}/") for one in taken)
