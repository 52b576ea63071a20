"""Real processes around one data dir: users, supervisors, servers."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import asyncpg

from collab.postgres.home import Home
from tests.support.server import DEADLINE


class User:
    """A process that uses the server of a data dir until told to leave."""

    def __init__(
        self,
        data_dir: Path,
        *,
        account: pwd.struct_passwd | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.process = subprocess.Popen(
            [*_become(account), sys.executable, str(Path(__file__).with_name("user.py")), data_dir],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | dict(environment or {}),
        )

    @cached_property
    def url(self) -> str:
        """The server's address, waited for."""
        assert self.process.stdout
        if line := self.process.stdout.readline():
            return line.strip()
        raise AssertionError(f"no server for this user: {self.error()}")

    def error(self) -> str:
        """Wait for the reason why this user has no server, and return it."""
        _, error = self.process.communicate(timeout=DEADLINE)
        assert self.process.returncode == 1
        return error

    def leave(self) -> None:
        _, error = self.process.communicate(timeout=DEADLINE)
        assert self.process.returncode == 0, error

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=DEADLINE)


def _become(account: pwd.struct_passwd | None) -> list[str]:
    if account is None:
        return []
    become = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    can_run_python = subprocess.run([*become, "test", "-x", sys.executable], check=False)
    if can_run_python.returncode == 0:
        return become
    # Root's own Python may lie where only root can read it: lend that right and no other.
    return [*become, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]


def holders(file: Path) -> set[int]:
    """The processes that have this file open, but for our own."""
    if sys.platform != "linux":
        pids = subprocess.run(["lsof", "-t", file], capture_output=True, text=True, check=False)
        return {int(pid) for pid in pids.stdout.split()} - {os.getpid()}
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        # It, or one of its files, may be gone by now.
        with suppress(OSError):
            for descriptor in (process / "fd").iterdir():
                with suppress(OSError):
                    if descriptor.readlink() == file:
                        found.add(int(process.name))
    return found - {os.getpid()}


def supervisor(home: Home) -> int:
    """The one process that watches over the server."""
    (pid,) = holders(home.supervisor_lock)
    return pid


def postmaster(home: Home) -> int:
    """The first of the server's processes."""
    return int((home.cluster / "postmaster.pid").read_text().splitlines()[0])


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def eventually(holds: Callable[[], object]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline, "it never held"
        time.sleep(0.005)


def stopped(home: Home) -> bool:
    """Nothing is left of the server nor of its supervisor."""
    return released(home.server_lock) and released(home.supervisor_lock)


def released(file: Path) -> bool:
    return not holders(file)


def fetch(url: str, sql: str) -> object:
    """The one value that this query gives."""

    async def run() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(run())


def answers(url: str) -> bool:
    try:
        return fetch(url, "select true") is True
    except (OSError, asyncpg.PostgresError):
        return False
