"""Makes the ids and keeps the bytes that changes of files name."""

from __future__ import annotations

import asyncio
import secrets
from uuid import UUID

from collab.live.programs import Reader
from collab.store.blobs import Blobs


def new_id() -> str:
    """An id that no file has."""
    return secrets.token_urlsafe(9)


async def keep(blobs: Blobs, reader: Reader, room_id: UUID, data: bytes) -> str:
    """Write the bytes of an asset, and return their hash. They cost as bytes of the log do."""
    hash_, new = await blobs.write(room_id, data)
    if new:
        reader.account.log.take(len(data), asyncio.get_running_loop().time())
    return hash_
