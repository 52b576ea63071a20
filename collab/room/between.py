"""What server processes tell one another: never an entry, and nothing that may not be lost."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Raw, Struct, json

from collab.protocol import Revision

ProcessId = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,32}$")]


class Hello(Struct, frozen=True, array_like=True, tag="hello"):
    """I have come, or may have missed something."""


class Bye(Struct, frozen=True, array_like=True, tag="bye"):
    """I end."""


class Ring(Struct, frozen=True, array_like=True, tag="ring"):
    """A room is at a revision now."""

    room: UUID
    revision: Revision


Item = Hello | Bye | Ring


class Batch(Struct, frozen=True, array_like=True):
    """What a process says at once: its `number`th batch. One without items is a sign of life.

    Items are decoded one by one: what a newer process may say, an older one passes over.
    """

    process: ProcessId
    number: Annotated[int, Meta(ge=1)]
    items: list[Raw]


batch_decoder = json.Decoder(Batch)
item_decoder: json.Decoder[Item] = json.Decoder(Item)
item_encoder = json.Encoder()
