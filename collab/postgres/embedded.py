"""A PostgreSQL server that comes with Collab and lives as long as somebody uses it.

    with embedded.running(data_dir) as server:
        await asyncpg.connect(server.url)

The rules of its life. The locks are those of locks.py, which are freed when their holders end.

 1. A user holds `users.lock`, shared, for as long as it uses the server.
 2. A user that gets `supervisor.lock` spawns a supervisor and hands it the lock. So there is at
    most one supervisor. A user that finds none when it starts, or when it leaves as the last one,
    spawns one.
 3. Only the supervisor touches the cluster, and only while it holds `server.lock`. It hands that
    lock to `initdb` or `postgres`, whose processes all inherit it. If the lock is free, no process
    of an earlier server is left: neither the postmaster nor a backend that survived it. Pid files
    prove nothing and are removed.
 4. A postmaster whose supervisor was killed keeps its lock and goes on serving. The next
    supervisor waits for that lock and watches this postmaster as if it had started it.
 5. A supervisor that gets `users.lock`, exclusive, stops the server and ends. It keeps that lock
    until it has ended, so that a new user never meets a server that is stopping.

Any of these processes may be killed at any time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from collab.postgres.errors import EmbeddedPostgresError

if sys.platform != "win32":
    from collab.postgres import binaries, locks, wire
    from collab.postgres.home import PORT, Home

__all__ = ["DATABASE", "EmbeddedPostgresError", "Server", "default_data_dir", "running"]

DATABASE = "collab"

START = 120.0
"""Seconds to wait for a server, which may have to recover from a crash."""

STOP = 2.0
"""Seconds that the last user waits for the server to stop."""

FULL = 64_000_000
"""Bytes of free disk space that a new server needs."""

QUOTED = 2_000
"""The most characters of the log that an error shows."""

_DUPLICATE_DATABASE = ("42P04", "23505")  # the latter if two processes create it at the same moment
_NO_SUCH_DATABASE = "3D000"


class Server:
    """A running server; the database named `collab` exists."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @property
    def url(self) -> str:
        """Return the URL of Collab's database, as libpq, asyncpg and SQLAlchemy read it."""
        return self.url_for(DATABASE)

    def url_for(self, database: str) -> str:
        """Return the URL of a database of this server, which need not exist."""
        # The URL names the port, or a client would take one from its environment.
        return (
            f"postgresql://{wire.USER}@/{quote(database, safe='')}"
            f"?host={quote(str(self._home.run))}&port={PORT}"
        )


@contextmanager
def running(data_dir: Path, *, create: bool = True) -> Iterator[Server]:
    """Use the server of this data dir until the block ends. Starts it if it does not run.

    Without `create` the data dir must have a database already, and nothing is made. Raises
    EmbeddedPostgresError, with words for the person who gave the data dir.
    """
    if sys.platform not in ("linux", "darwin"):
        raise EmbeddedPostgresError(
            "The embedded PostgreSQL is for Linux and macOS; give --database-url."
        )
    home = Home(data_dir)
    if not create and not home.has_cluster():
        raise EmbeddedPostgresError(
            f"There is no database in the data dir {data_dir}: is its name mistyped?"
        )
    try:
        programs = _prepare(home)
        user = _join(home, programs)
    except OSError as error:
        raise EmbeddedPostgresError(
            f"The embedded PostgreSQL cannot use the data dir {data_dir}: {error}"
        ) from error
    try:
        yield Server(home)
    finally:
        _leave(home, programs, user)


def default_data_dir() -> Path:
    """Return the folder in which this user's programs keep their data."""
    if sys.platform == "darwin":
        # For root, PostgreSQL runs as another account, which cannot enter the home of root.
        library = Path("/Library") if os.geteuid() == 0 else _own_folder() / "Library"
        return library / "Application Support" / "Collab"
    given = Path(os.environ.get("XDG_DATA_HOME", ""))
    # The XDG specification says to ignore a path that is not absolute.
    return (given if given.is_absolute() else _own_folder() / ".local" / "share") / "collab"


def _own_folder() -> Path:
    """Return the home of this user, who may have no entry in a container's list of users."""
    with suppress(RuntimeError):
        own = Path.home()
        if own.is_absolute() and os.environ.get("HOME") != "":
            return own
    raise EmbeddedPostgresError(
        "This user has no home folder, so there is no place for the data: give --data-dir."
    )


def _prepare(home: Home) -> Path:
    """Make the folder, and find the programs that can serve what is in it."""
    home.make()
    owner = home.owner()
    programs = binaries.find(owner)
    ours = binaries.major(programs, owner)
    version = home.cluster / "PG_VERSION"
    if version.exists() and (made_by := version.read_text().strip()) != ours:
        raise EmbeddedPostgresError(
            f"The data in {home.cluster} was made by PostgreSQL {made_by}, and this Collab brings "
            f"{ours}, which cannot read it. Use the Collab that made it, or another data dir."
        )
    return programs


def _join(home: Home, programs: Path) -> BinaryIO:
    for _ in _tries(START):
        if user := locks.try_hold(home.users_lock, shared=True):
            try:
                home.make_run_dir()
                _await_server(home, programs)
            except BaseException:
                user.close()
                raise
            return user
    raise EmbeddedPostgresError(f"The last server of {home.path} does not come to its end.")


def _await_server(home: Home, programs: Path) -> None:
    said = home.log.stat().st_size if home.log.exists() else 0
    spawned = False
    last = ""
    for _ in _tries(START):
        if supervisor := locks.try_hold(home.supervisor_lock):
            with supervisor:
                if spawned:
                    raise _failure(home, "The embedded PostgreSQL did not start.", said)
                _spawn_supervisor(home, programs, supervisor)
                spawned = True
        try:
            wire.execute(home.socket, DATABASE, "")
            return
        except OSError as error:
            last = str(error)
        except wire.Refused as error:
            last = str(error)
            if error.code == _NO_SUCH_DATABASE:
                _create_database(home, said)
    raise _failure(home, f"The embedded PostgreSQL does not answer: {last}.", said)


def _create_database(home: Home, said: int) -> None:
    try:
        wire.execute(home.socket, "postgres", f"create database {DATABASE}")
    except wire.Refused as error:
        if error.code not in _DUPLICATE_DATABASE:
            raise _failure(home, f"The database cannot be created: {error}.", said) from error


def _leave(home: Home, programs: Path, user: BinaryIO) -> None:
    """Stop using the server. The last user waits until it has stopped, so no process is left."""
    with user:
        last = locks.try_upgrade(user)
    for _ in _tries(STOP) if last else ():
        if supervisor := locks.try_hold(home.supervisor_lock):
            with supervisor:
                if server := locks.try_hold(home.server_lock):
                    server.close()
                    return
                # The supervisor was killed, so another one has to stop the server.
                _spawn_supervisor(home, programs, supervisor)


def _spawn_supervisor(home: Home, programs: Path, lock: BinaryIO) -> None:
    package_root = Path(__file__).parents[2]
    descriptor = locks.open_file(home.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with os.fdopen(descriptor, "ab") as log:
        subprocess.run(
            [sys.executable, "-P", "-m", "collab.postgres.supervisor", home.path.parent, programs],
            pass_fds=[lock.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            env=os.environ | {"PYTHONPATH": str(package_root)},
            check=False,
        )


def _tries(seconds: float) -> Iterator[None]:
    """Yield repeatedly for a number of seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(0.01)


def _failure(home: Home, words: str, said: int) -> EmbeddedPostgresError:
    """Make an error of `words` and the part of the log after its first `said` bytes."""
    if shutil.disk_usage(home.path).free < FULL:
        words += f" The disk of {home.path} is full."
    with home.log.open("rb") as log:
        # If the log has become shorter, it was emptied meanwhile.
        log.seek(said if home.log.stat().st_size >= said else 0)
        tail = log.read().decode(errors="replace")[-QUOTED:].strip()
    return EmbeddedPostgresError(f"{words} Its log, {home.log}, ends:\n{tail}" if tail else words)
