"""Copies a database into a file and back with PostgreSQL's own `pg_dump` and `pg_restore`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from collab.postgres.errors import EmbeddedPostgresError

if sys.platform != "win32":
    from collab.postgres import binaries


def backup(database_url: str, file: Path, *, snapshot: str | None = None) -> None:
    """Write a consistent copy of the database, even while people type; of `snapshot`, if given.

    Only its owner can read the file, since it has every room in it. The file appears when it is
    complete. Raises EmbeddedPostgresError with the message of pg_dump.
    """
    options = ["--format=custom", *([f"--snapshot={snapshot}"] if snapshot else [])]
    if file.exists() and not file.is_file():  # such as /dev/stdout
        _run("pg_dump", database_url, *options, f"--file={file}")
        return
    aside = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run("pg_dump", database_url, *options, f"--file={aside}")
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def check(file: Path) -> None:
    """Raise EmbeddedPostgresError, with words, unless the file is a backup with rooms in it."""
    said = _call("pg_restore", ["--list", str(file)], {})
    if not re.search(r"^\d+; .* TABLE DATA public room ", said, re.MULTILINE):
        raise EmbeddedPostgresError(f"{file} is a backup without rooms: nothing was restored.")


def restore(database_url: str, file: Path) -> None:
    """Fill an empty database from a backup, with everything or nothing.

    Raises EmbeddedPostgresError: with words if the database has tables already, otherwise with the
    message of pg_restore.
    """
    options = ["--no-owner", "--single-transaction", "--exit-on-error"]
    try:
        _run("pg_restore", database_url, *options, str(file))
    except EmbeddedPostgresError as error:
        if not re.search(r'relation "\w+" already exists', str(error)):
            raise
        raise EmbeddedPostgresError(
            "The database has tables of Collab already: nothing was restored, and nothing changed."
        ) from None


def _run(program: str, database_url: str, *arguments: str) -> None:
    address, password = _parted(database_url)
    _call(program, [f"--dbname={address}", *arguments], password)


def _call(program: str, arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [binaries.find(None) / program, *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=binaries.ENVIRONMENT | environment,
    )
    if done.returncode:
        raise EmbeddedPostgresError(done.stderr.strip() or f"{program} failed")
    return done.stdout


def _parted(database_url: str) -> tuple[str, dict[str, str]]:
    """Return the URL without its password, and the environment that carries the password.

    Everybody on a machine can read command lines.
    """
    _, colon, password = urlsplit(database_url).netloc.rpartition("@")[0].partition(":")
    if not colon:
        return database_url, {}
    return database_url.replace(f":{password}@", "@", 1), {"PGPASSWORD": unquote(password)}
