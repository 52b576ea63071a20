"""A history is saved in few bytes and read again exactly, and nothing else is taken for one."""

from __future__ import annotations

import lzma
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ot import Operation, OperationError, dump, load
from tests.ot.strategies import operations_on, texts

TYPED = [Operation.patch(n, n, 0, "x") for n in range(1000)]


@st.composite
def logs(draw: st.DrawFn) -> tuple[str, list[Operation]]:
    text = draw(texts)
    operations: list[Operation] = []
    length = len(text)
    for _ in range(draw(st.integers(0, 6))):
        operations.append(draw(operations_on(length)))
        length = operations[-1].target_length
    return text, operations


@given(logs())
def test_what_is_loaded_is_what_was_saved(log: tuple[str, list[Operation]]) -> None:
    text, operations = log
    assert load(dump(text, operations)) == (text, operations)


def test_the_order_of_components_is_kept() -> None:
    for operation in (Operation(["a", -1]), Operation([-1, "a"])):
        assert load(dump("x", [operation])) == ("x", [operation])


def test_typing_costs_next_to_nothing() -> None:
    assert len(dump("", TYPED)) < 200


@given(st.binary(max_size=60), st.integers(0, 60))
@example(b"\x80", 3)  # it has more operations than its columns
def test_no_other_bytes_raise_anything_but_an_operation_error(junk: bytes, cut: int) -> None:
    whole = dump("abc", [Operation([1, "x", -1, 1])])
    for data in (junk, whole[:cut] + junk + whole[cut:], whole[:cut], b"ot\x01" + junk):
        try:
            text, operations = load(data)
        except OperationError:
            continue
        for operation in operations:
            text = operation.apply(text)


def test_one_changed_byte_is_an_error_or_a_history() -> None:
    whole, rng = dump("some text", TYPED[9:40]), Random(1)
    for at in range(len(whole)):
        broken = bytearray(whole)
        broken[at] ^= rng.randrange(1, 256)
        try:
            text, operations = load(bytes(broken))
        except OperationError:
            continue
        for operation in operations:
            text = operation.apply(text)


def test_a_small_file_does_not_become_a_large_text() -> None:
    bomb = dump("x" * 10_000_000, [])
    assert len(bomb) < 10_000
    with pytest.raises(OperationError, match="more than 1000000 bytes, the limit"):
        load(bomb, most=1_000_000)


def test_operations_follow_one_another() -> None:
    with pytest.raises(OperationError, match="operation 1 spans 3 code points, the text has 1"):
        dump("", [Operation(["a"]), Operation([3])])
    with pytest.raises(OperationError, match="bytes, not a"):
        load("ot")  # type: ignore[arg-type]


def test_the_columns_are_what_the_readme_says() -> None:
    data = dump("ab", [Operation([1, "x", -1])])
    numbers = list(data[3:9])
    assert numbers[0] == 1, "operations"
    columns, at = [], 9
    for length in numbers[1:]:
        columns.append(lzma.decompress(data[at : at + length], lzma.FORMAT_ALONE))
        at += length
    assert columns == [b"ab", bytes([2]), bytes([2, 0]), bytes([2, 3]), b"x"]
