"""Tables that are partitioned by room, as an operator may have them in place of plain ones."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

PARTS = 16

_TABLES = """
select c.oid::regclass::text as name, min(a.attname) as key
from pg_class c
join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
join pg_attribute a on a.attrelid = c.oid and a.attnum = any(k.conkey)
where c.relnamespace = 'public'::regnamespace
    and (a.attname = 'room_id' or c.relname = 'room' and a.attname = 'id')
group by c.oid
"""
_REFERENCES = """
select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as words
from pg_constraint
where contype = 'f' and array[conrelid::regclass::text, confrelid::regclass::text] && $1::text[]
"""
_KEYS = """
select conname as name, pg_get_constraintdef(oid) as words from pg_constraint
where conrelid = $1::text::regclass and contype in ('p', 'u')
"""


async def partition(database_url: str, parts: int = PARTS) -> list[str]:
    """Partition every table whose key has a room, by the hash of the room. They must be empty.

    Returns their names.
    """
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            tables = {row["name"]: row["key"] for row in await connection.fetch(_TABLES)}
            references = await connection.fetch(_REFERENCES, [*tables])
            for reference in references:
                await connection.execute(
                    f"alter table {reference['table']} drop constraint {reference['name']}"
                )
            for table, key in tables.items():
                await _partition(connection, table, key, parts)
            for reference in references:
                await connection.execute(
                    f"alter table {reference['table']}"
                    f" add constraint {reference['name']} {reference['words']}"
                )
    finally:
        await connection.close()
    return [*tables]


async def _partition(connection: asyncpg.Connection, table: str, key: str, parts: int) -> None:
    assert not await connection.fetchval(f"select exists (select from {table})"), table
    named: Sequence[asyncpg.Record] = await connection.fetch(_KEYS, table)
    await connection.execute(f"alter table {table} rename to {table}_plain")
    await connection.execute(
        f"create table {table} (like {table}_plain including all) partition by hash ({key})"
    )
    await connection.execute(f"drop table {table}_plain")
    for made in await connection.fetch(_KEYS, table):
        name = next(one["name"] for one in named if one["words"] == made["words"])
        await connection.execute(f"alter table {table} rename constraint {made['name']} to {name}")
    for part in range(parts):
        await connection.execute(
            f"create table {table}_{part} partition of {table}"
            f" for values with (modulus {parts}, remainder {part})"
        )
