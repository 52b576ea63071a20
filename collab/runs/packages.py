"""The packages that the operator lets programs import: `--run-packages`."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from collab.runs.interpreters import Interpreter

_PATIENCE = 900.0


class Packages(Struct, frozen=True):
    """A folder of packages, and what visible folders it takes; or words why there is none."""

    folder: str = ""
    words: str = ""


async def find_packages(wanted: str, python: Interpreter, cache: Path) -> Packages:
    """Find a folder of packages, or install what is wanted for a Python, once.

    `wanted` is a folder, such as a virtual environment; a file of requirements; or requirements,
    such as "numpy matplotlib".
    """
    if not wanted:
        return Packages()
    return await asyncio.to_thread(_find, wanted, python, cache)


def _find(wanted: str, python: Interpreter, cache: Path) -> Packages:
    path = Path(wanted).expanduser()
    if path.is_dir():
        return _folder(path.resolve())
    try:
        return Packages(str(_install(path, wanted, python, cache)))
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None)
        words = said.strip()[-400:] if isinstance(said, str) and said.strip() else str(error)
        return Packages(words=f"The packages {wanted} cannot be installed: {words}")


def _folder(path: Path) -> Packages:
    if not (path / "pyvenv.cfg").is_file():
        return Packages(str(path))
    found = sorted(path.glob("lib/python*/site-packages"))
    return Packages(str(found[0])) if found else Packages(words=f"{path} has no packages.")


def _install(path: Path, wanted: str, python: Interpreter, cache: Path) -> Path:
    """Install requirements into a folder that is named after them. Returns the folder."""
    listed = path.is_file()
    named = path.read_text("utf-8") if listed else wanted
    what = ["-r", str(path)] if listed else shlex.split(wanted)
    if not listed and any(part.startswith("-") for part in what):
        raise ValueError("a requirement does not begin with -")
    cache.mkdir(parents=True, exist_ok=True)
    target = cache / sha256(f"{python.path}\n{named}".encode()).hexdigest()[:16]
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir():
            return target
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            made = Path(folder) / "packages"
            subprocess.run(
                [*_installer(python), "--target", str(made), *what],
                check=True,
                capture_output=True,
                text=True,
                timeout=_PATIENCE,
            )
            made.chmod(0o755)
            made.rename(target)
    return target


def _installer(python: Interpreter) -> list[str]:
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "--quiet", "--python", python.path]
    if find_spec("pip"):
        version = ["--python", python.path]
        return [sys.executable, "-m", "pip", *version, "install", "--quiet", "--no-input"]
    raise ValueError("there is neither uv nor pip to install them")
