"""A provider answers a question with suggestions. The chain takes the best of several providers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from math import sqrt
from typing import Protocol

from msgspec import Struct

from collab.protocol import Language

THRESHOLD = 0.4
"""Suggestions below this confidence are dropped, since they distract more than they help."""
_OFFERED = 5


class Question(Struct, frozen=True):
    """Asks what comes next at `position` (code points) of `code`."""

    code: str
    position: int
    language: Language


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


class Chain:
    """Asks every provider at once, and takes the best."""

    def __init__(self, providers: Sequence[Provider], *, longest: int) -> None:
        self._providers = providers
        self._longest = longest

    async def suggest(self, question: Question) -> list[Suggestion]:
        """Return a few suggestions, best first, each once; none for code longer than `longest`."""
        if len(question.code) > self._longest:
            return []
        answers = await asyncio.gather(*(p.suggest(question) for p in self._providers))
        return ranked([suggestion for answer in answers for suggestion in answer])

    async def close(self) -> None:
        await asyncio.gather(*(provider.close() for provider in self._providers))


def ranked(suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    """Return the confident suggestions, each once. The one that saves most typing comes first."""
    best: dict[str, Suggestion] = {}
    for suggestion in suggestions:
        known = best.get(suggestion.text)
        if known is None or known.confidence < suggestion.confidence:
            best[suggestion.text] = suggestion
    likely = [s for s in best.values() if s.confidence >= THRESHOLD]
    return sorted(likely, key=lambda s: (-_worth(s), s.text))[:_OFFERED]


def _worth(suggestion: Suggestion) -> float:
    return suggestion.confidence * sqrt(len(suggestion.text))
