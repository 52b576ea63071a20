"""The errors that asyncpg raises: no answer from the database, or an error in its words."""

from __future__ import annotations

import asyncpg

_ABOUT_ROWS = frozenset({"22", "23", "44", "54", "P0"})
"""Classes of SQLSTATE that the same rows would raise again: data exceptions, constraints, views
that check, limits of the program, and errors raised by a trigger."""

NO_ANSWER = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""Errors without an answer. asyncpg raises the second where a connection is just being lost;
OSError includes TimeoutError."""

ERRORS = (asyncpg.PostgresError, *NO_ANSWER)
"""Every error that asyncpg may raise for a statement or a connection."""


def is_about_rows(error: asyncpg.PostgresError) -> bool:
    """Tell whether the database rejects the rows, so that trying them again is of no use.

    Every other error passes, or is for an operator to mend: a full disk (53), a shutdown or a time
    limit (57), a conflict (40), a broken connection (08), a right that was taken away (42), a
    server that only reads (25). Until then the rows wait; nothing is lost.
    """
    # asyncpg's own errors about values that it cannot encode have a SQLSTATE of these classes too.
    return str(error.sqlstate)[:2] in _ABOUT_ROWS
