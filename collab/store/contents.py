"""Describes in words what a database holds, for the person who backs it up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from collab.errors import NothingStored
from collab.store.reach import reach

_COUNTS = "select (select count(*) from room), (select count(*) from entry)"
_TABLES = "select tablename from pg_tables where schemaname = current_schema()"
_BESIDE = (
    ("message", "", "message", "messages"),
    ("run", "", "run", "runs"),
    ("account", "where name is not null", "account", "accounts"),
    ("account", "where name is null", "guest", "guests"),
    ("session", "where kind = 'browser'", "session", "sessions"),
    ("session", "where kind = 'token'", "API token", "API tokens"),
    ("passkey", "", "passkey", "passkeys"),
    ("member", "where role <> 'none'", "member", "members"),
    ("member", "where role = 'none'", "removed person", "removed people"),
    ("link", "where revoked_at is null", "link", "links"),
    ("waiting", "where turned_away_at is null", "person who waits", "people who wait"),
)
"""The tables beside the log: the table, a condition for its rows, and a name for people. An older
database lacks some of these tables."""


@contextmanager
def frozen(database_url: str) -> Iterator[tuple[str, str]]:
    """Yield what the database holds, and the name of a snapshot of it that does not change until
    the block ends, also while people type.

    Raises NothingStored where there is no room, and ConnectionError.
    """
    with asyncio.Runner() as runner:
        opened = reach(database_url)
        connection = runner.run(opened.__aenter__())
        try:
            transaction = connection.transaction(isolation="repeatable_read", readonly=True)
            runner.run(transaction.start())
            holds = runner.run(_describe(connection))
            yield holds, str(runner.run(connection.fetchval("select pg_export_snapshot()")))
        finally:
            runner.run(opened.__aexit__(None, None, None))


def describe(database_url: str) -> str:
    """Describe what the database holds. Raises NothingStored and ConnectionError."""
    return asyncio.run(ask(database_url))


async def ask(database_url: str) -> str:
    """Describe what the database holds. Raises NothingStored and ConnectionError."""
    async with reach(database_url) as connection:
        return await _describe(connection)


async def _describe(connection: asyncpg.Connection[asyncpg.Record]) -> str:
    try:
        rooms, changes = (await connection.fetchrow(_COUNTS)) or (0, 0)
    except asyncpg.UndefinedTableError as error:
        raise NothingStored("The database has no tables of Collab, so there is no room.") from error
    if not rooms:
        raise NothingStored("There is no room in the database.")
    there = {row["tablename"] for row in await connection.fetch(_TABLES)}
    parts = [f"{_many(rooms, 'room', 'rooms')} with {_many(changes, 'change', 'changes')}"]
    for table, which, one, many in _BESIDE:
        if table in there:
            count = await connection.fetchval(f"select count(*) from {table} {which}")  # noqa: S608
            parts += [_many(count, one, many)] if count else []
    return ", ".join(parts)


def _many(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
