"""Runs several server processes on one address, and supervises them.

The supervisor restarts a worker that dies, and on SIGTERM and SIGINT stops all of them. The
supervisor binds the socket, so all workers share it; the kernel chooses which worker serves.

The supervisor only waits, so it imports nothing that only a server needs, not even asyncio. It has
one thread and one selector, and reads the signals of the process as bytes from a socket.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from logging import getLogger
from pathlib import Path

import msgspec
from msgspec.structs import replace

from collab.listening import listen
from collab.settings import Settings

_LOG = getLogger(__name__)
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_SHORT_LIFE = 10.0
"""Seconds. A worker that dies before this age is started again only after a pause."""
_SLOW = 10.0
"""Seconds after which a worker that is not ready is logged."""
_START = 120.0
"""Seconds after which a worker that is not ready is killed, and another started."""
_KILLED = 5
"""The command ends after so many workers in a row were killed before one was ready."""
_FAREWELL = 5.0
"""Seconds beyond its drain timeout that a worker may take to stop."""
METRICS = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that names the folder in which all workers count their metrics."""


def serve(settings: Settings, at_address: Callable[[Settings], None] = lambda _: None) -> bool:
    """Serve with `settings.workers` processes until told to stop. Returns whether they could start.

    Calls `at_address` once it has the address. Raises CannotListen.
    """
    with (
        ExitStack() as listening,
        tempfile.TemporaryDirectory(prefix="collab-metrics-") as metrics,
        _signals() as signals,
    ):
        listeners = [
            listening.enter_context(listener) for listener in listen(settings.host, settings.port)
        ]
        at_address(settings)
        return _Supervisor(settings, listeners, metrics, signals).run()


class _Worker:
    """A worker process, from its start to its end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout
        self.process = process
        self.stdout = process.stdout
        self.began = time.monotonic()
        self.ready = False
        self.mentioned = False

    @property
    def age(self) -> float:
        return time.monotonic() - self.began


class _Place:
    """One of the `--workers` places. Holds a worker, or the time at which the next one starts."""

    def __init__(self) -> None:
        self.worker: _Worker | None = None
        self.due = 0.0
        self.pause = 0.0
        self.died: int | None = None
        """The pid of the worker that ran in this place before."""


class _Supervisor:
    def __init__(
        self,
        settings: Settings,
        listeners: list[socket.socket],
        metrics: str,
        signals: socket.socket,
    ) -> None:
        self._patience = settings.drain_timeout + _FAREWELL
        # Only the supervisor uses the data dir; workers get the URL of the database in it.
        self._settings = msgspec.json.encode(replace(settings, data_dir=None)) + b"\n"
        self._listeners = listeners
        self._metrics = metrics
        self._signals = signals
        self._places = [_Place() for _ in range(settings.workers)]
        self._waiting = settings.workers
        """Workers that have yet to be ready for the first time."""
        self._killed = 0
        """Workers killed in a row before one was ready."""
        self._stopping = False
        self._failed = False

    def run(self) -> bool:
        while not self._stopping:
            for place in self._places:
                if place.worker is None and time.monotonic() >= place.due:
                    place.worker = self._spawn(place.died)
            self._wait()
            for place in self._places:
                if place.worker is not None:
                    self._look_after(place, place.worker)
        # Close the sockets, or new connections would wait for workers that have stopped.
        for listener in self._listeners:
            listener.close()
        self._stop([place.worker for place in self._places if place.worker])
        return not self._failed

    def _spawn(self, died: int | None) -> _Worker:
        descriptors = [listener.fileno() for listener in self._listeners]
        process = subprocess.Popen(
            [
                sys.executable,
                *(f"-W{option}" for option in sys.warnoptions),
                "-P",
                "-m",
                "collab.serving.worker",
                ",".join(map(str, descriptors)),
                *([] if died is None else [str(died)]),
            ],
            pass_fds=descriptors,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=os.environ | {METRICS: self._metrics, "PYTHONPATH": _python_path()},
            # Ctrl-C reaches only the supervisor, which then stops the workers.
            process_group=0,
        )
        assert process.stdin
        with suppress(BrokenPipeError):  # it was killed at once, which the main loop notices
            process.stdin.write(self._settings)  # the settings fit into the pipe's buffer
        return _Worker(process)

    def _wait(self) -> None:
        """Wait until a signal comes, a worker says that it is ready, or something is due."""
        moments = [place.due for place in self._places if place.worker is None]
        with selectors.DefaultSelector() as selector:
            selector.register(self._signals, selectors.EVENT_READ)
            for worker in filter(None, (place.worker for place in self._places)):
                if not worker.ready:
                    selector.register(worker.stdout, selectors.EVENT_READ)
                    moments.append(worker.began + (_START if worker.mentioned else _SLOW))
            timeout = max(0.0, min(moments) - time.monotonic()) if moments else None
            told = {key.fileobj for key, _ in selector.select(timeout)}
        if self._signals in told:
            came = set(self._signals.recv(4096))
            self._stopping = bool(came & {signal.SIGTERM, signal.SIGINT})
        for worker in filter(None, (place.worker for place in self._places)):
            if worker.stdout in told and (line := worker.stdout.readline()):
                self._is_ready(worker, line)

    def _is_ready(self, worker: _Worker, line: bytes) -> None:
        worker.ready = True
        self._killed = 0
        if self._waiting:
            self._waiting -= 1
            if not self._waiting:
                sys.stdout.write(line.decode())
                sys.stdout.flush()

    def _look_after(self, place: _Place, worker: _Worker) -> None:
        """See whether a worker has ended, or takes too long to be ready."""
        status = worker.process.poll()
        if status is not None:
            self._has_ended(place, worker, status)
        elif not worker.ready and worker.age > _START:
            _LOG.warning("worker %d is not ready after %.0f s", worker.process.pid, worker.age)
            worker.process.kill()
            worker.process.wait()
            self._has_ended(place, worker, worker.process.returncode)
        elif not worker.ready and worker.age > _SLOW and not worker.mentioned:
            words = "worker %d is not ready after %.0f s; the machine is busy? Waiting up to %.0f s"
            _LOG.warning(words, worker.process.pid, worker.age, _START)
            worker.mentioned = True

    def _has_ended(self, place: _Place, worker: _Worker, status: int) -> None:
        """Log why a worker ended and schedule another, or end when that is of no use."""
        _release(worker.process)
        place.worker, place.died = None, worker.process.pid
        if self._stopping:
            return
        pid, how = worker.process.pid, _how(status)
        if worker.ready or not self._waiting:
            _LOG.warning("worker %d %s; another is started", pid, how)
        elif status > 0:
            # The worker has logged why; another one would fail in the same way.
            _LOG.error("worker %d %s before it was ready", pid, how)
            self._failed = self._stopping = True
        else:
            self._killed += 1
            if self._killed == _KILLED:
                _LOG.error(
                    "worker %d %s before it was ready, as %d before it", pid, how, _KILLED - 1
                )
                self._failed = self._stopping = True
                return
            _LOG.warning("worker %d %s before it was ready; another is started", pid, how)
        short = worker.age < _SHORT_LIFE
        place.pause = min(max(2 * place.pause, _FIRST_PAUSE), _LONGEST_PAUSE) if short else 0.0
        place.due = time.monotonic() + place.pause

    def _stop(self, workers: list[_Worker]) -> None:
        for worker in workers:
            worker.process.terminate()
        until = time.monotonic() + self._patience
        for worker in workers:
            try:
                worker.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _LOG.warning("worker %d does not stop and is killed", worker.process.pid)
                worker.process.kill()
                worker.process.wait()
            _release(worker.process)


@contextmanager
def _signals() -> Iterator[socket.socket]:
    """Yield a socket from which each signal can be read as a byte. Signals do nothing else."""
    here, there = socket.socketpair()
    here.setblocking(False)
    there.setblocking(False)
    before = {
        number: signal.signal(number, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
    }
    wakeup = signal.set_wakeup_fd(there.fileno(), warn_on_full_buffer=False)
    try:
        yield here
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        here.close()
        there.close()


def _how(status: int) -> str:
    """Describe in words how a process ended."""
    if status >= 0:
        return f"ended with status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    hint = " (too little memory?)" if -status == signal.SIGKILL else ""
    return f"was killed by {name}{hint}"


def _release(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def _python_path() -> str:
    """Return a PYTHONPATH on which workers find this package from any folder."""
    ours = str(Path(__file__).parents[2])
    return os.pathsep.join([ours, *filter(None, [os.environ.get("PYTHONPATH")])])
