"""`collab doctor` says in words what is wrong; `backup` and `restore` bring rooms elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from collab.postgres import binaries, dump
from collab.store import migrations
from tests.support.clients import OtClient
from tests.support.database import execute
from tests.support.guests import Guest, enter
from tests.support.server import DEADLINE, Server


def collab(*arguments: str) -> tuple[int, str]:
    """The exit status of a command, and all it says."""
    ended = subprocess.run(
        [sys.executable, "-m", "collab", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    return ended.returncode, ended.stdout


def mode_of(file: str) -> int:
    return Path(file).stat().st_mode & 0o777


def test_where_all_is_well_the_doctor_says_so(shared_server: Server) -> None:
    port = shared_server.url.rpartition(":")[2]
    status, said = collab("doctor", "--database-url", shared_server.database_url, "--port", port)
    assert status == 0, said
    assert "WRONG" not in said
    for words in ("database", "The tables are at", "It is built", "A server answers at"):
        assert words in said


def test_a_database_that_does_not_answer_is_named(unused_tcp_port: int) -> None:
    url = f"postgresql://127.0.0.1:{unused_tcp_port}/rooms"
    status, said = collab("doctor", "--database-url", url, "--port=0")
    assert status == 1
    assert "WRONG database    The database does not answer" in said


def test_tables_that_are_missing_are_named(empty_database_url: str) -> None:
    status, said = collab("doctor", "--database-url", empty_database_url, "--port=0")
    assert status == 1
    assert (
        f"WRONG migrations  There are no tables yet, this program needs {migrations.newest()}"
        in said
    )


def test_a_redis_that_does_not_answer_is_named(unused_tcp_port: int) -> None:
    status, said = collab(
        "doctor", "--redis-url", f"redis://127.0.0.1:{unused_tcp_port}", "--port=0"
    )
    assert status == 1
    assert "WRONG redis       It does not answer, so other servers are heard a second late" in said


def test_before_the_first_start_nothing_is_made(data_dir: Path) -> None:
    status, said = collab("doctor", "--data-dir", str(data_dir), "--port=0")
    assert status == 0, said
    assert "The first start will make one" in said
    assert not data_dir.exists()


@pytest.mark.parametrize("command", [["doctor", "--port=0"], ["backup", "rooms.dump"]])
def test_a_command_that_reads_makes_nothing_in_a_mistyped_data_dir(
    tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    for data_dir in (empty, tmp_path / "missing"):
        status, said = collab(*command, "--data-dir", str(data_dir))
        if command[0] == "backup":
            words = f"There is no database in the data dir {data_dir}: is its name mistyped?"
            assert (status, said) == (1, f"collab: {words}\n")
    assert list(tmp_path.rglob("*")) == [empty]


def test_a_backup_without_rooms_is_an_error_and_leaves_no_file(
    database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "rooms.dump"
    for url, words in (
        (database_url, "There is no room in the database."),
        (empty_database_url, "The database has no tables of Collab, so there is no room."),
    ):
        assert collab("backup", str(file), "--database-url", url) == (1, f"collab: {words}\n")
    assert not list(tmp_path.iterdir())


def test_what_is_no_backup_with_rooms_is_refused_before_a_data_dir_is_made(
    data_dir: Path, empty_database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "rooms.dump"
    dump.backup(empty_database_url, file)
    into = ("--data-dir", str(data_dir))
    status, said = collab("restore", str(file), *into)
    assert (status, said) == (
        1,
        f"collab: {file} is a backup without rooms: nothing was restored.\n",
    )
    file.write_text("something else")
    status, said = collab("restore", str(file), *into)
    assert status == 1
    assert "does not appear to be a valid archive" in said
    status, said = collab("restore", str(tmp_path / "missing"), *into)
    assert status == 1
    assert "No such file" in said
    assert not data_dir.exists()


def test_tables_of_a_newer_program_are_named(database_url: str) -> None:
    execute(database_url, "update alembic_version set version_num = '9999'")
    status, said = collab("doctor", "--database-url", database_url, "--port=0")
    assert status == 1
    assert "WRONG migrations  The tables are at 9999, which this program does not know" in said
    status, said = collab("--database-url", database_url, "--port=0")
    assert status == 1
    assert said.startswith("collab: The tables cannot be brought to ")
    assert "'9999'" in said
    assert "Traceback" not in said


def test_the_password_of_a_database_is_on_no_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$PGPASSWORD $1" > "$0.said"\n')
    program.chmod(0o755)
    monkeypatch.setattr(binaries, "find", lambda _owner: tmp_path)
    dump.backup("postgresql://ann:s%40fe@db:5433/rooms?sslmode=require", tmp_path / "rooms.dump")
    said = (tmp_path / "pg_dump.said").read_text()
    assert said == "s@fe --dbname=postgresql://ann@db:5433/rooms?sslmode=require\n"


async def test_a_backup_brings_every_room_and_who_may_enter_to_a_fresh_data_dir(
    data_dir: Path, tmp_path: Path
) -> None:
    file = str(tmp_path / "rooms.dump")
    fresh = str(data_dir.with_name("fresh"))
    owner, stranger = Guest(), Guest()
    holds = (
        "1 room with 2 changes, 1 message, 1 account, 2 guests, 1 session, 1 member, 1 link,"
        " 1 person who waits"
    )
    with Server("--data-dir", str(data_dir)) as server:
        room_id = owner.room(server)
        async with OtClient(server.room_url(room_id), "ann") as ann:
            await ann.type("typed, ")
            await ann.settled()
            owner.done(server, "PATCH", f"/rooms/{room_id}/access", open="ask")
            member = enter(server, room_id, owner, "viewer")
            member.done(server, "POST", "/auth/signup", name="Bo", password="correct horse")
            owner.done(server, "POST", f"/rooms/{room_id}/messages", text="hi")
            stranger.done(server, "POST", f"/rooms/{room_id}/waiting", name="Cy")
            # While the server runs and people type.
            said = f"{file} holds {holds}.\n"
            assert collab("backup", file, "--data-dir", str(data_dir)) == (0, said)
            assert mode_of(file) == 0o600, "every room is in it"
    said = f"{file} is restored: {holds}.\n"
    assert collab("restore", file, "--data-dir", fresh) == (0, said)
    with Server("--data-dir", fresh) as server:
        _, said = collab("doctor", "--data-dir", fresh, "--port=0")
        assert f"ok    contents    It holds {holds}.\n" in said
        assert member.done(server, "GET", f"/rooms/{room_id}")["code"] == "typed, hello"
        assert member.done(server, "GET", "/me")["name"] == "Bo"
        assert stranger.ask(server, "GET", f"/rooms/{room_id}").status_code == 403
        owner.done(server, "PATCH", f"/rooms/{room_id}/access", open="editor")
        async with OtClient(server.room_url(room_id), "ann") as ann:
            await ann.type("and on: ")
            await ann.settled()
    status, said = collab("restore", file, "--data-dir", fresh)
    assert status == 1
    assert said == (
        "collab: The database has tables of Collab already: nothing was restored, and nothing"
        " changed.\n"
    )
