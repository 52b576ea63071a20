"""The bodies of requests and answers of the autocomplete API."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from collab.protocol import KnownLanguage


class Autocomplete(Struct, frozen=True, rename="camel"):
    """A text and where the caret stands in it; positions are code points."""

    code: str
    cursor_position: Annotated[int, Meta(ge=0)]
    language: KnownLanguage


class Alternative(Struct, frozen=True):
    """Another continuation, offered when asked for."""

    suggestion: str
    confidence: float


class Suggestions(Struct, frozen=True):
    """The rest of what is being typed, to be inserted at the caret as it is.

    `suggestion` is empty, and `confidence` 0, where nothing is likely enough. Alternatives come
    best first.
    """

    suggestion: str = ""
    confidence: float = 0.0
    alternatives: list[Alternative] = field(default_factory=list)
