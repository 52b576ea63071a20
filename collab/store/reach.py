"""Connects to a database that may only just be starting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from logging import getLogger

import asyncpg

from collab.driver import ERRORS, NO_ANSWER

_LOG = getLogger(__name__)
_PATIENCE = 10.0
"""Seconds that a database may take for one answer."""
_PAUSE = 0.2
"""Seconds between two tries."""
_PASSING = ("08", "53", "57")
"""Classes of SQLSTATE that pass by themselves: a connection that was lost, too many of them, a
server that starts, recovers or shuts down."""


@asynccontextmanager
async def reach(
    database_url: str, *, patience: float = 0.0
) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A connection to the database, waited for up to `patience` seconds, with words in the log.

    Raises ConnectionError, with words, when the database does not answer in that time, and at once
    when it says no, as to a wrong password.
    """
    connection = await _connect(database_url, patience)
    try:
        yield connection
    finally:
        await connection.close()


async def ask(database_url: str) -> None:
    """Raise ConnectionError, with words, unless a database answers there soon."""
    async with reach(database_url):
        pass


async def _connect(database_url: str, patience: float) -> asyncpg.Connection[asyncpg.Record]:
    loop = asyncio.get_running_loop()
    until = loop.time() + patience
    said = ""
    while True:
        try:
            return await asyncpg.connect(database_url, timeout=_PATIENCE)
        except (ValueError, *ERRORS) as error:
            words = str(error) or f"nothing came within {_PATIENCE:g} s"
            left = until - loop.time()
            if left <= 0 or not _passes(error):
                raise ConnectionError(f"The database does not answer: {words}") from error
        if words != said:
            _LOG.warning(
                "The database does not answer yet: %s. Waiting for it, for up to %.0f s.",
                words,
                left,
            )
            said = words
        await asyncio.sleep(min(_PAUSE, left))


def _passes(error: Exception) -> bool:
    """Return whether the database may answer soon."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.sqlstate)[:2] in _PASSING
    return isinstance(error, NO_ANSWER) and not isinstance(error, ValueError)
