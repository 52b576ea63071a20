"""Collects the files that a program wrote, once nothing of it runs any more.

What is read here was made by a stranger: so no link is followed, only regular files are opened, and
each folder is opened by its descriptor. An archive is as in `launch.unpack`.
"""

from __future__ import annotations

import marshal
import os
import stat
from collections.abc import Iterator
from contextlib import suppress

_DEEPEST = 32
_LONGEST_PATH = 1024
_PIECE = 1 << 20
_CACHES = {"__pycache__", ".pytest_cache", ".cache", ".config", ".npm", ".local"}
"""Folders that programs fill by themselves."""


def collect(room: int, archive: int, most_files: int, most_bytes: int, most_seen: int) -> None:
    """Replace an archive of what a room had by one of what a program wrote into it.

    `room` is the descriptor of the folder. The index has for each file its path, its size, and how
    many bytes of it are in the archive: all, or -1 for a file that is too large to be kept.
    """
    before = _index(archive)
    found: list[tuple[str, int, bytes | None]] = []
    left = most_bytes
    for path, size, file in _files(room, most_seen):
        with suppress(OSError):
            if len(found) < most_files and not _is_same(archive, before.get(path), file, size):
                body = _read(file, size) if size <= left else None
                left -= len(body or b"")
                found.append((path, size, body))
        os.close(file)
    found.sort()
    index = [(path, size, -1 if body is None else len(body)) for path, size, body in found]
    encoded = marshal.dumps(index, 2)
    os.ftruncate(archive, 0)
    os.lseek(archive, 0, os.SEEK_SET)
    with os.fdopen(os.dup(archive), "wb") as out:
        out.write(len(encoded).to_bytes(8, "little") + encoded)
        for *_, body in found:
            out.write(body or b"")


def _index(archive: int) -> dict[str, tuple[int, int]]:
    """Where each file of an archive begins in it, and its size."""
    length = int.from_bytes(os.pread(archive, 8, 0), "little")
    at = 8 + length
    places = {}
    for path, size in marshal.loads(os.pread(archive, length, 8)):
        places[path] = (at, size)
        at += size
    return places


def _files(room: int, most: int) -> Iterator[tuple[str, int, int]]:
    """The regular files below a folder: path, size, and a descriptor, which the caller closes."""
    waiting = [("", os.dup(room))]
    try:
        while waiting:
            prefix, folder = waiting.pop()
            try:
                with os.scandir(folder) as entries:
                    names = sorted(entry.name for entry in entries)
                for name in names:
                    path = f"{prefix}{name}"
                    most -= 1
                    if most < 0 or not is_plain(path):
                        continue
                    kind = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
                    if stat.S_ISDIR(kind) and name not in _CACHES and path.count("/") < _DEEPEST:
                        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
                        with suppress(OSError):
                            waiting.append((f"{path}/", os.open(name, flags, dir_fd=folder)))
                    elif stat.S_ISREG(kind):
                        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
                        with suppress(OSError):
                            file = os.open(name, flags, dir_fd=folder)
                            yield path, os.fstat(file).st_size, file
            except OSError:
                pass
            finally:
                os.close(folder)
    finally:
        for _, folder in waiting:
            os.close(folder)


def is_plain(path: str) -> bool:
    """Return whether a path can be kept and shown."""
    try:
        return len(path.encode()) <= _LONGEST_PATH and path.isprintable()
    except UnicodeEncodeError:
        return False


def _is_same(archive: int, place: tuple[int, int] | None, file: int, size: int) -> bool:
    if place is None or place[1] != size:
        return False
    for at in range(0, size, _PIECE):
        length = min(_PIECE, size - at)
        if os.pread(archive, length, place[0] + at) != os.pread(file, length, at):
            return False
    return True


def _read(file: int, size: int) -> bytes:
    body = b""
    while len(body) < size and (piece := os.pread(file, size - len(body), len(body))):
        body += piece
    return body
