"""The log of every room, in PostgreSQL, on raw asyncpg. `appends` has how it is written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
from msgspec import ValidationError

from collab.errors import LogUnavailable, NewerRelease, NotSignedIn, SessionEnded
from collab.protocol import Change, FileId, change_decoder
from collab.room.doors import Access, Door
from collab.room.log import PAGE, Arrived, Head, Opened
from collab.room.snapshot import Snapshot, decode_snapshot
from collab.room.state import Entry, State
from collab.room.texts import KeptText
from collab.store import migrations
from collab.store.appends import Appends
from collab.store.blobs import Blobs
from collab.store.connections import Connections

_SINCE = """
select revision, client, seq, author, created_at, change, person, origin from entry
where room_id = $1 and revision > $2 order by revision limit $3
"""
_OPEN = """
select room.secret, snapshot.state, snapshot.main, file_text.hash, file_text.text,
    room.access, room.open, room.owner, room.locked
from room left join snapshot on snapshot.room_id = room.id
left join file_text on file_text.room_id = room.id and file_text.file = snapshot.main
where room.id = $1
"""
_TEXTS = "select file, hash, text from file_text where room_id = $1 and file = any($2::text[])"
# One clock for all processes: the database's, in microseconds.
_ARRIVAL = """
select coalesce((select max(seq) from entry where room_id = $1 and client = $2), 0) as seq,
    (extract(epoch from clock_timestamp()) * 1000000)::bigint as since,
    room.access, room.open, room.owner, room.locked, member.role,
    $4::uuid is null or exists (
        select from session join account on account.id = session.account_id
        where session.id = $4 and session.expires_at > now() and account.disabled_at is null
    ) as holds,
    shown.who, shown.login
from room left join lateral (
    select account.id as who, session.id as login
    from session join account on account.id = session.account_id
    where session.secret = $5 and session.kind <> 'token' and session.expires_at > now()
        and account.disabled_at is null
) as shown on true
left join member on member.room_id = room.id and member.who = coalesce($3, shown.who)
where room.id = $1
"""
_ACCESS = """
select room.access, room.open, room.owner, room.locked, member.who, member.role
from room left join member on member.room_id = room.id and member.who = any($2::uuid[])
where room.id = $1
"""
_LAST_SEQ = "select max(seq) from entry where room_id = $1 and client = $2"
_HEADS = "select id, head, access from room where id = any($1::uuid[])"
# One statement, so that nobody reads a snapshot beside the texts of another.
_SAVE_SNAPSHOT = """
with saved as (
    insert into snapshot (room_id, revision, state, main) values ($1, $2, $3, $4)
    on conflict (room_id) do update
    set revision = excluded.revision, state = excluded.state, main = excluded.main
    where snapshot.revision < excluded.revision
    returning room_id
)
insert into file_text (room_id, file, hash, text)
select saved.room_id, one.* from saved, unnest($5::text[], $6::text[], $7::text[]) as one
on conflict (room_id, file) do update set hash = excluded.hash, text = excluded.text
"""
# One statement, so that the copy is of one revision, and nobody sees a part of it.
_COPY = """
with source as (
    select head from room where id = $1
), made as (
    insert into room (id, head, secret, owner, created_at, updated_at)
    select $2::uuid, head, $3, $4, now(), now() from source
), entries as (
    insert into entry
        (room_id, revision, client, seq, author, created_at, change, person, origin)
    select $2::uuid, revision, client, seq, author, created_at, change, person, origin
    from entry, source where room_id = $1 and revision <= head
), blobs as (
    insert into blob (room_id, hash, bytes)
    select $2::uuid, hash, bytes from blob where room_id = $1
), texts as (
    insert into file_text (room_id, file, hash, text)
    select $2::uuid, file, hash, text from file_text, source where room_id = $1
), clients as (
    insert into client_of (room_id, client, account_id)
    select $2::uuid, client, account_id from client_of where room_id = $1
)
insert into snapshot (room_id, revision, state, main)
select $2::uuid, revision, state, main from snapshot, source where room_id = $1 and revision <= head
"""
# Of a copy that begins with texts, whose entries are of no client: all who wrote in the room.
_INHERIT = """
insert into client_of (room_id, client, account_id)
select distinct $2::uuid, '', account_id from client_of
where room_id = $1 and exists(
    select from entry where entry.room_id = $1 and entry.client = client_of.client
)
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
        self.connections = connections
        self._appends = Appends(connections)
        self.blobs = Blobs(connections)

    async def open(self, room_id: UUID) -> Opened | None:
        row = await self.connections.fetchrow(_OPEN, room_id)
        if row is None:
            return None
        state = State() if row["state"] is None else decode_snapshot(row["state"])
        if state.absent([state.main_id]):
            state.supply({row["main"]: KeptText(row["hash"], row["text"])})
        return Opened(row["secret"], state, state.revision, _door(row))

    async def create(
        self, room_id: UUID, secret: bytes, first: Entry, owner: UUID | None = None
    ) -> None:
        """Make a room whose log begins with this entry."""
        await self._appends.create(room_id, secret, first, owner)

    async def copy(self, room_id: UUID, to: UUID, secret: bytes, owner: UUID | None = None) -> None:
        """Make a room whose log is that of another as it is now. Its door is open."""
        await self.connections.execute(_COPY, room_id, to, secret, owner)

    async def inherit(self, room_id: UUID, to: UUID) -> None:
        """Note whose text another room begins with: that of all who wrote in this one."""
        await self.connections.execute(_INHERIT, room_id, to)

    async def migrated(self) -> str | None:
        """Return the version of the database's tables; None where there are no tables."""
        try:
            version: str | None = await self.connections.fetchval(migrations.APPLIED)
        except LogUnavailable as error:
            if isinstance(error.__cause__, asyncpg.UndefinedTableError):
                return None
            raise
        return version

    async def append(self, room_id: UUID, entries: Sequence[Entry], access: int = 0) -> None:
        await self._appends.append(room_id, entries, access)

    async def since(self, room_id: UUID, revision: int) -> list[Entry]:
        rows = await self.connections.fetch(_SINCE, room_id, revision, PAGE)
        return [
            Entry(number, client, seq, author, at, _decode(change), person, origin)
            for number, client, seq, author, at, change, person, origin in rows
        ]

    async def arrival(
        self,
        room_id: UUID,
        client: str,
        who: UUID | None = None,
        login: UUID | None = None,
        secret: bytes | None = None,
    ) -> Arrived:
        row = await self.connections.fetchrow(_ARRIVAL, room_id, client, who, login, secret)
        assert row, "the room is not there any more"
        if not row["holds"]:
            raise NotSignedIn("signed_out", "You were signed out.")
        whose = None
        if secret is not None:
            if row["who"] is None:
                raise SessionEnded
            who, _ = whose = row["who"], row["login"]
        members = {who: row["role"]} if who and row["role"] else {}
        return Arrived(row["seq"], row["since"], Access(_door(row), members), whose)

    async def access(self, room_id: UUID, whos: Collection[UUID]) -> Access | None:
        rows = await self.connections.fetch(_ACCESS, room_id, list(whos))
        if not rows:
            return None
        return Access(_door(rows[0]), {row["who"]: row["role"] for row in rows if row["who"]})

    async def last_seq(self, room_id: UUID, client: str) -> int:
        return await self.connections.fetchval(_LAST_SEQ, room_id, client) or 0

    async def heads(self, room_ids: Iterable[UUID]) -> dict[UUID, Head]:
        rows = await self.connections.fetch(_HEADS, list(room_ids))
        return {row["id"]: Head(row["head"], row["access"]) for row in rows}

    async def texts(self, room_id: UUID, files: Collection[FileId]) -> dict[FileId, KeptText]:
        rows = await self.connections.fetch(_TEXTS, room_id, list(files))
        return {row["file"]: KeptText(row["hash"], row["text"]) for row in rows}

    async def save_snapshot(self, room_id: UUID, snapshot: Snapshot) -> None:
        kept = snapshot.texts.values()
        await self.connections.execute(
            _SAVE_SNAPSHOT,
            room_id,
            snapshot.revision,
            snapshot.state,
            snapshot.main,
            list(snapshot.texts),
            [one.hash for one in kept],
            [one.text for one in kept],
        )


def _door(row: asyncpg.Record) -> Door:
    # asyncpg's UUIDs are of a class of its own, equal to those of the library.
    return Door(row["access"], row["open"], row["owner"], row["locked"])


def _decode(change: str) -> Change:
    try:
        return change_decoder.decode(change)
    except ValidationError as error:
        raise NewerRelease(f"a change cannot be read: {error}") from error
