"""Suggests the tokens that followed the same tokens earlier, since people repeat what they write.

This is a model of varying order over the text up to the caret, with a short text of idioms before
it. Every earlier place whose preceding tokens equal those at the caret has a weight. The weight
grows with the number of equal tokens and falls with the distance of the place.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib import resources

from msgspec import Struct

from collab.completions.context import Context
from collab.completions.providers import Suggestion
from collab.completions.scanner import Token, scan
from collab.protocol import Language

_ORDERS = (0.04, 1.0, 4.0, 12.0, 30.0, 60.0, 100.0, 150.0)
"""The weight of a place, by the number of equal tokens before it."""
_NOVELTY = 1.0
"""The weight of all tokens that do not occur in the text."""
_HALF = 2000
"""The distance in tokens at which a place counts half."""
_PLACES = 150
"""The number of nearest places that are considered for a token."""
_LONGEST = 12
"""The most tokens of a suggestion."""
_ONWARD = 0.95
"""The factor by which each further token of a suggestion is less likely than its places say."""
_LEAST = 0.3
_IDLE = 0.3
"""The factor on the weight of a place in the idioms."""


class Corpus(Struct):
    """The tokens of a text, with the blanks before each of them."""

    words: list[str]
    blanks: list[str]
    idioms: int
    """The number of tokens at the start that belong to the idioms and not to the text."""
    where: dict[str, list[int]]
    """For each token, the places after it."""


def suggest(context: Context) -> list[Suggestion]:
    """Suggest the next token, several next tokens, and the rest of the name being typed."""
    corpus = _corpus(context)
    words = corpus.words
    if context.within == "string":
        partial = words[-1] if words else ""
        return _continued(corpus, words[:-1], partial, 1.0, False) if len(partial) > 2 else []
    found: list[Suggestion] = []
    spaced = context.text[-1:] in (" ", "\t")
    word = "" if spaced else context.word
    complete = 1.0
    if word and words and words[-1] == word:
        found += _continued(corpus, words[:-1], word, 1.0, False)
        complete = _complete(corpus, word)
    if words:
        found += _continued(corpus, words, "", complete, spaced)
    return found


def _complete(corpus: Corpus, word: str) -> float:
    """Return how likely a word is to be a whole name."""
    last = len(corpus.words) - 1
    whole = sum(1 for place in corpus.where[word] if place - 1 < last)
    longer = sum(1 for other in corpus.words if len(other) > len(word) and other.startswith(word))
    return (whole + 0.5) / (whole + longer + 0.7)


def _continued(
    corpus: Corpus, before: list[str], partial: str, likely: float, spaced: bool
) -> list[Suggestion]:
    """Suggest each of the two most likely tokens, and the likely tokens after it."""
    found: list[Suggestion] = []
    ranked = _next(corpus, before, partial)
    for word, share, place in ranked[:2]:
        if word == "\n":
            continue
        blank = "" if partial or before[-1:] == ["\n"] else corpus.blanks[place]
        if spaced:
            blank = ""
        text = blank + word[len(partial) :]
        confidence = likely * share
        if confidence >= _LEAST:
            found.append(Suggestion(text, confidence))
        history = [*before[-8:], word]
        for _ in range(_LONGEST):
            onward = _next(corpus, history, "")
            if not onward:
                break
            word, share, place = onward[0]  # noqa: PLW2901
            confidence *= _ONWARD * share
            if word == "\n" or confidence < _LEAST:
                break
            text += corpus.blanks[place] + word
            history.append(word)
            found.append(Suggestion(text, confidence))
    return found


def _next(corpus: Corpus, before: list[str], partial: str) -> list[tuple[str, float, int]]:
    """Return the likely next tokens that begin with `partial`: token, share, nearest place."""
    words, where = corpus.words, corpus.where
    end = len(words)
    if partial:
        shortest = len(partial)
        places = [
            at for at in range(end) if words[at].startswith(partial) and len(words[at]) > shortest
        ]
    else:
        places = where.get(before[-1], [])[-_PLACES:] if before else []
    weights: dict[str, float] = defaultdict(float)
    nearest: dict[str, int] = {}
    depth = min(len(before), len(_ORDERS) - 1)
    for at in places:
        if at >= end:
            continue
        order = 0
        while order < depth and order < at and words[at - 1 - order] == before[-1 - order]:
            order += 1
        weight = _ORDERS[order] * _HALF / (_HALF + end - at)
        if at < corpus.idioms:
            weight *= _IDLE
        weights[words[at]] += weight
        nearest[words[at]] = at
    total = sum(weights.values()) + _NOVELTY
    best = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:3]
    return [(word, weight / total, nearest[word]) for word, weight in best]


def _corpus(context: Context) -> Corpus:
    above = idioms(context.language)
    tokens = [*above, *context.tokens]
    words: list[str] = []
    blanks: list[str] = []
    own = 0
    for at, (blank, word) in enumerate(tokens):
        if at == len(above):
            own = len(words)
        if word != "\n" or words[-1:] != ["\n"]:
            words.append(word)
            blanks.append(blank)
    where: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(words):
        where[word].append(at + 1)
    return Corpus(words, blanks, own, where)


@cache
def idioms(language: Language) -> list[Token]:
    """Return the tokens of a text of idioms, which people often write in this language."""
    name = "python" if language == "python" else "javascript"
    text = (resources.files("collab.completions") / f"idioms/{name}.txt").read_text("utf-8")
    return scan(text, language)
