"""The change that names a room. `collab.room.kinds.name` says what a room does with it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

RoomName = Annotated[
    str, Meta(min_length=1, max_length=60, pattern=r"\A(?=.*\S)[^\x00-\x1f\x7f-\x9f]*\Z")
]


class SetName(Struct, frozen=True, array_like=True, tag="name", forbid_unknown_fields=True):
    """Give the room a name.

    The log may hold names from before `check_name`, so only the kind checks those of clients.
    """

    name: RoomName
