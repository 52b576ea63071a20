"""Whatever the text: a suggestion that can be inserted, the same each time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from collab.completions import patterns
from collab.completions.providers import THRESHOLDS, Question
from collab.completions.scanner import scan
from collab.protocol import Language

PIECES = [
    *"()[]{}:;,.=`'\"\\/#*\n\t $@",
    "    ",
    '"""',
    "//",
    "/*",
    "=>",
    "${",
    "\r\n",
    "def ",
    "class A",
    "async ",
    "function f",
    "self.",
    "this.",
    "for x in ",
    "items",
    "item",
    "import ",
    "otter🦦",
    "\0",
    "\u2028",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))
languages = st.sampled_from(["python", "javascript", "typescript"])


@settings(deadline=None)
@given(texts, st.data(), languages)
def test_a_suggestion_can_be_inserted_and_is_always_the_same(
    text: str, data: st.DataObject, language: Language
) -> None:
    position = data.draw(st.integers(0, len(text)))
    question = Question(text, position, language)
    found = patterns.suggest(question)
    assert patterns.suggest(question) == found
    for suggestion in found:
        assert suggestion.text
        assert not set("\0\r") & set(suggestion.text)
        assert THRESHOLDS[language] <= suggestion.confidence <= 1
        assert not text.startswith(suggestion.text, position)


@settings(deadline=None)
@given(texts, languages)
def test_tokens_are_the_whole_text(text: str, language: Language) -> None:
    tokens = scan(text, language)
    assert all(token for _, token in tokens)
    whole = "".join(blanks + token for blanks, token in tokens)
    assert text.startswith(whole)
    assert not text[len(whole) :].strip()
