"""The command `collab`, as people run it: with its own PostgreSQL."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from collab.cli import main
from collab.listening import listen, url
from collab.postgres.home import Home
from collab.store import reach
from tests.postgres.processes import eventually, holders, kill, postmaster, stopped
from tests.support.clients import OtClient, one_text
from tests.support.server import DEADLINE, Server

AT_ONCE = ("--port=0", "--database-wait=0")


def cannot_start(*arguments: str) -> str:
    """Run a command that must end with status 1, and return what it says."""
    ended = subprocess.run(
        [sys.executable, "-m", "collab", *arguments],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert ended.returncode == 1
    assert not ended.stdout
    return ended.stderr


def answers(server: Server, room_id: str) -> bool:
    """Tell whether the database answers again. Until then the server must say that it does not."""
    answer = httpx.get(f"{server.url}/rooms/{room_id}", timeout=DEADLINE)
    if answer.status_code != 200:
        assert answer.status_code == 503
        assert answer.json()["detail"] == "The database does not answer; try again"
    return answer.status_code == 200


def test_it_serves_with_no_database_given_and_leaves_nothing_running(data_dir: Path) -> None:
    with Server("--data-dir", str(data_dir)) as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{server.url}/health", timeout=DEADLINE).json() == {"status": "ok"}
        assert server.create_room()
        assert server.terminate() == 0
        assert stopped(Home(data_dir))


def test_a_first_start_says_what_takes_long_and_another_start_says_nothing(
    data_dir: Path, tmp_path: Path
) -> None:
    said = tmp_path / "said"
    words = f"collab: making a database in {data_dir}; the first time this takes some seconds\n"
    for expected in (words, ""):
        with said.open("w") as stderr, Server("--data-dir", str(data_dir), stderr=stderr):
            assert said.read_text() == expected


def test_its_data_is_in_the_users_folder_wherever_it_is_run(data_dir: Path, tmp_path: Path) -> None:
    environment = {"COLLAB_HOST": "localhost", "XDG_DATA_HOME": str(data_dir)}
    with Server("serve", environment=environment, cwd=tmp_path) as server:
        assert server.create_room()
    assert (data_dir / "collab" / "postgres").is_dir()
    assert not list(tmp_path.iterdir())


async def test_two_commands_share_a_data_dir(data_dir: Path) -> None:
    options = ("--data-dir", str(data_dir))
    with Server(*options) as first, Server("serve", *options) as other:
        room_id = first.create_room(initial_code="shared")
        async with (
            OtClient(first.room_url(room_id), "ann") as ann,
            OtClient(other.room_url(room_id), "bo") as bo,
        ):
            await ann.type("a")
            await bo.type("b")
            assert sorted(await one_text(first, room_id, [ann, bo])) == sorted("abshared")
        assert await asyncio.to_thread(first.terminate) == 0
        assert sorted(other.room(room_id)["code"]) == sorted("abshared")


async def test_after_a_kill_of_everything_the_next_start_has_what_was_acknowledged(
    data_dir: Path,
) -> None:
    home = Home(data_dir)
    with Server("--data-dir", str(data_dir)) as server:
        room_id = server.create_room()
        async with OtClient(server.room_url(room_id), "ann") as ann:
            await ann.type("kept")
            await ann.settled()
            kill(server.process.pid, *holders(home.supervisor_lock), *holders(home.server_lock))
            await ann.disconnected()
            server.kill()
            await ann.type("typed meanwhile, ")
            await asyncio.to_thread(server.start)
            assert server.room(room_id)["code"] == "kept"
            await ann.connect()
            assert await one_text(server, room_id, [ann]) == "typed meanwhile, kept"


async def test_a_database_that_is_killed_comes_back_under_the_people(data_dir: Path) -> None:
    home = Home(data_dir)
    with Server("--data-dir", str(data_dir)) as server:
        room_id = server.create_room()
        async with OtClient(server.room_url(room_id), "ann") as ann:
            await ann.type("before")
            await ann.settled()
            kill(postmaster(home))
            await ann.type("after, ")
            await asyncio.to_thread(eventually, lambda: answers(server, room_id))
            assert await one_text(server, room_id, [ann]) == "after, before"
            assert ann.closed is None


def test_a_kill_of_the_command_stops_its_database(data_dir: Path) -> None:
    with Server("--data-dir", str(data_dir)) as server:
        server.kill()
        eventually(lambda: stopped(Home(data_dir)))


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", "", "Address already in use"),
        ("localhost", "", "Address already in use"),
        ("203.0.113.7", "8000", "Cannot assign requested address"),
        ("nowhere.invalid", "8000", ""),
        ("b\u00fccher" * 20, "8000", "this is no name of a host"),
    ],
)
def test_an_address_that_cannot_be_had_is_said(
    host: str, port: str, words: str, workers: str, shared_server: Server
) -> None:
    port = port or shared_server.url.rpartition(":")[2]
    options = ("--host", host, "--port", port, "--workers", workers)
    said = cannot_start(*options, "--database-url", shared_server.database_url)
    assert said.startswith(f"collab: cannot listen on {host}:{port}: {words}")
    assert said.count("\n") == 1


async def test_a_name_is_every_address_that_it_has_on_one_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = ("127.0.0.1", "127.0.0.2", "203.0.113.7")
    found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (place, 0)) for place in places]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    # The last is not this machine's.
    first, second = listen("here.example", 0)
    with first, second:
        port = first.getsockname()[1]
        assert first.getsockname() == ("127.0.0.1", port)
        assert second.getsockname() == ("127.0.0.2", port)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://127.0.0.1:1/rooms", "Connect call failed"),
        ("postgresql://x@/rooms?host=/nowhere", "No such file"),
        ("postgresql://127.0.0.1:port/rooms", "port"),
    ],
)
def test_a_database_that_cannot_be_reached_is_said(
    url: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["collab", *AT_ONCE, "--database-url", url])
    with pytest.raises(SystemExit, match="The database does not answer: ") as stop:
        main()
    assert str(stop.value.code).startswith("collab: ")
    assert words in str(stop.value.code)


def test_a_database_that_says_nothing_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reach, "_PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/rooms"
        monkeypatch.setattr(sys, "argv", ["collab", *AT_ONCE, "--database-url", url])
        with pytest.raises(SystemExit, match=r"does not answer: nothing came within 0.2 s"):
            main()


def test_a_data_dir_that_cannot_be_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    said = cannot_start("--port=0", "--data-dir", str(file))
    assert said.startswith("collab: ")
    assert str(file) in said
    assert "Traceback" not in said


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has one family alone")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_on_every_address_of_ipv6_those_of_ipv4_are_served_too(
    database_url: str, workers: str
) -> None:
    options = ("--host", "::", "--workers", workers)
    with Server(*options, database_url=database_url) as server:
        port = server.url.rpartition(":")[2]
        assert server.url == f"http://[::1]:{port}"
        for host in ("127.0.0.1", "[::1]"):
            answer = httpx.get(f"http://{host}:{port}/health", timeout=DEADLINE)
            assert answer.json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("host", "opened"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("0:0::0", "http://[::1]:80"),
        ("fe80::1", "http://[fe80::1]:80"),
        ("localhost", "http://localhost:80"),
    ],
)
def test_the_address_that_is_said_can_be_opened(host: str, opened: str) -> None:
    assert url(host, 80) == opened
