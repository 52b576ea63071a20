"""A database into a file and back, by PostgreSQL's own `pg_dump` and `pg_restore`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from collab.postgres.errors import EmbeddedPostgresError

if sys.platform != "win32":
    from collab.postgres import binaries


def backup(database_url: str, file: Path) -> None:
    """Write a consistent copy of the database, also while people type.

    Raises EmbeddedPostgresError with what pg_dump says.
    """
    _run("pg_dump", database_url, "--format=custom", f"--file={file}")


def restore(database_url: str, file: Path) -> None:
    """Fill an empty database from such a copy, all or nothing.

    Raises EmbeddedPostgresError with what pg_restore says, as when there are tables already.
    """
    _run(
        "pg_restore",
        database_url,
        "--no-owner",
        "--single-transaction",
        "--exit-on-error",
        str(file),
    )


def _run(program: str, database_url: str, *arguments: str) -> None:
    address, password = _parted(database_url)
    done = subprocess.run(
        [binaries.find(None) / program, f"--dbname={address}", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=binaries.ENVIRONMENT | password,
    )
    if done.returncode:
        raise EmbeddedPostgresError(done.stderr.strip() or f"{program} failed")


def _parted(database_url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, which goes by the environment: everybody on a machine may
    read command lines."""
    _, colon, password = urlsplit(database_url).netloc.rpartition("@")[0].partition(":")
    if not colon:
        return database_url, {}
    return database_url.replace(f":{password}@", "@", 1), {"PGPASSWORD": unquote(password)}
