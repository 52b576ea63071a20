"""The engines that `ot` is compared with: pinned in peers/, installed there on first use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from frontend import npm

PEERS = Path(__file__).with_name("peers")
PYTHON = PEERS / ".python"
NODE = PEERS / "node_modules"


class InstallError(RuntimeError):
    """Peers could not be installed; the text says why."""


def python_peers() -> dict[str, str]:
    """Install those that run in Python. Returns the environment to run them in."""
    wanted = PEERS / "requirements.txt"
    if not present(PYTHON, wanted):
        uv = shutil.which("uv")
        if uv is None:
            raise InstallError("uv is not on PATH")
        install = [uv, "pip", "install", "--python", sys.executable]
        run([*install, "--target", str(PYTHON), "-r", str(wanted)])
        shutil.copy(wanted, PYTHON)
    return {**os.environ, "PYTHONPATH": str(PYTHON)}


def node_peers() -> dict[str, str]:
    """Install those that run in Node. Returns the environment to run them in."""
    wanted = PEERS / "package-lock.json"
    try:
        command, environment = npm._npm()
    except npm.NpmError as error:
        raise InstallError(str(error)) from error
    if not present(NODE, wanted):
        run([*command, "ci", "--prefix", str(PEERS)], environment)
        shutil.copy(wanted, NODE)
    return environment


def present(folder: Path, wanted: Path) -> bool:
    """Tell whether the folder was installed from this list of packages."""
    installed = folder / wanted.name
    return installed.exists() and installed.read_bytes() == wanted.read_bytes()


def run(command: list[str], environment: dict[str, str] | None = None, cwd: Path = PEERS) -> None:
    """Raises InstallError with what the command said last."""
    done = subprocess.run(
        command, env=environment, check=False, capture_output=True, text=True, cwd=cwd
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise InstallError(f"{Path(command[0]).name} failed: {' '.join(last)}")
