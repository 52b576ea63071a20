"""The tables, brought up to date.

Servers are upgraded one by one, so each migration leaves tables that the release before can live
with: it adds what that need not fill in, or drops what that does not need. A server goes on when
others have brought the tables further than it knows; it does not start on them.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from asyncpg import UndefinedTableError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

_PACKAGE = Path(__file__).parent.parent
_APPLIED = text("select version_num from alembic_version")


class MigrationError(Exception):
    """The tables cannot be brought up to date; nothing was changed."""


def upgrade(database_url: str) -> None:
    """Bring a database to the newest tables. Blocks; safe from several processes at once.

    Raises MigrationError, with words, where the database does not let us, and where a newer
    program has made the tables.
    """
    config = _config()
    config.attributes["database_url"] = database_url
    try:
        command.upgrade(config, "head")
    except (CommandError, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        words = f"The tables cannot be brought to {newest()}, which this program needs: {cause}"
        raise MigrationError(words) from error


def newest() -> str:
    """The version of the tables that this program is written for."""
    head = _scripts().get_current_head()
    assert head is not None
    return head


def is_newer(version: str) -> bool:
    """Whether a newer program has made tables of this version."""
    return version > newest()  # they are numbered: 0001, 0002, …


async def applied(engine: AsyncEngine) -> str | None:
    """The version of the tables in a database; None where there are none. Raises what
    SQLAlchemy and the driver raise when the database does not answer."""
    async with engine.connect() as connection:
        try:
            return (await connection.execute(_APPLIED)).scalar()
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) == UndefinedTableError.sqlstate:
                return None
            raise


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    # A wheel carries the migrations inside the package; a checkout has them beside it.
    home = _PACKAGE if (_PACKAGE / "alembic.ini").exists() else _PACKAGE.parent
    return Config(home / "alembic.ini")
