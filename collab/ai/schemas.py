"""The bodies of requests and answers. Unknown fields are refused: nobody names a server here."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from collab.ai.context import Source
from collab.protocol import FileId, Language, Position, Revision

_MOST_OUTPUT = 8000
_MOST_TURN = 20_000


class ModelBody(Struct, frozen=True):
    """A model, and the host that has it."""

    host: str
    model: str


class StateBody(Struct, frozen=True):
    """The state of AI for the caller: `on` tells whether the server has a model, `room` whether the
    room allows it.

    `choice` is the caller's own choice. `words` say what is sent to whom, or why AI is off.
    """

    on: bool
    words: str
    chat: ModelBody | None
    complete: ModelBody | None
    room: bool
    choice: Literal["unasked", "agreed", "off"]


class ChoiceBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The caller's choice: may their text be sent to the models that `words` name?"""

    agreed: bool


class AllowBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The owner's choice: may text of the room be sent to a model?"""

    room: bool


class PlaceBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a file at a revision, in code points."""

    file: FileId
    revision: Revision
    start: Position
    end: Position


class EarlierBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A question or an answer that went before."""

    role: Literal["user", "assistant"]
    text: Annotated[str, Meta(max_length=_MOST_TURN)]


class AskBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A question about a part of a file, about a file (`file`), or about the room.

    `output` is the end of what a program printed, where it is about that.
    """

    question: Annotated[str, Meta(min_length=1)]
    place: PlaceBody | None = None
    file: FileId | None = None
    output: Annotated[str, Meta(max_length=_MOST_OUTPUT)] = ""
    earlier: Annotated[list[EarlierBody], Meta(max_length=12)] = []


class EditBody(Struct, frozen=True, forbid_unknown_fields=True):
    """An instruction for a part of a file."""

    instruction: Annotated[str, Meta(min_length=1)]
    place: PlaceBody


class CompleteBody(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """The text of a file as the caller sees it, and where the caret is, in code points."""

    file: FileId
    code: str
    cursor_position: Position
    language: Language


class BeginLine(Struct, frozen=True, tag="begin"):
    """The start of an answer: the model that answers, and what it is sent. `text` is the part
    that is to be edited."""

    model: str
    sources: list[Source] = []
    text: str = ""


class TextLine(Struct, frozen=True, tag="text"):
    """A piece of the answer."""

    text: str


class EndLine(Struct, frozen=True, tag="end"):
    """The answer is whole. `text` is that of an edit, without what is not a part of it."""

    text: str = ""


class FailedLine(Struct, frozen=True, tag="failed"):
    """The reason why the answer ends here."""

    code: str
    words: str
