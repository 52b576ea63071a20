"""Some edits of a log are taken back, and the others stay."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ot import Operation, OperationError, UndoStack, take_back


@st.composite
def logs(draw: st.DrawFn) -> tuple[str, list[tuple[Operation, bool]]]:
    """A text of characters each of which is there once, and steps of somebody and of others."""
    fresh = map(chr, count(0x4E00))
    text = "abcdef"[: draw(st.integers(0, 6))]
    steps: list[tuple[Operation, bool]] = []
    length = len(text)
    for _ in range(draw(st.integers(0, 9))):
        components: list[int | str] = []
        left = length
        while left:
            if draw(st.booleans()):
                components.append(next(fresh))
            n = draw(st.integers(1, left))
            components.append(n if draw(st.booleans()) else -n)
            left -= n
        if draw(st.booleans()):
            components.append(next(fresh))
        operation = Operation(components)
        steps.append((operation, draw(st.booleans())))
        length = operation.target_length
    return text, steps


def rest(text: str, steps: list[tuple[Operation, bool]]) -> tuple[str, set[str]]:
    """The last text; and the characters of others, without those that others deleted."""
    kept = set(text)
    for operation, marked in steps:
        if not marked:
            position = 0
            for c in operation.components:
                if isinstance(c, str):
                    kept |= set(c)
                else:
                    kept -= set(text[position : position + abs(c)]) if c < 0 else set()
                    position += abs(c)
        text = operation.apply(text)
    return text, kept


@given(logs())
def test_nothing_of_the_marked_is_left_and_all_of_the_others_is(
    log: tuple[str, list[tuple[Operation, bool]]],
) -> None:
    text, steps = log
    last, kept = rest(text, steps)
    after = take_back(text, steps).apply(last)
    assert set(after) == kept
    assert len(after) == len(kept)
    shared = [c for c in last if c in kept]
    assert [c for c in after if c in shared] == shared, "what stays keeps its order"


@given(logs())
def test_with_nobody_else_the_first_text_comes_back(
    log: tuple[str, list[tuple[Operation, bool]]],
) -> None:
    text, steps = log
    last, _ = rest(text, steps)
    assert take_back(text, [(operation, True) for operation, _ in steps]).apply(last) == text
    assert take_back(text, [(operation, False) for operation, _ in steps]).apply(last) == last


@given(logs())
def test_it_leaves_the_characters_that_an_undo_stack_leaves(
    log: tuple[str, list[tuple[Operation, bool]]],
) -> None:
    text, steps = log
    stack, now = UndoStack(), text
    for operation, marked in steps:
        if marked:
            stack.edited(operation, now)
        else:
            stack.received(operation)
        now = operation.apply(now)
    last = now
    while undo := stack.undo(now):
        now = undo.apply(now)
    assert sorted(take_back(text, steps).apply(last)) == sorted(now)


def test_steps_follow_one_another() -> None:
    with pytest.raises(OperationError, match="spans 3 code points, the text has 2"):
        take_back("ab", [(Operation([3]), True)])
