"""Suggests the rest of the name at the caret, the tokens after it, and how the next line begins.

`counts` says how likely the rest of a name is, and `choosing` how likely a token or a line end is.
How far that can be trusted depends on where the caret is and on what is known there. So each guess
has features, and its confidence is their logistic regression, whose weights were learned on files
that were not counted.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from collab.completions.choosing import MATCHES, Nearness, Outcome, Place, chances, outcomes
from collab.completions.context import CLOSING, Context
from collab.completions.counts import ORDERS, Corpus
from collab.completions.learned import followers, learned
from collab.completions.providers import Suggestion
from collab.completions.shapes import Shapes, learned_shapes

_LONGEST = 12
"""The most tokens of a suggestion."""
_ONWARD = 0.97
"""The least probability of all further tokens together at which they are suggested with the
first."""
_SHORTEST = 3
"""Characters of a string after which the rest of it may be suggested."""
_MEMBER = 0.9
"""The share of names behind a dot that are among the members that a server knows."""
_NOVEL = 0.02
"""The chance that a name in a string was not written before."""
_END = "\n"
_LEAST = 0.15
"""The least probability of a line end at which the next line is suggested, too."""
_ATTACHED = frozenset(")]},;:.(")
_CLOSED = frozenset(")]}")
_BARE = frozenset("([{.!~@\n")


class Guess(Struct, frozen=True):
    """A possible continuation: its first token or the rest of one, its probability, and its
    features."""

    text: str
    token: str
    features: Sequence[float]


class Guesses(Struct, frozen=True):
    """The best guess of each kind."""

    partial: Guess | None = None
    following: Guess | None = None
    line: Guess | None = None


class Text(Struct, frozen=True, dict=True):
    """The text before a caret, as it is counted, and the names that a server knows there."""

    context: Context
    corpus: Corpus
    shapes: Shapes
    names: Collection[str]

    @cached_property
    def nearness(self) -> Nearness:
        return Nearness(self.corpus.words)

    @property
    def spaced(self) -> bool:
        return self.context.text[-1:] in (" ", "\t")


def suggest(context: Context, names: Collection[str]) -> list[Suggestion]:
    """Suggest what is likely, with how far it can be trusted."""
    language = context.language
    corpus = Corpus(context.tokens, followers(language))
    if context.within == "string":
        return _in_string(corpus)
    shapes = Shapes(context.scanned, context.indent, language, learned_shapes(language))
    weights = learned(language).weights
    guesses = guess(Text(context, corpus, shapes, names), weights.outcome, served=True)
    found: list[Suggestion] = []
    for one, by, history in zip(
        (guesses.partial, guesses.following, guesses.line),
        (weights.partial, weights.following, weights.line),
        histories(corpus),
        strict=True,
    ):
        if one is not None:
            confidence = _trust(one.features, by)
            found.append(Suggestion(one.text, confidence))
            found += _onward(corpus, history, one, confidence, weights.onward)
    return found


def guess(text: Text, weights: Sequence[float], *, served: bool = False) -> Guesses:
    """Return the best guess of each kind, at a place in code. `weights` are those of outcomes.

    What is `served` leaves out what is unlikely to be right or to be shown: members that no server
    knows and nobody wrote, and the next line where this one is not likely to end.
    """
    context, corpus, names = text.context, text.corpus, text.names
    words = corpus.words
    if not words:
        return Guesses()
    before = words[-ORDERS - 1 :]
    word = "" if text.spaced or context.word != words[-1] else context.word
    about = _about(corpus, before[:-1], word, names) if word else [0.0] * _ABOUT
    partial = _rest(corpus, before[:-1], word, about, names) if word else None
    made = after(text)
    if served:
        made = [outcome for outcome in made if _possible(outcome, text)]
    if not made:
        return Guesses(partial)
    likely = chances(made, weights)
    following = _following(text, made, likely, about)
    return Guesses(partial, following, _line(text, made, likely, about, weights, _LEAST * served))


def histories(corpus: Corpus) -> tuple[list[str], list[str], list[str]]:
    """Return the last tokens before the first one of each kind of guess."""
    before = corpus.words[-ORDERS - 1 :]
    return before[:-1], before, [*before, _END]


_ABOUT = 9


def _about(corpus: Corpus, before: Sequence[str], word: str, names: Collection[str]) -> list[float]:
    """Return features of whether the word at the caret is a whole one."""
    likely = corpus.beginning(before, word, names)
    return [
        1.0,
        _log(corpus.whole(before, word)),
        _log(sum(likely.values())),
        _log(corpus.often[word] - 0.9),
        float(word in names),
        float(bool(names)),
        min(len(word), 12) / 12,
        float(before[-1:] == ["."]),
        float(any(name != word and name.startswith(word) for name in names)),
    ]


def _rest(
    corpus: Corpus, before: Sequence[str], word: str, about: list[float], names: Collection[str]
) -> Guess | None:
    likely = corpus.beginning(before, word, names)
    if len(word) == 1:
        # One letter is too little to go by what other texts have.
        likely = {name: likely[name] for name in likely if name in names or corpus.often[name]}
    if not likely:
        return None
    (token, chance), second = _best(likely)
    features = [
        *about,
        _log(chance / sum(likely.values())),
        _log(second / chance),
        float(token in names),
        _log(chance),
        min(len(token) - len(word), 6) / 6,
        _length(corpus),
    ]
    return Guess(token[len(word) :], token, features)


def _possible(outcome: Outcome, text: Text) -> bool:
    corpus, token = text.corpus, outcome.token
    if not text.names or corpus.words[-1] != "." or not token or not token[0].isalpha():
        return True
    return token in text.names or corpus.often[token] > 0


def after(text: Text, end: str = "") -> list[Outcome]:
    """Return what may come next, or at the beginning of the next line after a line end of this
    shape."""
    context, corpus = text.context, text.corpus
    before = corpus.words[-ORDERS - 1 :]
    members = text.names if before[-1:] == ["."] and not end else ()
    if end:
        before = [*before, _END]
    lexical = corpus.next(before, members)
    return outcomes(
        corpus,
        Place(
            context.language,
            _among(lexical, members) if members else lexical,
            text.shapes.next([end] if end else ()),
            corpus.matched(before),
            text.shapes.common,
            text.nearness,
            CLOSING[context.tokens[context.brackets[0]][1]] if context.brackets else "",
            members,
            ends=not (text.spaced or end or context.text.endswith("\n")),
        ),
    )


def _following(
    text: Text, made: Sequence[Outcome], likely: Sequence[float], about: list[float]
) -> Guess | None:
    found = _chosen(made, likely)
    if found is None:
        return None
    token, features = found
    last = text.corpus.words[-1]
    spaced = text.spaced
    blank = "" if spaced or text.context.text.endswith("\n") else _blank(text.corpus, last, token)
    length = _length(text.corpus)
    features = [
        *about,
        *features,
        float(spaced),
        float(last in _CLOSED),
        float(last == "."),
        float(bool(text.names) and last == "."),
        length,
        length * features[1],
    ]
    return Guess(blank + token, token, features)


def _line(
    text: Text,
    made: Sequence[Outcome],
    likely: Sequence[float],
    about: list[float],
    weights: Sequence[float],
    least: float,
) -> Guess | None:
    """Guess that the line ends, and what the next one begins with."""
    context = text.context
    ends = [
        (chance, one.shape) for one, chance in zip(made, likely, strict=True) if one.token == _END
    ]
    if not ends or sum(each for each, _ in ends) < least:
        return None
    chance, shape = max(ends)
    next_ = after(text, shape)
    found = _chosen(next_, chances(next_, weights)) if next_ else None
    if found is None or context.rest.lstrip().startswith(found[0]):
        return None
    token, features = found
    way = shape[-1]
    indent = {"=": context.indent, ">": context.indent + context.unit, "<": context.outer}[way]
    every = [
        *about,
        *features,
        _log(chance),
        _log(sum(each for each, _ in ends)),
        float(way == ">"),
        float(way == "<"),
        float(len(shape) > 2),
        _length(text.corpus),
    ]
    return Guess(shape[:-1] + indent + token, token, every)


def _chosen(made: Sequence[Outcome], likely: Sequence[float]) -> tuple[str, list[float]] | None:
    """Return the likeliest token, with features of how sure it is."""
    known = [
        (chance, one.token, one.features[:MATCHES])
        for one, chance in zip(made, likely, strict=True)
        if one.token
    ]
    tokens = sorted((each for each in known if each[1] != _END), reverse=True)[:2]
    if not tokens:
        return None
    (chance, token, match), *others = tokens
    ended = sum(each for each, token, _ in known if token == _END)
    other = 1 - sum(each for each, *_ in known)
    named = token[0].isalnum() or token[0] == "_"
    return token, [
        1.0,
        _log(chance),
        _log(1 - chance),
        _log(others[0][0] / chance) if others else _log(0),
        _log(ended),
        _log(other),
        float(named),
        float(named) * _log(chance),
        float(token in _CLOSED),
        float(token in ("self", "this")),
        *match,
    ]


def _among(likely: dict[str, float], names: Collection[str]) -> dict[str, float]:
    """Return how likely members are, when a server knows them: most often it is one of them."""
    known = sum(chance for name, chance in likely.items() if name in names)
    other = sum(likely.values()) - known
    if not known:
        return likely
    return {
        name: chance * (_MEMBER / known if name in names else (1 - _MEMBER) / other)
        for name, chance in likely.items()
    }


def _in_string(corpus: Corpus) -> list[Suggestion]:
    """Suggest the rest of a string that was written before."""
    start = corpus.words[-1]
    if len(start) < _SHORTEST:
        return []
    likely = corpus.beginning(corpus.words[-ORDERS - 1 : -1], start)
    if not likely:
        return []
    (string, chance), _ = _best(likely)
    return [Suggestion(string[len(start) :], chance / (sum(likely.values()) + _NOVEL))]


def onward(corpus: Corpus, history: Sequence[str], guess: Guess) -> Iterator[Guess]:
    """Yield a guess with one more token after it, then with two, to the end of the line. Their
    features tell how likely the last token is to follow the others."""
    history, text = [*history, guess.token], guess.text
    for further in range(_LONGEST):
        before = history[-ORDERS - 1 :]
        likely = corpus.next(before)
        if not likely:
            return
        (token, chance), second = _best(likely)
        if token == _END:
            return
        text += _blank(corpus, history[-1], token) + token
        history.append(token)
        features = [
            1.0,
            _log(1 - chance),
            _log(second / chance),
            corpus.matched(before).get(token, 0.0),
            min(further, 3) / 3,
        ]
        yield Guess(text, token, features)


def _onward(
    corpus: Corpus, history: Sequence[str], first: Guess, confidence: float, by: Sequence[float]
) -> Iterator[Suggestion]:
    """Suggest a guess with the tokens after it, as long as all are very likely."""
    sure = 1.0
    for further in onward(corpus, history, first):
        sure *= _trust(further.features, by)
        if sure < _ONWARD:
            return
        yield Suggestion(further.text, confidence * sure)


def _blank(corpus: Corpus, before: str, word: str) -> str:
    """Return the blanks between two tokens, as they stood before or as is usual."""
    seen = corpus.blank(before, word)
    if seen is not None:
        return seen
    return "" if word[0] in _ATTACHED or before[-1] in _BARE else " "


def _best(likely: Mapping[str, float]) -> tuple[tuple[str, float], float]:
    """Return the likeliest token with its chance, and the chance of the second one."""
    first = max(likely.items(), key=lambda item: (item[1], item[0]))
    second = max((chance for token, chance in likely.items() if token != first[0]), default=0.0)
    return first, second


def _trust(features: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(map(float.__mul__, features, weights))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _length(corpus: Corpus) -> float:
    """Return how long the text is, from 0 to 1."""
    return math.log(min(len(corpus.words), 10_000)) / math.log(10_000)


def _log(value: float) -> float:
    return math.log(max(value, 1e-6))
