"""The process that starts PostgreSQL, restarts it when it dies, and stops it when nobody uses it.

embedded.py spawns it; the docstring there has the rules. The spawner takes the supervisor's lock,
so the supervisor holds it from its first instruction. It goes on when the spawner dies.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from collab.postgres import locks, nameless, wire
from collab.postgres.binaries import ENVIRONMENT
from collab.postgres.errors import EmbeddedPostgresError
from collab.postgres.home import PORT, Home

SETTINGS = {
    "listen_addresses": "",
    "max_connections": 100,
    # A commit is acknowledged only when it is durable.
    "fsync": "on",
    "synchronous_commit": "on",
    # The server runs on a person's own machine: little memory, few processes, a small WAL.
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "max_logical_replication_workers": 0,
    # The same on every machine.
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # Log starts, stops and crashes. Errors go only to their client; texts are never logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}

LONGEST_LOG = 1_000_000
"""Bytes. A log above this size, checked every minute, is emptied after a copy is kept."""

STEADY = 10.0
"""Seconds. A server that lived this long is restarted at once, others after a growing pause."""

LONGEST_PAUSE = 5.0

PATIENCE = 5.0
"""Seconds for a fast shutdown before an immediate one, after which the next start recovers.

PostgreSQL 18 hangs in a fast shutdown that meets its recovery from the crash of a process.
"""


def main() -> None:
    home, programs = Home(Path(sys.argv[1])), Path(sys.argv[2])
    # The spawner waits only for this process and need not reap the one that stays.
    if os.fork():
        os._exit(0)
    for ignored in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # The supervisor outlives its users, so it ignores signals that go to all of them. It uses
        # a handler, since PostgreSQL would inherit SIG_IGN.
        signal.signal(ignored, lambda *_: None)
    try:
        supervise(home, programs)
    except (EmbeddedPostgresError, OSError) as error:
        sys.exit(f"{error}")
    finally:
        home.remove_run_dir()


def supervise(home: Home, programs: Path) -> None:
    """Keep a server running until nobody uses it; exit if it cannot even start once."""
    unused = threading.Event()
    threading.Thread(target=_stop_when_unused, args=(home, unused), daemon=True).start()
    threading.Thread(target=_keep_log_short, args=(home.log,), daemon=True).start()
    served = False
    pause = 0.0
    while True:
        # This waits until no process of an earlier server is left, whoever started that server.
        with locks.hold(home.server_lock) as lock:
            if unused.wait(pause):
                return
            _sweep(home)
            if not home.cluster.exists():
                _make_cluster(home, programs, lock)
            postgres = _start(home, programs, lock)
        started = time.monotonic()
        served = _serves(home, postgres) or served
        if not served and not unused.is_set():
            sys.exit("PostgreSQL ended before it served anybody.")
        postgres.wait()
        steady = time.monotonic() - started > STEADY
        pause = 0.0 if steady else min(max(0.1, 2 * pause), LONGEST_PAUSE)


def _sweep(home: Home) -> None:
    """Remove the files of a killed server. The caller holds the server's lock, so it has ended.

    PostgreSQL itself would trust the process ids in these files, which other processes may have by
    now.
    """
    if postmaster := _postmaster(home):
        raise EmbeddedPostgresError(
            f"Process {postmaster} serves {home.cluster} and was not started by Collab: stop it."
        )
    home.make_run_dir()
    for stale in (
        home.cluster / "postmaster.pid",
        home.socket,
        home.socket.with_name(f"{home.socket.name}.lock"),
    ):
        stale.unlink(missing_ok=True)


def _make_cluster(home: Home, programs: Path, lock: BinaryIO) -> None:
    """Make the cluster in another folder and rename that, so any existing cluster is complete."""
    shutil.rmtree(home.new_cluster, ignore_errors=True)
    home.new_cluster.mkdir(mode=0o700)
    if owner := home.owner():
        os.chown(home.new_cluster, *owner)
    initdb = _spawn(
        home,
        home.new_cluster,
        lock,
        [
            str(programs / "initdb"),
            f"--username={wire.USER}",
            "--auth=trust",  # everybody who can enter the socket's folder
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ],
    )
    if initdb.wait() != 0:
        shutil.rmtree(home.new_cluster, ignore_errors=True)
        sys.exit("initdb could not make a cluster.")
    home.new_cluster.rename(home.cluster)
    with _descriptor(home.path) as folder:
        os.fsync(folder)


def _start(home: Home, programs: Path, lock: BinaryIO) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = [str(programs / "postgres"), "-k", str(home.run), "-p", str(PORT), *settings]
    return _spawn(home, home.cluster, lock, command)


def _spawn(home: Home, folder: Path, lock: BinaryIO, command: list[str]) -> subprocess.Popen[bytes]:
    """Run a program of PostgreSQL on `folder`. The program and all its children hold the lock."""
    owner = home.owner()
    uid = owner.uid if owner else os.geteuid()
    with _descriptor(folder) as descriptor, nameless.named(uid) as (environment, library):
        # The server's account may be unable to enter the folders above; a descriptor it can use.
        handed = owner is not None and sys.platform == "linux"
        return subprocess.Popen(
            [*command, "-D", f"/proc/self/fd/{descriptor}" if handed else str(folder)],
            pass_fds=(lock.fileno(), descriptor, *library),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=ENVIRONMENT | environment,
            cwd="/",
            umask=0o077,
            user=owner.uid if owner else None,
            group=owner.gid if owner else None,
            extra_groups=[] if owner else None,
        )


@contextmanager
def _descriptor(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _serves(home: Home, postgres: subprocess.Popen[bytes]) -> bool:
    """Wait until the server accepts connections. Returns False if it ends instead."""
    while postgres.poll() is None:
        if any(line.rstrip() == "ready" for line in _pid_file(home)):
            return True
        time.sleep(0.02)
    return False


def _stop_when_unused(home: Home, unused: threading.Event) -> None:
    # Kept until this process ends, so that a new user waits for the stop and then starts anew.
    with locks.hold(home.users_lock):
        unused.set()
        asked = time.monotonic()
        # Repeat the signal, because a server that is just starting has no pid file yet.
        while True:
            fast = time.monotonic() - asked < PATIENCE
            if postmaster := _postmaster(home):
                with suppress(ProcessLookupError):
                    os.kill(postmaster, signal.SIGINT if fast else signal.SIGQUIT)
            time.sleep(0.1)


def _postmaster(home: Home) -> int | None:
    """Return the process that the cluster's pid file names, if it works in the cluster's folder."""
    first = next(iter(_pid_file(home)), "")
    return int(first) if first.isdigit() and _works_in(int(first), home.cluster) else None


def _pid_file(home: Home) -> list[str]:
    """Return the lines of the pid file: the process id first, the state last."""
    try:
        return (home.cluster / "postmaster.pid").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _works_in(pid: int, cluster: Path) -> bool:
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cwd").samefile(cluster)
        except OSError:
            return False
    else:
        ps = ["ps", "-o", "command=", "-p", str(pid)]
        command = subprocess.run(ps, capture_output=True, text=True, check=False).stdout
        return f"-D {cluster}" in command


def _keep_log_short(log: Path) -> None:
    while True:
        with suppress(OSError):
            if log.stat().st_size > LONGEST_LOG:
                # The log is copied and emptied, not renamed, because the server has it open.
                shutil.copyfile(log, log.with_name(f"{log.name}.old"))
                os.truncate(log, 0)
        time.sleep(60)


if __name__ == "__main__":
    main()
