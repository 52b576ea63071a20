"""The bodies of requests and answers of `/rooms`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct, defstruct

from collab.protocol import Asset, File, Folder, KnownLanguage, Language
from collab.room.kinds import FACTS
from collab.room.state import State
from collab.rooms.templates import Template


class CreateRoom(Struct, frozen=True):
    """The content of a new room: one file of a language and text, a template, files by path, of
    which the first is the main one, or what another room has now."""

    language: KnownLanguage = "python"
    initial_code: str = ""
    template: Template | None = None
    files: dict[str, str] | None = None
    copy: str | None = None
    history: bool = False
    """Whether a copy has the past of the room, too."""


_FACTS = [(f.name, Annotated[f.type | None, Meta(description=f.description)], None) for f in FACTS]
_IN_BODY = {fact.name for fact in FACTS if fact.in_body}


class _RoomBody(Struct, frozen=True, rename="camel"):
    room_id: str
    code: str
    language: Language


class _RoomFiles(Struct, frozen=True):
    revision: int
    updated_at: int
    files: list[File]
    folders: list[Folder]
    assets: list[Asset]


if TYPE_CHECKING:
    RoomBody = _RoomBody
    RoomFiles = _RoomFiles
else:
    RoomBody = defstruct(
        "RoomBody",
        [field for field in _FACTS if field[0] in _IN_BODY],
        bases=(_RoomBody,),
        module=__name__,
        namespace={
            "__doc__": "A room: its id, the text and language of its main file, and its facts."
        },
        frozen=True,
        rename="camel",
    )
    RoomFiles = defstruct(
        "RoomFiles",
        _FACTS,
        bases=(_RoomFiles,),
        module=__name__,
        namespace={
            "__doc__": "A room at a revision, as `joined` of the WebSocket protocol has it."
        },
        frozen=True,
    )


def room_body(
    room_id: str, code: str, language: Language, facts: Mapping[str, Any] | None = None
) -> RoomBody:
    """Make a RoomBody with those of its facts that the room has; the others are null."""
    shown = {name: fact for name, fact in (facts or {}).items() if name in _IN_BODY}
    return RoomBody(room_id, code, language, **shown)


def room_files(state: State) -> RoomFiles:
    """Make a RoomFiles with the facts that the room has; the others are null.

    It has the text of the main file.
    """
    return RoomFiles(
        state.revision,
        state.updated_at,
        state.wire([state.main_id]),
        state.wire_folders(),
        state.wire_assets(),
        **state.facts,
    )
