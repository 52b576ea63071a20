"""The life of the embedded server, rule by rule: see collab/postgres/embedded.py."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from collab.postgres import binaries, embedded, supervisor
from collab.postgres.home import LONGEST_SOCKET, Home
from tests.postgres import processes
from tests.postgres.accounts import ACCOUNTS, ROOT, _as
from tests.postgres.processes import User, eventually, fetch, holders, kill, stopped


def test_a_server_starts_with_its_user_and_stops_with_it(data_dir: Path, home: Home) -> None:
    with embedded.running(data_dir) as server:
        assert fetch(server.url, "select current_database()") == "collab"
        assert not stopped(home)
    assert stopped(home)
    assert not home.run.exists()


def test_what_was_committed_is_there_at_the_next_start(data_dir: Path) -> None:
    with embedded.running(data_dir) as server:
        fetch(server.url, "create table kept as select 42 as answer")
    with embedded.running(data_dir) as server:
        assert fetch(server.url, "select answer from kept") == 42


def test_settings_are_the_same_whatever_the_environment(data_dir: Path) -> None:
    odd = {"PGPORT": "1", "PGDATA": "/nowhere", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8"}
    user = User(data_dir, environment=odd)
    for setting, value in {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "max_connections": "100",
        "server_encoding": "UTF8",
        "lc_messages": "C",
        "timezone": "UTC",
        "port": "5432",
    }.items():
        assert fetch(user.url, f"select current_setting('{setting}')") == value, setting
    assert fetch(user.url, "select upper('é') || upper('i')") == "ÉI"
    user.leave()


async def test_sqlalchemy_reads_the_address_whatever_the_environment(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    with embedded.running(data_dir) as server:
        engine = create_async_engine(server.url.replace("postgresql:", "postgresql+asyncpg:"))
        async with engine.begin() as connection:
            assert await connection.scalar(text("select current_database()")) == "collab"
        await engine.dispose()


async def test_any_name_of_a_database_fits_in_an_address(data_dir: Path) -> None:
    name = "a/b ü?&%"
    with embedded.running(data_dir) as server:
        collab = await asyncpg.connect(server.url)
        await collab.execute(f'create database "{name}"')
        await collab.close()
        other = await asyncpg.connect(server.url_for(name))
        assert await other.fetchval("select current_database()") == name
        await other.close()


def test_a_server_outlives_the_first_of_two_users_and_stops_after_the_last(
    data_dir: Path, home: Home
) -> None:
    first, second = User(data_dir), User(data_dir)
    assert first.url == second.url
    first.leave()
    assert fetch(second.url, "select 1") == 1
    second.leave()
    assert stopped(home)


def test_six_cold_starts_at_once_make_one_server(data_dir: Path, home: Home) -> None:
    users = [User(data_dir) for _ in range(6)]
    assert len({fetch(user.url, "select pg_postmaster_start_time()") for user in users}) == 1
    for user in users:
        user.leave()
    assert stopped(home)


@pytest.mark.parametrize("account", ACCOUNTS, ids=_as)
def test_a_folder_closed_to_all_others_will_do(
    data_dir: Path, home: Home, account: pwd.struct_passwd | None
) -> None:
    assert data_dir.parent.stat().st_mode & 0o777 == 0o700
    user = User(data_dir, account=account)
    assert fetch(user.url, "select 1") == 1
    user.leave()
    assert stopped(home)
    assert data_dir.parent.stat().st_mode & 0o777 == 0o700
    assert home.cluster.stat().st_uid != 0


@pytest.mark.parametrize("account", ACCOUNTS, ids=_as)
@pytest.mark.parametrize("name", ["long/" * 30, 'it\'s, "ö" $HOME'], ids=["long", "odd"])
def test_a_data_dir_of_any_name_will_do(
    data_dir: Path, name: str, account: pwd.struct_passwd | None
) -> None:
    user = User(data_dir / name, account=account)
    assert fetch(user.url, "select 1") == 1
    run = fetch(user.url, "select current_setting('unix_socket_directories')")
    assert isinstance(run, str)
    assert len(f"{run}/.s.PGSQL.5432") < LONGEST_SOCKET
    user.leave()
    assert not Path(run).exists()


def test_the_next_start_works_after_a_killed_owner(data_dir: Path, home: Home) -> None:
    owner = User(data_dir)
    fetch(owner.url, "create table kept as select 42 as answer")
    owner.kill()
    eventually(lambda: stopped(home))
    with embedded.running(data_dir) as server:
        assert fetch(server.url, "select answer from kept") == 42


def test_a_killed_postmaster_is_replaced_under_its_users(data_dir: Path, home: Home) -> None:
    with embedded.running(data_dir) as server:
        fetch(server.url, "create table kept as select 42 as answer")
        for _ in range(3):
            killed = processes.postmaster(home)
            kill(killed)
            eventually(lambda: processes.answers(server.url))
            assert processes.postmaster(home) != killed
        assert fetch(server.url, "select answer from kept") == 42
    assert stopped(home)


def test_the_next_user_adopts_a_server_whose_supervisor_was_killed(
    data_dir: Path, home: Home
) -> None:
    first = User(data_dir)
    started = fetch(first.url, "select pg_postmaster_start_time()")
    kill(processes.supervisor(home))
    second = User(data_dir)
    assert fetch(second.url, "select pg_postmaster_start_time()") == started
    assert processes.supervisor(home)
    kill(processes.postmaster(home))
    eventually(lambda: processes.answers(second.url))
    first.leave()
    second.leave()
    assert stopped(home)


def test_a_user_that_leaves_has_an_orphaned_server_stopped(data_dir: Path, home: Home) -> None:
    user = User(data_dir)
    assert user.url
    kill(processes.supervisor(home))
    user.leave()
    assert stopped(home)


def test_the_next_start_adopts_a_server_whose_supervisor_and_owner_were_killed(
    data_dir: Path, home: Home
) -> None:
    owner = User(data_dir)
    started = fetch(owner.url, "select pg_postmaster_start_time()")
    kill(processes.supervisor(home))
    owner.kill()
    with embedded.running(data_dir) as server:
        assert fetch(server.url, "select pg_postmaster_start_time()") == started
    assert stopped(home)


def test_a_server_that_hangs_is_stopped_all_the_same(data_dir: Path, home: Home) -> None:
    user = User(data_dir)
    fetch(user.url, "create table kept as select 42 as answer")
    for pid in holders(home.server_lock) - {processes.postmaster(home)}:
        os.kill(pid, signal.SIGSTOP)
    user.leave()
    eventually(lambda: stopped(home))
    with embedded.running(data_dir) as server:
        assert fetch(server.url, "select answer from kept") == 42


def test_the_next_start_works_after_everything_was_killed(data_dir: Path, home: Home) -> None:
    owner = User(data_dir)
    fetch(owner.url, "create table kept as select 42 as answer")
    kill(processes.supervisor(home), *holders(home.server_lock))
    owner.kill()
    assert (home.cluster / "postmaster.pid").exists()
    with embedded.running(data_dir) as server:
        assert fetch(server.url, "select answer from kept") == 42


@pytest.mark.parametrize("victim", ["owner", "supervisor", "initdb"])
def test_the_next_start_works_after_a_kill_during_initdb(
    data_dir: Path, home: Home, victim: str
) -> None:
    owner = User(data_dir)
    eventually((home.new_cluster / "base").exists)
    watching = processes.supervisor(home)
    if victim == "owner":
        owner.kill()
    else:
        kill(*({watching} if victim == "supervisor" else holders(home.server_lock) - {watching}))
        assert "did not start" in owner.error()
    assert not home.cluster.exists()
    with embedded.running(data_dir) as server:
        assert fetch(server.url, "select 1") == 1
    assert stopped(home)
    assert not home.new_cluster.exists()


def test_a_process_id_that_somebody_else_has_by_now_is_no_obstacle(
    data_dir: Path, home: Home
) -> None:
    with embedded.running(data_dir):
        pid_file = (home.cluster / "postmaster.pid").read_text()
    owner = home.cluster.stat()
    # PostgreSQL believes in any process of its own account.
    other = subprocess.Popen(["sleep", "600"], user=owner.st_uid if ROOT else None)
    try:
        _, *rest = pid_file.splitlines(keepends=True)
        (home.cluster / "postmaster.pid").write_text("".join([f"{other.pid}\n", *rest]))
        home.make_run_dir()
        home.socket.with_name(f"{home.socket.name}.lock").write_text(f"{other.pid}\n")
        with embedded.running(data_dir) as server:
            assert fetch(server.url, "select 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_server_that_somebody_started_by_hand_is_left_alone(data_dir: Path, home: Home) -> None:
    with embedded.running(data_dir):
        pass
    home.make_run_dir()
    programs = binaries.find(home.owner())
    with home.server_lock.open("rb") as unlocked:
        by_hand = supervisor._start(home, programs, unlocked)
        try:
            assert supervisor._serves(home, by_hand)
            home.socket.unlink()
            with (
                pytest.raises(embedded.EmbeddedPostgresError, match=f"Process {by_hand.pid} "),
                embedded.running(data_dir),
            ):
                pass
            assert by_hand.poll() is None
        finally:
            by_hand.send_signal(signal.SIGINT)
            by_hand.wait()
            home.remove_run_dir()


def test_data_of_another_major_version_is_not_touched(data_dir: Path, home: Home) -> None:
    home.cluster.mkdir(parents=True)
    (home.cluster / "PG_VERSION").write_text("99\n")
    with (
        pytest.raises(embedded.EmbeddedPostgresError, match="was made by PostgreSQL 99"),
        embedded.running(data_dir),
    ):
        pass
    assert [path.name for path in home.cluster.iterdir()] == ["PG_VERSION"]


def test_a_server_that_cannot_start_says_why(data_dir: Path, home: Home) -> None:
    with embedded.running(data_dir):
        pass
    (home.cluster / "global" / "pg_control").unlink()
    with (
        pytest.raises(embedded.EmbeddedPostgresError, match="pg_control"),
        embedded.running(data_dir),
    ):
        pass
    assert stopped(home)


def test_a_data_dir_that_cannot_be_made_is_named(data_dir: Path) -> None:
    data_dir.write_text("a file")
    with (
        pytest.raises(embedded.EmbeddedPostgresError, match=str(data_dir)),
        embedded.running(data_dir),
    ):
        pass


def test_other_systems_are_told_to_bring_a_server(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with (
        pytest.raises(embedded.EmbeddedPostgresError, match="give --database-url"),
        embedded.running(data_dir),
    ):
        pass


def test_a_log_that_grew_long_is_cut(data_dir: Path, home: Home) -> None:
    home.make()
    home.log.write_text("old\n" * supervisor.LONGEST_LOG)
    with embedded.running(data_dir):
        eventually(lambda: home.log.stat().st_size < supervisor.LONGEST_LOG)
        assert home.log.with_name("postgres.log.old").read_text().startswith("old\n")
    assert "database system is shut down" in home.log.read_text()


@pytest.mark.parametrize("account", ACCOUNTS[-1:], ids=_as)
def test_a_socket_folder_that_others_can_enter_is_refused(
    data_dir: Path, home: Home, account: pwd.struct_passwd | None
) -> None:
    run = data_dir / "postgres" / "run"
    run.mkdir(parents=True)
    for path in (data_dir, data_dir / "postgres", run):
        os.chown(path, *((account.pw_uid, account.pw_gid) if account else (-1, -1)))
    run.chmod(0o755)
    assert f"{run} must be a private folder" in User(data_dir, account=account).error()
