"""Makes the packs that fetches are sent, while they are sent.

Objects are kept as packs have them, each by itself: a delta names what it is based on. So a clone
is the rows one after the other, and so is what came since a commit that the client has.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Collection, Container, Iterable, Iterator, Sequence
from hashlib import sha1
from uuid import UUID

from collab.git.committing import Made
from collab.git.graph import CommitRow, Graph
from collab.git.objects import BLOB, decode_commit, decode_tree, hasher
from collab.git.store import GitStore
from collab.store.blobs import Blobs

_DELTA = 7
"""The kind of an entry that is a delta on an object of another id."""
_BYTES = 2 * 1024 * 1024
"""Bytes of objects that are read at once."""
_OBJECTS = 200
"""Objects that are read at once by their ids."""


class Packer:
    """Encodes packs of one room's objects."""

    def __init__(self, store: GitStore, blobs: Blobs, room_id: UUID) -> None:
        self._store = store
        self._blobs = blobs
        self._room_id = room_id
        self._hash = sha1(usedforsecurity=False)

    async def between(
        self, after: int, until: int, beside: Collection[CommitRow] = ()
    ) -> AsyncIterator[bytes]:
        """Yield the pack of what came after one commit of `main` up to another, by number, and of
        commits that are not of `main`."""
        sizes = await self._store.sizes(self._room_id, after, until)
        more = await self._of_versions(beside, after, until)
        yield self._head(sum(count for _, count, _ in sizes) + len(more))
        for first, last in _batches(after, sizes):
            for made in await self._store.objects(self._room_id, first, last):
                async for piece in self._entry(made):
                    yield piece
        async for piece in self._entries(more, set(more), after, until):
            yield piece
        yield self._hash.digest()

    async def of(
        self, graph: Graph, commits: Collection[bytes], had: Collection[bytes]
    ) -> AsyncIterator[bytes]:
        """Yield the pack of some commits, without what the commits that the client has have."""
        roots = [graph.commits[id_].tree for id_ in commits]
        behind = {parent for id_ in commits for parent in graph.commits[id_].parents}
        known = await self._below(
            [graph.commits[id_].tree for id_ in behind if id_ in had], frozenset()
        )
        ids = [*commits, *await self._below(roots, known)]
        yield self._head(len(ids))
        async for piece in self._entries(ids, set(ids)):
            yield piece
        yield self._hash.digest()

    async def _of_versions(
        self, commits: Collection[CommitRow], after: int, until: int
    ) -> list[bytes]:
        """Return the objects of commits beside `main` that neither the client nor the pack has."""
        below = await self._below([commit.tree for commit in commits], frozenset())
        numbers = await self._store.numbers(self._room_id, below)
        more = [id_ for id_ in below if not after < (numbers.get(id_) or until + 1) <= until]
        return [*(commit.id for commit in commits), *more]

    async def _entries(
        self, ids: Sequence[bytes], sent: Container[bytes], after: int = 0, until: int = 0
    ) -> AsyncIterator[bytes]:
        """Yield objects, those whole whose base is neither `sent` nor one of what came after a
        commit of `main` up to another, by number."""
        for at in range(0, len(ids), _OBJECTS):
            some = ids[at : at + _OBJECTS]
            found = await self._store.load(self._room_id, some)
            bases = {id_: base for id_ in some if (base := found[id_].base) and base not in sent}
            numbers = await self._store.numbers(self._room_id, set(bases.values()))
            alone = [
                id_ for id_, base in bases.items() if not after < (numbers.get(base) or 0) <= until
            ]
            whole = await self._store.contents(self._room_id, alone)
            for id_ in some:
                made = found[id_]
                if id_ in whole:
                    data = whole[id_]
                    made = Made(
                        id_, made.kind, len(data), await asyncio.to_thread(zlib.compress, data)
                    )
                async for piece in self._entry(made):
                    yield piece

    async def times(self, commits: Collection[bytes]) -> dict[bytes, int]:
        """Return when commits were made, in seconds since 1970."""
        found = await self._store.contents(self._room_id, commits)
        return {id_: decode_commit(data).at for id_, data in found.items()}

    async def _below(self, trees: Iterable[bytes], known: Collection[bytes]) -> dict[bytes, None]:
        """Return trees and all that is in them, but for what is known."""
        found: dict[bytes, None] = {}
        level = [id_ for id_ in dict.fromkeys(trees) if id_ not in known]
        while level:
            found |= dict.fromkeys(level)
            below: dict[bytes, None] = {}
            for at in range(0, len(level), _OBJECTS):
                some = level[at : at + _OBJECTS]
                for data in (await self._store.contents(self._room_id, some)).values():
                    for entry in decode_tree(data):
                        if entry.id in known or entry.id in found:
                            continue
                        if entry.is_folder:
                            below[entry.id] = None
                        else:
                            found[entry.id] = None
            level = list(below)
        return found

    def _head(self, count: int) -> bytes:
        return self._hashed(b"PACK" + (2).to_bytes(4) + count.to_bytes(4))

    async def _entry(self, made: Made) -> AsyncIterator[bytes]:
        head = entry_head(_DELTA if made.base else made.kind, made.length) + (made.base or b"")
        if made.asset is None:
            yield self._hashed(head + made.data)
            return
        yield self._hashed(head)
        packing = zlib.compressobj(1)
        async for piece in self._blobs.read(self._room_id, made.asset, made.length):
            yield self._hashed(await asyncio.to_thread(packing.compress, piece))
        yield self._hashed(packing.flush())

    def _hashed(self, data: bytes) -> bytes:
        self._hash.update(data)
        return data


async def asset(blobs: Blobs, room_id: UUID, hash_: str, size: int) -> Made:
    """Return the object that an asset is."""
    name = hasher(BLOB, size)
    async for piece in blobs.read(room_id, hash_, size):
        name.update(piece)
    return Made(name.digest(), BLOB, size, b"", None, hash_)


def _batches(after: int, sizes: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ranges of numbers whose objects have about so many bytes that are read at once."""
    total = 0
    first = last = after
    for number, _, size in sizes:
        if total and total + size > _BYTES:
            yield first, last
            first, total = last, 0
        last = number
        total += size
    if total:
        yield first, last


def entry_head(kind: int, length: int) -> bytes:
    """Encode what an entry of a pack begins with."""
    byte = kind << 4 | length & 0xF
    length >>= 4
    head = bytearray()
    while length:
        head.append(byte | 0x80)
        byte = length & 0x7F
        length >>= 7
    head.append(byte)
    return bytes(head)
