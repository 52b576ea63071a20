"""Operations, one behaviour a test, in a notation that fits on a line:

=2 retains two, -3 deletes three, +abc inserts abc.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ot import Component, Operation, OperationError, compose_all, transform
from tests.ot.strategies import operations_on


def op(notation: str) -> Operation:
    components: list[Component] = []
    for word in notation.split():
        kind, rest = word[0], word[1:]
        components.append(rest if kind == "+" else int(rest) if kind == "=" else -int(rest))
    return Operation(components)


@pytest.mark.parametrize(
    ("committed", "submitted", "rebased"),
    [
        ("=2 +x", "=2 +y", "=2 +y =1"),  # the newcomer goes left
        ("-4", "=2 +y =2", "+y"),  # an insertion survives a deletion around it
        ("-2 =2", "-3 =1", "-1 =1"),  # what both delete is deleted once
        ("=1 +x =3", "-4", "-1 =1 -3"),  # a deletion spares what came into it
        ("-1 +x =1", "+y =2", "+y =2"),  # before the deleted character: left of the insertion
        ("-1 +x =1", "=1 +y =1", "+y =2"),  # after it, in the same gap: still left
        ("+x -1 =1", "=1 +y =1", "=1 +y =1"),  # order is data: this one lies right of it
    ],
)
def test_transform_rebases(committed: str, submitted: str, rebased: str) -> None:
    assert transform(op(committed), op(submitted))[1] == op(rebased)


@pytest.mark.parametrize(
    ("first", "second", "composed", "pending"),
    [
        ("=2 +ab", "=4 +c", "=2 +abc", "=2 +abc"),  # typing goes on
        ("=2 +ab", "=3 -1", "=2 +a", "=2 +a"),  # and is taken back
        ("-2", "+x", "-2 +x", "+x -2"),  # the two forms differ where text was deleted
        ("-1 +w -1", "+x =1", "-1 +xw -1", "+x -1 +w -1"),
    ],
)
def test_compose_and_its_mirror_image(first: str, second: str, composed: str, pending: str) -> None:
    assert op(first).compose(op(second)) == op(composed)
    assert op(first).compose_pending(op(second)) == op(pending)


def test_the_constructor_normalises_but_keeps_the_order() -> None:
    assert Operation([0, 1, 2, "", "a", "b", -1, -2]).components == (3, "ab", -3)
    assert Operation(["a", -1]) != Operation([-1, "a"])


def test_equal_operations_are_interchangeable() -> None:
    assert {op("=1 +a"), Operation([1, "a"])} == {op("=1 +a")}
    assert repr(op("=1 +a")) == "Operation([1, 'a'])"


@pytest.mark.parametrize(
    ("position", "bias", "mapped"),
    [
        (0, "left", 0),
        (1, "left", 1),  # stays left of others' insertions
        (1, "right", 3),
        (2, "left", 4),
        (3, "left", 4),  # in a deleted stretch: where it was
        (4, "left", 4),
        (5, "left", 5),
    ],
)
def test_a_position_is_mapped(position: int, bias: str, mapped: int) -> None:
    assert op("=1 +xy =1 -2 =1").map(position, bias) == mapped  # type: ignore[arg-type]


def test_a_position_and_an_insertion_inside_a_deletion_keep_their_order() -> None:
    inside = op("-2 +x -2")
    assert [inside.map(position) for position in range(5)] == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("position", [-1, 3])
def test_a_position_out_of_bounds_is_an_error_with_its_numbers(position: int) -> None:
    with pytest.raises(OperationError, match=rf"position {position} is not in 0 … 2"):
        op("=2").map(position)


def test_what_does_not_fit_is_an_error_with_both_numbers() -> None:
    with pytest.raises(OperationError, match="spans 2 code points, the text has 3"):
        op("=2").apply("abc")
    with pytest.raises(OperationError, match="spans 2 code points, the text has 3"):
        op("=2").invert("abc")
    with pytest.raises(OperationError, match="leaves 1 code points, the second spans 3"):
        op("=1").compose(op("=3"))
    with pytest.raises(OperationError, match="span 1 and 3 code points"):
        transform(op("=1"), op("=3"))


@pytest.mark.parametrize("component", [1.0, True, None, ["a"], b"a"])
def test_a_component_is_an_int_or_a_str(component: object) -> None:
    with pytest.raises(OperationError, match="component 1 is a"):
        Operation([1, component])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("abc", "a list, not a str"),
        ({}, "a list, not a dict"),
        (None, "a list, not a NoneType"),
        ([1, True], "component 1 is a bool"),
        ([1.5], "component 0 is a float"),
        ([float("nan")], "component 0 is a float"),
        ([1, ["a"]], "component 1 is a list"),
        ([1, 0], "component 1 is 0"),
        ([-(10**5000)], "component 0 is beyond 9007199254740992"),
        ([1, ""], "component 1 inserts nothing"),
        (["a", "b"], "components 0 and 1 should be one"),
        ([1, "a", -1, -2], "components 2 and 3 should be one"),
        (["a\ud800"], r"component 0 has a lone surrogate, U\+D800"),
    ],
)
def test_a_stranger_is_told_what_is_wrong(value: object, words: str) -> None:
    with pytest.raises(OperationError, match=words):
        Operation.decode(value)


def test_decode_gives_back_what_encode_gave() -> None:
    operation = op("=1 +🪐 -2 =5")
    assert Operation.decode(operation.encode()) == operation
    assert (operation.base_length, operation.target_length) == (8, 7)


def test_an_operation_error_is_a_value_error() -> None:
    assert issubclass(OperationError, ValueError)


def test_a_noop_is_known() -> None:
    assert op("=5").is_noop()
    assert Operation([]).is_noop()
    assert not op("=5 -1").is_noop()


@settings(max_examples=300)
@given(operations_on(12), st.integers(4, 7), st.integers(1, 4))
def test_a_large_operation_is_the_composition_of_bounded_ones(
    operation: Operation, most_components: int, most_inserted: int
) -> None:
    pieces = operation.split(most_components=most_components, most_inserted=most_inserted)
    for piece in pieces:
        assert len(piece.components) <= most_components
        assert sum(len(c) for c in piece.components if isinstance(c, str)) <= most_inserted
    for pending in (False, True):
        together = compose_all([Operation([12]), *pieces], pending=pending)
        assert together == operation


def test_a_patch_beyond_the_text_is_refused() -> None:
    for patch in ((-1, 0, "a"), (2, 2, ""), (4, 0, "a"), (1, -1, "a")):
        with pytest.raises(OperationError, match="not within 0 … 3"):
            Operation.patch(3, *patch)


def test_decode_says_which_bound_is_exceeded() -> None:
    wire = [2, "abc", -3, 4]
    Operation.decode(wire, most_components=4, most_inserted=3, longest=9)
    for bound, words in (
        ({"most_components": 3}, "has 4 components, the limit is 3"),
        ({"most_inserted": 2}, "inserts 3 code points, the limit is 2"),
        ({"longest": 8}, "for texts of 9 code points, the limit is 8"),
    ):
        with pytest.raises(OperationError, match=words):
            Operation.decode(wire, **bound)
