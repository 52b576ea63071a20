"""The entries of a stranger's zip or repository, and the file that each of them becomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from collab.files.places import Places
from collab.room.paths import parse_path
from collab.room.plain import read_text
from collab.room.state import Limits


class FoundLimits(Struct, frozen=True):
    """`entries` that are read, and `total` bytes that come out. Those of the room are for each
    file."""

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
    """Tells of an entry that is not kept as it is. `kept` is false for one that is left out."""

    path: str
    words: str
    kept: bool = False


class Refused(Struct, frozen=True, tag=True):
    """All of it is refused."""

    words: str


Found = Folder | Text | Asset | Remark | Refused


class Sorter:
    """Says of each file where it is kept, and whether it is a text."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._places = Places(limits.name)
        self._left_out: set[str] = set()

    def names(self, path: str) -> list[str] | Remark | None:
        """The names of a path; or why it cannot be kept, and None where that has been said.

        All that is in a folder is left out for the folder's sake, which is said once.
        """
        try:
            return parse_path(path, self._limits)
        except ValueError as error:
            where, words = error.args
            if where in self._left_out:
                return None
            self._left_out.add(where)
            return Remark(where, words)

    def folder(self, names: Sequence[str]) -> Folder:
        return Folder("/".join(self._places.folder(names)))

    def file(self, names: Sequence[str], data: bytes, *, is_asset: bool = False) -> Iterator[Found]:
        path, place = "/".join(names), "/".join(self._places.file(names))
        if place != path:
            yield Remark(path, f"It is kept as {place}, beside another of its name.", kept=True)
        text = None if is_asset else read_text(data)
        if text is not None and len(text) > (most := self._limits.text):
            words = f"It is kept without editing: a text has at most {most} characters."
            yield Remark(place, words, kept=True)
            text = None
        yield Asset(place, data) if text is None else Text(place, text)


def too_large(limits: Limits) -> str:
    return f"It has more than {limits.asset} bytes, the limit of a file."
