"""Makes the zip of a room while it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from collab.files.zipping import Zipper
from collab.room.state import State

_PIECE = 256 * 1024
"""Code points of texts that are compressed in one go, in another thread."""


async def export(state: State) -> AsyncIterator[bytes]:
    """Yield the zip of a room that nobody changes any more, piece by piece."""
    zipper = Zipper(datetime.fromtimestamp(state.updated_at / 1000, UTC))
    waiting: list[tuple[str, str]] = []

    def add() -> bytes:
        for path, text in waiting:
            zipper.add_text(path, text)
        return zipper.take()

    size = 0
    for file in state.living_files():
        waiting.append((state.path(file.id), str(file.text)))
        size += len(file.text)
        if size >= _PIECE:
            yield await asyncio.to_thread(add)
            waiting.clear()
            size = 0
    yield await asyncio.to_thread(add)
    zipper.end()
    yield zipper.take()
