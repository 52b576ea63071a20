"""Measures how good suggestions are, and how soon they come.

    uv run python -m tests.bench.suggestions [--cuts N] [--seed S] [--tuning] [--rules]

Files that others have written are cut where somebody may have paused, two thirds at the end of a
token and a third within a name; nothing is written yet beyond the cut. A suggestion is shown when a
provider is confident enough, and accepted when it is how its author went on.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from statistics import quantiles
from typing import get_args

from msgspec import Struct

from collab.completions import model, names, patterns
from collab.completions.context import Context
from collab.completions.options import CompletionLimits, CompletionOptions
from collab.completions.providers import Chain, Question, Suggestion, ranked
from collab.completions.serving import chain_of, pool_of
from collab.protocol import KnownLanguage
from tests.bench.suggestions_corpus import Cut, Split, cuts

LANGUAGES: Sequence[KnownLanguage] = get_args(KnownLanguage)
_WARMING = 30
"""Questions until the processes have surely started."""
Ask = Callable[[Question], Awaitable[Sequence[Suggestion]]]


class Quality(Struct):
    """The results of a provider over a number of cuts."""

    asked: int = 0
    shown: int = 0
    accepted: int = 0
    saved: int = 0
    """Characters of accepted suggestions, without one each for the key that accepts."""
    milliseconds: list[float] = []

    def add(self, found: Sequence[Suggestion], rest: str, seconds: float) -> None:
        self.asked += 1
        self.milliseconds.append(1000 * seconds)
        if found:
            self.shown += 1
            if rest.startswith(found[0].text):
                self.accepted += 1
                self.saved += len(found[0].text) - 1

    def row(self) -> str:
        percentile = quantiles(self.milliseconds, n=20)
        return (
            f"{_share(self.shown, self.asked)} {_share(self.accepted, self.shown)}"
            f" {self.saved / max(1, self.asked):>10.2f}"
            f" {percentile[9]:>8.1f} {percentile[18]:>8.1f}"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:>9.0%}" if whole else f"{'-':>9}"


async def measure(ask: Ask, where: Iterable[Cut]) -> Quality:
    quality = Quality()
    for cut in where:
        began = time.perf_counter()
        found = await ask(cut.question)
        quality.add(found, cut.rest, time.perf_counter() - began)
    return quality


async def run(split: Split, number: int, seed: int) -> dict[tuple[KnownLanguage, str], Quality]:
    """For each language and provider, and the chain as it is served."""
    found: dict[tuple[KnownLanguage, str], Quality] = {}
    for language in LANGUAGES:
        where = cuts(language, split, number, seed)
        for name, ask in PROVIDERS.items():
            if name != "jedi" or language == "python":
                found[language, name] = await measure(ask, where)
        async with served(where[0].question) as chain:
            found[language, "chain"] = await measure(chain.suggest, where)
    return found


def _below(rest: str) -> str:
    """Return the text after the line that is cut."""
    return "".join(rest.partition("\n")[1:])


@asynccontextmanager
async def served(first: Question) -> AsyncIterator[Chain]:
    """The chain as the domain makes it, with its processes started."""
    options, limits = CompletionOptions(), CompletionLimits()
    pool = pool_of(options)
    chain = chain_of(pool, options, limits)
    try:
        for _ in range(_WARMING):
            await chain.suggest(first)
            await asyncio.sleep(options.wait)
        yield chain
    finally:
        await chain.close()
        await pool.close()


def _here(suggest: Callable[[Question], Sequence[Suggestion]]) -> Ask:
    async def ask(question: Question) -> Sequence[Suggestion]:
        return suggest(question)

    return ask


def _rules(question: Question) -> Sequence[Suggestion]:
    context = Context.read(question)
    found = list(patterns.by_rules(context)) if patterns.may_go_on(context) else []
    return ranked(found, question.language)


def _model(question: Question) -> Sequence[Suggestion]:
    context = Context.read(question)
    found = model.suggest(context, question.names) if patterns.may_go_on(context) else []
    return ranked(found, question.language)


PROVIDERS: dict[str, Ask] = {
    "rules": _here(_rules),
    "model": _here(_model),
    "patterns": _here(patterns.suggest),
    "jedi": _here(names.suggest),
}


def calibration(split: Split, number: int, seed: int) -> list[str]:
    """The share of right guesses of each row of the tables, beside the share that it claims."""
    counts: dict[tuple[KnownLanguage, str, float], list[bool]] = defaultdict(list)
    for language in LANGUAGES:
        for cut in cuts(language, split, number, seed):
            context = Context.read(cut.question)
            if context.within == "code":
                for rule in patterns.RULES[language]:
                    if text := rule.suggest(context):
                        key = (language, f"{rule.line}  →  {rule.gives!r}", rule.confidence)
                        counts[key].append(cut.rest.startswith(text))
    ordered = sorted(counts.items(), key=lambda item: -len(item[1]))
    return [
        f"{language:<10} {len(right):>5} {_share(sum(right), len(right))} {confidence:>5} {row}"
        for (language, row, confidence), right in ordered
    ]


async def large_files(number: int, seed: int) -> Quality:
    """The chain on Python files of about 2,000 lines, the rest of which is there."""
    where = [
        Cut(Question(text, cut.question.position, "python"), cut.rest, cut.path)
        for cut in cuts("python", "held-out", number * 12, seed)
        if 1_500 < (text := cut.question.code + _below(cut.rest)).count("\n") < 2_700
    ][:number]
    async with served(where[0].question) as chain:
        return await measure(chain.suggest, where)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=1500, help="for each language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tuning", action="store_true", help="the files rules are tuned on")
    parser.add_argument("--rules", action="store_true", help="how often each row is right")
    options = parser.parse_args()
    split: Split = "tuning" if options.tuning else "held-out"
    if options.rules:
        lines = calibration(split, options.cuts, options.seed)
    else:
        lines = asyncio.run(table(split, options.cuts, options.seed))
    sys.stdout.write("\n".join(lines) + "\n")


async def table(split: Split, number: int, seed: int) -> list[str]:
    lines = [
        f"{number} cuts a language in {split} files, seed {seed}",
        f"{'':<22} {'shown':>9} {'accepted':>9} {'saved/cut':>10} {'p50 ms':>8} {'p95 ms':>8}",
    ]
    for (language, name), quality in (await run(split, number, seed)).items():
        lines.append(f"{language:<11} {name:<10} {quality.row()}")
    large = await large_files(min(number, 200), seed)
    return [*lines, f"{'2,000 lines':<11} {'chain':<10} {large.row()}"]


if __name__ == "__main__":
    main()
