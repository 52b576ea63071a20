"""A log in memory that keeps the contract of collab.room.log, and can fail like a database."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from msgspec.structs import replace

from collab.errors import LogUnavailable, NotStorable, RevisionTaken
from collab.protocol import Edit, FileId
from collab.room.doors import Access, Door, may
from collab.room.log import PAGE, Arrived, Head, Opened
from collab.room.snapshot import Snapshot, decode_snapshot
from collab.room.state import Entry, State
from collab.room.texts import KeptText

UNSTORABLE = "☠"
"""A character that this database cannot store, as PostgreSQL cannot store U+0000."""


class Turn:
    """Await this where other tasks may run. It is one bare yield, so any loop can drive it."""

    def __await__(self) -> Generator[None]:
        yield


@dataclass
class _Kept:
    secret: bytes
    entries: list[Entry] = field(default_factory=list)
    numbers: set[tuple[str, int]] = field(default_factory=set)
    last_seq: dict[str, int] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    texts: dict[FileId, KeptText] = field(default_factory=dict)
    access: Access = field(default_factory=lambda: Access(Door()))


class SimulatedLog:
    """Every call takes two turns: the request travels, then the answer.

    With `chance` above 0 a request or an answer may be lost, and a request may arrive late: then
    it waits in `late` for `arrive`. The caller learns no more than LogUnavailable.
    """

    def __init__(self, rng: Random | None = None, page: int = PAGE) -> None:
        self.rng = rng or Random(0)
        self.page = page
        """The most entries that one read returns."""
        self.chance = 0.0
        self.late: list[tuple[UUID, list[Entry], int]] = []
        self.whos: dict[str, UUID] = {}
        """The people whose clients are known to be theirs."""
        self.judged = 0
        """The number of appends that were refused for an access that has changed."""
        self.conflicts = 0
        self.duplicates = 0
        self.losses = 0
        self.snapshots_read = 0
        self.arrivals = 0
        self._rooms: dict[UUID, _Kept] = {}

    def create(self, room_id: UUID) -> None:
        self._rooms[room_id] = _Kept(secret=room_id.bytes)

    def entries(self, room_id: UUID) -> list[Entry]:
        return self._rooms[room_id].entries

    async def open(self, room_id: UUID) -> Opened | None:
        await self._travel()
        kept = self._rooms.get(room_id)
        opened = None
        if kept is not None:
            state = State()
            if snapshot := kept.snapshot:
                state = decode_snapshot(snapshot.state)
                state.supply({snapshot.main: kept.texts[snapshot.main]})
                self.snapshots_read += 1
            opened = Opened(kept.secret, state, state.revision, kept.access.door)
        await self._travel()
        return opened

    def regulate(self, room_id: UUID, access: Access) -> int:
        """Change who may do what. Returns the number of the access."""
        kept = self._rooms[room_id]
        number = kept.access.door.access + 1
        kept.access = replace(access, door=replace(access.door, access=number))
        return number

    async def append(self, room_id: UUID, entries: Sequence[Entry], access: int = 0) -> None:
        await Turn()
        if self.rng.random() < self.chance:
            if self.rng.random() < 0.5:
                self.late.append((room_id, list(entries), access))
            self.losses += 1
            raise LogUnavailable("the request was lost")
        self.commit(room_id, entries, access)
        await self._travel()

    async def since(self, room_id: UUID, revision: int) -> list[Entry]:
        await self._travel()
        kept = self._rooms.get(room_id)
        entries = kept.entries[revision : revision + self.page] if kept else []
        await self._travel()
        return entries

    async def arrival(
        self,
        room_id: UUID,
        client: str,
        who: UUID | None = None,
        login: UUID | None = None,
        secret: bytes | None = None,
    ) -> Arrived:
        await self._travel()
        kept = self._rooms[room_id]
        self.arrivals += 1
        access = of_those(kept.access, [who] if who else [])
        answer = Arrived(kept.last_seq.get(client, 0), self.arrivals, access)
        await self._travel()
        return answer

    async def access(self, room_id: UUID, whos: Collection[UUID]) -> Access | None:
        await self._travel()
        kept = self._rooms.get(room_id)
        access = of_those(kept.access, whos) if kept else None
        await self._travel()
        return access

    async def last_seq(self, room_id: UUID, client: str) -> int:
        await self._travel()
        kept = self._rooms.get(room_id)
        seq = kept.last_seq.get(client, 0) if kept else 0
        await self._travel()
        return seq

    async def heads(self, room_ids: Iterable[UUID]) -> dict[UUID, Head]:
        await self._travel()
        rooms = {id_: self._rooms[id_] for id_ in room_ids if id_ in self._rooms}
        heads = {
            id_: Head(len(kept.entries), kept.access.door.access) for id_, kept in rooms.items()
        }
        await self._travel()
        return heads

    async def texts(self, room_id: UUID, files: Collection[FileId]) -> dict[FileId, KeptText]:
        await self._travel()
        kept = self._rooms[room_id].texts
        found = {file: kept[file] for file in files if file in kept}
        await self._travel()
        return found

    async def save_snapshot(self, room_id: UUID, snapshot: Snapshot) -> None:
        await self._travel()
        kept = self._rooms[room_id]
        if kept.snapshot is None or kept.snapshot.revision < snapshot.revision:
            kept.snapshot = snapshot
            kept.texts.update(snapshot.texts)
        await self._travel()

    def arrive(self) -> None:
        """Let a late request, which its sender has given up, reach the database."""
        room_id, entries, access = self.late.pop(self.rng.randrange(len(self.late)))
        with suppress(RevisionTaken, NotStorable):  # the sender no longer waits for the answer
            self.commit(room_id, entries, access)

    def commit(self, room_id: UUID, entries: Sequence[Entry], access: int = 0) -> None:
        kept = self._rooms[room_id]
        self.fence(room_id, entries)
        self.judge(room_id, access)
        for entry in entries:
            role = kept.access.role(self.whos.get(entry.client))
            assert may(role, "write") or not entry.client, "an edit of somebody who may not write"
        numbers = [(entry.client, entry.seq) for entry in entries]
        if len(set(numbers)) < len(numbers) or not kept.numbers.isdisjoint(numbers):
            self.duplicates += 1
            raise NotStorable(f"one of {numbers} is in the log already")
        if any(_unstorable(entry) for entry in entries):
            raise NotStorable(f"a text cannot hold {UNSTORABLE}")
        kept.entries.extend(entries)
        kept.numbers.update(numbers)
        for client, seq in numbers:
            kept.last_seq[client] = max(seq, kept.last_seq.get(client, 0))

    def fence(self, room_id: UUID, entries: Sequence[Entry]) -> None:
        """Refuse entries that do not follow the head of the log."""
        head = len(self._rooms[room_id].entries)
        if entries[0].revision != head + 1:
            self.conflicts += 1
            raise RevisionTaken(f"revision {entries[0].revision} does not follow {head}")

    def judge(self, room_id: UUID, access: int) -> None:
        """Refuse entries whose authors were judged by an access that has changed."""
        now = self._rooms[room_id].access.door.access
        if access != now:
            self.judged += 1
            raise RevisionTaken(f"access {access} is not {now}")

    async def _travel(self) -> None:
        await Turn()
        if self.rng.random() < self.chance:
            self.losses += 1
            raise LogUnavailable("the connection was lost")


def of_those(access: Access, whos: Collection[UUID]) -> Access:
    """The access as it is read for some people."""
    return replace(access, members={w: r for w, r in access.members.items() if w in whos})


def _unstorable(entry: Entry) -> bool:
    return isinstance(entry.change, Edit) and any(
        isinstance(c, str) and UNSTORABLE in c for c in entry.change.operation.components
    )
