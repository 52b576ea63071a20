"""The files of an embedded server, and the account it runs as."""

from __future__ import annotations

import os
import pwd
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from collab.postgres.errors import EmbeddedPostgresError

ACCOUNTS = ("collab", "postgres", "nobody")
"""PostgreSQL refuses to run as root: for root it runs as the first of these that exists."""

PORT = 5432
"""Only a part of the socket's name; the server listens on no network."""

LONGEST_SOCKET = 100
"""Bytes. The kernel's limit is 104 on macOS and 108 on Linux, the ending zero included."""


class Account(NamedTuple):
    uid: int
    gid: int


class Home:
    """The folder `postgres` of a data dir.

        users.lock        shared by every process that uses the server
        supervisor.lock   exclusive, of the one supervisor
        server.lock       exclusive, inherited by every process of PostgreSQL
        cluster/          PostgreSQL's own files
        cluster.new/      a cluster that is still being made
        postgres.log      what the server, and whatever kept it from starting, said

    `run` is the folder of the socket.
    """

    def __init__(self, data_dir: Path) -> None:
        try:
            self.path = data_dir.expanduser().resolve() / "postgres"
        except RuntimeError as error:
            words = f"The data dir {data_dir} is in the home of a user that is not known."
            raise EmbeddedPostgresError(words) from error
        self.users_lock = self.path / "users.lock"
        self.supervisor_lock = self.path / "supervisor.lock"
        self.server_lock = self.path / "server.lock"
        self.cluster = self.path / "cluster"
        self.new_cluster = self.path / "cluster.new"
        self.log = self.path / "postgres.log"
        self.run = _run_dir(self.path)
        self.socket = self.run / f".s.PGSQL.{PORT}"

    def owner(self) -> Account | None:
        """Return the account PostgreSQL runs as; None for our own."""
        if os.geteuid() != 0:
            return None
        with suppress(FileNotFoundError):
            # A cluster stays with the account that it was made for.
            made_for = self.cluster.stat()
            return Account(made_for.st_uid, made_for.st_gid)
        for name in ACCOUNTS:
            with suppress(KeyError):
                entry = pwd.getpwnam(name)
                return Account(entry.pw_uid, entry.pw_gid)
        raise EmbeddedPostgresError(
            "PostgreSQL does not run as root, and this machine has none of the accounts "
            f"{', '.join(ACCOUNTS)}. Create one of them, or run Collab as another user."
        )

    def has_cluster(self) -> bool:
        """Return whether there is a database, finished or still being made. Raises
        EmbeddedPostgresError where we may not look."""
        try:
            return any(folder.exists() for folder in (self.cluster, self.new_cluster))
        except PermissionError as error:
            raise EmbeddedPostgresError(f"{self.path} is closed to this user.") from error

    def make(self) -> None:
        """Make the folder, for us alone."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.mkdir(mode=0o700, exist_ok=True)

    def make_run_dir(self) -> None:
        """Make the socket's folder, for the server's account alone.

        Its name can be foreseen and /tmp is everybody's, so one that somebody else made is refused.
        """
        with suppress(FileExistsError):
            self.run.mkdir(mode=0o700)
        if owner := self.owner():
            os.chown(self.run, *owner, follow_symlinks=False)
        found = self.run.lstat()
        ours = found.st_uid == (owner.uid if owner else os.geteuid())
        if not (ours and stat.S_ISDIR(found.st_mode) and found.st_mode & 0o077 == 0):
            raise EmbeddedPostgresError(
                f"{self.run} must be a private folder for PostgreSQL's socket, but somebody else "
                "made it. Remove it and start again."
            )

    def remove_run_dir(self) -> None:
        """Leave nothing behind outside the data dir."""
        with suppress(OSError):
            self.run.rmdir()


def _run_dir(home: Path) -> Path:
    """The same folder for everybody who uses this home, whatever their environment and account:
    it follows the home's owner, whose server root may want to back up."""
    try:
        owner = home.stat().st_uid
    except OSError:
        owner = os.geteuid()
    if owner == 0:
        # The folders above a data dir need not let the server's account in.
        return Path("/var/run") / _name(home)
    inside = home / "run"
    # Beyond these characters, quoting would differ between the server and its clients.
    plain = re.fullmatch(r"[A-Za-z0-9/._+ -]+", str(inside))
    if plain and len(f"{inside}/.s.PGSQL.{PORT}") < LONGEST_SOCKET:
        return inside
    return Path("/tmp") / f"{_name(home)}-{owner}"  # noqa: S108 - refused if not made by its owner


def _name(home: Path) -> str:
    import hashlib  # noqa: PLC0415 - it brings OpenSSL

    return f"collab-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
