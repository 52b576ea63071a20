"""Learns from the files for tuning what suggestions take for likely, and writes it.

    uv run python -m tests.bench.suggestions_learning [--cuts N] [LANGUAGE …]

It counts which tokens and which shapes follow which in the files, and keeps what is common in
several of them. The weights of outcomes and of guesses are fitted to cuts of files whose modules or
packages were left out of the counting.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, json

from collab.completions import model
from collab.completions.context import Context
from collab.completions.counts import Corpus
from collab.completions.learned import Context as Before
from collab.completions.learned import Followers, Learned, Weights
from collab.completions.options import CompletionOptions
from collab.completions.patterns import may_go_on
from collab.completions.scanner import NAME, is_comment, scan
from collab.completions.served import ServedNames
from collab.completions.serving import pool_of
from collab.completions.shapes import LearnedShapes, Shapes, common_of, line_end, shape_of, shaped
from collab.protocol import KnownLanguage
from tests.bench.suggestions import LANGUAGES
from tests.bench.suggestions_corpus import Cut, cuts, files, group
from tests.bench.suggestions_fitting import Choice, Row, fitted, fitted_choices

FOLDER = Path(model.__file__).parent / "learned"
ORDERS = 3
_FILES = 3
"""The least number of files that must have had a token after a context."""
_TIMES = 6
"""The least number of times that a context must have occurred."""
_MOST = (1500, 40, 5, 5)
"""The most followers of a context, by its length."""
_SHAPE_ORDERS = 6
_SHAPE_TIMES = 8
_SHAPE_GROUPS = 2
"""The least number of modules or packages that must have had a shape after several others."""
_MOST_SHAPES = (300, 300, 40, 8, 8, 8, 8, 8)
_WIDEST = 30
_PATIENCE = 30.0
_FOLDS = 3
_ASKED = 500
"""Cuts that the same processes of language servers are asked about."""


class Tables(Struct, frozen=True):
    """The counts of some files."""

    followers: Followers
    shapes: Followers


class Rows(Struct):
    """Features of guesses, each with whether its author went on so."""

    partial: list[Row] = []
    following: list[Row] = []
    line: list[Row] = []
    onward: list[Row] = []


def tables_of(paths: Sequence[Path], language: KnownLanguage) -> Tables:
    followers = followers_in(paths, language)
    return Tables(followers, shapes_in(paths, language, common_of(followers)))


def followers_in(paths: Iterable[Path], language: KnownLanguage) -> Followers:
    """Return which tokens commonly follow which in some files."""
    counts: dict[Before, Counter[str]] = defaultdict(Counter)
    among: dict[tuple[Before, str], set[Path]] = defaultdict(set)
    for path in paths:
        words = _words(path.read_text(encoding="utf-8"), language)
        place = path if language == "python" else path.parent
        for at in range(1, len(words)):
            if len(words[at]) <= _WIDEST:
                for order in range(min(ORDERS, at) + 1):
                    before = tuple(words[at - order : at])
                    counts[before][words[at]] += 1
                    among[before, words[at]].add(place)
    found: dict[Before, tuple[int, Mapping[str, int]]] = {}
    for before, counter in counts.items():
        total = counter.total()
        common = {
            word: count
            for word, count in counter.most_common(2 * _MOST[len(before)])
            if count >= _FILES and len(among[before, word]) >= _FILES
        }
        if common and total >= _TIMES:
            found[before] = total, dict(list(common.items())[: _MOST[len(before)]])
    return found


def _words(text: str, language: KnownLanguage) -> list[str]:
    words = ["\n"]
    for _, word in scan(text, language):
        if not is_comment(word, language) and (word != "\n" or words[-1] != "\n"):
            words.append(word)
    return words


def shapes_in(paths: Iterable[Path], language: KnownLanguage, common: frozenset[str]) -> Followers:
    """Return which shapes commonly follow which in some files."""
    counts: dict[Before, Counter[str]] = defaultdict(Counter)
    among: dict[tuple[Before, str], set[str]] = defaultdict(set)
    for path in paths:
        place = group(path, language)
        tokens = scan(path.read_text(encoding="utf-8"), language)
        symbols, brackets = shaped(tokens, "", language, common)
        for at, shape in enumerate(symbols):
            counts[()][shape] += 1
            for order in range(min(_SHAPE_ORDERS, at) + 1):
                before = (brackets[at], *symbols[at - order : at])
                counts[before][shape] += 1
                among[before, shape].add(place)
    found: dict[Before, tuple[int, Mapping[str, int]]] = {}
    for before, counter in counts.items():
        total, size = counter.total(), len(before)
        common_ones = {
            shape: count
            for shape, count in counter.most_common(_MOST_SHAPES[size])
            if count >= _FILES and (size < 3 or len(among[before, shape]) >= _SHAPE_GROUPS)
        }
        if common_ones and total >= _SHAPE_TIMES:
            found[before] = total, common_ones
    return found


def fold_of(path: Path, language: KnownLanguage) -> int:
    return hashlib.sha256(f"fold {group(path, language)}".encode()).digest()[0] % _FOLDS


def folds_of(language: KnownLanguage) -> list[Tables]:
    """Return for each fold what was counted in the files of the others."""
    paths = files(language, "tuning")
    return [
        tables_of([path for path in paths if fold_of(path, language) != fold], language)
        for fold in range(_FOLDS)
    ]


async def texts_of(
    language: KnownLanguage, folds: Sequence[Tables], number: int
) -> AsyncIterator[tuple[Cut, model.Text]]:
    """Yield cuts with what is counted of them, by the tables of the other folds."""
    learned = [LearnedShapes(common_of(fold.followers), fold.shapes) for fold in folds]
    for some in batched(cuts(language, "tuning", number, seed=2)):
        pool = pool_of(CompletionOptions(timeout=_PATIENCE))
        names = ServedNames(pool, patience=_PATIENCE)
        for cut in some:
            context = Context.read(cut.question)
            if context.within == "code" and may_go_on(context) and context.tokens:
                fold = fold_of(Path(cut.path), language)
                corpus = Corpus(context.tokens, folds[fold].followers)
                shapes = Shapes(context.scanned, context.indent, language, learned[fold])
                yield cut, model.Text(context, corpus, shapes, await names.names(cut.question))
        await pool.close()


def batched(every: Sequence[Cut]) -> Iterator[Sequence[Cut]]:
    """Yield them in parts, each for language servers of its own: one that has worked for long is
    stopped, and what it was asked just then would have no answer."""
    for start in range(0, len(every), _ASKED):
        yield every[start : start + _ASKED]


def choice_of(cut: Cut, text: model.Text) -> Choice | None:
    """Return the features of what may come next, and which of it came; None within a name."""
    context = text.context
    if NAME.match(cut.rest) and context.word and not text.spaced:
        return None
    token, shape = _truth(cut, context, text.shapes.common)
    made = model.after(text)
    came = [(one.token, one.shape) for one in made]
    for truth in ((token, shape), ("", shape)):
        if truth in came:
            return [one.features for one in made], came.index(truth)
    return None


def _truth(cut: Cut, context: Context, common: frozenset[str]) -> tuple[str, str]:
    """Return the token that its author wrote next, and its shape."""
    tokens = scan(cut.rest, context.language)
    lines = next((at for at, (_, word) in enumerate(tokens) if word != "\n"), 0)
    blanks, word = tokens[lines]
    if lines:
        return "\n", line_end(lines, len(context.indent), len(blanks))
    return word, shape_of(word, context.language, common)


async def weights_of(language: KnownLanguage, number: int) -> Weights:
    folds = folds_of(language)
    choices: list[Choice] = []
    async for cut, text in texts_of(language, folds, number):
        choice = choice_of(cut, text)
        if choice is not None:
            choices.append(choice)
    outcome = fitted_choices(choices)
    rows = Rows()
    async for cut, text in texts_of(language, folds, number):
        guesses = model.guess(text, outcome)
        for guess, kept, history in zip(
            (guesses.partial, guesses.following, guesses.line),
            (rows.partial, rows.following, rows.line),
            model.histories(text.corpus),
            strict=True,
        ):
            if guess is not None:
                right = cut.rest.startswith(guess.text)
                kept.append((guess.features, right))
                if right:
                    rows.onward += _further(cut, text.corpus, history, guess)
    return Weights(
        outcome,
        fitted(rows.partial),
        fitted(rows.following),
        fitted(rows.line),
        fitted(rows.onward),
    )


def _further(cut: Cut, corpus: Corpus, history: Sequence[str], guess: model.Guess) -> Iterator[Row]:
    """Yield the features of tokens after a guess that is right, up to the first that is wrong."""
    for further in model.onward(corpus, history, guess):
        right = cut.rest.startswith(further.text)
        yield further.features, right
        if not right:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=LANGUAGES)
    parser.add_argument("--cuts", type=int, default=2500, help="for each language")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for language in options.languages:
        weights = asyncio.run(weights_of(language, options.cuts))
        tables = tables_of(files(language, "tuning"), language)
        found = Learned(_listed(tables.followers), _listed(tables.shapes), weights)
        content = gzip.compress(json.encode(found), mtime=0)
        (FOLDER / f"{language}.json.gz").write_bytes(content)
        counted = f"{len(tables.followers)} and {len(tables.shapes)} contexts"
        sys.stdout.write(f"{language}: {counted}, {len(content)} bytes\n")


def _listed(table: Followers) -> list[tuple[Before, int, dict[str, int]]]:
    return [(before, total, dict(counts)) for before, (total, counts) in table.items()]


if __name__ == "__main__":
    main()
