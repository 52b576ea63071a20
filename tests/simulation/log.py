"""A log in memory that keeps the contract of collab.room.log, and can fail like a database."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from collab.errors import LogUnavailable, NotStorable, RevisionTaken
from collab.protocol import Edit
from collab.room.log import PAGE, Opened
from collab.room.snapshot import decode_snapshot, encode_snapshot
from collab.room.state import Entry, State

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
    snapshot: State | None = None


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
        self.late: list[tuple[UUID, list[Entry]]] = []
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
            state = _copy(kept.snapshot or State())
            self.snapshots_read += kept.snapshot is not None
            opened = Opened(kept.secret, state, state.revision)
        await self._travel()
        return opened

    async def append(self, room_id: UUID, entries: Sequence[Entry]) -> None:
        await Turn()
        if self.rng.random() < self.chance:
            if self.rng.random() < 0.5:
                self.late.append((room_id, list(entries)))
            self.losses += 1
            raise LogUnavailable("the request was lost")
        self.commit(room_id, entries)
        await self._travel()

    async def since(self, room_id: UUID, revision: int) -> list[Entry]:
        await self._travel()
        kept = self._rooms.get(room_id)
        entries = kept.entries[revision : revision + self.page] if kept else []
        await self._travel()
        return entries

    async def arrival(self, room_id: UUID, client: str) -> tuple[int, int]:
        await self._travel()
        kept = self._rooms.get(room_id)
        self.arrivals += 1
        answer = (kept.last_seq.get(client, 0) if kept else 0, self.arrivals)
        await self._travel()
        return answer

    async def last_seq(self, room_id: UUID, client: str) -> int:
        await self._travel()
        kept = self._rooms.get(room_id)
        seq = kept.last_seq.get(client, 0) if kept else 0
        await self._travel()
        return seq

    async def heads(self, room_ids: Iterable[UUID]) -> dict[UUID, int]:
        await self._travel()
        heads = {id_: len(self._rooms[id_].entries) for id_ in room_ids if id_ in self._rooms}
        await self._travel()
        return heads

    async def save_snapshot(self, room_id: UUID, state: State) -> None:
        state = _copy(state)
        await self._travel()
        kept = self._rooms[room_id]
        if kept.snapshot is None or kept.snapshot.revision < state.revision:
            kept.snapshot = state
        await self._travel()

    def arrive(self) -> None:
        """Let a late request, which its sender has given up, reach the database."""
        room_id, entries = self.late.pop(self.rng.randrange(len(self.late)))
        with suppress(RevisionTaken, NotStorable):  # the sender no longer waits for the answer
            self.commit(room_id, entries)

    def commit(self, room_id: UUID, entries: Sequence[Entry]) -> None:
        kept = self._rooms[room_id]
        self.fence(room_id, entries)
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

    async def _travel(self) -> None:
        await Turn()
        if self.rng.random() < self.chance:
            self.losses += 1
            raise LogUnavailable("the connection was lost")


def _copy(state: State) -> State:
    """A state as the database keeps it."""
    return decode_snapshot(encode_snapshot(state))


def _unstorable(entry: Entry) -> bool:
    return isinstance(entry.change, Edit) and any(
        isinstance(c, str) and UNSTORABLE in c for c in entry.change.operation.components
    )
