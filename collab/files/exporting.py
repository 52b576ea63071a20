"""Makes the zip of a room, or of a part of it, while it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from uuid import UUID

from collab.files.zipping import Zipper
from collab.room.state import State
from collab.room.tree import ROOT
from collab.store.blobs import Blobs

_PIECE = 256 * 1024
"""Code points of texts that are compressed in one go, in another thread."""


async def export(
    state: State, blobs: Blobs, room_id: UUID, node: str = ROOT
) -> AsyncIterator[bytes]:
    """Yield the zip of a node of a room that nobody changes any more, piece by piece."""
    zipper = Zipper(datetime.fromtimestamp(state.updated_at / 1000, UTC))
    waiting: list[tuple[str, str]] = []
    size = 0

    def add_waiting() -> bytes:
        for path, text in waiting:
            zipper.add_text(path, text)
        waiting.clear()
        return zipper.take()

    for path, found in _below(state, node):
        if file := state.files.get(found):
            waiting.append((path, str(file.text)))
            size += len(file.text)
            if size < _PIECE:
                continue
        yield await asyncio.to_thread(add_waiting)
        size = 0
        if asset := state.assets.get(found):
            data = b"".join([piece async for piece in blobs.read(room_id, asset.blob, asset.size)])
            await asyncio.to_thread(zipper.add_asset, path, data)
            yield zipper.take()
        elif not file:
            zipper.add_folder(path)
    yield await asyncio.to_thread(add_waiting)
    zipper.end()
    yield zipper.take()


def _below(state: State, node: str) -> Iterator[tuple[str, str]]:
    """The living files and folders at and below a node: the path that each has in the zip, and its
    id. A folder comes before what is in it, and names in their order."""
    waiting = [("", node)]
    while waiting:
        before, found = waiting.pop()
        path = before
        if found != ROOT:
            path += state.tree[found].name
            yield path, found
            path += "/"
        children = sorted(state.tree.children(found), key=lambda one: state.tree[one].name)
        waiting += [(path, child) for child in reversed(children)]
