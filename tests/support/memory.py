"""A folder in memory for the databases of tests.

A new database is 350 files. On a disk with a file system without a journal, such as ext4 in many
virtual machines, half a second of CPU goes into making them soon after others were deleted.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_PREFIX = "tests-of-collab-"
_ENOUGH = 2 * 1024**3
"""Bytes. All databases of a run take less than half of it."""
_VARIABLE = "COLLAB_TESTS_MEMORY"


def begin() -> None:
    """Make the folder of this run, which the processes that it starts find by the environment."""
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ENOUGH:
        return
    for left in _MEMORY.glob(f"{_PREFIX}*"):
        if not Path("/proc", left.name.removeprefix(_PREFIX)).exists():
            shutil.rmtree(left, ignore_errors=True)  # of a run that was killed
    folder = _MEMORY / f"{_PREFIX}{os.getpid()}"
    folder.mkdir()
    # PostgreSQL runs as another account where the tests run as root.
    folder.chmod(0o711)
    os.environ[_VARIABLE] = str(folder)


def end() -> None:
    """Remove the folder of this run."""
    if folder := os.environ.pop(_VARIABLE, ""):
        shutil.rmtree(folder, ignore_errors=True)


def shared_folder() -> Path | None:
    """Return the folder of this run; None where memory has too little room."""
    found = os.environ.get(_VARIABLE)
    return Path(found) if found else None


def new_folder() -> Path:
    """Make a folder for one test, in memory if there is room. The test removes it."""
    return Path(tempfile.mkdtemp(prefix="collab-", dir=shared_folder())).resolve()
