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

from msgspec import Struct

from collab.files.places import Places
from collab.files.texts import read_text
from collab.files.zipping import ASSET
from collab.room.paths import parse_path
from collab.room.state import Limits

_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
_END = b"PK\5\6"
_END_AND_COMMENT = 22 + 65_535
_MANY = 0xFFFF
"""The number of entries that means: more than a zip without zip64 can count."""


class ZipLimits(Struct, frozen=True):
    """`entries` in a zip, and `total` bytes that come out. Those of the room are for each file."""

    entries: int
    total: int
    room: Limits


class Folder(Struct, frozen=True, tag=True):
    """A folder, which may be empty. `path` has no slash at its ends."""

    path: str


class Text(Struct, frozen=True, tag=True):
    """A file with a text, whose line ends are LF."""

    path: str
    text: str


class Asset(Struct, frozen=True, tag=True):
    """Any other file."""

    path: str
    data: bytes


class Remark(Struct, frozen=True, tag=True):
    """What became of an entry that is not kept as it is. `kept` is false for one left out."""

    path: str
    words: str
    kept: bool = False


class Refused(Struct, frozen=True, tag=True):
    """The whole zip is refused."""

    words: str


Found = Folder | Text | Asset | Remark | Refused


def read_zip(source: BinaryIO, limits: ZipLimits) -> Iterator[Found]:
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


def _too_many(count: int, limits: ZipLimits) -> Refused:
    return Refused(f"The zip has {count} entries; the limit is {limits.entries}.")


class _Reading:
    """One zip while it is read."""

    def __init__(self, archive: ZipFile, limits: ZipLimits) -> None:
        self._archive = archive
        self._limits = limits
        self._room = limits.room
        self._places = Places(limits.room.name)
        self._left_out: set[str] = set()

    def read(self, entry: ZipInfo) -> Iterator[Found]:
        name = _name(entry)
        try:
            segments = parse_path(name, self._room)
        except ValueError as error:
            # All that is in a folder is left out for the folder's sake, which is said once.
            where, words = error.args
            if where not in self._left_out:
                self._left_out.add(where)
                yield Remark(where, words)
            return
        if not segments:
            return
        if name.endswith(("/", "\\")):
            yield Folder("/".join(self._places.folder(segments)))
            return
        path = "/".join(segments)
        if words := _unreadable(entry, self._room):
            yield Remark(path, words)
            return
        try:
            data = self._data(entry)
        except Exception as error:  # noqa: BLE001 - whatever zipfile stumbles over, the sender made it
            yield Remark(path, f"It is damaged: {_reason(error)}.")
            return
        place = "/".join(self._places.file(segments))
        if place != path:
            yield Remark(path, f"It is kept as {place}, beside another of its name.", kept=True)
        yield from self._file(place, data, is_asset=entry.comment == ASSET)

    def _file(self, path: str, data: bytes, *, is_asset: bool) -> Iterator[Found]:
        text = None if is_asset else read_text(data)
        if text is not None and len(text) > (most := self._room.text):
            words = f"It is kept without editing: a text has at most {most} characters."
            yield Remark(path, words, kept=True)
            text = None
        yield Asset(path, data) if text is None else Text(path, text)

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
    """Why a file is left out, as far as the directory tells; "" where it does not."""
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
    return _too_large(limits) if entry.file_size > limits.asset else ""


def _too_large(limits: Limits) -> str:
    return f"It has more than {limits.asset} bytes, the limit of a file."


def _reason(error: Exception) -> str:
    words = str(error) if isinstance(error, BadZipFile) else ""
    if words == "size":
        return "it has fewer bytes than it claims"
    return "its checksum is wrong" if "CRC" in words else "it cannot be decompressed"
