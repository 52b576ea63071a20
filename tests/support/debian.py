"""Programs of Debian, installed where a test may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def install(package: str) -> None:
    """Install a package, if this process may."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    _run("apt-get", "update")
    _run("apt-get", "install", "-y", "--no-install-recommends", package)


def unpack(package: str, folder: Path, *, libraries: Sequence[str] = ()) -> bool:
    """Put a package's files into a folder, with those of its dependencies whose names start like
    `libraries`, and install nothing; whether that could be done."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return False
    if not _download(package, folder):
        if os.geteuid() == 0:
            _run("apt-get", "update")
        if not _download(package, folder):
            return False
    (file,) = folder.glob(f"{package}_*.deb")
    depends = subprocess.run(
        ["dpkg-deb", "-f", file, "Depends"], capture_output=True, text=True, check=True
    ).stdout
    for name in (part.split()[0] for part in depends.split(",")):
        if name.startswith(tuple(libraries)):
            _download(name, folder)
    for file in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", file, folder], check=True)
    return True


def _download(package: str, folder: Path) -> bool:
    command = ["apt-get", "download", package]
    return not subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode


def _run(*command: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, check=True)
