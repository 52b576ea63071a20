"""Supervises one run: a process of its own, which the warden forks.

It starts a sandbox, waits for the order, and ends the run when a limit is exceeded, when it is told
to, and when the server or the warden is gone: both hold a socket to it. It ends when nothing of the
run is left.
"""

from __future__ import annotations

import _socket
import marshal
import os
import resource
import select
import signal
import time
from contextlib import suppress

from collab.confining import kernel
from collab.runs.sandbox import rungs, turns, watch, written
from collab.runs.sandbox.rungs import Plan, Sandbox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

MOST = 1 << 20
"""Bytes of a message."""
ALONE, CROWDED = b"0", b"1"
"""Whether more programs run already than there are processors. The warden says the latter also to
those that started before."""
_LOOK_EVERY, _LOOK_SOONEST = 50, 2
"""Milliseconds between two looks at what a run uses: at most, and while its memory grows fast."""
_SOON, _AGAIN = 500, 1000
"""After `_SOON` milliseconds of CPU a run comes last. After every `_AGAIN` more, so does what it
has started since."""
_MANY = 16
"""Processes with which a run comes last at once: the kernel lets nobody interrupt a fork."""
_NEVER = float("inf")
_OF_BUBBLEWRAP = 2
"""The first processes of a sandbox with namespaces: bubblewrap, and `launch.be_first`."""
_GRACE = 1.0
"""Seconds that a program has after the signal that asks it to stop."""


def supervise(plan: Plan, slot: int, warden: _socket.socket) -> NoReturn:
    """Supervise one run. `warden` brings the order behind a byte that is `CROWDED` or `ALONE`, with
    descriptors: the server's socket, the archive, the program's input, output, errors and
    reports."""
    kernel.adopt_orphans()
    try:
        sandbox = rungs.start(plan, slot)
        failed = ""
    except OSError as error:
        sandbox, failed = None, str(error) or "the sandbox does not start"
    body, descriptors = receive(warden)
    if not body:
        if sandbox:
            _sweep(sandbox)
        os._exit(0)
    server = _socket.socket(fileno=descriptors.pop(0))
    if sandbox is None:
        _say(server, {"failed": failed})
        os._exit(0)
    order, crowded = marshal.loads(body[1:]), body[:1] == CROWDED
    try:
        _Run(plan, sandbox, server, warden, order, descriptors, crowded=crowded).run()
    finally:
        _sweep(sandbox)
        os._exit(0)


def receive(channel: _socket.socket) -> tuple[bytes, list[int]]:
    """One message and the descriptors with it; nothing at the end."""
    try:
        body, found, _, _ = channel.recvmsg(MOST, _socket.CMSG_SPACE(32))
    except OSError:
        return b"", []
    data = found[0][2] if found else b""
    return body, [
        int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data) // 4 * 4, 4)
    ]


def _say(server: _socket.socket, message: dict[str, Any]) -> None:
    with suppress(OSError):
        server.send(marshal.dumps(message, 2))


class _Run:
    def __init__(
        self,
        plan: Plan,
        sandbox: Sandbox,
        server: _socket.socket,
        warden: _socket.socket,
        order: dict[str, Any],
        descriptors: list[int],
        *,
        crowded: bool,
    ) -> None:
        self.limits = plan.limits
        self.sandbox = sandbox
        self.server = server
        self.warden = warden
        self.peak = 0
        self.cpu_ms = 0
        self.reason = ""
        self.waiting = False
        self.kill_at = _NEVER
        self.look_in = _LOOK_EVERY
        self.looked_at = time.monotonic()
        self.memory = 0
        self.turn = turns.CROWDED if crowded else turns.SOON
        turns.go_along(self.turn)
        self.last_at: float = _SOON
        # This keeps the files of the run when all its processes have ended.
        self.room = os.open(sandbox.folders[0], os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._begin(order, descriptors, plan.prefix)

    def _begin(self, order: dict[str, Any], descriptors: list[int], prefix: list[str]) -> None:
        """Pass the order on, with the real folders in place of {room} and {tmp}."""
        real = {"{room}": self.sandbox.cwd, "{tmp}": self.sandbox.temporary}

        def place(text: str) -> str:
            for name, path in real.items():
                text = text.replace(name, path)
            return text

        env = {name: place(value) for name, value in order["env"].items()} | order["given"]
        argv, limits = [*prefix, *order["argv"]], {} if prefix else order["limits"]
        body = marshal.dumps({"argv": argv, "env": env, "limits": limits}, 2)
        data = b"".join(number.to_bytes(4, "little") for number in descriptors)
        turns.give([self.sandbox.program], self.turn)
        self.began = time.monotonic()
        self.sandbox.channel.sendmsg([body], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, data)])
        self.archive, *standard = descriptors
        for descriptor in standard:
            os.close(descriptor)
        _say(self.server, {"running": True})

    def run(self) -> None:
        """Watch the run until it has ended, and tell the server how."""
        ended, channel = os.pidfd_open(self.sandbox.main), self.sandbox.channel.fileno()
        poll = select.poll()
        for descriptor in (ended, channel, self.server.fileno(), self.warden.fileno()):
            poll.register(descriptor, select.POLLIN)
        code: int | None = None
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(self.look_in)}
            if channel in ready:
                code = self._hear_end()
                poll.unregister(channel)
            if ended in ready or code is not None:
                break
            if self.warden.fileno() in ready and not self._make_room():
                return
            if self.server.fileno() in ready and not self._obey():
                return
            if time.monotonic() >= self.kill_at or not self._look():
                break
        if code is None or len(watch.descendants(os.getpid())) > _OF_BUBBLEWRAP:
            status = _kill(self.sandbox)
            code = self._exit_of(status) if code is None else code
        self._collect()
        self._tell_end(code)

    def _hear_end(self) -> int | None:
        """Read the exit status that a sandbox's first process tells. None if it tells none."""
        told = receive(self.sandbox.channel)[0].split()
        if not told:
            return None
        self.cpu_ms = max(self.cpu_ms, int(told[1]))
        return int(told[0])

    def _exit_of(self, status: int) -> int:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu_ms = max(self.cpu_ms, int(1000 * (used.ru_utime + used.ru_stime)))
        code = os.waitstatus_to_exitcode(status)
        # bubblewrap tells the signal of its program like a shell.
        return 128 - code if code > 128 and self.sandbox.apart else code

    def _tell_end(self, code: int) -> None:
        reason = self.reason or ("signal" if code < 0 else "exit")
        if not self.reason and -code == signal.SIGXCPU:
            reason = "cpu"
        told = {"ended": reason, "exit": code, "cpu_ms": self.cpu_ms, "peak": self.peak}
        _say(self.server, told)

    def _take_turns(self, pids: list[int], turn: turns.Turn) -> None:
        """Have these processes take turns like this, and the watch stay on their processors: to
        look at many takes long."""
        self.turn = turn
        turns.go_along(turn)
        turns.give(pids, turn)

    def _plan_next(self, memory: int) -> None:
        """Look again when half the time has passed in which memory may reach its limit."""
        now = time.monotonic()
        grown, self.memory = memory - self.memory, memory
        passed, self.looked_at = 1000 * (now - self.looked_at), now
        self.look_in = _LOOK_EVERY
        if grown > 0:
            left = (self.limits["memory"] - memory) * passed / grown / 2
            self.look_in = max(_LOOK_SOONEST, min(_LOOK_EVERY, int(left)))

    def _collect(self) -> None:
        """Put what the program wrote into the archive, for the server."""
        limits = self.limits
        try:
            written.collect(
                self.room,
                self.archive,
                limits["written_files"],
                limits["written"],
                limits["files"],
            )
        except (OSError, MemoryError):
            os.ftruncate(self.archive, 0)

    def _make_room(self) -> bool:
        """Take turns as in a crowd, as the warden says; False when it is gone."""
        word, _ = receive(self.warden)
        if word and self.turn is turns.SOON:
            self._take_turns(self._pids(), turns.CROWDED)
        return bool(word)

    def _pids(self) -> list[int]:
        """The processes of the program."""
        pids = watch.descendants(os.getpid())
        return pids[_OF_BUBBLEWRAP:] if self.sandbox.apart else pids

    def _obey(self) -> bool:
        """Do what the server says; False when it is gone."""
        order, _ = receive(self.server)
        if not order:
            return False
        if order == b"stop":
            if self.kill_at == _NEVER:
                self.reason = self.reason or "stopped"
                self.kill_at = time.monotonic() + _GRACE
                self._take_turns(watch.descendants(os.getpid()), turns.AT_ONCE)
                self.last_at = _NEVER
                with suppress(OSError):
                    os.kill(self.sandbox.program, signal.SIGINT)
        else:
            self.reason = self.reason or order.decode()
            self.kill_at = 0
        return True

    def _look(self) -> bool:
        """Compare what the run uses with its limits; False when it exceeds one."""
        pids = self._pids()
        use = watch.measure(pids, self.sandbox.folders, apart=self.sandbox.apart)
        if use.memory > self.limits["memory"]:
            # Hold the run still while the pages are counted that its processes share.
            _signal(pids, signal.SIGSTOP)
            watch.share_memory(use)
            if use.memory <= self.limits["memory"]:
                _signal(pids, signal.SIGCONT)
        self._plan_next(use.memory)
        forks = self.turn is turns.SOON and use.processes > _MANY
        if forks or use.cpu_ms > self.last_at:
            self.last_at = use.cpu_ms + _AGAIN
            self._take_turns(pids, turns.LAST)
        else:
            turns.hold(pids, self.turn)
        self.peak = max(self.peak, use.memory)
        self.cpu_ms = max(self.cpu_ms, use.cpu_ms)
        exceeded = [
            name
            for name, used, most in (
                ("memory", use.memory, self.limits["memory"]),
                ("cpu", use.cpu_ms, 1000 * self.limits["cpu"]),
                ("time", time.monotonic() - self.began, self.limits["time"]),
                ("disk", use.disk, self.limits["disk"]),
                ("disk", use.files, self.limits["files"]),
            )
            if used > most
        ]
        if exceeded:
            self.reason = self.reason or exceeded[0]
            return False
        waiting = watch.waits_for_input(self.sandbox.program)
        if waiting != self.waiting:
            self.waiting = waiting
            _say(self.server, {"waiting": waiting})
        return True


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, number)


def _sweep(sandbox: Sandbox) -> None:
    """Leave nothing of a run."""
    _kill(sandbox)
    rungs.clear(sandbox)


def _kill(sandbox: Sandbox) -> int:
    """Kill all that is left of a run, and wait until it is gone. Returns the status of its main
    process."""
    status = 0
    me = os.getpid()
    while True:
        for pid in watch.descendants(me):
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        try:
            while True:
                pid, found = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    break
                if pid == sandbox.main:
                    status = found
        except ChildProcessError:
            return status
        time.sleep(0.001)
