"""The servers of the benchmark of runs, and people who run programs on them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from collab.postgres import embedded, locks
from collab.postgres.home import Home
from collab.runs.ladder import Ground, find_ground
from collab.runs.options import RunLimits, RunOptions
from collab.runs.sandbox.watch import descendants
from tests.support.server import Server
from tests.support.sockets import Socket, ot_socket

_JUPYTER = """
import time
from jupyter_client.manager import start_new_kernel
began = time.perf_counter()
manager, client = start_new_kernel()
client.execute("print('hello')")
while client.get_iopub_msg()["msg_type"] != "stream":
    pass
print(1000 * (time.perf_counter() - began))
client.stop_channels()
manager.shutdown_kernel(now=True)
"""
_JUPYTER_PACKAGES = ("jupyter_client==8.6.3", "ipykernel==6.29.5")
_PEERS = Path(__file__).with_name("runs_peers")
_BETWEEN_KEYS = 0.01


class Servers:
    """A server, and the ground that its programs would have, in this process."""

    def __init__(
        self, server: Server, database_url: str, ground: Ground, folder: str, jupyter: str
    ) -> None:
        self._database_url = database_url
        self.ground = ground
        self.folder = folder
        self.jupyter = jupyter
        """The Python that has jupyter_client; empty without one."""
        self.pid = server.process.pid
        self._server = server

    def another(self) -> Server:
        """Start one more server on the same database."""
        return Server(database_url=self._database_url)

    @asynccontextmanager
    async def people(self, source: str, count: int) -> AsyncIterator[list[Person]]:
        """People in a new room with a program."""
        room_id = self._server.create_room(initial_code=source)
        async with AsyncExitStack() as stack:
            found = []
            for number in range(count):
                socket = await stack.enter_async_context(ot_socket(self._server.room_url(room_id)))
                found.append(Person(socket, await socket.join(f"p{number}")))
            yield found

    async def by_jupyter(self) -> float:
        """Milliseconds in which jupyter_client starts a kernel and has its first output."""
        process = await asyncio.create_subprocess_exec(
            self.jupyter, "-c", _JUPYTER, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        return float(output)


class Person:
    """Somebody in a room. What comes is read when somebody waits for it."""

    def __init__(self, socket: Socket, joined: Any) -> None:
        self.socket = socket
        self.running = 0
        self.read = 0
        """Characters of output."""
        self._revision = joined["revision"]
        self._length = len(joined["files"][0]["text"])
        self._seq = joined["seq"]
        self._client = (joined["number"], joined["client"])
        self._acknowledged = 0

    async def run(self) -> None:
        await self._submit("run", "main", {})
        self.running = self._revision

    async def stop(self) -> None:
        await self.socket.send("stop", run=self.running)
        await self.until_ended()

    async def type(self, keys: int) -> list[float]:
        """Type letters, one after the other. Returns how long each took to be saved, in ms."""
        took = []
        for _ in range(keys):
            began = time.perf_counter()
            await self._submit("edit", "main", ["a", *([self._length] if self._length else [])])
            self._length += 1
            took.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(_BETWEEN_KEYS)
        return took

    async def until_output(self, text: str) -> None:
        while True:
            message = await self._hear()
            if _kind(message) == "out" and any(text in part[1] for part in message["parts"]):
                self.running = message["run"]
                return

    async def until_ended(self) -> None:
        while True:
            message = await self._hear()
            if _kind(message) == "run" and message["state"] == "ended":
                return

    async def _submit(self, *change: object) -> None:
        """Submit a change, and wait until it is saved."""
        self._seq += 1
        await self.socket.submit(self._seq, self._revision, *change)
        while self._acknowledged < self._seq:
            await self._hear()

    async def _hear(self) -> Any:
        message = await self.socket.receive()
        if isinstance(message, list):
            self._revision = message[0] + len(message) - 2
            for who, seq, *_ in message[1:]:
                if who in self._client:
                    self._acknowledged = seq
        elif message["type"] == "out":
            self.read += sum(len(part[1]) for part in message["parts"])
        return message


@asynccontextmanager
async def servers(*, peers: bool, database_url: str = "") -> AsyncIterator[Servers]:
    """Start a server, on a database of its own where none is given."""
    limits = [
        "--limit-run-output=268435456",
        "--limit-run-at-once=30",
        "--limit-run-at-once-room=30",
    ]
    with (
        tempfile.TemporaryDirectory(prefix="collab-runs-") as folder,
        nullcontext(database_url) if database_url else _database(Path(folder)) as database,
        Server(*limits, database_url=database) as server,
    ):
        ground = await find_ground(RunOptions(), RunLimits(), Path(folder))
        try:
            yield Servers(server, database, ground, folder, _install_jupyter() if peers else "")
        finally:
            await ground.close()


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """A database whose last process has ended when the block has, so that the folder can go."""
    with embedded.running(folder / "data") as server:
        yield server.url
    # On a busy machine the database takes longer to stop than its last user waits.
    locks.hold(Home(folder / "data").supervisor_lock).close()


def _install_jupyter() -> str:
    """The Python of an environment that has the peer, beside the project; installed on first
    use."""
    venv = _PEERS / ".venv"
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run(["uv", "venv", "--quiet", str(venv)], check=True)
        into = ["--quiet", "--python", str(python)]
        subprocess.run(["uv", "pip", "install", *into, *_JUPYTER_PACKAGES], check=True)
    return str(python)


def wardens_of(server: int) -> list[int]:
    """The warden of a server, and what waits below it."""
    return descendants(server)


def memory_of(pid: int) -> int:
    """The bytes of memory that a process has for itself, and its share of the rest."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no Pss")


def cpu_of(pid: int) -> float:
    """The seconds of CPU that a process has used."""
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, times[11:13])) / os.sysconf("SC_CLK_TCK")


def _kind(message: Any) -> str:
    return message["type"] if isinstance(message, dict) else "entries"
