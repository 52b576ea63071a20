"""A database into a file and back, by PostgreSQL's own `pg_dump` and `pg_restore`."""

from __future__ import annotations

import subprocess
from pathlib import Path

from collab.postgres import binaries
from collab.postgres.errors import EmbeddedPostgresError


def backup(database_url: str, file: Path) -> None:
    """Write a consistent copy of the database, also while people type.

    Raises EmbeddedPostgresError with what pg_dump says.
    """
    _run("pg_dump", "--format=custom", f"--file={file}", database_url)


def restore(database_url: str, file: Path) -> None:
    """Fill an empty database from such a copy, all or nothing.

    Raises EmbeddedPostgresError with what pg_restore says, as when there are tables already.
    """
    _run(
        "pg_restore",
        "--no-owner",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={database_url}",
        str(file),
    )


def _run(program: str, *arguments: str) -> None:
    path = binaries.find(None) / program
    done = subprocess.run(
        [path, *arguments], check=False, capture_output=True, text=True, env=binaries.ENVIRONMENT
    )
    if done.returncode:
        raise EmbeddedPostgresError(done.stderr.strip() or f"{program} failed")
