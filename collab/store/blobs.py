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
_TOUCH = """
update blob set unclaimed_since = case when unclaimed_since is null then null else now() end
where room_id = $1 and hash = $2 returning true
"""
_SIZE = "select octet_length(bytes) from blob where room_id = $1 and hash = $2"
_WRITE = """
insert into blob (room_id, hash, bytes) values ($1, $2, $3)
on conflict (room_id, hash) do update set unclaimed_since = now()
where blob.unclaimed_since is not null
"""
_READ = "select substr(bytes, $3, $4) from blob where room_id = $1 and hash = $2"
_COPY = """
insert into blob (room_id, hash, bytes)
select $2::uuid, hash, bytes from blob where room_id = $1 and hash = $3
on conflict do nothing
"""
_SWEEP = """
with old as (
    select room_id, hash from blob
    where unclaimed_since < now() - make_interval(secs => $1) limit $2
), named as (
    select room_id, hash from old where exists (
        select from entry
        where entry.room_id = old.room_id and strpos(entry.change, old.hash) > 0
    )
), claimed as (
    update blob set unclaimed_since = null from named
    where (blob.room_id, blob.hash) = (named.room_id, named.hash)
), deleted as (
    delete from blob using old
    where (blob.room_id, blob.hash) = (old.room_id, old.hash)
    and (old.room_id, old.hash) not in (select room_id, hash from named)
    and blob.unclaimed_since < now() - make_interval(secs => $1)  -- it may be written just now
)
select count(*) from old
"""
_SWEPT_AT_ONCE = 50


class Blobs:
    """The blobs of every room. A room sees its own only: a hash is no key to another's.

    Every call may raise LogUnavailable.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def write(self, room_id: UUID, data: bytes) -> tuple[str, bool]:
        """Keep bytes. Returns their hash, once they are durable, and whether they are new here."""
        hash_ = await asyncio.to_thread(lambda: sha256(data).hexdigest())
        if await self._connections.fetchval(_TOUCH, room_id, hash_):
            return hash_, False
        await self._connections.execute(_WRITE, room_id, hash_, data)
        return hash_, True

    async def size(self, room_id: UUID, hash_: str) -> int | None:
        """The number of bytes of a blob; None if the room has none of this hash."""
        size: int | None = await self._connections.fetchval(_SIZE, room_id, hash_)
        return size

    async def read(
        self, room_id: UUID, hash_: str, end: int, start: int = 0
    ) -> AsyncIterator[bytes]:
        """Yield the bytes of a blob from `start` to `end`, where at least so many are."""
        for at in range(start, end, _SLICE):
            most = min(_SLICE, end - at)
            part = await self._connections.fetchval(_READ, room_id, hash_, at + 1, most)
            if part is None:
                raise LogUnavailable("a blob is missing")
            yield part

    async def copy(self, room_id: UUID, to: UUID, hash_: str) -> None:
        """Let another room have a blob of a room, too."""
        await self._connections.execute(_COPY, room_id, to, hash_)

    async def sweep(self, seconds: float) -> None:
        """Delete bytes that were written longer ago, and that no entry of their room's log names.

        A change that names them may have been refused, or a server may have died before it. What
        the log names once it names for ever, so it is looked up once.
        """
        while await self._connections.fetchval(_SWEEP, seconds, _SWEPT_AT_ONCE) == _SWEPT_AT_ONCE:
            pass
