"""Authorship is the same algebra: painted operations compose, invert and apply like the others."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ot import Operation, OperationError, compose_all, compose_painted, paint, runs
from tests.ot.strategies import operations_on, texts


@st.composite
def logs(draw: st.DrawFn) -> tuple[str, list[Operation]]:
    """A text, and operations that follow one another from it."""
    text = draw(texts)
    operations: list[Operation] = []
    length = len(text)
    for _ in range(draw(st.integers(1, 6))):
        operations.append(draw(operations_on(length)))
        length = operations[-1].target_length
    return text, operations


def painted(operations: list[Operation]) -> list[Operation]:
    return [paint(operation, chr(0x4E00 + n)) for n, operation in enumerate(operations)]


def written_by(text: str, operations: list[Operation]) -> str:
    """Return who wrote each character, found by following every single one."""
    owners = ["."] * len(text)
    for n, operation in enumerate(operations):
        before, owners = owners, []
        for c in operation.components:
            if isinstance(c, str):
                owners += [chr(0x4E00 + n)] * len(c)
            else:
                owners += before[: max(c, 0)]
                before = before[abs(c) :]
    return "".join(owners)


@given(logs())
def test_a_composed_painting_says_who_wrote_each_character(
    log: tuple[str, list[Operation]],
) -> None:
    text, operations = log
    after = compose_all(painted(operations)).apply("." * len(text))
    assert after == written_by(text, operations)
    assert len(after) == len(compose_all(operations).apply(text))


@given(logs())
def test_painting_commutes_with_compose(log: tuple[str, list[Operation]]) -> None:
    """All in one colour: composing first, or painting first, is the same."""
    _text, operations = log
    one = compose_all([paint(operation, "o") for operation in operations])
    assert one == paint(compose_all(operations), "o")


@given(logs())
def test_both_forms_come_of_one_composition(log: tuple[str, list[Operation]]) -> None:
    _text, operations = log
    steps = [(operation, chr(0x4E00 + n)) for n, operation in enumerate(operations)]
    assert compose_painted(steps) == (compose_all(operations), compose_all(painted(operations)))


@given(logs())
def test_painting_commutes_with_invert(log: tuple[str, list[Operation]]) -> None:
    """Taking an edit back brings deleted text back in the colours of those who wrote it."""
    text, operations = log
    colours, whole = "." * len(text), compose_all(painted(operations))
    back = whole.invert(colours)
    assert back.apply(whole.apply(colours)) == colours
    inverse = compose_all(operations).invert(text)
    assert paint(inverse, ".") == back


@given(st.lists(st.tuples(st.sampled_from("abc\n🪐"), st.integers(1, 99)), max_size=20))
def test_runs_sum_to_the_length(pieces: list[tuple[str, int]]) -> None:
    text = "".join(colour * count for colour, count in pieces)
    found = runs(text)
    assert sum(count for _, count in found) == len(text)
    assert "".join(colour * count for colour, count in found) == text
    assert all(one[0] != other[0] for one, other in pairwise(found))


def test_each_character_may_have_a_colour_of_its_own() -> None:
    assert paint(Operation([2, "abc", -1, "d"]), "1234") == Operation([2, "123", -1, "4"])
    assert paint(Operation([2, -1]), "") == Operation([2, -1])


@pytest.mark.parametrize("colours", ["", "ab", "abcd"])
def test_colours_are_as_many_as_the_characters(colours: str) -> None:
    with pytest.raises(OperationError, match="colours for 3 characters"):
        paint(Operation(["xyz"]), colours)
