"""The laws of DESIGN: what transform and compose promise one another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from ot import Component, Operation, transform
from tests.ot.strategies import concurrent, two_then_one


@settings(max_examples=200)
@given(concurrent())
def test_both_orders_give_the_same_text(case: tuple[str, Operation, Operation]) -> None:
    text, committed, submitted = case
    after, rebased = transform(committed, submitted)
    assert rebased.apply(committed.apply(text)) == after.apply(submitted.apply(text))


@settings(max_examples=200)
@given(two_then_one())
def test_compose_does_what_one_by_one_does(
    case: tuple[str, Operation, Operation, Operation],
) -> None:
    text, a, b, _ = case
    for composed in (a.compose(b), a.compose_pending(b)):
        assert composed.apply(text) == b.apply(a.apply(text))


@settings(max_examples=300)
@given(two_then_one())
def test_history_composed_carries_a_newcomer_exactly_as_one_by_one(
    case: tuple[str, Operation, Operation, Operation],
) -> None:
    _, a, b, c = case
    _, past_a = transform(a, c)
    _, past_both = transform(b, past_a)
    assert transform(a.compose(b), c)[1] == past_both


@settings(max_examples=300)
@given(two_then_one())
def test_a_buffer_composed_carries_history_exactly_as_one_by_one(
    case: tuple[str, Operation, Operation, Operation],
) -> None:
    _, a, b, c = case
    past_a, _ = transform(c, a)
    past_both, _ = transform(past_a, b)
    assert transform(c, a.compose_pending(b))[0] == past_both


@given(concurrent())
def test_a_caret_keeps_its_order_and_left_is_never_right_of_right(
    case: tuple[str, Operation, Operation],
) -> None:
    text, operation, _ = case
    for bias in ("left", "right"):
        mapped = [operation.map(position, bias) for position in range(len(text) + 1)]
        assert mapped == sorted(mapped)
        assert mapped[-1] <= operation.target_length
    for position in range(len(text) + 1):
        assert operation.map(position, "left") <= operation.map(position, "right")


@given(concurrent())
def test_a_caret_goes_where_an_insertion_there_would(
    case: tuple[str, Operation, Operation],
) -> None:
    text, operation, _ = case
    for position in range(len(text) + 1):
        typed = Operation([position, "|", len(text) - position])
        assert (
            transform(operation, typed)[1].apply(operation.apply(text))[operation.map(position)]
            == "|"
        )


@given(st.integers(0, 8), st.data())
def test_the_newcomer_goes_left(length: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, length))
    committed, submitted = (Operation([at, letter, length - at]) for letter in "cs")
    assert transform(committed, submitted)[1] == Operation([at, "s", 1 + length - at])


@given(concurrent())
def test_the_inverse_takes_an_operation_back(case: tuple[str, Operation, Operation]) -> None:
    text, operation, _ = case
    assert operation.invert(text).apply(operation.apply(text)) == text


def test_both_laws_hold_on_every_text_of_up_to_two() -> None:
    """Exhaustive: every a, every b after it, every c beside it."""
    checked = 0
    for length in range(3):
        for a in every_operation(length, "x"):
            beside = list(every_operation(length, "z"))
            after = list(every_operation(a.target_length, "y"))
            checked += both_laws_hold(a, after, beside)
    assert checked == 202_020


def test_both_laws_hold_on_every_text_of_three() -> None:
    """Exhaustive, but for what can be told apart: b and c insert once, and b deletes once."""
    checked = 0
    for a in every_operation(3, "x"):
        beside = list(every_operation(3, "z", inserts=1))
        after = list(every_operation(a.target_length, "y", inserts=1, deletes=1))
        checked += both_laws_hold(a, after, beside)
    assert checked == 135_680


def test_a_form_that_reorders_cannot_have_the_law() -> None:
    """Show that the law fails when a form always moves insertions before deletions."""
    broken = 0
    for a in every_operation(2, "x", inserts=1):
        for b in every_operation(a.target_length, "y", inserts=1):
            joined = insertions_first(a.compose(b))
            for c in every_operation(2, "z", inserts=1):
                one_by_one = transform(insertions_first(b), transform(insertions_first(a), c)[1])[1]
                broken += transform(joined, c)[1] != one_by_one
    assert broken > 0


def both_laws_hold(a: Operation, after: list[Operation], beside: list[Operation]) -> int:
    """Assert them of `a` with everything after and beside it; how many cases that was."""
    composed = [(b, a.compose(b), a.compose_pending(b)) for b in after]
    for c in beside:
        c_past_a, c_carried = transform(a, c)[1], transform(c, a)[0]
        for b, history, buffer in composed:
            assert transform(history, c)[1] == transform(b, c_past_a)[1], (a, b, c)
            assert transform(c, buffer)[0] == transform(c_carried, b)[0], (a, b, c)
    return len(after) * len(beside)


def every_operation(
    length: int, letter: str, *, inserts: int = 99, deletes: int = 99
) -> Iterator[Operation]:
    """Every operation on a text of that length that inserts `letter` at most once in a gap.

    Only those with at most so many insertions and deleted characters.
    """
    for fates in product((1, -1), repeat=length):
        if fates.count(-1) > deletes:
            continue
        for letters in product((letter, ""), repeat=length + 1):
            if letters.count(letter) <= inserts:
                components: list[Component] = [letters[0]]
                for fate, insert in zip(fates, letters[1:], strict=True):
                    components += [fate, insert]
                yield Operation(components)


def insertions_first(operation: Operation) -> Operation:
    """Return the same edit with each insertion moved before the deletions it touches."""
    out: list[Component] = []
    for component in operation.components:
        if isinstance(component, str) and out and isinstance(out[-1], int) and out[-1] < 0:
            out.insert(len(out) - 1, component)
        else:
            out.append(component)
    return Operation(out)
