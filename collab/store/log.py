"""The log of every room, in PostgreSQL, on raw asyncpg.

One statement is the whole fence between server processes: it advances the room's head from the
revision the batch was drafted on, and inserts the batch only if that succeeded. The unique
(room_id, client, seq) stands behind it: nothing is applied twice.
"""

from __future__ import annotations

import time
from asyncio import LifoQueue
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
from msgspec import json

from collab.errors import LogUnavailable, NotStorable, RevisionTaken
from collab.protocol import change_decoder, encoder
from collab.room.log import PAGE, Opened
from collab.room.state import Entry, State
from collab.store.failures import is_about_rows
from ot import Document

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

_APPEND = """
with fence as (
    update room set head = head + $3, updated_at = now()
    where id = $1 and head = $2 returning id
)
insert into entry (room_id, revision, client, seq, author, created_at, change)
"""
_APPEND_ONE = f"""{_APPEND}
select id, $4::bigint, $5::text, $6::bigint, $7::text, $8::timestamptz, $9::text from fence
"""  # noqa: S608 - constants alone
_APPEND_MANY = f"""{_APPEND}
select fence.id, batch.* from fence, unnest(
    $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::timestamptz[], $9::text[]
) as batch
"""  # noqa: S608 - constants alone
_SINCE = """
select revision, client, seq, author, created_at, change from entry
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

_LONG_IDLE = 300.0
"""Seconds after which something between us and the database may have forgotten a connection."""
_NO_ANSWER = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""The second is what a connection raises that is just being lost."""

_state_encoder = json.Encoder(enc_hook=str)
_state_decoder = json.Decoder(State, dec_hook=lambda _document, text: Document(text))


@asynccontextmanager
async def connected(database_url: str, *, statement_timeout: float) -> AsyncIterator[PostgresLog]:
    """The log behind a `postgresql://` URL. A statement may take so many seconds."""

    async def connect() -> Connection:
        return await asyncpg.connect(
            database_url,
            timeout=statement_timeout,
            command_timeout=statement_timeout,
            server_settings={"synchronous_commit": "on", "application_name": "collab log"},
        )

    connections = Connections(connect)
    try:
        yield PostgresLog(connections)
    finally:
        await connections.close()


class PostgresLog:
    """The Log of collab.room.log; raises what it says."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def open(self, room_id: UUID) -> Opened | None:
        row = await self._ask(asyncpg.Connection.fetchrow, _OPEN, room_id)
        if row is None:
            return None
        state = State() if row["state"] is None else _state_decoder.decode(row["state"])
        return Opened(row["secret"], state, state.revision)

    async def append(self, room_id: UUID, entries: Sequence[Entry]) -> None:
        head = entries[0].revision - 1
        rows = [
            (e.revision, e.client, e.seq, e.author, e.created_at, encoder.encode(e.change).decode())
            for e in entries
        ]
        # Most batches are one entry, and arrays would make its commit a fifth slower.
        one = len(rows) == 1
        statement = _APPEND_ONE if one else _APPEND_MANY
        batch: Sequence[object] = rows[0] if one else list(zip(*rows, strict=True))
        status = await self._ask(
            asyncpg.Connection.execute, statement, room_id, head, len(rows), *batch
        )
        if status != f"INSERT 0 {len(rows)}":
            raise RevisionTaken(f"revision {head + 1} is taken")

    async def since(self, room_id: UUID, revision: int) -> list[Entry]:
        rows = await self._ask(asyncpg.Connection.fetch, _SINCE, room_id, revision, PAGE)
        return [
            Entry(number, client, seq, author, created_at, change_decoder.decode(change))
            for number, client, seq, author, created_at, change in rows
        ]

    async def arrival(self, room_id: UUID, client: str) -> tuple[int, int]:
        row = await self._ask(asyncpg.Connection.fetchrow, _ARRIVAL, room_id, client)
        return row["seq"], row["since"]

    async def last_seq(self, room_id: UUID, client: str) -> int:
        return await self._ask(asyncpg.Connection.fetchval, _LAST_SEQ, room_id, client) or 0

    async def heads(self, room_ids: Iterable[UUID]) -> dict[UUID, int]:
        rows = await self._ask(asyncpg.Connection.fetch, _HEADS, list(room_ids))
        return {row["id"]: row["head"] for row in rows}

    async def save_snapshot(self, room_id: UUID, state: State) -> None:
        # The room may go on while this waits for a connection.
        revision, text = state.revision, _state_encoder.encode(state).decode()
        await self._ask(asyncpg.Connection.execute, _SAVE_SNAPSHOT, room_id, revision, text)

    async def _ask(self, way: Callable[..., Awaitable[Any]], *statement: object) -> Any:
        """Run one statement. What asyncpg raises is told in the words of the log, which do not
        quote what was to be written."""
        try:
            return await self._connections.run(way, *statement)
        except asyncpg.PostgresError as error:
            words = f"{type(error).__name__} ({error.sqlstate})"
            raise (NotStorable if is_about_rows(error) else LogUnavailable)(words) from error
        except _NO_ANSWER as error:
            raise LogUnavailable(f"{type(error).__name__}: {error}") from error


class Connections:
    """A few connections, made when they are needed; the one that was used last is used next.

    asyncpg's own pool takes a connection back in a task, which every commit would wait for.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]], most: int = 10) -> None:
        self._connect = connect
        self._most = most
        self._free: LifoQueue[tuple[Connection | None, float]] = LifoQueue()
        """Each with the time when it was used."""
        for _ in range(most):
            self._free.put_nowait((None, 0))

    async def run(self, way: Callable[..., Awaitable[Any]], *statement: object) -> Any:
        """`way` is a method of asyncpg.Connection. Raises what that and connecting raise."""
        connection, used = await self._free.get()
        try:
            if connection and time.monotonic() - used > _LONG_IDLE:
                connection.terminate()
            if connection is None or connection.is_closed():
                connection = await self._connect()
            # One whose statement is being cancelled waits for that by itself.
            return await way(connection, *statement)
        finally:
            self._free.put_nowait((connection, time.monotonic()))

    async def close(self) -> None:
        """Wait for what runs, and close them all."""
        for _ in range(self._most):
            connection, _used = await self._free.get()
            if connection:
                await connection.close()
