"""A provider answers a question with suggestions. The chain takes the best of several providers."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from collab.protocol import Language

THRESHOLDS: Mapping[Language, float] = {"python": 0.32, "javascript": 0.3, "typescript": 0.34}
"""Suggestions below this confidence are dropped, since they distract more than they help."""
_USUAL = 0.3
_LENGTH = 0.06
"""The worth of a suggestion is this power of its length."""
_OFFERED = 5


class Question(Struct, frozen=True):
    """Asks what comes next at `position` (code points) of `code`."""

    code: str
    position: int
    language: Language
    names: Sequence[str] = ()
    """The names that may stand there, if a language server has said so."""


class Suggestion(Struct, frozen=True):
    """A text to insert at the position, and the share of such guesses that are right (0…1)."""

    text: str
    confidence: float


class Provider(Protocol):
    """Makes suggestions."""

    async def suggest(self, question: Question) -> Sequence[Suggestion]:
        """Return suggestions in any order, or none. Raises for no text."""
        ...

    async def close(self) -> None:
        """End the provider's processes."""
        ...


class Names(Protocol):
    """Knows names that may stand at a caret."""

    async def names(self, question: Question) -> Sequence[str]:
        """Return them in any order, or none. Raises for no text."""
        ...


class Chain:
    """Asks who knows names, then every provider at once, and takes the best."""

    def __init__(self, names: Names, providers: Sequence[Provider], *, longest: int) -> None:
        self._names = names
        self._providers = providers
        self._longest = longest

    async def suggest(self, question: Question, names: Names | None = None) -> list[Suggestion]:
        """Return a few suggestions, best first, each once; none for code longer than `longest`.

        `names` knows more of the place than the text alone tells.
        """
        if len(question.code) > self._longest:
            return []
        known = await (names or self._names).names(question)
        question = replace(question, names=known)
        answers = await asyncio.gather(*(p.suggest(question) for p in self._providers))
        found = [suggestion for answer in answers for suggestion in answer]
        return ranked(found, question.language)

    async def close(self) -> None:
        await asyncio.gather(*(provider.close() for provider in self._providers))


def ranked(suggestions: Sequence[Suggestion], language: Language) -> list[Suggestion]:
    """Return the confident suggestions, each once. Of two as likely, the longer comes first."""
    best: dict[str, Suggestion] = {}
    for suggestion in suggestions:
        known = best.get(suggestion.text)
        if known is None or known.confidence < suggestion.confidence:
            best[suggestion.text] = suggestion
    threshold = THRESHOLDS.get(language, _USUAL)
    likely = [s for s in best.values() if s.confidence >= threshold]
    return sorted(likely, key=lambda s: (-_worth(s), s.text))[:_OFFERED]


def _worth(suggestion: Suggestion) -> float:
    return suggestion.confidence * math.pow(len(suggestion.text), _LENGTH)
