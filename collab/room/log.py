"""The interface of a room's log. PostgreSQL keeps the log; the simulator has its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable
from uuid import UUID

from msgspec import Struct

from collab.protocol import FileId
from collab.room.doors import Access, Door
from collab.room.fold import fold
from collab.room.snapshot import Snapshot
from collab.room.state import Entry, State
from collab.room.supplying import supply
from collab.room.texts import KeptText
from collab.room.wishes import Open, Since, Texts

PAGE = 1000
"""Entries read at once."""


class Opened(Struct):
    """A room read from the log: its state, and the secret that its client ids are derived with.

    `snapshot` is the revision of the snapshot that was read, 0 without one.
    """

    secret: bytes
    state: State
    snapshot: int = 0
    door: Door = Door()


class Head(NamedTuple):
    """The last revision of a room, and the number of its last change of access."""

    revision: int
    access: int


class Arrived(NamedTuple):
    """What the log tells of a client that joins.

    `seq` is the highest one of the client, 0 if none, and `number` grows with every arrival, in
    whatever process. With a secret, `whose` are the person and the session that it is of.
    """

    seq: int
    number: int
    access: Access
    whose: tuple[UUID, UUID] | None = None


@runtime_checkable
class Log(Protocol):
    """A log that is append-only, ordered by revision, and durable before `append` returns.

    Every call may raise LogUnavailable.
    """

    async def open(self, room_id: UUID) -> Opened | None:
        """Read the latest snapshot, or the empty state; None if there is no such room.

        The text of the main file is in memory. The other texts of a snapshot are absent.
        """

    async def texts(self, room_id: UUID, files: Collection[FileId]) -> dict[FileId, KeptText]:
        """Read the texts of these files that are kept beside the latest snapshot."""

    async def append(self, room_id: UUID, entries: Sequence[Entry], access: int = 0) -> None:
        """Commit these consecutive entries, all or none.

        Raises RevisionTaken unless the first follows the head, and `access` is the number of the
        room's last change of access; NotStorable when one of them cannot
        be written, because its (client, seq) is in the log already or because of its content.
        """

    async def since(self, room_id: UUID, revision: int) -> list[Entry]:
        """Read the entries after `revision`, in order, at most PAGE of them."""

    async def arrival(
        self,
        room_id: UUID,
        client: str,
        who: UUID | None = None,
        login: UUID | None = None,
        secret: bytes | None = None,
    ) -> Arrived:
        """Number the arrival of a client that joins, and read what the person `who` may do, or the
        one with a session of this `secret`, by its hash.

        Raises NotSignedIn where the person's session `login` has ended, and SessionEnded where
        there is no session of that secret.
        """

    async def access(self, room_id: UUID, whos: Collection[UUID]) -> Access | None:
        """Read the door of a room and which of these people are members, as of one moment; None if
        there is no such room."""

    async def last_seq(self, room_id: UUID, client: str) -> int:
        """Read the highest seq of a client in the log; 0 if it has none."""

    async def heads(self, room_ids: Iterable[UUID]) -> dict[UUID, Head]:
        """Read the head of each room that there is."""

    async def save_snapshot(self, room_id: UUID, snapshot: Snapshot) -> None:
        """Keep a snapshot and its texts, unless a later one is kept already: all of it, or none.

        A text replaces the one of the same file.
        """


async def read_room(log: Log, room_id: UUID, page: int = PAGE) -> Opened | None:
    """Read a room at its head: the latest snapshot, and the entries since, `page` at a time."""
    opened = await log.open(room_id)
    while opened is not None:
        entries = await log.since(room_id, opened.state.revision)
        for entry in entries:
            fold(opened.state, entry)
        if len(entries) < page:
            break
    return opened


async def read_texts(
    log: Log, room_id: UUID, state: State, files: Collection[FileId] | None = None
) -> None:
    """Load the texts of these files, or of all, into a state. Raises LogUnavailable."""
    work = supply(state, files)
    answer: Any = None
    while True:
        try:
            wish = work.send(answer)
        except StopIteration:
            return
        match wish:
            case Texts(wanted):
                answer = await log.texts(room_id, wanted)
            case Open():
                answer = await log.open(room_id)
            case Since(revision):
                answer = await log.since(room_id, revision)
