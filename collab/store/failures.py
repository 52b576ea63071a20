"""What an error of PostgreSQL is about: what was to be written, or the database."""

from __future__ import annotations

import asyncpg

_ABOUT_ROWS = frozenset({"22", "23", "44", "54", "P0"})
"""Classes of SQLSTATE that will come again for the same rows: data exceptions, constraints, views
that check, limits of the program, and what a trigger raises."""

NO_ANSWER = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What asyncpg raises when there is no answer: the second where a connection is just being lost,
the last also for what takes too long."""


def is_about_rows(error: asyncpg.PostgresError) -> bool:
    """Whether the database rejects what it was given, so that trying again is of no use.

    Every other error passes, or is for an operator to mend: a full disk (53), a shutdown or a time
    limit (57), a conflict (40), a broken connection (08), a right that was taken away (42), a
    server that only reads (25). Until then nothing is saved, and nothing is lost.
    """
    # Also what asyncpg itself finds it cannot encode has a SQLSTATE, of its class.
    return str(error.sqlstate)[:2] in _ABOUT_ROWS
