"""The log of a room, as the room needs it. PostgreSQL keeps it; the simulator has its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from collab.room.fold import fold
from collab.room.state import Entry, State

PAGE = 1000
"""Entries read at once."""


class Opened(Struct):
    """A room as it was found: the secret its client ids are derived with, and its state.

    `snapshot` is the revision of the snapshot it was read from, 0 without one.
    """

    secret: bytes
    state: State
    snapshot: int = 0


@runtime_checkable
class Log(Protocol):
    """Append-only, ordered by revision, durable before `append` returns.

    Every call may raise LogUnavailable.
    """

    async def open(self, room_id: UUID) -> Opened | None:
        """The latest snapshot, or the empty state; None if there is no such room."""

    async def append(self, room_id: UUID, entries: Sequence[Entry]) -> None:
        """Commit these consecutive entries, all or none.

        Raises RevisionTaken unless the first follows the head; NotStorable when one of them
        cannot be written, because its (client, seq) is in the log or for what it holds.
        """

    async def since(self, room_id: UUID, revision: int) -> list[Entry]:
        """The entries after `revision`, in order, at most PAGE of them."""

    async def arrival(self, room_id: UUID, client: str) -> tuple[int, int]:
        """A client joins: its highest seq, 0 if none, and a number that grows with every arrival,
        in whatever process."""

    async def last_seq(self, room_id: UUID, client: str) -> int:
        """The highest seq of a client in the log; 0 if it has none."""

    async def heads(self, room_ids: Iterable[UUID]) -> dict[UUID, int]:
        """The last revision of each room."""

    async def save_snapshot(self, room_id: UUID, state: State) -> None:
        """Keep a snapshot, unless a later one is kept already."""


async def read_room(log: Log, room_id: UUID, page: int = PAGE) -> Opened | None:
    """A room at its head: the latest snapshot and the entries since, so many read at once."""
    opened = await log.open(room_id)
    while opened is not None:
        entries = await log.since(room_id, opened.state.revision)
        for entry in entries:
            fold(opened.state, entry)
        if len(entries) < page:
            break
    return opened
