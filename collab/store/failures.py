"""What an error of PostgreSQL is about: what was to be written, or the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from advanced_alchemy.exceptions import AdvancedAlchemyError
from sqlalchemy.exc import SQLAlchemyError

from collab.errors import LogUnavailable

_ABOUT_ROWS = frozenset({"22", "23", "44", "54", "P0"})
"""Classes of SQLSTATE that will come again for the same rows: data exceptions, constraints, views
that check, limits of the program, and what a trigger raises."""

NO_ANSWER = (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What asyncpg raises when there is no answer: the second where a connection is just being lost,
the last also for what takes too long."""
_DRIVER = (asyncpg.PostgresError, *NO_ANSWER)


def is_about_rows(error: asyncpg.PostgresError) -> bool:
    """Whether the database rejects what it was given, so that trying again is of no use.

    Every other error passes, or is for an operator to mend: a full disk (53), a shutdown or a time
    limit (57), a conflict (40), a broken connection (08), a right that was taken away (42), a
    server that only reads (25). Until then nothing is saved, and nothing is lost.
    """
    # Also what asyncpg itself finds it cannot encode has a SQLSTATE, of its class.
    return str(error.sqlstate)[:2] in _ABOUT_ROWS


@contextmanager
def answered() -> Iterator[None]:
    """For what goes by SQLAlchemy. Raises LogUnavailable where the database did not answer, by
    whatever name that comes; what is about rows stays as it is."""
    try:
        yield
    except (AdvancedAlchemyError, SQLAlchemyError, *_DRIVER) as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, _DRIVER):
            cause = cause.__cause__
        if cause is None or (isinstance(cause, asyncpg.PostgresError) and is_about_rows(cause)):
            raise
        raise LogUnavailable(type(cause).__name__) from error
