"""A program inside a sandbox cannot touch the machine, on any rung."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.runs.stages import ROOT, STAGES, ended, stage
from tests.support.server import DEADLINE

INSIDE = Path(__file__).parent / "inside"
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64",
    reason="the hostile program makes calls of Linux on x86-64",
)


class Outside:
    """Targets that a program may try to reach: files, sockets and a process of the user who runs
    it.
    """

    def __init__(self, user: int) -> None:
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        folder.chmod(0o777)
        self.secret, self.open = folder / "secret", folder / "open"
        self.secret.write_text("secret")
        self.secret.chmod(0o600)
        self.open.write_text("open")
        self.open.chmod(0o644)
        self.udp = self._listen(socket.AF_INET, ("127.0.0.1", 0), socket.SOCK_DGRAM)
        self.datagrams = self._listen(socket.AF_UNIX, str(folder / "datagrams"), socket.SOCK_DGRAM)
        tcp = self._listen(socket.AF_INET, ("127.0.0.1", 0))
        self._listen(socket.AF_UNIX, str(folder / "socket"))
        abstract = f"collab-{os.getpid()}"
        self._listen(socket.AF_UNIX, "\0" + abstract)
        for name in ("datagrams", "socket"):
            (folder / name).chmod(0o777)
        for file in (self.secret, self.open):
            os.chown(file, user, -1)
        self.victim = self._stack.enter_context(
            subprocess.Popen(["sleep", "600"], user=user if ROOT else None)
        )
        self._stack.callback(self.victim.kill)
        self.before = self._look()
        self.told = {
            "secret": str(self.secret),
            "open": str(self.open),
            "folder": str(folder),
            "socket": str(folder / "socket"),
            "datagrams": str(folder / "datagrams"),
            "abstract": abstract,
            "port": tcp.getsockname()[1],
            "udp": self.udp.getsockname()[1],
            "pid": self.victim.pid,
            "root": user == 0,
        }

    def close(self) -> None:
        self._stack.close()

    def harm(self) -> list[str]:
        """Return the changes that a program made to these targets."""
        harm = [
            f"{now} was {was}"
            for was, now in zip(self.before, self._look(), strict=True)
            if was != now
        ]
        for name, receiver in (("UDP", self.udp), ("a datagram", self.datagrams)):
            receiver.setblocking(False)
            try:
                receiver.recv(99)
            except BlockingIOError:
                continue
            harm.append(f"{name} came")
        return harm

    def _look(self) -> list[Any]:
        files = [
            (
                path.name,
                path.stat().st_mode,
                path.stat().st_mtime,
                path.stat().st_size,
                path.stat().st_nlink,
            )
            for path in (self.secret, self.open)
        ]
        with open(f"/proc/{self.victim.pid}/stat") as stat:  # noqa: PTH123
            fields = stat.read().rpartition(")")[2].split()
        return [*files, ("state and nice", fields[0] in "SR", fields[16])]

    def _listen(self, family: int, address: Any, kind: int = socket.SOCK_STREAM) -> socket.socket:
        listener = self._stack.enter_context(socket.socket(family, kind))
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        return listener


@pytest.mark.parametrize("name", STAGES)
async def test_nothing_gets_out(name: str, readable: Path) -> None:
    async with stage(name, readable) as here:
        if here is None:
            pytest.skip("not for this user")
        outside = Outside(here.user)
        try:
            files = {path.name: path.read_bytes() for path in (INSIDE / "hostile").iterdir()}
            main = files.pop("main.py").decode()
            output, errors, end = await here.run(main, json.dumps(outside.told), files=files)
            assert end.reason == "exit", errors
            worked, cases = json.loads(output)
            assert worked == {}
            assert len(cases) > 90
            assert outside.harm() == []
        finally:
            outside.close()


@pytest.mark.parametrize("name", STAGES)
async def test_an_honest_program_runs(name: str, readable: Path) -> None:
    files = {"neighbour.py": b"VALUE = 'beside'\n", "data/numbers.csv": b"1,2\n"}
    async with stage(name, readable) as here:
        if here is None:
            pytest.skip("not for this user")
        # Without a network of its own a program has none, nor the semaphores of a pool.
        more = ["network", "pool"] if here.apart else []
        output, errors, end = await here.run(INSIDE / "legitimate.py", *more, files=files)
        assert (end.reason, end.exit, errors) == ("exit", 0, "")
        assert output.split() == ["threads", "processes", "database", "files", "loop", *more]


@pytest.mark.parametrize("name", STAGES)
async def test_a_file_above_the_room_ends_the_run_before_it_begins(
    name: str, readable: Path
) -> None:
    async with stage(name, readable) as here:
        if here is None:
            pytest.skip("not for this user")
        output, errors, end = await here.run("print('on')", files={"../above": b"x"})
        assert (output, end.reason) == ("", "exit"), errors
        assert end.exit in (120, 127), "as of a sandbox that could not begin"


@pytest.mark.parametrize("name", STAGES)
async def test_only_files_that_the_program_wrote_are_collected(name: str, readable: Path) -> None:
    secret = readable / "secret"
    secret.write_text("secret")
    source = f"""
import os
open("wrote", "w").write("mine")
open("main.py", "a").write("# changed")
os.symlink({str(secret)!r}, "link")
os.symlink("/etc", "folder")
os.symlink("/proc/self", "process")
try:
    os.link({str(secret)!r}, "hard")
except OSError:
    pass
open(b"no\\xff text", "w").close()
open("two\\nlines", "w").close()
os.makedirs("/".join("d" * 40))
open("/".join("d" * 40) + "/deep", "w").close()
os.mkdir("closed")
open("closed/in", "w").close()
os.chmod("closed", 0)
with open("sparse", "wb") as file:
    file.truncate(1 << 25)
"""
    async with stage(name, readable) as here:
        if here is None:
            pytest.skip("not for this user")
        program = await here.start(source, files={"same": b"same"})
        async with asyncio.timeout(DEADLINE):
            errors = await (await program.read(2)).read()
        assert (await ended(program)).exit == 0, errors
        found = {file.path: (file.size, file.body) for file in program.written()}
        program.close()
        found.pop("closed/in", None)
        assert found.pop("main.py")[0] > 0
        assert found == {"wrote": (4, b"mine"), "sparse": (1 << 25, None)}
