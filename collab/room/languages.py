"""The languages that are more than plain text to us."""

from __future__ import annotations

from collab.protocol import Language

LANGUAGES: dict[Language, str] = {"python": "py", "javascript": "js", "typescript": "ts"}
"""By language, how the name of a file in it ends."""


def unknown_language(language: Language) -> str | None:
    """Say that a client may not choose this language; None where it may."""
    return None if language in LANGUAGES else f"Unknown language {language!r}"
