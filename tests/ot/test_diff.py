from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings

from ot import Operation, common_ends, diff
from ot.diff import _matches
from tests.ot.strategies import texts


@settings(max_examples=500)
@given(texts, texts)
def test_the_difference_leads_from_one_to_the_other(before: str, after: str) -> None:
    assert diff(before, after).apply(before) == after


@given(texts)
def test_equal_texts_differ_in_nothing(text: str) -> None:
    assert diff(text, text).is_noop()


@pytest.mark.parametrize(
    ("before", "after", "components"),
    [
        ("hello world", "hello brave world", (6, "brave ", 5)),
        ("abc", "axc", (1, "x", -1, 1)),  # a replacement inserts, then deletes
        ("a\nb\nc\n", "a\nx\nb\nc\nd\n", (2, "x\n", 3, "\nd", 1)),  # what stays in between stays
        ("aa", "aaa", (2, "a")),
        ("", "🪐", ("🪐",)),
    ],
)
def test_what_did_not_change_is_left_alone(
    before: str, after: str, components: tuple[int | str, ...]
) -> None:
    assert diff(before, after) == Operation(components)


def test_lines_are_told_apart_unless_they_are_too_many() -> None:
    for end in "\n", "\u2028":
        few, many = (f"x{end}" * count for count in (1000, 30_000))
        assert diff(f"a{few}b{'c' * 300}", f"d{few}e") == Operation(["d", -1, len(few), "e", -301])
        (inserted, deleted) = diff(f"a{many}b", f"d{many}e{'c' * 300}").components
        assert (inserted, deleted) == (f"d{many}e{'c' * 300}", -len(many) - 2)


def test_unlike_texts_become_one_replacement() -> None:
    before, after = "ab\n" * 5_000, "xyz" * 5_000
    assert diff(before, after) == Operation([after, -len(before)])


def test_common_ends_do_not_overlap() -> None:
    assert common_ends("aXa", "aa") == (1, 1)
    assert common_ends("aa", "aa") == (2, 0)


def test_carets_stay_with_the_text_they_stand_in() -> None:
    before = "def one():\n    return 1\n\nprint(one())\n"
    after = "def two():\n    return 12\n\n\nprint(two())  # 🪐\n"
    for word in ("return", "print", "())"):
        assert diff(before, after).map(before.index(word), "right") == after.index(word)


def test_many_unlike_lines_share_one_effort() -> None:
    """So that a text full of them costs no more than a few of them."""
    letters = "the quick brown fox jumps over the lazy dog "
    lines = [f"{i} {letters[i % 40 :]}{letters}" for i in range(100)]
    kept = "\nkept\n"
    before, after = kept.join(lines), kept.join(line[::-1] for line in lines)
    operation = diff(before, after)
    assert operation.apply(before) == after
    *_, replaced, deleted = [c for c in operation.components if c != len(kept)]
    assert (replaced, deleted) == (lines[-1][::-1], -len(lines[-1]))


def test_changes_at_both_ends_of_a_long_line_are_told_apart() -> None:
    between = "x" * 1_000_000
    operation = diff(f"a{between}b", f"c{between}d")
    assert operation == Operation(["c", -1, len(between), "d", -1])


class Counting(Sequence[str]):
    """A text that counts the characters asked of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked = 0

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, at: Any) -> Any:
        found = self.text[at]
        self.asked += len(found)
        return found


@pytest.mark.parametrize("between", ["x" * 100_000, "xy" * 50_000])
@pytest.mark.parametrize("ends", [1, 20, 60])
def test_texts_that_repeat_themselves_are_not_walked_along_every_path(
    between: str, ends: int
) -> None:
    before = Counting("a" * ends + between + "b" * ends)
    after = Counting("c" * ends + between + "d" * ends)
    _matches(before, after, 200)
    assert before.asked <= 20 * len(between)
