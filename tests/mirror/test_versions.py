"""The version that a save on the disk is based on, and the lines that the save removes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

import pytest

from collab.mirror.versions import Versions
from ot import Operation


def test_a_text_is_taken_for_one_made_from_the_nearest_version() -> None:
    versions = Versions("abc")
    versions.follow(Operation([3, "def"]))
    versions.put("abcdef")
    versions.follow(Operation(["_", 6]))
    # Made from "abc", which an editor still had.
    edit, _ = versions.take("abcX")
    assert edit.apply("_abcdef") in ("_abcXdef", "_abcdefX")
    assert versions.latest == "abcX"


def test_what_was_sent_without_an_answer_is_not_sent_again() -> None:
    versions = Versions.since("one\n", "Ann\none\ntwo\n", "one\ntwo\nthree\n")
    edit, _ = versions.take("one\ntwo\nthree\n")
    assert edit.apply("Ann\none\ntwo\n") == "Ann\none\ntwo\nthree\n"


@dataclass
class Editor:
    """Has a text open, and saves it after so many turns."""

    text: str
    turns: int


@dataclass
class Scene:
    """A file that a person types in and that editors save, who have read it some time ago. Each
    line is a token, no two alike."""

    rng: Random
    text: str = "".join(f"# {n}\n" for n in range(20))
    written: int = 0
    kept: str = ""
    gone: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.versions = Versions(self.text)

    def token(self) -> str:
        self.written += 1
        return f"token-{self.written}-\n"

    def type(self) -> None:
        at = self.text.find("\n", self.rng.randrange(len(self.text))) + 1
        edit = Operation([at, self.token(), len(self.text) - at])
        self.text = edit.apply(self.text)
        self.versions.follow(edit)
        self.versions.put(self.text)

    def save(self, editor: Editor) -> None:
        lines = editor.text.splitlines(keepends=True)
        for _ in range(3):
            lines.insert(self.rng.randrange(len(lines) + 1), self.token())
        editor.text = "".join(lines)
        edit, doubtful = self.versions.take(editor.text)
        self.kept += doubtful
        self.text = edit.apply(self.text)
        self.versions.put(self.text)

    def play(self, editors: int, stale: int) -> tuple[int, int]:
        """Returns how many tokens are lost, and how many of them are not kept. None is doubled."""
        rng = self.rng
        people = [Editor(self.text, rng.randrange(stale)) for _ in range(editors)]
        for _ in range(stale + 100):
            self.type()
            for editor in people:
                editor.turns -= 1
                if editor.turns < 0:
                    self.save(editor)
                    editor.turns = rng.randrange(stale)
                    editor.text = self.text if rng.random() < 0.5 else editor.text
        found = Counter(self.text.splitlines())
        assert max(found.values()) == 1
        tokens = {f"token-{n}-" for n in range(1, self.written + 1)}
        lost = tokens - found.keys()
        return len(lost), len(lost - set(self.kept.splitlines()))


@pytest.mark.parametrize("stale", [10, 100])
def test_who_saves_what_it_read_a_while_ago_loses_nothing(stale: int) -> None:
    for seed in range(3):
        assert Scene(Random(seed)).play(1, stale) == (0, 0)


@pytest.mark.parametrize(("editors", "stale"), [(1, 300), (2, 10), (2, 100), (2, 300)])
def test_what_is_lost_after_all_is_kept_and_is_not_much(editors: int, stale: int) -> None:
    """Of a text that is no more remembered, or of two editors who do not know of one another."""
    for seed in range(3):
        lost, gone = Scene(Random(seed)).play(editors, stale)
        assert gone == 0
        assert lost <= 15
