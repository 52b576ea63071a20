"""What the rooms API takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct, defstruct

from collab.protocol import File, KnownLanguage, Language
from collab.room.kinds import FACTS


class CreateRoom(Struct, frozen=True):
    """What a new room starts with."""

    language: KnownLanguage = "python"
    initial_code: str = ""


class _RoomBody(Struct, frozen=True, rename="camel"):
    room_id: str
    code: str
    language: Language


if TYPE_CHECKING:
    RoomBody = _RoomBody
else:
    RoomBody = defstruct(
        "RoomBody",
        [(f.name, Annotated[f.type | None, Meta(description=f.description)], None) for f in FACTS],
        bases=(_RoomBody,),
        module=__name__,
        namespace={
            "__doc__": "A room: its id, the text and language of its main file, and its facts."
        },
        frozen=True,
        rename="camel",
    )


def room_body(
    room_id: str, code: str, language: Language, facts: Mapping[str, Any] | None = None
) -> RoomBody:
    """A room with the facts that it has; the others are null."""
    return RoomBody(room_id, code, language, **(facts or {}))


class RoomFiles(Struct, frozen=True):
    """A room at a revision, as `joined` of the WebSocket protocol has it."""

    revision: int
    updated_at: int
    name: str | None
    files: list[File]
