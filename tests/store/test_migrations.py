"""The tables come from the migrations, however often and by however many they are applied."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from collab.store import migrations
from tests.support.database import fetch_value
from tests.support.server import DEADLINE

ROOT = Path(__file__).parents[2]
NEWEST = "0001"
VERSION = "select string_agg(version_num, ', ') from alembic_version"
TABLES = """
select string_agg(tablename, ' ' order by tablename) from pg_tables where schemaname = 'public'
"""


def upgrade_elsewhere(database_url: str) -> subprocess.Popen[bytes]:
    """A process that brings a database to the newest tables."""
    program = "import sys; from collab.store import migrations; migrations.upgrade(sys.argv[1])"
    return subprocess.Popen([sys.executable, "-c", program, database_url], cwd=ROOT)


async def test_an_empty_database_gets_all_tables_from_four_processes_at_once(
    empty_database_url: str,
) -> None:
    processes = [upgrade_elsewhere(empty_database_url) for _ in range(4)]
    assert [process.wait(DEADLINE) for process in processes] == [0, 0, 0, 0]
    assert await fetch_value(empty_database_url, VERSION) == NEWEST
    assert await fetch_value(empty_database_url, TABLES) == "alembic_version entry room snapshot"


def test_the_newest_is_the_head_that_alembic_finds() -> None:
    scripts = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    assert migrations.newest() == scripts.get_current_head()


def test_they_may_be_applied_again(database_url: str) -> None:
    migrations.upgrade(database_url)
    migrations.upgrade(database_url)


async def test_a_migration_that_fails_leaves_nothing_behind(empty_database_url: str) -> None:
    await fetch_value(empty_database_url, "create table snapshot ()")
    process = upgrade_elsewhere(empty_database_url)
    assert process.wait(DEADLINE) != 0
    assert await fetch_value(empty_database_url, TABLES) == "snapshot"


def test_the_models_are_the_tables(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLAB_DATABASE_URL", database_url)
    # Raises what would have to be migrated.
    command.check(Config(ROOT / "alembic.ini"))


def test_they_can_be_taken_back(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLAB_DATABASE_URL", database_url)
    command.downgrade(Config(ROOT / "alembic.ini"), "base")
    migrations.upgrade(database_url)


def test_the_command_alembic_finds_the_same_migrations(database_url: str) -> None:
    current = subprocess.run(
        [sys.executable, "-m", "alembic", "current"],
        cwd=ROOT,
        env=os.environ | {"COLLAB_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=True,
    )
    assert current.stdout.strip() == f"{NEWEST} (head)"
