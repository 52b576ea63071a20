"""This checkout, and those of other commits, which benchmarks compare."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def checked_out(commit: str, folder: Path) -> Path:
    """The files of a commit, with the page that is built here: only servers are compared."""
    folder.mkdir()
    archive = folder.with_suffix(".tar")
    subprocess.run(["git", "archive", "-o", archive, commit], cwd=CHECKOUT, check=True)
    shutil.unpack_archive(archive, folder, filter="data")
    shutil.copytree(CHECKOUT / "collab/static", folder / "collab/static", dirs_exist_ok=True)
    return folder
