"""Runs on two servers: one output for everybody, whichever they are on, and whatever dies."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

import httpx
import pytest

from collab.runs.sandbox.watch import descendants
from tests.socket.test_many_processes import two_servers
from tests.support.database import eventually
from tests.support.database import run as run_sql
from tests.support.pidfds import Pidfds
from tests.support.server import DEADLINE, Server
from tests.support.sockets import Socket, ot_socket

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is of Linux")

ASKS = "import time\nprint(input('name? '))\nprint(input())\nwhile True:\n    time.sleep(1)\n"


AGE = """
update room set created_at = created_at - interval '1 hour' where id = '{0}';
update entry set created_at = created_at - interval '1 minute' where room_id = '{0}';
"""
IS_LOST = "select count(*) = 1 from run where room_id = '{}' and reason = 'lost'"
SPREADS = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
print("on", flush=True)
while True:
    pass
"""


class Watcher:
    """Hears what a run does, on a socket."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.chunks: list[tuple[int, Any]] = []
        self.state: dict[str, Any] = {}

    @property
    def text(self) -> str:
        return "".join(part[1] for _, parts in self.chunks for part in parts)

    async def until(self, state: str = "", text: str = "") -> None:
        while self.state.get("state", "") != state if state else text not in self.text:
            message = await self.socket.receive()
            if isinstance(message, dict) and message["type"] == "out":
                self.chunks.append((message["n"], message["parts"]))
            elif isinstance(message, dict) and message["type"] == "run":
                self.state = message


async def test_everybody_sees_one_output_and_may_answer_and_stop(database_url: str) -> None:
    with two_servers(database_url) as (one, other):
        room = one.create_room(initial_code=ASKS)
        async with (
            ot_socket(one.room_url(room)) as first,
            ot_socket(other.room_url(room)) as second,
        ):
            joined = await first.join("ann")
            await second.join("bo")
            ann, bo = Watcher(first), Watcher(second)
            await first.submit(1, joined["revision"], "run", "main", {})
            # Sent again, it is the same run.
            await first.submit(1, joined["revision"], "run", "main", {})
            await bo.until(text="name? ")
            run = bo.state["run"]
            assert (run, bo.state["path"], bo.state["author"]) == (2, "main.py", "ann")
            await second.send("input", run=run, seq=1, text="Bo\n")
            await second.send("input", run=run, seq=1, text="Bo\n")
            await ann.until(text="Bo\nBo\n")
            await first.send("input", run=run, seq=1, text="again\n")
            await bo.until(text="again\nagain\n")
            await second.send("stop", run=run)
            await ann.until(state="ended")
            await bo.until(state="ended")
            assert ann.state == bo.state
            assert ann.state["reason"] == "stopped"
            assert ann.chunks == bo.chunks
            assert [n for n, _ in ann.chunks] == [*range(1, len(ann.chunks) + 1)]
            typed = [part for _, parts in ann.chunks for part in parts if part[0] == 0]
            assert typed == [[0, "Bo\n", "bo"], [0, "again\n", "ann"]]
            async with httpx.AsyncClient(base_url=other.url, timeout=DEADLINE) as http:
                parts = (await http.get(f"/rooms/{room}/runs/{run}/output")).json()
                assert "".join(part["text"] for part in parts) == ann.text
                assert len((await http.get(f"/rooms/{room}/runs")).json()) == 1


async def test_the_run_of_a_server_that_is_killed_is_lost_on_the_others(database_url: str) -> None:
    with two_servers(database_url) as (one, other):
        room = one.create_room(initial_code=ASKS)
        async with ot_socket(other.room_url(room)) as second:
            await second.join("bo")
            bo = Watcher(second)
            async with ot_socket(one.room_url(room)) as first:
                joined = await first.join("ann")
                await first.submit(1, joined["revision"], "run", "main", {})
                await bo.until(text="name? ")
                one.kill()
            await bo.until(state="ended")
            assert bo.state["reason"] == "lost"
            async with httpx.AsyncClient(base_url=other.url, timeout=DEADLINE) as http:
                again = await http.post(f"/rooms/{room}/runs", json={"stdin": "a\n"})
                assert again.status_code == 201, "and the next run is the other server's"
        one.start()


async def test_a_run_whose_server_dies_before_its_start_runs_once_or_is_lost(
    database_url: str,
) -> None:
    with (
        Server(database_url=database_url, module="tests.faults.unclaimed") as dying,
        Server(database_url=database_url) as other,
    ):
        known, early, late = (dying.create_room(initial_code="print('ran')") for _ in range(3))
        # The other server has this room in memory, and takes the run over.
        async with ot_socket(other.room_url(known)) as second:
            await second.join("bo")
            await submit_and_die(dying, known)
            bo = Watcher(second)
            await bo.until(state="ended")
            assert (bo.state["reason"], bo.text) == ("exit", "ran\n")
            assert await reasons(other, known) == ["exit"]
        # Ann comes back soon, and sends it again.
        dying.start()
        await submit_and_die(dying, early)
        async with ot_socket(other.room_url(early)) as socket:
            joined = await socket.join("ann")
            await socket.submit(1, joined["revision"], "run", "main", {})
            ann = Watcher(socket)
            await ann.until(state="ended")
            assert (ann.state["reason"], ann.text) == ("exit", "ran\n")
            assert await reasons(other, early) == ["exit"]
        # Nobody comes for long, and then it is not run.
        dying.start()
        await submit_and_die(dying, late)
        await run_sql(database_url, AGE.format(late))
        async with ot_socket(other.room_url(late)) as socket:
            await socket.join("ann")
            await eventually(database_url, IS_LOST.format(late))
            assert await reasons(other, late) == ["lost"]


async def submit_and_die(dying: Server, room: str) -> None:
    """Have Ann run the room's program, on a server that dies of it."""
    async with ot_socket(dying.room_url(room)) as socket:
        joined = await socket.join("ann")
        await socket.submit(1, joined["revision"], "run", "main", {})
        await asyncio.to_thread(dying.died)


async def reasons(server: Server, room: str) -> list[str]:
    """The end of each run of a room."""
    async with httpx.AsyncClient(base_url=server.url, timeout=DEADLINE) as http:
        return [run["reason"] for run in (await http.get(f"/rooms/{room}/runs")).json()]


@pytest.mark.parametrize("dies", ["the server", "its warden"])
async def test_nothing_is_left_of_a_run_when_a_process_above_it_is_killed(
    database_url: str, dies: str
) -> None:
    with Server(database_url=database_url) as server:
        room = server.create_room(initial_code=SPREADS)
        async with ot_socket(server.room_url(room)) as socket:
            joined = await socket.join("ann")
            ann = Watcher(socket)
            await socket.submit(1, joined["revision"], "run", "main", {})
            await ann.until(text=8 * "on\n")
            below = descendants(server.process.pid)
            left = Pidfds(below)
            assert len(left) > 8
            if dies == "the server":
                server.kill()
            else:
                os.kill(below[0], signal.SIGKILL)
            await left.gone()
