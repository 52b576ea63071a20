"""The warden: a small process that forks a supervisor for each run.

    python -I -S -c "…; main()" SOCKET PLAN

The server starts it with a clean environment and the descriptor of a socket. A message on it is an
order, with descriptors; the warden hands both to a supervisor whose sandbox is prepared, and
prepares the next. It ends when the server ends. Each supervisor holds a socket to the warden, so
it ends then, too.
"""

from __future__ import annotations

import _socket
import marshal
import os
import select
import signal
import sys
from contextlib import suppress

from collab.runs.sandbox import turns
from collab.runs.sandbox.rungs import Plan
from collab.runs.sandbox.supervisor import ALONE, CROWDED, receive, supervise

_KEEP = 600_000
"""Milliseconds that a prepared sandbox waits for a run."""


class Warden:
    """Keeps one sandbox prepared, and none when nobody has run a program for a while."""

    def __init__(self, server: _socket.socket, plan: Plan) -> None:
        self._server = server
        self._plan = plan
        self._slot = 0
        self._supervisors: dict[int, _socket.socket] = {}
        """Our end of the socket of each supervisor that lives."""
        self._prepared = 0
        self._crowded = False

    def serve(self) -> None:
        """Take orders until the server is gone."""
        ended, tell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(tell)
        poll = select.poll()
        poll.register(self._server.fileno(), select.POLLIN)
        poll.register(ended, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(_KEEP if self._prepared else None)}
            if not ready and self._prepared:
                self._supervisors[self._prepared].close()
                self._prepared = 0
            if ended in ready:
                os.read(ended, 4096)
                self._reap()
            if self._server.fileno() in ready:
                order, descriptors = receive(self._server)
                if not order:
                    return
                self._run(order, descriptors)

    def _run(self, order: bytes, descriptors: list[int]) -> None:
        data = b"".join(number.to_bytes(4, "little") for number in descriptors)
        rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, data)]
        crowded = turns.is_crowd(len(self._supervisors))
        if crowded and not self._crowded:
            self._tell_of_crowd()
        self._crowded = crowded
        # In a crowd, starting and watching sandboxes takes as long as some programs do.
        turns.go_along(turns.CROWDED if crowded else turns.SOON)
        pid, self._prepared = self._prepared or self._fork(), 0
        # If the supervisor is gone, the server sees that by its own socket.
        with suppress(OSError):
            self._supervisors[pid].sendmsg([CROWDED if crowded else ALONE, order], rights)
        for descriptor in descriptors:
            os.close(descriptor)
        self._prepared = self._fork()

    def _tell_of_crowd(self) -> None:
        """Have the programs that run already make room, too."""
        for pid, supervisor in self._supervisors.items():
            if pid != self._prepared:
                with suppress(OSError):
                    supervisor.send(CROWDED, _socket.MSG_DONTWAIT)

    def _fork(self) -> int:
        ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
        self._slot += 1
        pid = os.fork()
        if pid:
            theirs.close()
            self._supervisors[pid] = ours
            return pid
        try:
            signal.set_wakeup_fd(-1)
            self._server.close()
            ours.close()
            for other in self._supervisors.values():
                other.close()
            supervise(self._plan, self._slot, theirs)
        finally:
            os._exit(1)

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                self._supervisors.pop(pid).close()
                if pid == self._prepared:
                    self._prepared = 0


def main() -> None:
    """Serve on the descriptor, and with the plan, that the command line names."""
    with suppress(OSError):
        turns.be_warden()
    server = _socket.socket(fileno=int(sys.argv[1]))
    Warden(server, Plan(**marshal.loads(bytes.fromhex(sys.argv[2])))).serve()
