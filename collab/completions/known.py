"""Suggests the rest of a name, of the names that a language server or Jedi knows at the caret."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from collab.completions.context import Context
from collab.completions.learned import followers
from collab.completions.providers import Suggestion
from collab.completions.scanner import NAME

_KNOWN = 0.85
"""The share of cases in which the meant name is one that is known."""
_IN_TEXT = 8.0
_COMMON = 4.0
_LONGEST = 40
_AHEAD = 1200
"""Code points after the caret in which names are counted."""


def suggest(context: Context, names: Iterable[str]) -> list[Suggestion]:
    """Suggest the rest of each name that goes on from what is typed."""
    word = context.word
    rests = [name[len(word) :] for name in names if name.startswith(word) and name != word]
    shares = _shares(rests, context)
    return [Suggestion(rest, round(_KNOWN * share, 3)) for rest, share in shares.items()]


def _shares(rests: list[str], context: Context) -> dict[str, float]:
    """Return how likely each name is. Names in the text and common names are likelier."""
    text = Counter(token for _, token in context.tokens)
    text.update(NAME.findall(context.rest[:_AHEAD]))
    _, common = followers(context.language).get((), (0, {}))
    word = context.word
    weights: dict[str, float] = {}
    for rest in rests:
        name = (word + rest).rstrip("=")
        if len(rest) > _LONGEST or (name.startswith("_") and not word.startswith("_")):
            continue
        weights[rest] = 1 + _IN_TEXT * text[name] + (_COMMON if name in common else 0)
    total = sum(weights.values())
    return {rest: weight / total for rest, weight in weights.items()}
