"""Imports a zip into a room, a batch of files at a time.

Each batch is one change, as large as one text may be, so that no entry of the log, and no message
to people in the room, is larger than one that a person can cause. The bytes of an asset are kept
before the change that names them.
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
from collab.files.reading import Reader
from collab.files.schemas import ImportedBody, RemarkBody
from collab.files.submitting import keep, new_id, submit
from collab.files.unzip import Asset, Folder, Found, Refused, Remark, Text
from collab.live.host import Host
from collab.protocol import Edit, Single
from collab.room.building import Builder
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
        self, host: Host, blobs: Blobs, reader: Reader, conflict: OnConflict, into: Sequence[str]
    ) -> None:
        """`into` is the folder that the files come into, by its names."""
        self._host = host
        self._blobs = blobs
        self._reader = reader
        self._conflict = conflict
        self._into = tuple(into)
        self._batch: list[_Item] = []
        self._size = 0
        self._added = 0
        self._replaced = 0
        self._unchanged = 0
        self._remarks: list[RemarkBody] = []
        self._more = 0

    async def run(self, found: AsyncIterator[Found]) -> ImportedBody:
        """Import what a zip holds. Raises HTTPException, and what `Host.visit` does."""
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
                raise refused_midway("bad_zip", words, self._added + self._replaced)

    async def _commit(self) -> None:
        """Commit the batch. What is there already is looked up in the room as it is now."""
        state = self._host.room.state
        revision, builder = state.revision, Builder(state.tree, new_id)
        before = self._added + self._replaced
        edits: list[tuple[str, str, str]] = []
        for item in self._batch:
            names = [*self._into, *item.path.split("/")]
            if isinstance(item, Folder):
                builder.folder(names)
                continue
            there = state.tree.find("/".join(names))
            if there is None or state.tree[there].is_folder or self._conflict == "keep":
                self._added += 1
                _add(builder, names, item)
            elif self._conflict == "skip":
                self._remark(item.path, "A file of its name is there already.", kept=False)
            elif isinstance(item, Text) and (file := state.files.get(there)):
                edits.append((there, str(file.text), item.text))
            elif isinstance(item, _Kept) and (asset := state.assets.get(there)):
                if asset.blob == item.blob:
                    self._unchanged += 1
                else:
                    self._replaced += 1
                    builder.add(PutAsset(there, item.blob, item.size))
            else:
                self._replaced += 1
                builder.add(Remove(there))
                _add(builder, names, item)
        self._batch.clear()
        self._size = 0
        changed = await asyncio.to_thread(_changed, edits)
        self._replaced += len(changed)
        self._unchanged += len(edits) - len(changed)
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


def _changed(texts: Sequence[tuple[str, str, str]]) -> list[Edit]:
    """The edits of the files whose texts differ, given the id and both texts of each."""
    edits = [Edit(file, diff(before, after)) for file, before, after in texts if before != after]
    return [edit for edit in edits if not edit.operation.is_noop()]
