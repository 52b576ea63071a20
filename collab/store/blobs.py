"""The bytes of assets, in PostgreSQL: written once under their hash, read a slice at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from uuid import UUID

from collab.errors import LogUnavailable
from collab.store.connections import Connections

_SLICE = 256 * 1024
"""Bytes read at once."""
_HAS = "select exists (select from blob where room_id = $1 and hash = $2)"
_SIZE = "select octet_length(bytes) from blob where room_id = $1 and hash = $2"
_WRITE = "insert into blob (room_id, hash, bytes) values ($1, $2, $3) on conflict do nothing"
_READ = "select substr(bytes, $3, $4) from blob where room_id = $1 and hash = $2"
_COPY = """
insert into blob (room_id, hash, bytes)
select $2::uuid, hash, bytes from blob where room_id = $1 and hash = $3
on conflict do nothing
"""


class Blobs:
    """The blobs of every room. A room sees its own only: a hash is no key to another's.

    Every call may raise LogUnavailable.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def write(self, room_id: UUID, data: bytes) -> tuple[str, bool]:
        """Keep bytes. Returns their hash, once they are durable, and whether they are new here."""
        hash_ = await asyncio.to_thread(lambda: sha256(data).hexdigest())
        if await self._connections.fetchval(_HAS, room_id, hash_):
            return hash_, False
        await self._connections.execute(_WRITE, room_id, hash_, data)
        return hash_, True

    async def size(self, room_id: UUID, hash_: str) -> int | None:
        """The number of bytes of a blob; None if the room has none of this hash."""
        size: int | None = await self._connections.fetchval(_SIZE, room_id, hash_)
        return size

    async def read(self, room_id: UUID, hash_: str, size: int) -> AsyncIterator[bytes]:
        """Yield the bytes of a blob, of which there are `size`."""
        for start in range(0, size, _SLICE):
            part = await self._connections.fetchval(_READ, room_id, hash_, start + 1, _SLICE)
            if part is None:
                raise LogUnavailable("a blob is missing")
            yield part

    async def copy(self, room_id: UUID, to: UUID, hash_: str) -> None:
        """Let another room have a blob of a room, too."""
        await self._connections.execute(_COPY, room_id, to, hash_)
