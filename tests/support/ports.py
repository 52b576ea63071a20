"""Ports that stay free while nobody listens on them."""

from __future__ import annotations

import os
import socket
import subprocess
from itertools import cycle
from random import SystemRandom

_BELOW_EPHEMERAL = range(12_000, 32_000)
"""The system gives none of these to a connection: a server that was killed finds its own free."""
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_WORKERS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
_OWN = _BELOW_EPHEMERAL[_WORKER::_WORKERS]
"""Those of this test process: what it keeps closed, no other process of the run opens."""
_ports = cycle(SystemRandom().sample(_OWN, len(_OWN)))


def free_port() -> int:
    """Return a port on which nobody listens. It is long before the same one is returned again."""
    while True:
        port = next(_ports)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def await_connections(process: subprocess.Popen[bytes], port: int, deadline: float) -> None:
    """Wait until a process takes connections. An AssertionError when it ends before."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=deadline).close()
        except ConnectionRefusedError:
            continue
        return
    raise AssertionError(f"{process.args!r} ended with {process.returncode}")
