"""Imports a zip or a repository into a room, a batch of files at a time.

Each batch is one change, as large as one text may be, so that no entry of the log, and no message
to people in the room, is larger than one that a person can cause. The bytes of an asset are kept
before the change that names them.

A file that is there already, just the same, is never added again. So an import that was broken off,
by a crash or by somebody, can be done again: it adds what is missing, and nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct

from collab.changes.tree import PutAsset, Remove
from collab.errors import ChangeRefused
from collab.files.errors import refused_midway
from collab.files.found import Asset, Folder, Found, Refused, Remark, Text
from collab.files.schemas import ImportedBody, RemarkBody
from collab.files.submitting import keep, new_id
from collab.live.host import Host
from collab.live.programs import Reader, submit
from collab.protocol import Edit, Single
from collab.room.building import Builder
from collab.room.names import spare_name
from collab.room.state import State
from collab.room.tree import Tree
from collab.store.blobs import Blobs
from ot import diff

OnConflict = Literal["replace", "keep", "skip"]
_REMARKS = 200
"""Remarks that an answer has."""
_FILES = 500
"""Files in a batch."""
_BATCH = 1024 * 1024
"""Code points after which a batch ends."""


class _Kept(Struct, frozen=True):
    """An asset whose bytes are kept."""

    path: str
    blob: str
    size: int


_Item = Folder | Text | _Kept


class Importer:
    """Imports into one room for one request."""

    def __init__(
        self,
        host: Host,
        blobs: Blobs,
        reader: Reader,
        conflict: OnConflict,
        into: Sequence[str],
        refusal: str = "bad_zip",
    ) -> None:
        """`into` is the folder that the files come into, by its names. `refusal` is the code of an
        answer to what is refused as a whole."""
        self._host = host
        self._blobs = blobs
        self._reader = reader
        self._conflict = conflict
        self._into = tuple(into)
        self._refusal = refusal
        self._batch: list[_Item] = []
        self._size = 0
        self._added = 0
        self._replaced = 0
        self._unchanged = 0
        self._remarks: list[RemarkBody] = []
        self._more = 0

    async def run(self, found: AsyncIterator[Found]) -> ImportedBody:
        """Import what was found. Raises HTTPException, and what `Host.visit` does."""
        await self._host.catch_up()
        async for item in found:
            await self._take(item)
            if self._size >= _BATCH or len(self._batch) >= _FILES:
                await self._commit()
        await self._commit()
        return ImportedBody(
            self._host.room.revision,
            self._added,
            self._replaced,
            self._unchanged,
            self._remarks,
            self._more,
        )

    async def _take(self, item: Found) -> None:
        match item:
            case Text(text=text):
                self._batch.append(item)
                self._size += len(text)
            case Asset(path, data):
                room_id: UUID = self._host.room_id
                blob = await keep(self._blobs, self._reader, room_id, data)
                self._batch.append(_Kept(path, blob, len(data)))
            case Folder():
                self._batch.append(item)
            case Remark(path, words, kept):
                self._remark(path, words, kept=kept)
            case Refused(words):
                raise refused_midway(self._refusal, words, self._added + self._replaced)

    async def _commit(self) -> None:
        """Commit the batch. What is there already is looked up in the room as it is now."""
        tree, most = self._host.room.state.tree, self._host.room.limits.name
        found = [tree.find("/".join(self._names(item))) for item in self._batch]
        alike = [_alike(tree, node, most) if node else [] for node in found]
        async with self._host.holding([node for nodes in alike for node in nodes]) as state:
            await self._commit_in(state)

    def _names(self, item: _Item) -> list[str]:
        return [*self._into, *item.path.split("/")]

    async def _commit_in(self, state: State) -> None:
        revision, builder = state.revision, Builder(state.tree, new_id)
        before = self._added + self._replaced
        edits: list[tuple[str, str, str]] = []
        for item in self._batch:
            names = self._names(item)
            if isinstance(item, Folder):
                builder.folder(names)
                continue
            there = state.tree.find("/".join(names))
            if there is None or state.tree[there].is_folder:
                self._added += 1
                _add(builder, names, item)
            elif _is(state, there, item):
                self._unchanged += 1
            elif self._conflict == "keep":
                alike = _alike(state.tree, there, self._host.room.limits.name)
                if any(_is(state, node, item) for node in alike):
                    self._unchanged += 1
                else:
                    self._added += 1
                    _add(builder, names, item)
            elif self._conflict == "skip":
                self._remark(item.path, "A file of its name is there already.", kept=False)
            else:
                self._replaced += 1
                if isinstance(item, Text) and (file := state.files.get(there)):
                    edits.append((there, str(file.text), item.text))
                elif isinstance(item, _Kept) and there in state.assets:
                    builder.add(PutAsset(there, item.blob, item.size))
                else:
                    builder.add(Remove(there))
                    _add(builder, names, item)
        self._batch.clear()
        self._size = 0
        changed = await asyncio.to_thread(_changed, edits)
        if parts := [*builder.take(), *changed]:
            await self._submit(revision, parts, before)

    async def _submit(self, revision: int, parts: Sequence[Single], before: int) -> None:
        try:
            await submit(
                self._host, self._reader, revision, parts, lambda _state: None, origin="import"
            )
        except ChangeRefused as error:
            raise refused_midway(error.refusal.code, error.refusal.message, before) from error

    def _remark(self, path: str, words: str, *, kept: bool) -> None:
        if len(self._remarks) < _REMARKS:
            self._remarks.append(RemarkBody(path[:_REMARKS], words, kept))
        else:
            self._more += 1


def _add(builder: Builder, names: Sequence[str], item: Text | _Kept) -> None:
    if isinstance(item, Text):
        builder.text(names, item.text, new_id())
    else:
        builder.asset(names, item.blob, item.size, new_id())


def _is(state: State, node: str, item: Text | _Kept) -> bool:
    """Tell whether a file of the room has the content of this one."""
    if isinstance(item, _Kept):
        asset = state.assets.get(node)
        return asset is not None and asset.blob == item.blob
    file = state.files.get(node)
    return file is not None and len(file.text) == len(item.text) and str(file.text) == item.text


def _alike(tree: Tree, node: str, most_bytes: int) -> list[str]:
    """A file, and what has the names that an earlier import would have found for another one
    beside it: `utils.py`, `utils_2.py`, …"""
    parent = tree[node].parent
    found: list[str] = []

    def is_taken(name: str) -> bool:
        holder = tree.holder(parent, name)
        found.extend([holder] if holder else [])
        return holder is not None

    spare_name(tree[node].name, is_taken, most_bytes)
    return found


def _changed(texts: Sequence[tuple[str, str, str]]) -> list[Edit]:
    """The edits that give files other texts, given the id and both texts of each."""
    return [Edit(file, diff(before, after)) for file, before, after in texts]
