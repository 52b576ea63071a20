"""The messages between server processes. None carries an entry, and each may be lost."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Raw, Struct, json

from collab.protocol import Colour, FileId, Name, PersonId, Revision, Selections

ProcessId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,32}\Z")]
ClientId = PersonId
Since = tuple[int, int]


# News of a room


class Here(Struct, frozen=True, array_like=True, tag="here"):
    """A client has a session in this process, as it is now; the carets are at `revision`.

    Of two processes that say this of one client, that with the later `since` is right.
    """

    client: ClientId
    person: PersonId
    name: Name
    colour: Colour
    since: Since
    revision: Revision
    file: FileId | None
    selections: Selections


class Gone(Struct, frozen=True, array_like=True, tag="gone"):
    """The session of a client that had joined then is no more."""

    client: ClientId
    since: Since


class Ask(Struct, frozen=True, array_like=True, tag="ask"):
    """Tell me who is in this room with you, once you have read it up to `revision`."""

    revision: Revision


News = Here | Gone | Ask


# News of a process


class Hello(Struct, frozen=True, array_like=True, tag="hello"):
    """I have come, or may have missed something: call the roll."""


class Roll(Struct, frozen=True, array_like=True, tag="roll"):
    """Now comes everybody here, in every room; or, `ends`, that was everybody."""

    ends: bool


class Bye(Struct, frozen=True, array_like=True, tag="bye"):
    """I end."""


class Ring(Struct, frozen=True, array_like=True, tag="ring"):
    """A room is at a revision now."""

    room: UUID
    revision: Revision


class About(Struct, frozen=True, array_like=True, tag="about"):
    """News of a room."""

    room: UUID
    news: News


Item = Hello | Roll | Bye | Ring | About


class Batch(Struct, frozen=True, array_like=True):
    """The items a process sends together, in its `number`th batch. An empty one is a sign of life.

    Items are decoded one by one: what a newer process may say, an older one passes over.
    """

    process: ProcessId
    number: Annotated[int, Meta(ge=1)]
    items: list[Raw]


batch_decoder = json.Decoder(Batch)
item_decoder: json.Decoder[Item] = json.Decoder(Item)
item_encoder = json.Encoder()
