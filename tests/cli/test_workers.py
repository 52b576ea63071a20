"""`collab --workers`: several processes behind one port."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvloop

from collab.serving import workers
from collab.serving.server import Server as CollabServer
from collab.settings import Settings
from tests.cli.test_command import cannot_start
from tests.postgres.processes import eventually, kill
from tests.support.clients import OtClient, PlainClient, one_text
from tests.support.database import locked
from tests.support.server import DEADLINE, Server


def workers_of(server: Server) -> list[int]:
    """The processes that a supervisor has started and that serve."""
    pid = server.process.pid
    if sys.platform == "linux":
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    else:
        found = subprocess.run(
            ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
        )
        children = found.stdout
    return [int(child) for child in children.split()]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def paused(pid: int) -> Iterator[None]:
    """Have a process take nobody in: who comes now comes to another."""
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    options = ("--workers=2", "--drain-timeout=1")
    environment = {"TMPDIR": str(tmp_path)}
    with Server(*options, database_url=database_url, environment=environment) as server:
        yield server


@asynccontextmanager
async def one_in_each(server: Server, room_id: str) -> AsyncIterator[tuple[OtClient, PlainClient]]:
    """Two people, in the two workers."""
    one, other = workers_of(server)
    url = server.room_url(room_id)
    async with AsyncExitStack() as stack:
        with paused(other):
            ann = await stack.enter_async_context(OtClient(url, "ann"))
        with paused(one):
            bo = await stack.enter_async_context(PlainClient(url))
        yield ann, bo


async def refuses_connections(server: Server) -> None:
    """Wait until nobody listens on its port."""
    address = urlsplit(server.url)
    # A connection that is being made when it stops listening is reset.
    with suppress(ConnectionRefusedError, ConnectionResetError):
        while True:
            _, writer = await asyncio.open_connection(address.hostname, address.port)
            writer.close()


async def test_people_in_two_workers_meet_one_that_dies_is_replaced_and_none_is_left_behind(
    server: Server, tmp_path: Path
) -> None:
    room_id = await asyncio.to_thread(server.create_room)
    before = workers_of(server)
    async with one_in_each(server, room_id) as (ann, bo):
        await bo.until(lambda: bo.count == 2)
        await ann.type("hello")
        await bo.shows("hello")
        kill(before[0])
        await ann.disconnected()
        await ann.type("still ")
        await ann.connect()
        await one_text(server, room_id, [ann], [bo])
        assert bo.text == "still hello"
        assert bo.connected
        # The killed one counts as a child until its end is noticed.
        await asyncio.to_thread(
            eventually,
            lambda: len(there := set(workers_of(server))) == 2 and before[0] not in there,
        )
        after = workers_of(server)
        assert len({*before, *after}) == 3
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(eventually, lambda: not any(alive(pid) for pid in after))
        # What they counted in is not left behind.
        await asyncio.to_thread(eventually, lambda: not any(tmp_path.iterdir()))


async def test_who_tells_the_command_to_stop_stops_the_workers(server: Server) -> None:
    room_id = await asyncio.to_thread(server.create_room)
    before = workers_of(server)
    async with one_in_each(server, room_id) as (ann, bo), locked(server.database_url, room_id):
        await ann.type("a")
        await ann.answered()
        # A worker that is busy with its last work lets nobody wait for it.
        stopping = asyncio.create_task(asyncio.to_thread(server.terminate))
        await refuses_connections(server)
        assert not stopping.done()
        assert await stopping == 0
        await ann.disconnected()
        await bo.disconnected()
        assert (ann.closed, bo.closed) == (1012, 1012)
    assert not any(alive(pid) for pid in before)


def test_a_worker_that_is_killed_before_it_is_ready_is_named_and_another_serves(
    database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "collab", "--port=0", "--workers=2"]
    with (
        log.open("w") as stderr,
        subprocess.Popen(
            [*command, "--database-url", database_url],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        # The first children ask for the tables; a worker's command line says what it is.
        eventually(lambda: starting(process.pid))
        killed = starting(process.pid)[0]
        kill(killed)
        assert process.stdout
        assert process.stdout.readline().startswith("Collab is ready at ")
        process.terminate()
        assert process.wait(DEADLINE) == 0
    words = f"worker {killed} was killed by SIGKILL (too little memory?) before it was ready"
    assert words in log.read_text()
    assert "another is started" in log.read_text()


def starting(supervisor: int) -> list[int]:
    """The workers of a supervisor, whether or not they serve yet."""
    found = subprocess.run(
        ["pgrep", "-P", str(supervisor), "-f", "collab.serving.worker"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(pid) for pid in found.stdout.split()]


def test_workers_that_are_killed_again_and_again_end_the_command_with_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    dying = tmp_path / "python"
    dying.write_text("#!/bin/sh\nkill -9 $$\n")
    dying.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(dying))
    assert not workers.serve(Settings(port=0, workers=2, database_url="postgresql:///rooms"))
    assert "was killed by SIGKILL" in caplog.text
    assert "before it was ready, as 4 before it" in caplog.text


def test_a_worker_that_does_not_become_ready_is_mentioned_and_replaced(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    hanging = tmp_path / "python"
    hanging.write_text("#!/bin/sh\nexec sleep 600\n")
    hanging.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(hanging))
    monkeypatch.setattr(workers, "_SLOW", 0.01)
    monkeypatch.setattr(workers, "_START", 0.02)
    assert not workers.serve(Settings(port=0, database_url="postgresql:///rooms"))
    assert "is not ready after" in caplog.text
    assert "before it was ready, as 4 before it" in caplog.text


def test_workers_that_cannot_start_end_the_command() -> None:
    impossible = Settings(port=0, database_url="postgresql:///rooms", tick=-1)
    assert not workers.serve(impossible)


def test_a_port_that_is_taken_is_said(shared_server: Server) -> None:
    port = shared_server.url.rpartition(":")[2]
    url = shared_server.database_url
    said = cannot_start("--workers=2", "--port", port, "--database-url", url)
    assert said.startswith("collab: ")
    assert "ddress already in use" in said


def test_every_server_process_runs_on_uvloop() -> None:
    server = CollabServer(Settings(database_url="postgresql:///rooms"))
    make = server.config.get_loop_factory()
    assert make
    with closing(make()) as loop:
        assert isinstance(loop, uvloop.Loop)
