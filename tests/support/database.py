"""SQL from tests."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from collab.postgres import embedded
from collab.protocol import Edit
from collab.room.state import Entry
from collab.store import log
from ot import Operation
from tests.support.server import DEADLINE

NOBODYS = """
select json_agg(distinct left(change, 40)) from entry
where coalesce(person, '') = '' or origin is null
"""
"""The beginnings of changes of which the log does not say whose they are or how they came about."""


def execute(database_url: str, sql: str) -> None:
    """Run statements, outside any loop."""
    asyncio.run(run(database_url, sql))


async def fetch_value(database_url: str, sql: str, *arguments: object) -> Any:
    """Run a statement and give the one value it yields."""
    connection = await asyncpg.connect(database_url)
    try:
        return await connection.fetchval(sql, *arguments)
    finally:
        await connection.close()


async def run(database_url: str, sql: str) -> None:
    """Run statements."""
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def eventually(database_url: str, question: str) -> None:
    """Wait until a query yields true."""
    async with asyncio.timeout(DEADLINE):
        while not await fetch_value(database_url, question):
            pass


@asynccontextmanager
async def hindered(database_url: str, room_id: str, body: str) -> AsyncIterator[None]:
    """Have every entry of a room meet this PL/pgSQL before it is written."""
    name = f"hinder_{UUID(room_id).hex}"
    await run(
        database_url,
        f"""
        create function {name}() returns trigger language plpgsql as
            $$ begin {body}; return new; end $$;
        create trigger {name} before insert on entry for each row
            when (new.room_id = '{room_id}') execute function {name}();
        """,
    )
    try:
        yield
    finally:
        await run(database_url, f"drop function {name} cascade")


@asynccontextmanager
async def locked(database_url: str, room_id: str) -> AsyncIterator[None]:
    """Have every commit to a room wait until the block ends."""
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute("select from room where id = $1 for update", room_id)
            yield
    finally:
        await connection.close()


def new_room(database_url: str) -> UUID:
    """A room in which nothing has happened yet, not even its first entry."""
    room_id = uuid4()
    secret = secrets.token_hex(16)
    execute(
        database_url,
        "insert into room (id, head, secret, created_at, updated_at) "
        f"values ('{room_id}', 0, '\\x{secret}', now(), now())",
    )
    return room_id


async def fill(database_url: str, room_id: str, *, head: int, count: int) -> None:
    """Put so many entries into a room at this head, each an "x" at the start of its text.

    The text before is of `head - 1` code points.
    """
    now = datetime.now(UTC)
    entries = [
        Entry(n, "filler", n, "Filler", now, Edit("main", x), "filler", "typed")
        for n in range(head + 1, head + count + 1)
        for x in [Operation(["x", n - 2])]
    ]
    async with log.connected(database_url, statement_timeout=10) as postgres:
        for start in range(0, count, 500):
            await postgres.append(UUID(room_id), entries[start : start + 500])


@contextmanager
def made_database(postgres: embedded.Server, template: str) -> Iterator[str]:
    """A database that lives as long as the block."""
    name = f"test_{uuid4().hex}"
    execute(postgres.url, f"create database {name} template {template} strategy file_copy")
    yield postgres.url_for(name)
    execute(postgres.url, f"drop database {name} with (force)")
