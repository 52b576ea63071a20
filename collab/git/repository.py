"""Brings the commits of rooms up to their pins.

What is made follows from the log and the pins, so it does not matter which server makes it, or
whether two do: the second finds the rows of the first.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping, Sequence
from uuid import UUID
from weakref import WeakValueDictionary

from litestar.exceptions import TooManyRequestsException
from msgspec import Struct

from collab.changes.version import NameVersion
from collab.errors import LogUnavailable
from collab.git.committing import Commit, Committer, Made
from collab.git.cuts import Cut, Cutter, Pin
from collab.git.graph import CommitRow, Graph
from collab.git.objects import COMMIT, CommitObject, decode_commit
from collab.git.sending import asset
from collab.git.store import GitStore
from collab.git.tags import Tagging
from collab.live.programs import Reader, check_budget
from collab.room.log import Log
from collab.room.state import Entry
from collab.store.blobs import Blobs

_PIN_COSTS = 256 * 1024
"""Bytes of the log that an address is charged for a commit that its fetch has made: it has fewer,
but all who fetch the room get it from then on."""
_TEXTS = 32 * 1024 * 1024
"""Code points of texts that are kept while commits are made."""
_COMMITS = 50
_BYTES = 4 * 1024 * 1024
"""Commits, and bytes of objects, that are written at once."""
_AT_ONCE = 2
"""Rooms whose commits are made at once in a process."""


class Repositories:
    """The repositories of all rooms, for one process. `begin` gives it the database."""

    def __init__(self) -> None:
        self._locks = WeakValueDictionary[UUID, asyncio.Lock]()
        """Those that are held or waited for."""
        self._places = asyncio.Semaphore(_AT_ONCE)

    def begin(self, store: GitStore, log: Log, blobs: Blobs) -> None:
        self.store = store
        self.blobs = blobs
        self._log = log

    async def at_head(self, room_id: UUID, reader: Reader) -> Graph:
        """Return the commits of a room, up to its head as it is now.

        Whoever has written too much is given the last commits that others have seen. Raises
        LogUnavailable.
        """
        try:
            check_budget(reader.account)
        except TooManyRequestsException:
            return await self.as_pinned(room_id)
        if await self.store.pin(room_id):
            reader.charge(_PIN_COSTS)
        return await self.brought_up(room_id)

    async def listed(self, room_id: UUID, reader: Reader) -> Graph:
        """Return the commits of a room up to its head, and its tags. Raises LogUnavailable."""
        graph = await self.at_head(room_id, reader)
        tagging = Tagging(self.store, self._log, self.blobs, room_id)
        graph.tags = await tagging.find(graph, reader)
        return graph

    async def as_pinned(self, room_id: UUID) -> Graph:
        """Return the commits of a room, up to what somebody has seen. Raises LogUnavailable."""
        if not await self.store.is_pinned(room_id):
            await self.store.pin(room_id)
        return await self.brought_up(room_id)

    async def brought_up(self, room_id: UUID) -> Graph:
        """Make the commits that are missing up to the last pin. Raises LogUnavailable."""
        if await self.store.is_behind(room_id):
            async with self._locks.setdefault(room_id, asyncio.Lock()), self._places:
                await _Making(self.store, self._log, self.blobs, room_id).run()
        return Graph(await self.store.graph(room_id))


class _Making:
    """The commits of one room while they are made."""

    def __init__(self, store: GitStore, log: Log, blobs: Blobs, room_id: UUID) -> None:
        self._store = store
        self._log = log
        self._blobs = blobs
        self._room_id = room_id
        self._before = b""
        self._number = 0
        self._commits: list[CommitRow] = []
        self._objects: dict[bytes, tuple[int, Made]] = {}
        self._size = 0

    async def run(self) -> None:
        self._number, state = await self._store.state(self._room_id)
        committer = await asyncio.to_thread(Committer, state)
        kept = committer.kept
        self._before = bytes.fromhex(kept.commit)
        pins = await self._store.pins(self._room_id, kept.pin)
        pins = [pin for pin in pins if pin.pushed or pin.revision > kept.revision]
        if not pins:
            return
        cutter = Cutter(kept.revision, kept.at, pins)
        for cut in cutter.begin():
            await self._commit(committer, cut)
        after = kept.revision
        while after < pins[-1].revision:
            entries = await self._log.since(self._room_id, after)
            if not entries:
                raise LogUnavailable("the log ends before a pin")
            await self._name(entries)
            for entry in entries[: pins[-1].revision - after]:
                for cut in cutter.add(entry):
                    await self._commit(committer, cut)
            after = entries[-1].revision
        await self._write(committer)

    async def _name(self, entries: Sequence[Entry]) -> None:
        """Note the versions that entries name."""
        names = {
            entry.revision - 1 if change.revision is None else change.revision: (
                entry.revision,
                change.name,
            )
            for entry in entries
            if isinstance(change := entry.change, NameVersion)
        }
        if names:
            await self._store.name(self._room_id, names)

    async def _commit(self, committer: Committer, cut: Cut) -> None:
        wanted = committer.texts_wanted(cut.entries)
        texts = await self._store.contents(self._room_id, wanted.values())
        committer.texts |= {file: texts[id_].decode() for file, id_ in wanted.items()}
        missing = await asyncio.to_thread(committer.assets_wanted, cut.entries)
        assets = {
            hash_: await asset(self._blobs, self._room_id, hash_, size)
            for hash_, size in missing.items()
        }
        pushed = await self._pushed(cut.pin)
        tree = pushed.commits[cut.pin.pushed].tree if cut.pin and cut.pin.pushed else b""
        commit = await asyncio.to_thread(committer.commit, cut, assets, tree)
        if commit is None:
            return
        self._number += 1
        self._keep(commit, pushed)
        if len(self._commits) >= _COMMITS or self._size >= _BYTES:
            await self._write(committer)

    async def _pushed(self, pin: Pin | None) -> _Pushed:
        if pin is None or pin.pushed is None:
            return _NOTHING
        objects = await self._store.pushed(self._room_id, pin.id)
        commits = {
            made.id: decode_commit(zlib.decompress(made.data))
            for made in objects
            if made.kind == COMMIT
        }
        return _Pushed(objects, commits)

    def _keep(self, commit: Commit, pushed: _Pushed) -> None:
        number = self._number
        for id_, one in pushed.commits.items():
            if not (commit.adopted and id_ == commit.id):
                self._commits.append(CommitRow(id_, number, None, one.parents, one.tree))
        parents = pushed.commits[commit.id].parents if commit.adopted else commit.parents
        row = CommitRow(commit.id, number, commit.revision, parents, commit.tree)
        self._commits.append(row)
        for made in [*commit.objects, *pushed.objects]:
            if made.id not in self._objects:
                self._objects[made.id] = (number, made)
                self._size += len(made.data)

    async def _write(self, committer: Committer) -> None:
        if not self._commits:
            return
        state = await asyncio.to_thread(committer.pack)
        objects = list(self._objects.values())
        await self._store.write(self._room_id, self._before, self._commits, objects, state)
        self._before = bytes.fromhex(committer.kept.commit)
        self._commits, self._objects, self._size = [], {}, 0
        if sum(map(len, committer.texts.values())) > _TEXTS:
            committer.texts.clear()


class _Pushed(Struct, frozen=True):
    """The objects of a push, and the commits among them."""

    objects: Sequence[Made] = ()
    commits: Mapping[bytes, CommitObject] = {}


_NOTHING = _Pushed()
