"""Somebody who never waits, and a log that never waits for them, agree on one text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ot import Branch, Edit, Operation, OperationError, plain
from tests.ot.strategies import operations_on


@st.composite
def edits_on(draw: st.DrawFn, length: int) -> Operation:
    """Mostly single patches, close together."""
    if draw(st.integers(0, 3)) == 0:
        return draw(operations_on(length))
    position = draw(st.integers(0, length))
    deleted = draw(st.integers(0, min(2, length - position)))
    return Operation.patch(length, position, deleted, draw(st.text(alphabet="xy", max_size=2)))


def as_operation(edit: Edit, length: int) -> Operation:
    return Operation.patch(length, *edit) if isinstance(edit, tuple) else edit


@settings(max_examples=300)
@given(st.text(alphabet="ab🪐", max_size=6), st.data())
def test_it_gives_what_plain_transforms_give_and_all_converge(
    text: str, data: st.DataObject
) -> None:
    branch, here, head = Branch(len(text)), text, text
    unseen: list[list[int | str]] = []
    for _ in range(data.draw(st.integers(0, 10))):
        event = data.draw(st.sampled_from(["theirs", "log", "log", "merge"]))
        if event == "log":
            foreign = data.draw(edits_on(len(head)))
            head = foreign.apply(head)
            branch.append(foreign.as_patch() or foreign)
            unseen.append([*foreign.components])
        elif event == "theirs":
            own = data.draw(edits_on(len(here)))
            here = own.apply(here)
            rebased = as_operation(branch.rebase(own.as_patch() or own), len(head))
            expected = [*own.components]
            for index, other in enumerate(unseen):
                unseen[index], expected = plain.transform(other, expected)
            assert rebased == Operation(expected)
            head = rebased.apply(head)
        else:
            count = data.draw(st.integers(0, len(unseen)))
            for edit in branch.unseen[:count]:
                here = as_operation(edit, len(here)).apply(here)
            branch.merge(count)
            del unseen[:count]
        assert branch.length == len(here)
    for edit in branch.unseen:
        here = as_operation(edit, len(here)).apply(here)
    assert here == head


def test_what_does_not_fit_is_an_error_and_changes_nothing() -> None:
    branch = Branch(3)
    branch.append((3, 0, "!"))
    for edit in ((4, 0, "x"), (2, 2, ""), (-1, 0, "x"), Operation([4])):
        with pytest.raises(OperationError):
            branch.rebase(edit)
    assert branch.length == 3
    assert branch.rebase((3, 0, "x")) == (3, 0, "x")
    assert branch.unseen == [(4, 0, "!")]


def test_a_patch_that_is_a_list_may_change_after_the_call() -> None:
    branch = Branch(3)
    patch: Any = [3, 0, "!"]
    branch.append(patch)
    patch[0] = 9
    assert branch.unseen == [(3, 0, "!")]
    assert branch.rebase((0, 0, "x")) == (0, 0, "x")
    assert branch.unseen == [(4, 0, "!")]
