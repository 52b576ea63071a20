"""The fast forms give exactly what ot.plain defines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ot.batch
import ot.fast
import ot.transforming
from ot import (
    Component,
    Operation,
    Patch,
    compose_all,
    compose_patches,
    join_runs,
    plain,
    rebase,
    transform,
)
from tests.ot.strategies import concurrent, operations_on, two_then_one


@pytest.fixture(autouse=True, params=[1, 256])
def _short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Insertions are left in pieces from the first piece on; and not at all."""
    monkeypatch.setattr(ot.fast, "_SHORT", request.param)


def lengths(operation: Operation) -> tuple[int, int]:
    """As the constructor counts them."""
    counted = Operation(operation.components)
    assert counted == operation, "not in normal form"
    return counted.base_length, counted.target_length


@settings(max_examples=300)
@given(concurrent())
def test_transform(case: tuple[str, Operation, Operation]) -> None:
    _, committed, submitted = case
    after, rebased = transform(committed, submitted)
    plainly = plain.transform(committed.components, submitted.components)
    assert ([*after.components], [*rebased.components]) == plainly
    for operation in (after, rebased):
        assert (operation.base_length, operation.target_length) == lengths(operation)


@settings(max_examples=300)
@given(concurrent())
def test_rebase_of_short_past_long(case: tuple[str, Operation, Operation]) -> None:
    _, committed, submitted = case
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ot.transforming, "_LONG", 0)
        patched.setattr(ot.transforming, "_SHORT", 99)
        rebased = rebase(committed, submitted)
    assert rebased == transform(committed, submitted)[1]
    assert (rebased.base_length, rebased.target_length) == lengths(rebased)


@settings(max_examples=300)
@given(two_then_one())
def test_compose(case: tuple[str, Operation, Operation, Operation]) -> None:
    _, a, b, _ = case
    for composed, deletions_first in ((a.compose(b), True), (a.compose_pending(b), False)):
        assert [*composed.components] == plain.compose(
            a.components, b.components, deletions_first=deletions_first
        )
        assert (composed.base_length, composed.target_length) == lengths(composed)


@st.composite
def one_after_another(draw: st.DrawFn) -> list[Operation]:
    """Operations that follow one another, mostly patches near the one before."""
    length = draw(st.integers(0, 8))
    operations: list[Operation] = []
    cursor = 0
    for _ in range(draw(st.integers(1, 12))):
        if draw(st.integers(0, 5)) == 0:
            operation = draw(operations_on(length))
        else:
            if draw(st.booleans()):
                cursor = draw(st.integers(0, length))
            cursor = max(0, min(cursor, length) - draw(st.integers(0, 1)))
            deleted = draw(st.integers(0, min(2, length - cursor)))
            inserted = draw(st.text(alphabet="xyz🙂", max_size=2))
            operation = Operation.patch(length, cursor, deleted, inserted)
            cursor += len(inserted)
        operations.append(operation)
        length = operation.target_length
    return operations


@pytest.mark.parametrize("pending", [False, True])
@settings(max_examples=400)
@given(operations=one_after_another(), room=st.integers(0, 6))
def test_a_batch_is_the_composition_of_its_operations(
    pending: bool, operations: list[Operation], room: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ot.batch, "_FREE", room)
        patched.setattr(ot.batch, "_PER_JUMP", room // 2)
        together = compose_all(operations, pending=pending)
    one_by_one = operations[0]
    for operation in operations[1:]:
        compose = one_by_one.compose_pending if pending else one_by_one.compose
        one_by_one = compose(operation)
    assert together == one_by_one
    assert (together.base_length, together.target_length) == lengths(together)


@settings(max_examples=300)
@given(one_after_another())
def test_joined_runs_compose_to_the_same(operations: list[Operation]) -> None:
    patches = [patch for operation in operations if (patch := operation.as_patch())]
    if len(patches) < len(operations):
        return
    length = operations[0].base_length
    joined = join_runs(patches)
    for pending in (False, True):
        assert compose_patches(length, joined, pending=pending) == compose_patches(
            length, patches, pending=pending
        )


def test_runs_are_joined() -> None:
    typing: list[Patch] = [(3, 0, "a"), (4, 0, "bc"), (6, 0, "d"), (6, 1, ""), (6, 0, "e")]
    deleting: list[Patch] = [(9, 1, ""), (8, 1, ""), (8, 2, "")]
    assert join_runs([*typing, *deleting, (0, 0, "x")]) == [(3, 0, "abce"), (8, 4, ""), (0, 0, "x")]


@given(st.lists(st.integers(-3, 3) | st.text(alphabet="ab", max_size=3)))
def test_the_normal_form(components: list[Component]) -> None:
    plainly: list[Component] = []
    for component in components:
        plain.append(plainly, component)
    assert [*Operation(components).components] == plainly


@settings(max_examples=200)
@given(st.integers(0, 9), st.data())
def test_a_patch_is_an_operation_and_back(length: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, length))
    deleted = data.draw(st.integers(0, length - position))
    inserted = data.draw(st.text(max_size=2))
    patch: Patch = (position, deleted, inserted)
    operation = Operation.patch(length, *patch)
    assert operation == Operation([position, inserted, -deleted, length - position - deleted])
    assert (operation.base_length, operation.target_length) == lengths(operation)
    again = operation.as_patch()
    assert again is not None
    assert Operation.patch(length, *again) == operation
    assert compose_patches(length, [patch]) == operation


def test_what_is_several_edits_is_no_patch() -> None:
    several: list[list[Component]] = [[-1, "a"], [1, "a", 1, "b"], [-1, 1, -1], ["a", 1, "b"]]
    for components in several:
        assert Operation(components).as_patch() is None
