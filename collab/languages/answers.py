"""What language servers answer, as far as it is used here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct


class Markup(Struct, frozen=True):
    """A text with the name of its format."""

    kind: str
    value: str


class Item(Struct, frozen=True, rename="camel", omit_defaults=True):
    """Something that may stand at a position: see CompletionItem of the protocol."""

    label: str
    kind: int = 0
    detail: str = ""
    documentation: Markup | str = ""
    sort_text: str = ""
    insert_text: str = ""
    filter_text: str = ""
    data: Any = None
    """The server's own note, which it wants back when it is asked for more."""

    @property
    def name(self) -> str:
        """Return the text that stands in the code."""
        return self.insert_text or self.label


class _List(Struct, frozen=True):
    items: Sequence[Item]


class Resolved(Struct, frozen=True):
    """The type of an item, and what is written about it."""

    detail: str = ""
    documentation: Markup | str = ""

    @property
    def words(self) -> str:
        written = self.documentation
        return written if isinstance(written, str) else written.value


class Place(Struct, frozen=True):
    """A position: a line, and the bytes of UTF-8 before it on its line, both from 0."""

    line: int
    character: int


class Extent(Struct, frozen=True):
    """From one place to another."""

    start: Place
    end: Place


class Problem(Struct, frozen=True):
    """What is wrong with a part of a text: see Diagnostic of the protocol."""

    range: Extent
    message: str
    severity: int = 1
    """1 error, 2 warning, 3 information, 4 hint."""
    code: str | int | None = None
    source: str = ""


class Report(Struct, frozen=True):
    """All problems of a text."""

    items: Sequence[Problem] = ()


Items = Sequence[Item] | _List | None


def items_of(found: Items) -> Sequence[Item]:
    """Return the items of an answer, whichever of its forms it has."""
    if found is None:
        return ()
    return found.items if isinstance(found, _List) else found


def place_at(text: str, position: int) -> Place:
    """Return the place of a position, which is in code points."""
    start = text.rfind("\n", 0, position) + 1
    return Place(text.count("\n", 0, position), len(text[start:position].encode()))


def position_at(lines: Sequence[tuple[int, str]], place: Place) -> int:
    """Return the position of a place in code points. `lines` are those of `lines_of`."""
    if place.line >= len(lines):
        start, line = lines[-1]
        return start + len(line)
    start, line = lines[place.line]
    if line.isascii():
        return start + min(place.character, len(line))
    return start + len(line.encode()[: place.character].decode(errors="ignore"))


def lines_of(text: str) -> list[tuple[int, str]]:
    """Return the lines of a text, each with the position at which it begins."""
    found: list[tuple[int, str]] = []
    start = 0
    for line in text.split("\n"):
        found.append((start, line))
        start += len(line) + 1
    return found
