"""The tables, brought up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

_PACKAGE = Path(__file__).parent.parent


def upgrade(database_url: str) -> None:
    """Bring a database to the newest tables. Blocks; safe from several processes at once."""
    # A wheel carries the migrations inside the package; a checkout has them beside it.
    home = _PACKAGE if (_PACKAGE / "alembic.ini").exists() else _PACKAGE.parent
    config = Config(home / "alembic.ini")
    config.attributes["database_url"] = database_url
    command.upgrade(config, "head")
