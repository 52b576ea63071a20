"""Every message and every Change, as tagged Structs. PROTOCOL.md tells what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Literal
from unicodedata import category

from msgspec import UNSET, Meta, Struct, UnsetType, json
from msgspec.structs import replace

from collab.changes.name import SetName
from collab.changes.tree import (
    AddAsset,
    AddFolder,
    Move,
    NodeId,
    ParentId,
    PutAsset,
    Remove,
    Restore,
)
from ot import Operation, OperationError

VERSION = 3
SUBPROTOCOL = "collab"
MOST_COMPONENTS = 20_000
"""Of an operation that a client submits: what is carried and applied in some milliseconds."""

MOST_PARTS = MOST_COMPONENTS + 200
"""Of the JSON of a message: an operation's components, and what is beside them."""

KnownLanguage = Literal["python", "javascript", "typescript"]
"""The languages that a new room may begin in, and that suggestions are made for."""
Language = Annotated[str, Meta(pattern=r"\A[a-z0-9+#._-]{1,32}\Z")]
FileId = NodeId
Key = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{16,64}\Z")]
PersonId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"\A[^\x00-\x1f\x7f]*\Z")]
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that are not seen, or that turn others round."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters and marks that are not seen either."""
Colour = Annotated[int, Meta(ge=0, le=7)]
Position = Annotated[int, Meta(ge=0, le=2**53)]
Revision = Annotated[int, Meta(ge=0, le=2**53)]
Seq = Annotated[int, Meta(ge=1, le=2**53)]
Origin = Literal["typed", "pasted", "suggestion", "formatted", "import", "tool"]
"""How the content of a change came about, as its client says."""
Selections = Annotated[list[tuple[Position, Position]], Meta(max_length=32)]


def check_name(name: str) -> None:
    """Raises ValueError for a name, of a person or a room, that is not what it looks like.

    `tidyName` of the page keeps the same rule.
    """
    before = " "
    for character in name:
        # A selector makes an emoji of a sign; after a letter it is not seen.
        selector = "\ufe00" <= character <= "\ufe0f" and (before.isalnum() or before.isspace())
        if selector or character in _BLANK or category(character) in _UNSEEN:
            raise ValueError(f"The name has a character that is not seen, U+{ord(character):04X}")
        before = character
    if not name.strip():
        raise ValueError("The name has nothing that is seen")


# Changes


class Edit(Struct, frozen=True, array_like=True, tag="edit", gc=False, forbid_unknown_fields=True):
    """Edit the text of a file. `gc` as for Entry."""

    file: FileId
    operation: Operation


class SetLanguage(Struct, frozen=True, array_like=True, tag="language", forbid_unknown_fields=True):
    """Choose the language of a file. None lets it follow from the file's name again."""

    file: FileId
    language: Language | None


class AddFile(Struct, frozen=True, array_like=True, tag="add", forbid_unknown_fields=True):
    """Add a file with its first text. Without a language, the file has that of its name."""

    file: FileId
    name: str
    language: Language | None
    text: str
    parent: ParentId = ""


ClientSingle = Edit | SetLanguage | AddFile | AddFolder | Move | Remove | Restore | SetName
Single = ClientSingle | AddAsset | PutAsset
"""The changes that are not made of others."""
Cause = Literal["import", "revert", "undo", "git", "replace"]


class Many(Struct, frozen=True, array_like=True, tag="many", forbid_unknown_fields=True):
    """Make several changes under one revision, for one cause: all of them, or none."""

    changes: Annotated[list[Single], Meta(min_length=1)]
    cause: Cause


ClientChange = ClientSingle | Many
"""The changes that a client may submit."""

Change = Single | Many
"""The changes that a room's log holds."""


# From an OT client


class Join(Struct, frozen=True, tag="join"):
    """Enter the room, for the first time or again.

    `text` asks for the files beside the entries since `revision`. `at` is the client's clock,
    milliseconds since 1970: of two joins with one key the later one counts.
    """

    protocol: Annotated[int, Meta(ge=0, le=2**53)]
    key: Key
    person: PersonId
    name: Name
    colour: Colour
    revision: Revision | None = None
    text: bool = False
    at: Annotated[int, Meta(ge=0, le=2**53)] = 0

    def __post_init__(self) -> None:
        check_name(self.name)


class Submit(Struct, frozen=True, tag="submit"):
    """Ask for a change drafted on `revision`. Resend with the same `seq`."""

    seq: Seq
    revision: Revision
    change: ClientChange
    origin: Origin | None = None


class Presence(Struct, frozen=True, tag="presence"):
    """Say where the carets are, in the file as it was at `revision`."""

    revision: Revision
    file: FileId | None
    selections: Selections


class Profile(Struct, frozen=True, tag="profile"):
    """Change the name or the colour."""

    name: Name
    colour: Colour

    def __post_init__(self) -> None:
        check_name(self.name)


class Read(Struct, frozen=True, tag="read"):
    """Ask for the text of a file."""

    file: FileId


class Ping(Struct, frozen=True, tag="ping"):
    """Ask whether the link is alive."""


ClientMessage = Join | Submit | Presence | Profile | Read | Ping


# From a plain client, and back to it


class CodeUpdate(Struct, frozen=True, tag="code_update", omit_defaults=True):
    """The whole text as it is now."""

    code: str
    language: Language | UnsetType = UNSET


class CursorUpdate(Struct, frozen=True, tag="cursor_update", omit_defaults=True):
    """Tell where a caret is. The server adds the client."""

    position: Position
    client: str | UnsetType = UNSET


PlainMessage = CodeUpdate | CursorUpdate


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
    """A file of a room, as clients are told it. `language` is None where nobody has chosen one."""

    id: str
    name: str
    text: str
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
    """Somebody else in the room; `number` is 0, and not told, for who has none in it."""

    client: str
    person: str
    name: str
    colour: int
    caret: Caret | None
    number: int = 0


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
    """The answer to `join`: the files, or the entries since the revision it named, or both."""

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
    facts: dict[str, Any] = {}
    """The facts of the room at the head: see `Fact`. `encode` makes each a field."""


class Entries(Struct, frozen=True):
    """Committed entries; the first has `revision`. On the wire: `encode`."""

    revision: int
    entries: list[WireEntry]


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
    """Somebody came, or changed name or colour; `number` as in PersonHere."""

    client: str
    person: str
    name: str
    colour: int
    number: int = 0


class Carets(Struct, frozen=True, tag="presence"):
    """The carets of a client at `revision`, the last entry sent before."""

    client: str
    file: str | None
    revision: int
    selections: list[tuple[int, int]]


class Left(Struct, frozen=True, tag="left"):
    client: str


class Pong(Struct, frozen=True, tag="pong"):
    pass


class Error(Struct, frozen=True, tag="error", omit_defaults=True):
    """The peer is wrong. Sent to both kinds of client."""

    code: str
    message: str
    seq: int | None = None


ServerMessage = (
    Joined
    | Entries
    | Checksum
    | Text
    | Refused
    | Person
    | Carets
    | Left
    | Pong
    | Error
    | Init
    | UserCountUpdate
    | UserJoined
    | UserLeft
    | CodeUpdate
    | CursorUpdate
)


def _decode_operation(kind: type, value: Any, *, most: int | None = None) -> Any:
    if kind is Operation:
        # An OperationError is a ValueError, which msgspec tells.
        return Operation.decode(value, most_components=most)
    raise NotImplementedError(kind)


def _encode_operation(value: Any) -> Any:
    if isinstance(value, Operation):
        return value.components
    raise NotImplementedError(type(value))


def _refuse_fraction(text: str) -> Any:
    """Instead of reading the number, which can take long: of what a client says none has one."""
    raise OperationError(f"{text[:20]} is no component of an operation")


encoder = json.Encoder(enc_hook=_encode_operation)


def encode(message: ServerMessage) -> bytes:
    """The JSON of a message. Entries are one array, as short as can be read."""
    if type(message) is Entries:
        return encoder.encode([message.revision, *message.entries])
    if type(message) is Joined and message.facts:
        return join_fields(encoder.encode(replace(message, facts={})), message.facts)
    return encoder.encode(message)


def join_fields(body: bytes, fields: Mapping[str, Any]) -> bytes:
    """A JSON object with these fields behind its own."""
    return body[:-1] + b"," + encoder.encode(fields)[1:] if fields else body


client_decoder: json.Decoder[ClientMessage] = json.Decoder(
    ClientMessage,
    dec_hook=partial(_decode_operation, most=MOST_COMPONENTS),
    float_hook=_refuse_fraction,
)
plain_decoder: json.Decoder[PlainMessage] = json.Decoder(PlainMessage)
change_decoder: json.Decoder[Change] = json.Decoder(Change, dec_hook=_decode_operation)
