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
"""PostgreSQL refuses to run as root. For root, it runs as the first of these that exists."""

PORT = 5432
"""Used only in the name of the socket, since the server listens on no network."""

LONGEST_SOCKET = 100
"""Bytes. The kernel's limit is 104 on macOS and 108 on Linux, including the final zero."""


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
        postgres.log      messages of the server, or of the program that failed to start it

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
        """Return whether there is a database, finished or still being made.

        Raises EmbeddedPostgresError if this user may not look.
        """
        try:
            return any(folder.exists() for folder in (self.cluster, self.new_cluster))
        except PermissionError as error:
            raise EmbeddedPostgresError(f"{self.path} is closed to this user.") from error

    def make(self) -> None:
        """Make the folder, which only this user may enter."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.mkdir(mode=0o700, exist_ok=True)

    def make_run_dir(self) -> None:
        """Make the socket's folder, which only the server's account may enter.

        Anybody can guess its name and write to /tmp, so this refuses a folder of somebody else.
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
        """Remove the socket's folder, so that nothing is left outside the data dir."""
        with suppress(OSError):
            self.run.rmdir()


def _run_dir(home: Path) -> Path:
    """Return the socket's folder, the same for all users of this home.

    It depends on the owner of the home and not on the caller's environment or account, because
    root may back up the server of another account.
    """
    try:
        owner = home.stat().st_uid
    except OSError:
        owner = os.geteuid()
    if owner == 0:
        # The server's account may be unable to enter the folders above a data dir.
        return Path("/var/run") / _name(home)
    inside = home / "run"
    # The server and its clients would quote other characters differently.
    plain = re.fullmatch(r"[A-Za-z0-9/._+ -]+", str(inside))
    if plain and len(f"{inside}/.s.PGSQL.{PORT}") < LONGEST_SOCKET:
        return inside
    return Path("/tmp") / f"{_name(home)}-{owner}"  # noqa: S108 - refused if not made by its owner


def _name(home: Path) -> str:
    import hashlib  # noqa: PLC0415 - it brings OpenSSL

    return f"collab-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
