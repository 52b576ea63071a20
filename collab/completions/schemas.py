"""The bodies of requests and answers of the autocomplete API."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from collab.protocol import FileId, KnownLanguage


class Autocomplete(Struct, frozen=True, rename="camel"):
    """A text and where the caret stands in it; positions are code points.

    Where it is that of a file of a room, `room` and `file` say which; then names of the room's
    other files are known.
    """

    code: str
    cursor_position: Annotated[int, Meta(ge=0)]
    language: KnownLanguage
    room: str | None = None
    file: FileId | None = None


class Alternative(Struct, frozen=True):
    """Another continuation, offered when asked for."""

    suggestion: str
    confidence: float


class Suggestions(Struct, frozen=True):
    """The rest of what is being typed, to be inserted at the caret as it is.

    `suggestion` is empty, and `confidence` 0, where nothing is likely enough. Alternatives come
    best first.
    """

    suggestion: str = ""
    confidence: float = 0.0
    alternatives: list[Alternative] = field(default_factory=list)


class Place(Struct, frozen=True, rename="camel"):
    """A file of a room with its text as the person sees it, and a position in it."""

    file: str
    code: str
    cursor_position: Annotated[int, Meta(ge=0)]


class NamedPlace(Place, frozen=True, rename="camel"):
    """A name that may stand at a position."""

    name: str


class Checked(Struct, frozen=True):
    """A file of a room with its text as the person sees it."""

    file: str
    code: str


class Listed(Struct, frozen=True):
    """A name that may stand at a position, with its kind and, where it is known, its type."""

    name: str
    kind: str
    detail: str


class Names(Struct, frozen=True):
    """The names that may stand at a position, likeliest first; null if no server knows them."""

    names: list[Listed] | None


class Documented(Struct, frozen=True):
    """The type of a name and what is written about it, as plain texts."""

    detail: str = ""
    documentation: str = ""


class Wrong(Struct, frozen=True):
    """A problem from `start` to `end`, in code points. Lines and columns count from 1.

    `severity` is error, warning, info or hint.
    """

    start: int
    end: int
    line: int
    column: int
    severity: str
    message: str
    code: str
    source: str


class Problems(Struct, frozen=True):
    """The problems of a file, in the order of the file, and the servers that have checked it."""

    servers: list[str]
    problems: list[Wrong]


class FileProblems(Problems, frozen=True):
    """The same for one file of a room, as it is committed."""

    file: str


class RoomProblems(Struct, frozen=True):
    """The problems in the files of a room. `left` is the number of files that were not checked,
    because there are too many, or it would take too long."""

    files: list[FileProblems]
    left: int
