"""Brings the tables up to date.

Servers are upgraded one by one, so each migration leaves tables that the release before can live
with: it adds what that need not fill in, or drops what that does not need. A server goes on when
others have brought the tables further than it knows; it does not start on them.

Most starts find the tables as they should be. They ask one query; only other tables need alembic
and SQLAlchemy, which take longer to import than all the rest.
"""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import asyncpg

from collab.errors import MigrationError
from collab.lean import without
from collab.store.pooler import refuse_pooler_of_transactions
from collab.store.reach import reach

APPLIED = "select version_num from alembic_version"
_PACKAGE = Path(__file__).parent.parent


def upgrade(database_url: str, *, patience: float = 0.0) -> None:
    """Bring a database to the newest tables. Blocks; safe from several processes at once.

    Waits up to `patience` seconds for a database that does not answer yet. Raises ConnectionError
    when it still does not, and MigrationError, with words, where the database does not let us, and
    where a newer program has made the tables.
    """
    if asyncio.run(ask(database_url, patience=patience)) != newest():
        _migrate(database_url)


@cache
def newest() -> str:
    """The version of the tables that this program is written for: the last of the migrations,
    which are numbered, 0001_rooms.py and so on."""
    return max(
        path.name.partition("_")[0] for path in (_home() / "alembic/versions").glob("*_*.py")
    )


def is_newer(version: str) -> bool:
    """Return whether a newer program has made tables of this version."""
    return version > newest()  # they are numbered: 0001, 0002, …


async def ask(database_url: str, *, patience: float = 0.0) -> str | None:
    """Return the version of a database's tables, None without tables. Raises ConnectionError."""
    async with reach(database_url, patience=patience) as connection:
        await refuse_pooler_of_transactions(connection, database_url)
        try:
            version: str | None = await connection.fetchval(APPLIED)
        except asyncpg.UndefinedTableError:
            return None
        return version


def load() -> None:
    """Import what only a change of the tables needs."""
    with without("numpy"):  # which advanced-alchemy would import where it is installed
        from alembic import command  # noqa: F401, PLC0415

        from collab.store import engine, models  # noqa: F401, PLC0415


def _migrate(database_url: str) -> None:
    load()
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    config = Config(_home() / "alembic.ini")
    config.attributes["database_url"] = database_url
    try:
        command.upgrade(config, "head")
    except (CommandError, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        words = f"The tables cannot be brought to {newest()}, which this program needs: {cause}"
        raise MigrationError(words) from error


def _home() -> Path:
    # A wheel carries the migrations inside the package; a checkout has them beside it.
    return _PACKAGE if (_PACKAGE / "alembic.ini").exists() else _PACKAGE.parent
