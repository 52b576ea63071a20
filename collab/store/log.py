"""The log of every room, in PostgreSQL, on raw asyncpg. `appends` has how it is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from msgspec import ValidationError

from collab.errors import LogUnavailable, NewerRelease
from collab.protocol import Change, change_decoder
from collab.room.log import PAGE, Opened
from collab.room.snapshot import decode_snapshot, encode_snapshot
from collab.room.state import Entry, State
from collab.store import migrations
from collab.store.appends import Appends
from collab.store.blobs import Blobs
from collab.store.connections import Connections

_SINCE = """
select revision, client, seq, author, created_at, change, person, origin from entry
where room_id = $1 and revision > $2 order by revision limit $3
"""
_OPEN = """
select room.secret, snapshot.state
from room left join snapshot on snapshot.room_id = room.id where room.id = $1
"""
# One clock for all processes: the database's, in microseconds.
_ARRIVAL = """
select coalesce(max(seq), 0) as seq,
    (extract(epoch from clock_timestamp()) * 1000000)::bigint as since
from entry where room_id = $1 and client = $2
"""
_LAST_SEQ = "select max(seq) from entry where room_id = $1 and client = $2"
_HEADS = "select id, head from room where id = any($1::uuid[])"
_SAVE_SNAPSHOT = """
insert into snapshot (room_id, revision, state) values ($1, $2, $3)
on conflict (room_id) do update set revision = excluded.revision, state = excluded.state
where snapshot.revision < excluded.revision
"""
# One statement, so that the copy is of one revision, and nobody sees a part of it.
_COPY = """
with source as (
    select head from room where id = $1
), made as (
    insert into room (id, head, secret, created_at, updated_at)
    select $2::uuid, head, $3, now(), now() from source
), entries as (
    insert into entry
        (room_id, revision, client, seq, author, created_at, change, person, origin)
    select $2::uuid, revision, client, seq, author, created_at, change, person, origin
    from entry, source where room_id = $1 and revision <= head
), blobs as (
    insert into blob (room_id, hash, bytes)
    select $2::uuid, hash, bytes from blob where room_id = $1
)
insert into snapshot (room_id, revision, state)
select $2::uuid, revision, state from snapshot, source where room_id = $1 and revision <= head
"""


@asynccontextmanager
async def connected(database_url: str, *, statement_timeout: float) -> AsyncIterator[PostgresLog]:
    """Open the log in the database of a `postgresql://` URL. The timeout is in seconds."""
    async with asyncpg.create_pool(
        database_url,
        min_size=0,  # else it tries to connect by itself, and complains, while there is nobody
        timeout=statement_timeout,
        command_timeout=statement_timeout,
        init=_commit_durably,
        reset=_keep_as_it_is,
        server_settings={"application_name": "collab log"},
    ) as pool:
        yield PostgresLog(Connections(pool))


async def _commit_durably(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    # Not among the settings of the start, of which poolers know few.
    await connection.execute("set synchronous_commit = on")


async def _keep_as_it_is(_connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Reset nothing, since connections of this pool hold no session state."""


class PostgresLog:
    """The Log of collab.room.log; raises what it says."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._appends = Appends(connections)
        self.blobs = Blobs(connections)

    async def open(self, room_id: UUID) -> Opened | None:
        row = await self._connections.fetchrow(_OPEN, room_id)
        if row is None:
            return None
        state = State() if row["state"] is None else decode_snapshot(row["state"])
        return Opened(row["secret"], state, state.revision)

    async def create(self, room_id: UUID, secret: bytes, first: Entry) -> None:
        """Make a room whose log begins with this entry."""
        await self._appends.create(room_id, secret, first)

    async def copy(self, room_id: UUID, to: UUID, secret: bytes) -> None:
        """Make a room whose log is that of another as it is now."""
        await self._connections.execute(_COPY, room_id, to, secret)

    async def migrated(self) -> str | None:
        """Return the version of the database's tables; None where there are no tables."""
        try:
            version: str | None = await self._connections.fetchval(migrations.APPLIED)
        except LogUnavailable as error:
            if isinstance(error.__cause__, asyncpg.UndefinedTableError):
                return None
            raise
        return version

    async def append(self, room_id: UUID, entries: Sequence[Entry]) -> None:
        await self._appends.append(room_id, entries)

    async def since(self, room_id: UUID, revision: int) -> list[Entry]:
        rows = await self._connections.fetch(_SINCE, room_id, revision, PAGE)
        return [
            Entry(number, client, seq, author, at, _decode(change), person, origin)
            for number, client, seq, author, at, change, person, origin in rows
        ]

    async def arrival(self, room_id: UUID, client: str) -> tuple[int, int]:
        row = await self._connections.fetchrow(_ARRIVAL, room_id, client)
        assert row, "an aggregate has a row"
        return row["seq"], row["since"]

    async def last_seq(self, room_id: UUID, client: str) -> int:
        return await self._connections.fetchval(_LAST_SEQ, room_id, client) or 0

    async def heads(self, room_ids: Iterable[UUID]) -> dict[UUID, int]:
        rows = await self._connections.fetch(_HEADS, list(room_ids))
        return {row["id"]: row["head"] for row in rows}

    async def save_snapshot(self, room_id: UUID, state: State) -> None:
        # The room may go on while this waits for a connection.
        revision, text = state.revision, encode_snapshot(state)
        await self._connections.execute(_SAVE_SNAPSHOT, room_id, revision, text)


def _decode(change: str) -> Change:
    try:
        return change_decoder.decode(change)
    except ValidationError as error:
        raise NewerRelease(f"a change cannot be read: {error}") from error
