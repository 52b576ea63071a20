"""What the server tells its clients."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from collab.protocol.changes import Change
from collab.protocol.from_client import CodeUpdate, CursorUpdate
from collab.protocol.values import MOST_COMPONENTS, Language
from ot import Operation


class Init(Struct, frozen=True, tag="init"):
    code: str


class UserCountUpdate(Struct, frozen=True, tag="user_count_update"):
    count: int


class UserJoined(Struct, frozen=True, tag="user_joined"):
    count: int


class UserLeft(Struct, frozen=True, tag="user_left"):
    count: int


# To an OT client


class File(Struct, frozen=True, omit_defaults=True):
    """A file of a room, as clients are told it. `language` is None where nobody has chosen one.

    `text` is missing where the client does not hold the file.
    """

    id: str
    name: str
    text: str | UnsetType = UNSET
    language: Language | None = None
    parent: str = ""
    removed: bool = False


class Folder(Struct, frozen=True, omit_defaults=True):
    """A folder of a room. Where it is `removed`, so is all that is in it."""

    id: str
    name: str
    parent: str = ""
    removed: bool = False


class Asset(Struct, frozen=True, omit_defaults=True):
    """An asset of a room: `size` bytes, which the server keeps under their hash."""

    id: str
    name: str
    blob: str
    size: int
    parent: str = ""
    removed: bool = False


class Caret(Struct, frozen=True):
    file: str
    revision: int
    selections: list[tuple[int, int]]


class PersonHere(Struct, frozen=True, omit_defaults=True):
    """Somebody else in the room; `number` is 0, and not told, for who has none in it.

    `role` is what the person may do here, and `who` the person as the server knows them; both are
    missing where they are an editor, or nobody known. `agent` says for whom an agent works.
    """

    client: str
    person: str
    name: str
    colour: int
    caret: Caret | None
    number: int = 0
    role: str | None = "editor"
    who: UUID | None = None
    agent: str = ""


class Author(Struct, frozen=True):
    """The name and the person of a client that is not in the room, as its entry has them."""

    client: str
    person: str
    name: str


class WireLimits(Struct, frozen=True):
    text: int
    message: int
    operations: int
    bytes: int
    files: int
    name: int
    path: int
    depth: int
    asset: int
    room: int
    components: int = MOST_COMPONENTS


Checksums = dict[str, int]
"""By file, the `ot.checksum` of its text."""
Who = int | str
"""The number that a client was given in a room, or its id."""
WireEntry = tuple[Who, int, str, Operation] | tuple[Who, int, Change]
"""(who, seq, file, operation) for an edit, (who, seq, change) for any other change"""
Stretch = tuple[int, list[Change]]
"""(count, changes): so many entries that follow one another, as one."""


class Joined(Struct, frozen=True, tag="joined", omit_defaults=True):
    """The answer to `join`: the files, or the entries since the revision it named, or both.

    `checksums` are those of the files that the client holds.
    """

    protocol: int
    client: str
    number: int
    seq: int
    revision: int
    updated_at: int
    people: list[PersonHere]
    limits: WireLimits
    checksums: Checksums
    files: list[File] | UnsetType = UNSET
    folders: list[Folder] = []
    assets: list[Asset] = []
    entries: list[WireEntry | Stretch] | UnsetType = UNSET
    authors: list[Author] = []
    role: str | None = None
    open: str | None = None
    locked: bool = False
    owned: bool = False
    """Whether the room has an owner."""
    facts: dict[str, Any] = {}
    """The facts of the room at the head: see `Fact`. `encode` makes each a field."""


class Entries(Struct, frozen=True):
    """Committed entries; the first has `revision`. On the wire: `encode`."""

    revision: int
    entries: list[WireEntry]


class Authors(Struct, frozen=True, tag="authors"):
    """The authors of the next entries who are not in the room, such as programs."""

    authors: list[Author]


class Checksum(Struct, frozen=True, tag="checksum"):
    """The checksums of changed texts at `revision`, the last entry sent before."""

    revision: int
    files: Checksums


class Text(Struct, frozen=True, tag="text"):
    """The answer to `read`: the text at `revision`, the last entry sent before."""

    file: str
    revision: int
    text: str


class Refused(Struct, frozen=True, tag="refused"):
    seq: int
    code: str
    message: str


class Person(Struct, frozen=True, tag="person", omit_defaults=True):
    """Somebody came, or changed name, colour or role; `number`, `role`, `who` and `agent` as in
    PersonHere."""

    client: str
    person: str
    name: str
    colour: int
    number: int = 0
    role: str | None = "editor"
    who: UUID | None = None
    agent: str = ""


class Carets(Struct, frozen=True, tag="presence"):
    """The carets of a client at `revision`, the last entry sent before."""

    client: str
    file: str | None
    revision: int
    selections: list[tuple[int, int]]


class Left(Struct, frozen=True, tag="left"):
    client: str


class RoomAccess(Struct, frozen=True, tag="access"):
    """Tells that access has changed: the receiver's own role, and the door, as in Joined."""

    role: str | None
    open: str
    locked: bool
    owned: bool


class Knocked(Struct, frozen=True, tag="waiting"):
    """The list of those who wait to be let in has changed. Told to owners."""


class Pong(Struct, frozen=True, tag="pong"):
    pass


class Error(Struct, frozen=True, tag="error", omit_defaults=True):
    """The peer is wrong. Sent to both kinds of client."""

    code: str
    message: str
    seq: int | None = None


class DomainMessage(Struct, frozen=True):
    """A message of a domain, which has its struct."""


ServerMessage = (
    Joined
    | Entries
    | Authors
    | Checksum
    | Text
    | Refused
    | Person
    | Carets
    | Left
    | RoomAccess
    | Knocked
    | Pong
    | Error
    | Init
    | UserCountUpdate
    | UserJoined
    | UserLeft
    | CodeUpdate
    | CursorUpdate
    | DomainMessage
)
