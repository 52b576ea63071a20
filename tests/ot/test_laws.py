"""The laws of DESIGN: what transform and compose promise one another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings

from ot import Component, Operation, transform
from tests.ot.strategies import concurrent, two_then_one


@settings(max_examples=500)
@given(concurrent())
def test_both_orders_give_the_same_text(case: tuple[str, Operation, Operation]) -> None:
    text, committed, submitted = case
    after, rebased = transform(committed, submitted)
    assert rebased.apply(committed.apply(text)) == after.apply(submitted.apply(text))


@settings(max_examples=500)
@given(two_then_one())
def test_compose_does_what_one_by_one_does(
    case: tuple[str, Operation, Operation, Operation],
) -> None:
    text, a, b, _ = case
    for composed in (a.compose(b), a.compose_pending(b)):
        assert composed.apply(text) == b.apply(a.apply(text))


@settings(max_examples=1000)
@given(two_then_one())
def test_history_composed_carries_a_newcomer_exactly_as_one_by_one(
    case: tuple[str, Operation, Operation, Operation],
) -> None:
    _, a, b, c = case
    _, past_a = transform(a, c)
    _, past_both = transform(b, past_a)
    assert transform(a.compose(b), c)[1] == past_both


@settings(max_examples=1000)
@given(two_then_one())
def test_a_buffer_composed_carries_history_exactly_as_one_by_one(
    case: tuple[str, Operation, Operation, Operation],
) -> None:
    _, a, b, c = case
    past_a, _ = transform(c, a)
    past_both, _ = transform(past_a, b)
    assert transform(c, a.compose_pending(b))[0] == past_both


@given(concurrent())
def test_the_inverse_takes_an_operation_back(case: tuple[str, Operation, Operation]) -> None:
    text, operation, _ = case
    assert operation.invert(text).apply(operation.apply(text)) == text


def test_both_laws_hold_on_every_small_text() -> None:
    """Exhaustive: every a and c on texts of up to 2 characters, every b after a."""
    on = {length: list(every_operation(length, "x")) for length in range(6)}
    after = {length: list(every_operation(length, "y")) for length in range(6)}
    beside = {length: list(every_operation(length, "z")) for length in range(6)}
    checked = 0
    for length in range(3):
        for a, c in product(on[length], beside[length]):
            c_past_a = transform(a, c)[1]
            c_carried = transform(c, a)[0]
            for b in after[a.target_length]:
                assert transform(a.compose(b), c)[1] == transform(b, c_past_a)[1]
                assert transform(c, a.compose_pending(b))[0] == transform(c_carried, b)[0]
                checked += 1
    assert checked > 40_000


def test_a_form_that_reorders_cannot_have_the_law() -> None:
    """What becomes of the law when insertions are always moved before deletions."""
    broken = 0
    for a, c in product(every_operation(2, "x"), every_operation(2, "z")):
        for b in every_operation(a.target_length, "y"):
            joined = insertions_first(a.compose(b))
            one_by_one = transform(insertions_first(b), transform(insertions_first(a), c)[1])[1]
            broken += transform(joined, c)[1] != one_by_one
    assert broken > 0


def every_operation(length: int, letter: str) -> Iterator[Operation]:
    """Every operation on a text of that length that inserts `letter` at most once in a gap."""
    for fates in product((1, -1), repeat=length):
        for inserts in product((letter, ""), repeat=length + 1):
            components: list[Component] = [inserts[0]]
            for fate, insert in zip(fates, inserts[1:], strict=True):
                components += [fate, insert]
            yield Operation(components)


def insertions_first(operation: Operation) -> Operation:
    """The same edit with each insertion moved before the deletions it touches."""
    out: list[Component] = []
    for component in operation.components:
        if isinstance(component, str) and out and isinstance(out[-1], int) and out[-1] < 0:
            out.insert(len(out) - 1, component)
        else:
            out.append(component)
    return Operation(out)
