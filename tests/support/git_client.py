"""A plain Git client and its working trees."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.server import DEADLINE

needs_git = pytest.mark.skipif(
    shutil.which("git") is None, reason="there is no git on this machine"
)

_SETTINGS = (
    "user.name=Ada",
    "user.email=ada@example.org",
    "core.askPass=",
    "credential.helper=",
    "fetch.unpackLimit=1",  # packs stay packs, which git then checks
    "transfer.fsckObjects=true",
)


class Failed(Exception):
    """Git has ended with an error. The words are what it told its user."""


class Clone:
    """A working tree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def git(self, *arguments: str) -> str:
        return git(self.folder, *arguments)

    def ids(self, revisions: str = "HEAD") -> list[str]:
        """The commits, the newest first."""
        return self.git("rev-list", "--first-parent", revisions).split()

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()

    def commit(self, **files: str | None) -> str:
        """Write files, delete those that are None, and commit. `__` in a name is a dot."""
        for name, text in files.items():
            path = self.folder / name.replace("__", ".")
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", "a change")
        return self.git("rev-parse", "HEAD")


def git(folder: Path, *arguments: str) -> str:
    """Run git. Returns what it prints. Raises Failed."""
    settings = [part for one in _SETTINGS for part in ("-c", one)]
    environment = os.environ | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
    done = subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    if done.returncode:
        raise Failed(done.stderr)
    return done.stdout.strip()


def address(url: str, room_id: str, secret: str = "") -> str:
    """The address of a room as a remote, with a secret as its password."""
    if secret:
        url = url.replace("://", f"://x:{secret}@")
    return f"{url}/r/{room_id}.git"


def clone(folder: Path, remote: str, *options: str, name: str = "clone") -> Clone:
    git(folder, "clone", "--quiet", *options, remote, name)
    return Clone(folder / name)
