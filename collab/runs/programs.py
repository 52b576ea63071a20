"""Starts programs in sandboxes, by way of a warden, and reads what they print."""

from __future__ import annotations

import asyncio
import marshal
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

_ROOT = Path(__file__).parents[2]
_READ = 65_536
_PATIENCE = 5.0
"""Seconds that the warden may take to take an order."""
_WARDEN = (
    "import sys; sys.path.insert(0, {!r}); from collab.runs.sandbox.warden import main; main()"
)
STDOUT, STDERR, REPORTS = 1, 2, 3


class Plan(Struct, frozen=True):
    """What the sandboxes of a warden have in common: see `collab.runs.sandbox.rungs.Plan`."""

    rung: str
    python: str
    visible: list[str]
    limits: dict[str, float]
    bwrap: str = ""
    prefix: list[str] = []


class Order(Struct, frozen=True):
    """What is to run: a command line whose program has its full path, and its environment.

    `files` is the descriptor of an archive. `limits` are more limits of the process, by name.
    `given` are variables of people, which are passed on as they are: in those of `env`, {room} and
    {tmp} stand for folders.
    """

    argv: Sequence[str]
    env: Mapping[str, str]
    files: int
    limits: Mapping[str, int] = {}
    given: Mapping[str, str] = {}


class Ended(Struct, frozen=True):
    """How a program ended: `exit` is its status, below 0 the signal that ended it."""

    reason: str
    exit: int | None = None
    cpu_ms: int = 0
    peak: int = 0


class Written(Struct, frozen=True):
    """A file that a program wrote. `body` is None where it is too large to be kept."""

    path: str
    size: int
    body: bytes | None


class SandboxFailed(Exception):
    """The sandbox did not start. The words say why."""


class Program:
    """A program that runs in a sandbox, until `ended` has been awaited.

    `events` yields what the supervisor says: that it runs, that it waits for input or does not,
    and at last how it ended.
    """

    def __init__(self, control: socket.socket, files: int, stdin: int, *outputs: int) -> None:
        self._control = control
        self._files = files
        self._stdin: int | None = stdin
        self._outputs = dict(zip((STDOUT, STDERR, REPORTS), outputs, strict=True))
        self._transports: dict[int, asyncio.ReadTransport] = {}
        self._unwritten = bytearray()
        self._input_ends = False

    async def events(self) -> AsyncIterator[Mapping[str, Any] | Ended]:
        """Raises SandboxFailed."""
        loop = asyncio.get_running_loop()
        while True:
            message = await loop.sock_recv(self._control, _READ)
            if not message:
                yield Ended("lost")
                return
            event = marshal.loads(message)  # noqa: S302 - of the supervisor
            if words := event.get("failed"):
                raise SandboxFailed(words)
            if reason := event.get("ended"):
                yield Ended(reason, event["exit"], event["cpu_ms"], event["peak"])
                return
            yield event

    async def read(self, stream: int) -> asyncio.StreamReader:
        """What comes on a stream: 1, 2, or 3 for reports. As long as nobody reads it, the program
        waits."""
        reader = asyncio.StreamReader(limit=_READ)
        pipe = os.fdopen(self._outputs.pop(stream), "rb", buffering=0)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        self._transports[stream] = transport
        return reader

    def shut(self, stream: int) -> None:
        """Stop reading a stream. The next write of the program to it fails."""
        self._transports[stream].close()

    def write(self, data: bytes) -> None:
        """Give the program input, as it takes it."""
        self._unwritten += data
        self._pump()

    def end_input(self) -> None:
        """End the input of the program after what was written."""
        self._input_ends = True
        self._pump()

    def stop(self) -> None:
        """Ask the program to stop, and kill it where it does not at once."""
        self._say(b"stop")

    def kill(self, reason: str) -> None:
        self._say(reason.encode())

    def written(self) -> list[Written]:
        """The files that the program wrote, once it has ended."""
        length = int.from_bytes(os.pread(self._files, 8, 0), "little")
        index = marshal.loads(os.pread(self._files, length, 8)) if length else []  # noqa: S302
        at = 8 + length
        files = []
        for path, size, kept in index:
            body = None if kept < 0 else os.pread(self._files, kept, at)
            at += max(0, kept)
            files.append(Written(path, size, body))
        return files

    def close(self) -> None:
        """Close what the server holds of the program. The supervisor kills what is left of it."""
        if self._files >= 0:
            os.close(self._files)
            self._files = -1
        self._close_input()
        for descriptor in self._outputs.values():
            os.close(descriptor)
        self._outputs.clear()
        for transport in self._transports.values():
            transport.close()
        self._control.close()

    def _say(self, order: bytes) -> None:
        with suppress(OSError):
            self._control.send(order)

    def _pump(self) -> None:
        if self._stdin is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_writer(self._stdin)
        try:
            while self._unwritten:
                del self._unwritten[: os.write(self._stdin, self._unwritten[:_READ])]
        except BlockingIOError:
            loop.add_writer(self._stdin, self._pump)
        except OSError:
            self._close_input()
        else:
            if self._input_ends:
                self._close_input()

    def _close_input(self) -> None:
        stdin, self._stdin = self._stdin, None
        if stdin is not None:
            asyncio.get_running_loop().remove_writer(stdin)
            os.close(stdin)


class Programs:
    """Starts programs on one rung. Its warden starts with the first of them.

    `warden` is the command line that starts a warden; a socket and the plan are added to it.
    """

    def __init__(self, plan: Plan, warden: Sequence[str] = ()) -> None:
        self.plan = plan
        self._command = warden or warden_command(sys.executable, _ROOT)
        self._process: Process | None = None
        self._line: socket.socket | None = None
        self._starting = asyncio.Lock()

    async def start(self, order: Order) -> Program:
        """Start a program. Raises SandboxFailed."""
        line = await self._warden()
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        in_read, in_write = os.pipe()
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        report_read, report_write = os.pipe()
        body = marshal.dumps(
            {
                "argv": list(order.argv),
                "env": dict(order.env),
                "given": dict(order.given),
                "limits": dict(order.limits),
            },
            2,
        )
        theirs_of_pipes = (in_read, out_write, err_write, report_write)
        given = [theirs.fileno(), order.files, *theirs_of_pipes]
        ours = (in_write, out_read, err_read, report_read)
        for descriptor in ours:
            os.set_blocking(descriptor, False)
        control.setblocking(False)
        program = Program(control, os.dup(order.files), *ours)
        try:
            socket.send_fds(line, [body], given)
        except OSError as error:
            program.close()
            raise SandboxFailed(f"the warden takes no order: {error}") from error
        finally:
            theirs.close()
            for descriptor in theirs_of_pipes:
                os.close(descriptor)
        return program

    async def close(self) -> None:
        """End the warden and everything that runs."""
        if self._line is not None:
            self._line.close()
        if self._process:
            await self._process.wait()

    async def _warden(self) -> socket.socket:
        async with self._starting:
            if self._line is None or (self._process and self._process.returncode is not None):
                if self._line is not None:
                    self._line.close()
                self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                self._line.settimeout(_PATIENCE)
                with theirs:
                    self._process = await asyncio.create_subprocess_exec(
                        *self._command,
                        *(str(theirs.fileno()), marshal.dumps(asdict(self.plan), 2).hex()),
                        pass_fds=[theirs.fileno()],
                        stdin=DEVNULL,
                        cwd="/",
                        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                        start_new_session=True,
                    )
        assert self._line is not None
        return self._line


def warden_command(python: str, root: Path) -> list[str]:
    """The command line of a warden whose package `collab` is below a folder."""
    return [python, "-I", "-S", "-c", _WARDEN.format(str(root))]


def pack(files: Sequence[tuple[str, bytes]]) -> int:
    """Make an archive of files in memory. Returns its descriptor."""
    index = marshal.dumps([(path, len(content)) for path, content in files], 2)
    archive = os.memfd_create("files")
    with os.fdopen(os.dup(archive), "wb") as out:
        out.write(len(index).to_bytes(8, "little") + index)
        for _, content in files:
            out.write(content)
    return archive
