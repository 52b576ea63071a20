"""Several server processes on one socket, and one that watches over them.

A worker that dies is started again; SIGTERM and SIGINT reach all of them, and are waited for. The
socket is bound here, so that it is one; who serves is up to the kernel.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
from asyncio.subprocess import Process
from logging import getLogger
from pathlib import Path

import msgspec
from msgspec.structs import replace
from prometheus_client.multiprocess import mark_process_dead

from collab.settings import Settings

_LOG = getLogger(__name__)
_BACKLOG = 2048
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_SHORT_LIFE = 10.0
"""Seconds: a worker that has not lived so long is started again after a pause."""
_FAREWELL = 5.0
"""Seconds beyond its drain timeout that a worker may take to stop."""
METRICS = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which the workers count together."""


def serve(settings: Settings) -> bool:
    """Serve with `settings.workers` processes until told to stop; whether they could start.

    Raises OSError when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    address = (settings.host, settings.port)
    with (
        socket.create_server(address, family=family, backlog=_BACKLOG) as listener,
        tempfile.TemporaryDirectory(prefix="collab-metrics-") as metrics,
    ):
        return asyncio.run(_Workers(settings, listener, metrics).run())


class _Workers:
    def __init__(self, settings: Settings, listener: socket.socket, metrics: str) -> None:
        self._count = settings.workers
        self._patience = settings.drain_timeout + _FAREWELL
        # The data dir is the supervisor's affair: workers are told of the database in it.
        self._settings = msgspec.json.encode(replace(settings, data_dir=None)) + b"\n"
        self._listener = listener
        self._metrics = metrics
        self._stopping = asyncio.Event()
        self._failed = False
        self._waiting = self._count
        """Workers that have yet to be ready for the first time."""

    async def run(self) -> bool:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        keepers = [asyncio.create_task(self._keep()) for _ in range(self._count)]
        await self._stopping.wait()
        # Nobody may come who would wait for a worker that is not there any more.
        self._listener.close()
        await asyncio.gather(*keepers)
        return not self._failed

    async def _keep(self) -> None:
        """Have one worker run, and another after it, until it is time to stop."""
        loop = asyncio.get_running_loop()
        pause = 0.0
        while not self._stopping.is_set():
            began = loop.time()
            process = await self._spawn()
            life = asyncio.create_task(self._attend(process))
            stop = asyncio.create_task(self._stopping.wait())
            await asyncio.wait([life, stop], return_when=asyncio.FIRST_COMPLETED)
            if self._stopping.is_set():
                await self._stop(process, life)
                return
            _LOG.warning("a worker has ended with status %s", process.returncode)
            short = loop.time() - began < _SHORT_LIFE
            pause = min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE) if short else 0.0
            await asyncio.wait([stop], timeout=pause)
            stop.cancel()

    async def _spawn(self) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *(f"-W{option}" for option in sys.warnoptions),
            "-P",
            "-m",
            "collab.worker",
            str(self._listener.fileno()),
            pass_fds=[self._listener.fileno()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {METRICS: self._metrics, "PYTHONPATH": _python_path()},
            # A Ctrl-C is for the supervisor, which tells the workers.
            process_group=0,
        )

    async def _attend(self, process: Process) -> None:
        """See a worker through its life; the first time, it must become ready."""
        assert process.stdin
        assert process.stdout
        process.stdin.write(self._settings)
        ready = await process.stdout.readline()
        if self._waiting and ready:
            self._waiting -= 1
            if not self._waiting:
                sys.stdout.write(ready.decode())
                sys.stdout.flush()
        elif self._waiting and not self._stopping.is_set():
            # It has said why; the next would not fare better.
            self._failed = True
            self._stopping.set()
        await process.wait()
        mark_process_dead(process.pid, self._metrics)  # type: ignore[no-untyped-call]

    async def _stop(self, process: Process, life: asyncio.Task[None]) -> None:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait([life], timeout=self._patience)
        if process.returncode is None:
            process.kill()
        await life


def _python_path() -> str:
    """Where this package is, whatever folder the command is run in."""
    ours = str(Path(__file__).parents[1])
    return os.pathsep.join([ours, *filter(None, [os.environ.get("PYTHONPATH")])])
