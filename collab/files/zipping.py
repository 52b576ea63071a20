"""Writes a zip piece by piece, so that no more than a file of it is in memory.

The same files at the same time make the same bytes. Each entry has its size and checksum before its
bytes, not after them, so programs that read a zip as it comes can read these.
"""

from __future__ import annotations

import io
import stat
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

ASSET = b"asset"
"""The comment of an entry that is no text, although its bytes could be one."""
_UNIX = 3
_FIRST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can tell."""
_FOLDER_OF_DOS = 0x10


class Zipper:
    """A zip that grows. `take` gives what has become ready since the last time."""

    def __init__(self, when: datetime) -> None:
        """`when` is the time that all entries tell."""
        self._when = max(_FIRST, when.timetuple()[:6])
        self._out = _Out()
        self._zip = ZipFile(self._out, "w")

    def add_folder(self, path: str) -> None:
        entry = self._entry(path + "/", stat.S_IFDIR | 0o755)
        entry.external_attr |= _FOLDER_OF_DOS
        self._zip.writestr(entry, b"")

    def add_text(self, path: str, text: str) -> None:
        entry = self._entry(path, stat.S_IFREG | 0o644)
        self._zip.writestr(entry, text.encode(), ZIP_DEFLATED)

    def add_asset(self, path: str, data: bytes) -> None:
        """Add bytes that stay an asset when the zip is imported. Most are compressed already."""
        entry = self._entry(path, stat.S_IFREG | 0o644)
        entry.comment = ASSET
        self._zip.writestr(entry, data, ZIP_STORED)

    def end(self) -> None:
        """Write the directory."""
        self._zip.close()

    def take(self) -> bytes:
        """Return the bytes that are ready, each once."""
        return self._out.take()

    def _entry(self, path: str, mode: int) -> ZipInfo:
        entry = ZipInfo(path, self._when)
        entry.create_system = _UNIX
        entry.external_attr = mode << 16
        return entry


class _Out(io.RawIOBase):
    """A file that forgets what was taken. zipfile goes back only to the start of an entry."""

    def __init__(self) -> None:
        self._taken = 0
        self._rest = io.BytesIO()

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._taken + self._rest.tell()

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        assert whence == io.SEEK_SET
        assert position >= self._taken, "what was taken cannot be written again"
        self._rest.seek(position - self._taken)
        return position

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._rest.write(data)

    def take(self) -> bytes:
        data = self._rest.getvalue()
        self._taken += len(data)
        self._rest = io.BytesIO()
        return data
