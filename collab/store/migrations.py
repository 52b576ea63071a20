"""The tables, brought up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

_PACKAGE = Path(__file__).parent.parent
_APPLIED = text("select version_num from alembic_version")


def upgrade(database_url: str) -> None:
    """Bring a database to the newest tables. Blocks; safe from several processes at once."""
    config = _config()
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")


def newest() -> str:
    """The version of the tables that this program is written for."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


async def applied(engine: AsyncEngine) -> str | None:
    """The version of the tables in a database; None where there are none. Raises what
    SQLAlchemy and the driver raise when the database does not answer."""
    async with engine.connect() as connection:
        try:
            return (await connection.execute(_APPLIED)).scalar()
        except ProgrammingError:
            return None  # no such table


def _config() -> Config:
    # A wheel carries the migrations inside the package; a checkout has them beside it.
    home = _PACKAGE if (_PACKAGE / "alembic.ini").exists() else _PACKAGE.parent
    return Config(home / "alembic.ini")
