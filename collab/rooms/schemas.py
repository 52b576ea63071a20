"""What the rooms API takes and gives."""

from __future__ import annotations

from msgspec import Struct

from collab.protocol import Language


class CreateRoom(Struct, frozen=True):
    """What a new room starts with."""

    language: Language = "python"
    initial_code: str = ""


class RoomBody(Struct, frozen=True, rename="camel"):
    """A room: its id and name, and the text and language of its first file."""

    room_id: str
    code: str
    language: Language
    name: str | None = None
    """What people call it, once somebody has named it."""
