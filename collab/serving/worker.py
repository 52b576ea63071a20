"""One of several server processes: `python -m collab.serving.worker FD[,FD] [PID]`, from `workers`.

It serves on the sockets of those file descriptors, in place of the worker PID, which has died. The
first line of its standard input has the settings, which hold a password and so must not be on a
command line. The standard input stays open as long as the supervisor lives; when it is closed, the
worker stops, so a worker does not outlive its supervisor.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import threading
from contextlib import suppress

import msgspec

from collab.serving.late import import_server
from collab.serving.workers import METRICS
from collab.settings import Settings
from collab.telemetry import logs


def main() -> None:
    """Serve until told to stop or left without a supervisor. Exits 0, or 1 if it cannot start."""
    with open(0, "rb", buffering=0, closefd=False) as given:
        settings = msgspec.json.decode(given.readline(), type=Settings)
    logs.configure(settings.log_level, settings.log_format)
    left_alone = threading.Event()
    threading.Thread(target=_stop_when_left_alone, args=[left_alone], daemon=True).start()
    server = import_server()(settings)
    for died in sys.argv[2:]:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

        mark_process_dead(int(died))  # type: ignore[no-untyped-call]
    with suppress(SystemExit):  # uvicorn has logged why
        server.run([socket.socket(fileno=int(number)) for number in sys.argv[1].split(",")])
    if left_alone.is_set():
        # The supervisor, which is gone, would have removed the folder in which the workers count.
        shutil.rmtree(os.environ[METRICS], ignore_errors=True)
    sys.exit(0 if server.started else 1)


def _stop_when_left_alone(left_alone: threading.Event) -> None:
    while os.read(0, 1):
        pass
    left_alone.set()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
