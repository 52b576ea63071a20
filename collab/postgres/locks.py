"""Locks that the kernel frees when their holders end: `flock` on an open file.

Such a lock belongs to the open file and not to a process. Every process that inherited the
descriptor holds it. The kernel frees it when the last of them ends, in whatever way.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import BinaryIO


def hold(path: Path) -> BinaryIO:
    """Wait for the exclusive lock on `path`. Closing the file frees it."""
    file = _open(path)
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def try_hold(path: Path, *, shared: bool = False) -> BinaryIO | None:
    """Return the lock on `path`, or None while another process holds it."""
    file = _open(path)
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def try_upgrade(file: BinaryIO) -> bool:
    """Make a shared lock exclusive. If this returns False, the shared lock may be lost too."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_file(path: Path, flags: int) -> int:
    """Open a file. If this creates it, the file belongs to the owner of its folder and is private.

    Root may use the data dir of another account, which must be able to use the file afterwards.
    """
    descriptor = os.open(path, flags, 0o600)
    if os.geteuid() == 0 and os.fstat(descriptor).st_uid == 0:
        folder = path.parent.stat()
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def _open(path: Path) -> BinaryIO:
    # Some network file systems give an exclusive lock only on a file that is open for writing.
    return os.fdopen(open_file(path, os.O_RDWR | os.O_CREAT), "r+b", buffering=0)
