"""Describes in words what a database holds, for the person who backs it up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from collab.errors import NothingStored
from collab.store.reach import reach

_COUNTS = "select (select count(*) from room), (select count(*) from entry)"


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

    async def ask() -> str:
        async with reach(database_url) as connection:
            return await _describe(connection)

    return asyncio.run(ask())


async def _describe(connection: asyncpg.Connection[asyncpg.Record]) -> str:
    try:
        rooms, changes = (await connection.fetchrow(_COUNTS)) or (0, 0)
    except asyncpg.UndefinedTableError as error:
        raise NothingStored("The database has no tables of Collab, so there is no room.") from error
    if not rooms:
        raise NothingStored("There is no room in the database.")
    return f"{_many(rooms, 'room')} with {_many(changes, 'change')}"


def _many(number: int, name: str) -> str:
    return f"{number:,} {name}{'' if number == 1 else 's'}"
