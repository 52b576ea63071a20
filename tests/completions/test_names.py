"""Suggestions of names by Jedi, run in this process, on texts that Jedi handles well."""

from __future__ import annotations

import sys

import pytest

from collab.completions import names
from tests.completions.cases import question


def known(text: str) -> list[str]:
    return [suggestion.text for suggestion in names.suggest(question(text, "python"))]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("x = []\nx.ap|", "pend"),
        ("import json\njson.lo|\njson.loads", "ads"),
        ("import re\nre.compile('a').full|", "match"),
        ("class A:\n    def found(self): ...\n    def find(self):\n        self.fo|", "und"),
        ("from collections import defaultd|", "ict"),
        ("def area(width, height):\n    return wid|", "th"),
        ("def broken(:\n    x = {}\n    x.setd|", "efault"),
    ],
)
def test_the_rest_of_a_name_is_known(text: str, suggestion: str) -> None:
    assert "".join(known(text)[:1]) == suggestion


@pytest.mark.parametrize(
    "text",
    [
        "open('/et|",
        "open('/|",
        "# import o|",
        "import os\nos.pa|th",
        "|",
    ],
)
def test_names_of_files_are_not_told(text: str) -> None:
    assert known(text) == []


def test_nothing_of_a_text_is_run_or_imported() -> None:
    before = set(sys.modules)
    text = "\n".join(
        [
            "import antigravity, this, jedi.plugins.pytest, gi",
            "__import__('wave')",
            "class A:",
            "    def __getattr__(self, name): raise SystemExit",
            "    __dir__ = __getattr__",
            "raise SystemExit",
            "A().x.wave.|",
        ]
    )
    known(text)
    assert not {"antigravity", "this", "wave", "gi"} & (set(sys.modules) - before)


def test_other_languages_are_not_for_jedi() -> None:
    assert names.suggest(question("const x = []; x.ap|", "javascript")) == []
