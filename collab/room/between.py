"""The messages between server processes. None carries an entry, and each may be lost."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Raw, Struct, json

from collab.protocol import Colour, FileId, Name, PersonId, Revision, Selections
from collab.room.doors import Role

ProcessId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,32}\Z")]
ClientId = PersonId
Since = tuple[int, int]


# News of a room


class Here(Struct, frozen=True, array_like=True, tag="here"):
    """Describe a client's session in this process as it is now. Its carets are at `revision`.

    Where two processes claim the same client, the one with the later `since` is right.
    """

    client: ClientId
    person: PersonId
    name: Name
    colour: Colour
    since: Since
    revision: Revision
    file: FileId | None
    selections: Selections
    role: Role | None = "editor"
    who: UUID | None = None
    agent: Annotated[str, Meta(max_length=40)] = ""


class Gone(Struct, frozen=True, array_like=True, tag="gone"):
    """Report the end of a client's session, the one that joined at `since`."""

    client: ClientId
    since: Since


class Ask(Struct, frozen=True, array_like=True, tag="ask"):
    """Ask the other processes for their people in this room, once they have read up to
    `revision`."""

    revision: Revision


News = Here | Gone | Ask


# News of a process


class Hello(Struct, frozen=True, array_like=True, tag="hello"):
    """Announce a process that has just come or may have missed news: the others call their roll."""


class Roll(Struct, frozen=True, array_like=True, tag="roll"):
    """Begin to name everybody in every room of this process; or, with `ends`, report the end of
    that."""

    ends: bool


class Bye(Struct, frozen=True, array_like=True, tag="bye"):
    """Announce that this process ends."""


class Ring(Struct, frozen=True, array_like=True, tag="ring"):
    """Report the latest revision of a room, and the number of its last change of access."""

    room: UUID
    revision: Revision
    access: Revision = 0


class Notice(Struct, frozen=True, array_like=True, tag="notice"):
    """Report that there is something new of a domain in a room, beside its log.

    `topic` names what, and `about` whom or which, where that matters.
    """

    room: UUID
    topic: Annotated[str, Meta(max_length=32)]
    about: Annotated[str, Meta(max_length=64)] = ""


class About(Struct, frozen=True, array_like=True, tag="about"):
    """Carry news of one room."""

    room: UUID
    news: News


Item = Hello | Roll | Bye | Ring | Notice | About


class Batch(Struct, frozen=True, array_like=True):
    """The items a process sends together, in its `number`th batch. An empty one is a sign of life.

    Items are decoded one by one, so that an older process can skip an item that only newer ones
    know. `knows` is KNOWS of the release that the process runs.
    """

    process: ProcessId
    number: Annotated[int, Meta(ge=1)]
    items: list[Raw]
    knows: int = 0


KNOWS = 1
"""What a process of this release knows that others must be sure of: 1 is access to rooms."""


batch_decoder = json.Decoder(Batch)
item_decoder: json.Decoder[Item] = json.Decoder(Item)
item_encoder = json.Encoder()
