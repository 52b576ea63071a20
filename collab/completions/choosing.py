"""Estimates the probability of each outcome: a token, another token of some shape, or a line end.

`counts` says how likely a token is after the same tokens, and `shapes` how likely its shape is
after the same shapes. These and what else is known of an outcome, such as how near a name was
written last, are the features of a conditional logit model (McFadden, 1974). Its weights were
learned on files that were not counted.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from collab.completions.counts import Corpus
from collab.completions.shapes import COMMENT, CONSTANT, NAME, OPEN, TYPE, shape_of
from collab.protocol import Language

_NEAREST = 60
"""The number of the nearest tokens that are outcomes, besides those that commonly follow."""
_LIKELIEST = 40
_FEW = 1e-7
_FAR = 3000
"""The distance in tokens of a name that was not written."""
_RECENT = 1500
"""The number of the last tokens in which names are looked for."""
_DECAYED = [math.exp(-distance / 40) for distance in range(_RECENT + 1)]
"""The weight of a name by its distance."""
_FRESH = 150
_CLOSED = frozenset(")]}")
_NAMES = (NAME, TYPE, CONSTANT)
_OTHERS = (*OPEN, COMMENT)
MATCHES = 3
"""How many of the first features of an outcome say how far the tokens before it are the same."""
_MATCH = (0.0,) * MATCHES
_SIGN = (0.0,) * 4
_KIND = (0.0,) * 13
_END = (0.0,) * 4
_OTHER = (0.0,) * (len(_OTHERS) + 1)


class Outcome(Struct, frozen=True):
    """A token, or "" for any other of this shape, and what is known of it."""

    token: str
    shape: str
    features: Sequence[float]


class Nearness:
    """The places of the last names of a text."""

    def __init__(self, words: Sequence[str]) -> None:
        end = len(words)
        self._weight: dict[str, float] = {}
        self._last: dict[str, int] = {}
        self._times: dict[str, int] = {}
        start = end
        while start and words[start - 1] != "\n":
            start -= 1
        self._line = frozenset(words[start:])
        self._before = words[-1] if words else ""
        for at in range(max(0, end - _RECENT), end):
            word = words[at]
            self._weight[word] = self._weight.get(word, 0.0) + _DECAYED[end - at]
            self._last[word] = end - at
            self._times[word] = self._times.get(word, 0) + 1

    def features(self, word: str) -> tuple[float, ...]:
        last = self._last.get(word, _FAR)
        return (
            _log(self._weight.get(word, 0.0)),
            math.log(last),
            # A name that was only just declared is there to be used.
            float(self._times.get(word) == 1 and last < _FRESH),
            float(word in self._line),
            float(word == self._before),
        )


class Place(Struct, frozen=True):
    """The place whose next token is to be guessed."""

    language: Language
    lexical: Mapping[str, float]
    """The probability of each token, by the tokens before."""
    shapely: Mapping[str, float]
    """The probability of each shape, by the shapes before."""
    matched: Mapping[str, float]
    """How far the tokens before are the same where a token stood, from 0 to 1."""
    common: frozenset[str]
    """The tokens that are their own shapes."""
    nearness: Nearness
    closing: str
    """The sign that closes the innermost bracket; "" if none is open."""
    members: Collection[str] = ()
    """The names of members that a server knows, behind a dot."""
    ends: bool = True
    """True if the line may end here."""


def outcomes(corpus: Corpus, place: Place) -> list[Outcome]:
    """Return what may come next. Their features always have the same order and number."""
    tokens = _tokens(corpus.words, place)
    most = max(place.matched.values(), default=0.0)
    made: list[Outcome] = []
    for token, shape, features in tokens:
        match = _match(place.matched.get(token, 0.0), most)
        if shape in OPEN:
            every = (*match, *_SIGN, *features, *match[:2], *_END, *_OTHER)
        else:
            every = (*match, *features, *_KIND, *_END, *_OTHER)
        made.append(Outcome(token, shape, every))
    ended = _match(place.matched.get("\n", 0.0), most)
    return [*made, *_ends(place, ended), *_others(place)]


def _match(matched: float, most: float) -> tuple[float, ...]:
    """Return features of how far the tokens before a token are the same somewhere above."""
    longest = float(0 < matched == most)
    return matched, longest, longest * matched


def _tokens(words: Sequence[str], place: Place) -> list[tuple[str, str, tuple[float, ...]]]:
    """Return tokens that may come, each with its shape and the features of a sign or a name."""
    lexical, common = place.lexical, place.common
    likely = sorted(lexical, key=lambda word: (-lexical[word], word))[:_LIKELIEST]
    found = {*likely, *words[-_NEAREST:], *filter(common.__contains__, place.shapely)}
    found -= {"\n", *(_CLOSED - {place.closing})}
    shapes = {word: shape_of(word, place.language, common) for word in sorted(found)}
    alike: dict[str, float] = {}
    for word, shape in shapes.items():
        alike[shape] = alike.get(shape, 0.0) + lexical.get(word, _FEW)
    made: list[tuple[str, str, tuple[float, ...]]] = []
    for word, shape in shapes.items():
        chance, form = lexical.get(word, _FEW), place.shapely.get(shape, 0.0)
        features: tuple[float, ...] = (_log(chance), _log(form))
        if shape in OPEN:
            features += (
                _log(chance / alike[shape]),
                *place.nearness.features(word),
                float(shape in _NAMES),
                float(word in place.members),
                float(bool(place.members)),
            )
        else:
            features += (float(word in _CLOSED), float(word[0].isalpha()))
        if shape != COMMENT:
            made.append((word, shape, features))
    return made


def _ends(place: Place, match: tuple[float, ...]) -> list[Outcome]:
    """Return the ends of the line, by how the next line is indented."""
    ends = {shape: chance for shape, chance in place.shapely.items() if shape[0] == "\n"}
    if not place.ends or not ends:
        return []
    total = sum(ends.values())
    ended = _log(place.lexical.get("\n", _FEW)), _log(total)
    return [
        Outcome("\n", shape, (*match, *_SIGN, *_KIND, *ended, _log(chance / total), 1.0, *_OTHER))
        for shape, chance in ends.items()
    ]


def _others(place: Place) -> list[Outcome]:
    """Return, for each shape that many tokens have, that it is none of those that are known."""
    made: list[Outcome] = []
    for shape in _OTHERS:
        chance = place.shapely.get(shape)
        if chance is not None:
            kinds = (float(shape == other) for other in _OTHERS)
            features = (*_MATCH, *_SIGN, *_KIND, *_END, _log(chance), *kinds)
            made.append(Outcome("", shape, features))
    return made


def chances(made: Sequence[Outcome], weights: Sequence[float]) -> list[float]:
    """Return how likely each outcome is; they add up to 1."""
    scores = [sum(map(float.__mul__, outcome.features, weights)) for outcome in made]
    most = max(scores)
    powers = [math.exp(score - most) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def _log(value: float) -> float:
    return math.log(max(value, _FEW))
