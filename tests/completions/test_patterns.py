"""Suggestions of the patterns, case by case."""

from __future__ import annotations

import pytest

from collab.completions import patterns
from collab.completions.providers import Question
from collab.protocol import Language
from tests.completions.cases import every, first

PYTHON = [
    # definitions
    ("def hello|", "():"),
    ("async def hello|", "():"),
    ("class A:\n    def hello|", "(self):"),
    ("class A:\n\tdef hello|", "(self):"),
    ("class A:\n    async def hello|", "(self):"),
    ("class A:\n    x = 1\n\n    def hello|", "(self):"),
    ("class A:\n    def a(self):\n        pass\n\n    def hello|", "(self):"),
    ("class A:\n    def a(self):\n        def hello|", "():"),
    ("class A:\n    pass\n\ndef hello|", "():"),
    ("class A:\n    def __eq__|", "(self, other):"),
    ("class A(Base)|", ":"),
    # blocks
    ("if __name__|", ' == "__main__":\n    main()'),
    ("if x:\n  pass\nif __name__|", ' == "__main__":\n  main()'),
    ("if x:\n    pass\nelse|", ":"),
    ("while True|", ":"),
    ("for _ |", "in range("),
    ("for key, value in table|", ".items():"),
    ("items = []\nfor |", "item in items:"),
    ("def f(entries):\n    for entry|", " in entries:"),
    ("def f(entries):\n    for entry in |", "entries:"),
    ("import numpy|", " as np"),
    ("for x in y:\n    if x:\n        cont|", "inue"),
    ("def f():\n    retu|", "rn"),
    ("cont|", ""),
    # names and parameters in the text
    ("class A:\n    def __init__(self, name):\n        self.name =|", " name"),
    ("class A:\n    def __init__(self, name):\n        self.name = |", "name"),
    (
        "class A:\n    def __init__(\n        self,\n        size: int,\n    ):\n        super|",
        "().__init__(",
    ),
    # brackets
    ('print("a"|', ")"),
    ("x = [1, 2|", "]"),
]

JAVASCRIPT = [
    ("function hello|", "() {"),
    ("function hello(a, b)|", " {"),
    ("class A {\n  hello(a)|", " {"),
    ("class A {\n  constructor(name) {\n    this.name =|", " name;"),
    ("if (x) {\n} else|", " {"),
    ("for (let i = 0;|", " i <"),
    ("for (let i = 0; i < n|", "; i++) {"),
    ("import { a, b }|", " from"),
    ("throw|", " new"),
]

NOWHERE = [
    ("python", "# def hello|"),
    ("python", '"""\ndef hello|'),
    ("python", "x = 'def hello|"),
    ("python", "def hel|lo"),
    ("python", "def hello| = 3"),
    ("javascript", "// function hello|"),
    ("javascript", "/* function hello|"),
    ("javascript", "x = `function hello|"),
]


@pytest.mark.parametrize(("text", "suggestion"), PYTHON)
def test_python_goes_on(text: str, suggestion: str) -> None:
    assert first(text, "python") == suggestion


@pytest.mark.parametrize(("text", "suggestion"), JAVASCRIPT)
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_javascript_goes_on(text: str, suggestion: str, language: Language) -> None:
    assert first(text, language) == suggestion


@pytest.mark.parametrize(("language", "text"), NOWHERE)
def test_nothing_is_suggested_in_comments_strings_and_names(language: Language, text: str) -> None:
    assert every(text, language) == []


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("def hello|():", ""),
        ("def hello|:", "()"),
        ("print(a|)", ""),
        ("if __name__|:", ' == "__main__"'),
    ],
)
def test_what_follows_the_caret_is_not_repeated(text: str, suggestion: str) -> None:
    assert first(text, "python") == suggestion


def test_what_stands_after_the_caret_already_is_not_suggested() -> None:
    text = "\u2028" * 3
    assert not patterns.suggest(Question(text, 2, "python"))
