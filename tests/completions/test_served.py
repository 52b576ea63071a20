"""Suggestions with names that language servers know, by the chain as it is served."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from collab.completions.options import CompletionLimits, CompletionOptions
from collab.completions.providers import Chain
from collab.completions.serving import chain_of, pool_of
from collab.protocol import Language
from tests.completions.cases import question

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chain() -> AsyncIterator[Chain]:
    options = CompletionOptions(wait=30, timeout=30)
    pool = pool_of(options)
    chain = chain_of(pool, options, CompletionLimits())
    yield chain
    await chain.close()
    await pool.close()


CASES: list[tuple[Language, str, set[str]]] = [
    ("python", "items = [1, 2]\nitems.app|", {"end", "end("}),
    ("python", "import json\n\njson.|", {"loads", "dumps"}),
    ("python", "xs = [3, 1, 2]\nxs.|", {"append", "sort"}),
    ("python", "import numpy as n|", {"p"}),
    ("python", "def first[Element](found: list[Element]) -> Ele|", {"ment", "ment:"}),
    (
        "python",
        "class Box[T]:\n    width: T\n\n    def f(self) -> T:\n        return self.wi|",
        {"dth"},
    ),
    (
        "python",
        "def f(x):\n    match x:\n        case [wheel, *_]:\n            print(whe|",
        {"el", "el)"},
    ),
    ("javascript", "const items = [1, 2];\nitems.pus|", {"h", "h("}),
    ("typescript", "const items: number[] = [];\nitems.pus|", {"h", "h("}),
    (
        "typescript",
        "interface Wheel { radius: number }\nfunction f(w: Wheel) {\n  w.|",
        {"radius"},
    ),
    (
        "typescript",
        "import { readFileSync } from 'node:fs';\nconst t = readF|",
        {"ileSync", "ileSync("},
    ),
]


@pytest.mark.parametrize(("language", "text", "suggestions"), CASES)
async def test_what_a_language_server_knows_is_suggested(
    chain: Chain, language: Language, text: str, suggestions: set[str]
) -> None:
    found = await chain.suggest(question(text, language))
    assert "".join(each.text for each in found[:1]) in suggestions
