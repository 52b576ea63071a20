"""Estimates the probability of each shape of the next token.

The shape of a common token is the token itself; that of another is its kind: a name, a type, a
constant, a string, a number. Shapes repeat where names do not, so what code commonly looks like
says which bracket, keyword or kind of name comes next, and whether the line ends. The estimate is
smoothed as that of `counts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from collab.completions.context import CLOSING
from collab.completions.learned import Followers, followers, shape_followers
from collab.completions.scanner import Token, is_comment, is_string
from collab.protocol import Language

ORDERS = 7
COMMON = 220
"""The number of the most common tokens that are their own shapes."""
COMMENT, STRING, NUMBER, NAME, TYPE, CONSTANT = " #", " s", " 0", " n", " T", " C"
"""Kinds of tokens. No token begins with a blank."""
OPEN = (NAME, TYPE, CONSTANT, STRING, NUMBER)
"""The shapes that many tokens have."""
_SMOOTHING = (1.0, 12.0, 8.0, 6.0, 4.0, 3.0, 2.0, 2.0)
"""The weight of the order below, in observations of an order."""
_FAINTNESS = 0.2
"""The weight of a learned observation, in observations in the text."""
_MOST_LEARNED = 60.0
"""The largest weight of all learned observations of an order together."""
_HALF = 1500
"""The distance in shapes at which an observation counts half."""
_PLACES = 300
"""The number of the nearest places that are looked at."""
_UNSEEN = 1e-5


class Shapes:
    """The shapes of a text up to the caret, and what commonly follows shapes."""

    def __init__(
        self, tokens: Sequence[Token], blanks: str, language: Language, learned: LearnedShapes
    ) -> None:
        self._table = learned.table
        self.common = learned.common
        self.symbols, self._brackets = shaped(tokens, blanks, language, learned.common)
        self._after: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at in range(2, len(self.symbols)):
            self._after[self.symbols[at - 2], self.symbols[at - 1]].append(at)

    def next(self, more: Sequence[str] = ()) -> dict[str, float]:
        """Return how likely each shape is after the text and `more` shapes."""
        before = [*self.symbols[-ORDERS:], *more][-ORDERS:]
        bracket = self._brackets[-1]
        seen, totals = self._seen(before, bracket)
        table = self._table
        total, counts = table.get((), (1, {}))
        chances = {shape: count / total for shape, count in counts.items()}
        for shape in seen[1] if before else ():
            chances.setdefault(shape, _UNSEEN)
        for order in range(len(before) + 1):
            total, counts = table.get((bracket, *before[len(before) - order :]), (0, {}))
            faint = min(_FAINTNESS * total, _MOST_LEARNED) / total if total else 0.0
            whole = totals[order] + faint * total
            if whole:
                here, smoothing = seen[order], _SMOOTHING[order]
                for shape, chance in chances.items():
                    count = here.get(shape, 0.0) + faint * counts.get(shape, 0)
                    chances[shape] = (count + smoothing * chance) / (whole + smoothing)
        return chances

    def _seen(
        self, before: Sequence[str], bracket: str
    ) -> tuple[list[dict[str, float]], list[float]]:
        """Return what was seen after the same shapes: for each order, by shape, and in all."""
        seen: list[dict[str, float]] = [defaultdict(float) for _ in range(len(before) + 1)]
        totals = [0.0] * (len(before) + 1)
        symbols, brackets, end = self.symbols, self._brackets, len(self.symbols)
        depth = len(before)
        for at in self._after.get(tuple(before[-2:]), ())[-_PLACES:]:
            if brackets[at] != bracket:
                continue
            order = 0
            while order < min(depth, at) and symbols[at - 1 - order] == before[-1 - order]:
                order += 1
            near = _HALF / (_HALF + end - at)
            for each in range(1, order + 1):
                seen[each][symbols[at]] += near
                totals[each] += near
        return seen, totals


class LearnedShapes(Struct, frozen=True):
    """The common followers of shapes, and the tokens that are shapes themselves."""

    common: frozenset[str]
    table: Followers


@cache
def learned_shapes(language: Language) -> LearnedShapes:
    """Return what was learned about the shapes of a language."""
    return LearnedShapes(common_of(followers(language)), shape_followers(language))


def common_of(table: Followers) -> frozenset[str]:
    """Return the most common tokens, of what followed nothing in particular."""
    _, counts = table.get((), (0, {}))
    return frozenset(sorted(counts, key=lambda word: (-counts[word], word))[:COMMON])


def shape_of(word: str, language: Language, common: frozenset[str]) -> str:
    """Return the shape of a token that is no line end."""
    if word in common:
        return word
    if is_comment(word, language):
        return COMMENT
    if is_string(word):
        return STRING
    if word[0].isdigit():
        return NUMBER
    if not (word[0].isalpha() or word[0] in "_$"):
        return word
    if word.isupper() and len(word) > 1:
        return CONSTANT
    return TYPE if word[0].isupper() else NAME


def shaped(
    tokens: Sequence[Token], blanks: str, language: Language, common: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Return the shapes of tokens, and before each and at the end the innermost open bracket.

    `blanks` are those of the line at the end, if it has nothing else yet.
    """
    symbols: list[str] = []
    brackets: list[str] = []
    opened: list[str] = []
    lines, indent = 0, 0
    for before, word in (*tokens, (blanks, "")):
        if word == "\n":
            lines += 1
            continue
        if lines:
            symbols.append(line_end(lines, indent, len(before)))
            brackets.append(opened[-1] if opened else "")
        if lines or not symbols:
            lines, indent = 0, len(before)
        if not word:
            break
        symbols.append(shape_of(word, language, common))
        brackets.append(opened[-1] if opened else "")
        if word in CLOSING:
            opened.append(word)
        elif opened and word == CLOSING[opened[-1]]:
            opened.pop()
    brackets.append(opened[-1] if opened else "")
    return symbols, brackets


def line_end(lines: int, before: int, after: int) -> str:
    """Return the shape of line ends between two lines that are indented so far."""
    way = "=" if before == after else ">" if after > before else "<"
    return "\n" * min(lines, 2) + way
