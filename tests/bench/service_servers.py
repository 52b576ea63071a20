"""The servers under load: the floors, Collab, and the peers that can be installed."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import httpx
from msgspec import Struct, json

from collab.postgres import embedded
from tests.bench.checkouts import CHECKOUT, checked_out
from tests.bench.drive import Kind, Load, Measured
from tests.bench.service_install import PEERS, InstallError, installed, node_peers

RELAY, DURABLE, COLLAB = FLOORS_AND_COLLAB = ("relay", "relay + commit", "collab")
SHAREDB, SHAREDB_PG, HOCUSPOCUS, HOCUSPOCUS_PG = NODE_PEERS = (
    "sharedb",
    "sharedb + pg",
    "hocuspocus",
    "hocuspocus + pg",
)
START_TEXT = "def greet(name):\n    return f'Hello, {name}'\n\n\n" * 50
_DEADLINE = 60.0


class Server:
    """A process under load, at an address that it keeps when it is started again."""

    def __init__(
        self,
        name: str,
        kind: Kind,
        command: Sequence[str],
        environment: dict[str, str] | None,
        checkout: Path,
    ) -> None:
        self.name = name
        self.kind = kind
        self._checkout = checkout
        self._command = [str(_free_port()) if part == "PORT" else part for part in command]
        self._environment = environment
        self._rooms = count()
        self._http = httpx.Client(timeout=_DEADLINE)
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            stdout=subprocess.PIPE,
            text=True,
            env=self._environment,
            cwd=self._checkout,
        )
        assert self._process.stdout
        line = self._process.stdout.readline().split()
        if not line:
            raise RuntimeError(f"{self.name} did not start")
        self.address = line[-1]

    def kill(self) -> None:
        """As `kill -9` does."""
        self._process.kill()
        self._process.communicate()

    def stop(self) -> None:
        self._http.close()
        self._process.terminate()
        try:
            self._process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()

    def room(self, text: str = START_TEXT) -> str:
        """The WebSocket URL of a new room."""
        room_id = f"bench-{self.pid}-{next(self._rooms)}"
        if self.kind == "collab":
            body = {"initial_code": text}
            answer = self._http.post(f"{self.address}/rooms", json=body)
            room_id = answer.raise_for_status().json()["roomId"]
        elif self.kind == "sharedb":
            answer = self._http.post(self.address, content=text)
            room_id = answer.raise_for_status().text
        return f"ws{self.address.removeprefix('http')}/ws/{room_id}"

    def drive(self, load: Load) -> Measured:
        """Have the load in a process of its own."""
        driver = [sys.executable, "-m", "tests.bench.drive", json.encode(load).decode()]
        done = subprocess.run(driver, stdout=subprocess.PIPE, check=True, cwd=self._checkout)
        return json.decode(done.stdout, type=Measured)

    def load(
        self,
        people: int,
        rate: float,
        seconds: float,
        seed: int = 0,
        *,
        urls: Sequence[str] = (),
        others: Sequence[str] = (),
        stalled: bool = False,
        hold: bool = False,
    ) -> Measured:
        """Measure people in rooms; without `urls`, in one new room."""
        return self.drive(
            Load(
                self.kind,
                list(urls) or [self.room()],
                self.pid,
                people,
                rate,
                seconds,
                seed,
                list(others),
                stalled,
                hold,
            )
        )


class Servers(Struct):
    """The running servers by name, and the reasons in words why others do not run."""

    running: dict[str, Server]
    missing: list[str]
    database_url: str

    @property
    def collab(self) -> Server:
        return self.running[COLLAB]


@contextmanager
def servers(
    profile: Path | None = None, *, peers: str = "install", against: str | None = None
) -> Iterator[Servers]:
    """All, on one embedded PostgreSQL of their own. Peers: "install", "installed" or "none".
    `against`: another commit of Collab, which has its own tables and its own driver.
    """
    measure = ["-m", "cProfile", "-o", str(profile.absolute())] if profile else []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="collab-bench-")))
        database = stack.enter_context(embedded.running(folder / "data"))
        url = database.url
        running: dict[str, Server] = {}

        def start(
            name: str,
            kind: Kind,
            *command: str,
            environment: dict[str, str] | None = None,
            checkout: Path = CHECKOUT,
        ) -> None:
            running[name] = Server(name, kind, command, environment, checkout)
            stack.callback(running[name].stop)

        python = sys.executable
        start(RELAY, "relay", python, "-m", "tests.bench.relay")
        start(DURABLE, "relay", python, "-m", "tests.bench.relay", url)
        # All that comes, comes from one address.
        limits = ["--limit-rooms-per-address", "0", "--limit-sockets-per-address", "0"]
        collab = ["-m", "collab", "--port", "PORT", *limits, "--database-url"]
        start(COLLAB, "collab", python, *measure, *collab, url)
        if against is not None:
            other = checked_out(against, folder / "other")
            tables = stack.enter_context(embedded.running(folder / "other-data"))
            start(against, "collab", python, *collab, tables.url, checkout=other)
        missing: list[str] = []
        if peers == "install" or (peers == "installed" and installed()):
            try:
                environment = node_peers()
                for name, kind, script, *arguments in (
                    (SHAREDB, "sharedb", "sharedb.mjs", "PORT"),
                    (SHAREDB_PG, "sharedb", "sharedb.mjs", "PORT", url),
                    (HOCUSPOCUS, "hocuspocus", "hocuspocus.mjs", "PORT", START_TEXT),
                    (HOCUSPOCUS_PG, "hocuspocus", "hocuspocus.mjs", "PORT", START_TEXT, url),
                ):
                    try:
                        node = ["node", str(PEERS / script), *arguments]
                        start(name, kind, *node, environment=environment)  # type: ignore[arg-type]
                    except (RuntimeError, OSError) as error:
                        missing.append(f"{name}: {error}")
            except InstallError as error:
                missing.append(f"ShareDB and Hocuspocus: {error}")
        yield Servers(running, missing, url)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
