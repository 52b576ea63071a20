"""Loads the statistics of each language, which were learned from code that others have written.

`tests.bench.suggestions_learning` writes these files, from one half of the files of its corpus.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from msgspec import Struct, json

from collab.protocol import Language

Context = tuple[str, ...]
"""Up to three tokens, the last of which is the nearest."""


Followers = Mapping[Context, tuple[int, Mapping[str, int]]]
"""For each context its count, and the count of each of its most common followers."""


class Weights(Struct, frozen=True):
    """The weights of the features of outcomes (`choosing`) and of each kind of guess (`model`)."""

    outcome: Sequence[float]
    partial: Sequence[float]
    following: Sequence[float]
    line: Sequence[float]
    onward: Sequence[float]


class Learned(Struct, frozen=True):
    """Counts of the tokens and shapes that followed others, and the weights of guesses."""

    followers: Sequence[tuple[Context, int, Mapping[str, int]]]
    """A context, how often it occurred, and how often each of its most common followers did."""
    shapes: Sequence[tuple[Context, int, Mapping[str, int]]]
    """The same for shapes. A context begins with the innermost open bracket."""
    weights: Weights


@cache
def learned(language: Language) -> Learned:
    """Return what was learned about a language."""
    file = resources.files("collab.completions") / f"learned/{language}.json.gz"
    return json.decode(gzip.decompress(file.read_bytes()), type=Learned)


@cache
def followers(language: Language) -> Followers:
    """Return the followers of each context in a language."""
    return _table(learned(language).followers)


@cache
def shape_followers(language: Language) -> Followers:
    """Return the shapes that follow each context of shapes in a language."""
    return _table(learned(language).shapes)


def _table(rows: Sequence[tuple[Context, int, Mapping[str, int]]]) -> Followers:
    return {context: (total, counts) for context, total, counts in rows}
