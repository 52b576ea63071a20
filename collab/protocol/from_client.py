"""What clients say: the messages of OT clients, and those of plain ones."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from collab.protocol.changes import ClientChange
from collab.protocol.values import (
    MOST_HELD,
    Colour,
    FileId,
    Key,
    Language,
    Name,
    Origin,
    PersonId,
    Position,
    Revision,
    Selections,
    Seq,
    check_name,
)

# From an OT client


class Join(Struct, frozen=True, tag="join"):
    """Enter the room, for the first time or again.

    `text` asks for the files beside the entries since `revision`. `holds` names the files whose
    texts the client has or wants; without it, all. `at` is the client's clock, milliseconds since
    1970: of two joins with one key the later one counts.
    """

    protocol: Annotated[int, Meta(ge=0, le=2**53)]
    key: Key
    person: PersonId
    name: Name
    colour: Colour
    revision: Revision | None = None
    text: bool = False
    holds: Annotated[list[FileId], Meta(max_length=MOST_HELD)] | None = None
    at: Annotated[int, Meta(ge=0, le=2**53)] = 0
    agent: Name = ""
    """Whom the client works for, where it is an agent: a program that acts for a person."""

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.agent:
            check_name(self.agent)


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
