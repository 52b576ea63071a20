"""The tables come from the migrations, however often and by however many they are applied."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from collab.protocol import Edit
from collab.room.fold import fold
from collab.room.log import read_room, read_texts
from collab.room.snapshot import take_snapshot
from collab.room.state import Entry
from collab.store import log, migrations, models
from ot import Operation
from tests.support.database import fetch_value
from tests.support.server import DEADLINE

ROOT = Path(__file__).parents[2]
NEWEST = "0018"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
VERSION = "select string_agg(version_num, ', ') from alembic_version"
TABLES = """
select string_agg(tablename, ' ' order by tablename) from pg_tables where schemaname = 'public'
"""
KEYS = """
select json_object_agg(name, columns) from (
    select indrelid::regclass::text as name, json_agg(attname) as columns
    from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
    where indisprimary group by indrelid
)
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
    assert (
        await fetch_value(empty_database_url, TABLES)
        == "account ai_person ai_room ai_use alembic_version attempt audit blob chapter"
        " chapter_file client_of entry file_text git_commit git_object git_pin git_pushed git_tag"
        " identity link member mention message opened passkey reaction read_mark room"
        " room_audit run run_file run_input run_output session snapshot talk thread ticket waiting"
    )


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


async def test_the_models_have_the_keys_of_the_tables(database_url: str) -> None:
    """What `alembic check` does not compare."""
    tables = models.RoomModel.metadata.tables.values()
    expected = {table.name: sorted(column.name for column in table.primary_key) for table in tables}
    found = json.loads(await fetch_value(database_url, KEYS))
    assert len(expected) > 3
    assert {name: sorted(found[name]) for name in expected} == expected


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


async def test_a_snapshot_of_an_old_database_is_read_and_its_texts_are_kept_beside_the_next(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLAB_DATABASE_URL", empty_database_url)
    await asyncio.to_thread(command.upgrade, Config(ROOT / "alembic.ini"), "0003")
    room_id, copy_id = uuid4(), uuid4()
    await fetch_value(
        empty_database_url,
        "insert into room values ($1, 9, 'secret', now(), now()) returning id",
        room_id,
    )
    old = (
        '{"form":2,"revision":9,"updated_at":5,"main_id":"main","files":{'
        '"main":{"id":"main","text":"old","name":"main.py"},'
        '"two":{"id":"two","text":"zwei","name":"two.rs","parent":"lib","removed":true}},'
        '"folders":[{"id":"lib","name":"lib"}],"name":"Orbit"}'
    )
    await fetch_value(
        empty_database_url,
        "insert into snapshot values ($1, 9, $2) returning revision",
        room_id,
        old,
    )
    await asyncio.to_thread(migrations.upgrade, empty_database_url)
    async with log.connected(empty_database_url, statement_timeout=10) as postgres:
        opened = await read_room(postgres, room_id)
        assert opened is not None
        before = opened.state
        assert before.absent() == []
        assert [str(file.text) for file in before.files.values()] == ["old", "zwei"]
        edit = Entry(10, "bo", 1, "Bo", NOW, Edit("two", Operation([4, "!"])), "p-bo", "typed")
        await postgres.append(room_id, [edit])
        fold(before, edit)
        await postgres.save_snapshot(room_id, take_snapshot(before))
        await postgres.copy(room_id, copy_id, b"secret")
        for known in (room_id, copy_id):
            again = await postgres.open(known)
            assert again is not None
            assert again.state.absent() == ["two"]
            assert str(again.state.main.text) == "old"
            await read_texts(postgres, known, again.state)
            assert again.state.wire() == before.wire()
            assert (again.state.facts, again.state.size) == ({"name": "Orbit"}, 8)


async def test_the_entries_of_an_old_database_are_kept_and_told_without_a_person(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLAB_DATABASE_URL", empty_database_url)
    await asyncio.to_thread(command.upgrade, Config(ROOT / "alembic.ini"), "0001")
    room_id = uuid4()
    await fetch_value(
        empty_database_url,
        "insert into room values ($1, 2, 'secret', now(), now()) returning id",
        room_id,
    )
    for revision, change in enumerate(
        ['["add","main","main.py","python","old"]', '["edit","main",[3,"!"]]'], 1
    ):
        await fetch_value(
            empty_database_url,
            "insert into entry values ($1, $2, 'ana', $2, 'Ana', now(), $3) returning revision",
            room_id,
            revision,
            change,
        )
    await asyncio.to_thread(migrations.upgrade, empty_database_url)
    async with log.connected(empty_database_url, statement_timeout=10) as postgres:
        entries = await postgres.since(room_id, 0)
        assert [(e.author, e.person, e.origin) for e in entries] == [("Ana", None, None)] * 2
        new = Entry(3, "bo", 1, "Bo", NOW, Edit("main", Operation([4, "?"])), "p-bo", "typed")
        await postgres.append(room_id, [new])
        opened = await read_room(postgres, room_id)
        assert opened is not None
        assert str(opened.state.main.text) == "old!?"
        assert await postgres.since(room_id, 2) == [new]
