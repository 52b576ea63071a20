"""A real `collab` process, and what tests do to it."""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import httpx

from tests.support.ports import free_port

DEADLINE = 120.0
"""Seconds after which something hangs. It measures nothing: a machine may be very busy."""

_STRICT = ("-W", "error", "-W", "ignore:The declarative_mixin decorator")
"""Warnings are errors there as they are here; see pyproject.toml."""

_READY = re.compile(r"Collab is ready at (http://\S+:(\d+))\n")


class Server:
    """`python -m collab` with these arguments; on the same port each time it is started."""

    def __init__(
        self,
        *arguments: str,
        database_url: str = "",
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stderr: int | IO[str] | None = None,
        module: str = "collab",
        port: int | None = None,
    ) -> None:
        self._module = module
        self.database_url = database_url
        self._arguments = arguments
        self._environment = os.environ | dict(environment or {})
        self._environment["COLLAB_DATABASE_URL"] = database_url
        self._cwd = cwd
        self._stderr = stderr
        self._port = str(port or free_port())
        self.url = ""
        self.start()

    def room_url(self, room_id: str) -> str:
        """Return the address for the sockets of a room."""
        return f"{self.url.replace('http', 'ws', 1)}/ws/{room_id}"

    def run_in(self, cwd: Path) -> None:
        """Start in this folder from now on. A package `collab` there is the one that runs."""
        self._cwd = cwd

    def start(self) -> None:
        # By default it logs where the test does, so that a failure shows it.
        self.process = subprocess.Popen(
            [sys.executable, *_STRICT, "-m", self._module, *self._arguments, "--port", self._port],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
            cwd=self._cwd,
        )
        self.url, self._port = _ready(self.process)

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        _finish(self.process)

    def died(self) -> None:
        """Wait until it has ended by itself."""
        _finish(self.process)

    def terminate(self) -> int:
        """Ask it to stop, and return its exit status."""
        self.process.terminate()
        return _finish(self.process)

    def create_room(self, **body: object) -> str:
        """The id of a new room."""
        answer = httpx.post(f"{self.url}/rooms", json=body, timeout=DEADLINE)
        assert answer.status_code == 201, answer.text
        room_id: str = answer.json()["roomId"]
        return room_id

    def room(self, room_id: str) -> Any:
        """Return the answer to GET for a room."""
        answer = httpx.get(f"{self.url}/rooms/{room_id}", timeout=DEADLINE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.terminate()


def _ready(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The address that a process prints when it is ready, and the port in it."""
    assert process.stdout
    line = ""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        if selector.select(DEADLINE):
            line = process.stdout.readline()
    found = _READY.fullmatch(line)
    if found is None:
        process.kill()
        process.communicate()
        raise AssertionError(f"it is not ready, it says {line!r}")
    return found[1], found[2]


def _finish(process: subprocess.Popen[str]) -> int:
    """The exit status of a process that is about to end."""
    try:
        process.communicate(timeout=DEADLINE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode
