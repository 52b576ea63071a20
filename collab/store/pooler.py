"""Refuses a pooler that gives each transaction another connection.

Such a pooler (pgbouncer with `pool_mode = transaction`) loses what Collab keeps in a session:
prepared statements, LISTEN, and that commits are durable. A pooler of sessions keeps them.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import uuid4

import asyncpg

_PATIENCE = 3.0
"""Seconds that a pooler may take for an answer; one that takes longer has no connection left."""
_WORDS = (
    "It is behind a pooler that gives each transaction another connection. Collab needs sessions:"
    " give the address of the database itself, or have the pooler use pool_mode = session."
)


async def refuse_pooler_of_transactions(
    connection: asyncpg.Connection[asyncpg.Record], database_url: str
) -> None:
    """Raise ConnectionError, with words, when this connection leads to such a pooler.

    Statements here have no arguments: asyncpg sends those by the simple protocol and prepares
    nothing.
    """
    try:
        if await _holds(connection, f"pg_backend_pid() = {connection.get_server_pid()}"):
            return  # no pooler: one would have given us a number of its own
        keeps = await _keeps_its_session(connection, database_url)
    except asyncpg.PostgresError as error:  # such as "transaction blocks not allowed"
        raise ConnectionError(f"{_WORDS} ({error})") from error
    if not keeps:
        raise ConnectionError(_WORDS)


async def _keeps_its_session(
    connection: asyncpg.Connection[asyncpg.Record], database_url: str
) -> bool:
    """Return whether a setting of a session outlasts the start of another's transaction."""
    mark = uuid4().hex
    await connection.execute(f"set collab.mark = '{mark}'")
    other: asyncpg.Connection[asyncpg.Record] | None = None
    try:
        with suppress(TimeoutError):  # a pool of one session, which is ours
            async with asyncio.timeout(_PATIENCE):
                other = await asyncpg.connect(database_url)
                await other.execute("begin")
        async with asyncio.timeout(_PATIENCE):
            return await _holds(connection, f"current_setting('collab.mark', true) = '{mark}'")
    except TimeoutError:
        return False  # the other has the only connection
    finally:
        if other is not None:
            other.terminate()


async def _holds(connection: asyncpg.Connection[asyncpg.Record], condition: str) -> bool:
    return await connection.execute(f"select where {condition}") == "SELECT 1"
