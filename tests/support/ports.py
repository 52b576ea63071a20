"""Ports that stay free while nobody listens on them."""

from __future__ import annotations

import socket
import subprocess
from random import SystemRandom

_BELOW_EPHEMERAL = range(12_000, 32_000)
"""The system gives none of these to a connection: a server that was killed finds its own free."""


def free_port() -> int:
    """Return a free port, by chance: test processes hardly ever take the same."""
    while True:
        port = SystemRandom().choice(_BELOW_EPHEMERAL)
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
