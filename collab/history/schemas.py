"""The bodies of requests and answers about the past."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from collab.changes.tree import NodeId
from collab.changes.version import VersionName
from collab.protocol import check_name

Status = Literal["added", "removed", "moved", "changed"]
"""The fate of a file."""

_Revision = Annotated[int, Meta(ge=0, le=2**53)]


class PersonBody(Struct, frozen=True):
    """Somebody who has written: the public id, the same in all tabs, and the latest name."""

    person: str
    name: str


class Did(Struct):
    """The work of a person in a stretch; `who` is an index into `people`."""

    who: int
    entries: int
    inserted: int
    deleted: int


class Bucket(Struct):
    """A stretch that ends with `revision`, which was at `at`, in milliseconds since 1970."""

    revision: int
    at: int
    people: list[Did]


class MarkBody(Struct, omit_defaults=True):
    """Something that people look for. `kind` is version, import, restore, undo, replace, format,
    run or pause; `of` the revision that a version names, or that was gone back to."""

    kind: str
    revision: int
    at: int
    who: int
    name: str | None = None
    of: int | None = None


class Said(Struct):
    """The messages that people sent in the time of the bucket that ends with `revision`."""

    revision: int
    count: int


class HistoryBody(Struct):
    """What happened after the revision `start` up to `end`; `head` is the last one there is."""

    start: int
    end: int
    head: int
    people: list[PersonBody]
    buckets: list[Bucket]
    marks: list[MarkBody]
    messages: list[Said]


class VersionBody(Struct):
    """A revision with a name, given in the entry `entry`; and what was done since the version
    before."""

    revision: int
    name: str
    author: str
    at: int
    entry: int
    entries: int
    inserted: int
    deleted: int
    people: list[PersonBody]


class NameRevision(Struct):
    """A name for a revision; without one, for the head."""

    name: VersionName
    revision: _Revision | None = None

    def __post_init__(self) -> None:
        check_name(self.name)


class RenameVersion(Struct):
    """Another name for it."""

    name: VersionName

    def __post_init__(self) -> None:
        check_name(self.name)


class EntryBody(Struct, omit_defaults=True):
    """An entry of the log, as everybody in the room may know it."""

    revision: int
    at: Annotated[int, Meta(description="Milliseconds since 1970.")]
    author: str
    change: Any
    person: str | None = None
    origin: str | None = None


class EntriesBody(Struct):
    """Entries in order. `next` is the `after` of the page that follows; null at the head."""

    entries: list[EntryBody]
    next: int | None


class NodeBody(Struct):
    """A text, or an asset, which has no language."""

    id: str
    path: str
    language: str | None


class TreeBody(Struct):
    revision: int
    files: list[NodeBody]


class DifferenceBody(Struct):
    """What became of a file. `before` is its path at `start`, `path` that at `end`; null where it
    is not there. `operation` is there for the file that was asked for."""

    id: str
    status: Status
    before: str | None
    path: str | None
    inserted: int
    deleted: int
    operation: list[Any] | None = None


class DiffBody(Struct):
    start: int
    end: int
    files: list[DifferenceBody]


class BurstBody(Struct):
    """Edits of a person in a file without a pause over a minute. `origin` says how they came about,
    where that is known."""

    person: str
    name: str
    first: int
    last: int
    at: int
    until: int
    origin: str | None


class BlameBody(Struct, omit_defaults=True):
    """Who wrote a text: `runs` are `[burst, code points]` from its start to its end."""

    revision: int
    id: str
    path: str
    runs: list[tuple[int, int]]
    bursts: dict[int, BurstBody]
    text: str | None = None


class StepBody(Struct):
    """What leads from a text at `start` to the same text at `end`.

    `operation` is null where the text is the same. `runs` are `[burst, code points]` of what it
    inserts, from its start. `tree` tells whether the files and their places are the same.
    """

    start: int
    end: int
    id: str
    operation: list[Any] | None
    runs: list[tuple[int, int]]
    bursts: dict[int, BurstBody]
    tree: Literal["same", "changed"]


class Selection(Struct, frozen=True):
    """From one code point to another of the text as it was."""

    start: _Revision
    end: _Revision


class RestoreBody(Struct):
    """What is brought back: the room, or a file or folder by its path, or id, of then."""

    revision: _Revision
    path: str | None = None
    id: NodeId | None = None
    selection: Selection | None = None
    preview: bool = False


class UndoWorkBody(Struct):
    """Whose work is taken back, and after which revision it begins."""

    person: Annotated[str, Meta(min_length=1, max_length=64)]
    since: _Revision = 0
    preview: bool = False


class GoneBackBody(Struct):
    """What was changed, or would be. `revision` is that of the change; the head where it is a
    preview, or where there was nothing to change."""

    revision: int
    preview: bool
    files: list[DifferenceBody]
