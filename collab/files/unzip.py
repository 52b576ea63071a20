"""Reads a zip that a stranger has sent: its files, and what is left out, each with words.

Rule 1: the directory at the end says which entries there are, and how large. No entry gives more
bytes than it claims: then its checksum is wrong. So what all claim together is the most that comes.
Rule 2: an entry that cannot be kept is left out, with words; the others are read all the same.
Only a zip that is none, or that as a whole exceeds a limit, is refused.
Rule 3: nothing is written, followed or run. A zip inside a zip is a file.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from collab.files.found import Found, FoundLimits, Refused, Remark, Sorter, too_large
from collab.files.zipping import ASSET
from collab.room.state import Limits

_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
_END = b"PK\5\6"
_END_AND_COMMENT = 22 + 65_535
_MANY = 0xFFFF
"""The number of entries that means: more than a zip without zip64 can count."""


def read_zip(source: BinaryIO, limits: FoundLimits) -> Iterator[Found]:
    """Yield what a zip holds, in the order of its directory. Ends after Refused."""
    if (count := _claimed_entries(source)) > limits.entries and count != _MANY:
        yield _too_many(count, limits)
        return
    try:
        archive = ZipFile(source)
    except UnicodeDecodeError:
        yield Refused("The zip has a name that is not UTF-8, although it says so.")
        return
    except Exception:  # noqa: BLE001 - whatever zipfile stumbles over, the sender made it
        yield Refused("This is not a zip, or it is damaged.")
        return
    entries = archive.infolist()
    if len(entries) > limits.entries:
        yield _too_many(len(entries), limits)
        return
    claimed = sum(entry.file_size for entry in entries if not _unreadable(entry, limits.room))
    if claimed > limits.total:
        yield Refused(f"The files in the zip have {claimed} bytes; the limit is {limits.total}.")
        return
    reading = _Reading(archive, limits)
    for entry in entries:
        yield from reading.read(entry)


def _claimed_entries(source: BinaryIO) -> int:
    """The number of entries that the end of a zip tells of; 0 where there is no such end."""
    size = source.seek(0, 2)
    source.seek(max(0, size - _END_AND_COMMENT))
    tail = source.read(_END_AND_COMMENT)
    end = tail.rfind(_END)
    source.seek(0)
    return int.from_bytes(tail[end + 10 : end + 12], "little") if end >= 0 else 0


def _too_many(count: int, limits: FoundLimits) -> Refused:
    return Refused(f"The zip has {count} entries; the limit is {limits.entries}.")


class _Reading:
    """One zip while it is read."""

    def __init__(self, archive: ZipFile, limits: FoundLimits) -> None:
        self._archive = archive
        self._room = limits.room
        self._sorter = Sorter(limits.room)

    def read(self, entry: ZipInfo) -> Iterator[Found]:
        name = _name(entry)
        names = self._sorter.names(name)
        if isinstance(names, Remark):
            yield names
        if isinstance(names, Remark) or not names:
            return
        if name.endswith(("/", "\\")):
            yield self._sorter.folder(names)
            return
        path = "/".join(names)
        if words := _unreadable(entry, self._room):
            yield Remark(path, words)
            return
        try:
            data = self._data(entry)
        except Exception as error:  # noqa: BLE001 - whatever zipfile stumbles over, the sender made it
            yield Remark(path, f"It is damaged: {_reason(error)}.")
            return
        yield from self._sorter.file(names, data, is_asset=entry.comment == ASSET)

    def _data(self, entry: ZipInfo) -> bytes:
        """The bytes of an entry."""
        with self._archive.open(entry) as file:
            data = file.read()
        # zipfile does not mind when fewer come.
        if len(data) < entry.file_size:
            raise BadZipFile("size")
        return data


def _name(entry: ZipInfo) -> str:
    """The name of an entry. Many programs write UTF-8 and do not say so."""
    name = entry.orig_filename
    if entry.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _unreadable(entry: ZipInfo, limits: Limits) -> str:
    """Return why a file is left out, as far as the directory tells; "" if it tells no reason."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "It is a link, and links are not followed."
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "It is a device or a pipe, and no file."
    if entry.flag_bits & 0x1:
        return "It is encrypted."
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        method = _METHODS.get(entry.compress_type, str(entry.compress_type))
        return f"It is compressed with {method}, which is not read."
    return too_large(limits) if entry.file_size > limits.asset else ""


def _reason(error: Exception) -> str:
    words = str(error) if isinstance(error, BadZipFile) else ""
    if words == "size":
        return "it has fewer bytes than it claims"
    return "its checksum is wrong" if "CRC" in words else "it cannot be decompressed"
