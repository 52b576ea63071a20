"""Cases on a line: a text in which a bar stands for the caret."""

from __future__ import annotations

from collab.completions import patterns
from collab.completions.providers import Question
from collab.protocol import Language


def question(text: str, language: Language) -> Question:
    """The question that a text with a bar asks."""
    before, bar, after = text.partition("|")
    assert bar, text
    return Question(before + after, len(before), language)


def first(text: str, language: Language) -> str:
    """Return the first suggestion of the patterns; "" when there is none."""
    found = patterns.suggest(question(text, language))
    return found[0].text if found else ""


def every(text: str, language: Language) -> list[str]:
    """All that they suggest, best first."""
    return [suggestion.text for suggestion in patterns.suggest(question(text, language))]
