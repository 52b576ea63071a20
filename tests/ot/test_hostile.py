"""Every value that strangers send is an operation, or raises an OperationError that names the
component at fault.
"""

from __future__ import annotations

import json
import math
import re
import sys
from itertools import pairwise
from types import FrameType
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import ot
from ot import Operation, OperationError, transform

LARGEST = 2**53

whole_numbers = (
    st.integers(-3, 3)
    | st.integers()
    | st.sampled_from([LARGEST, -LARGEST, LARGEST + 1, -LARGEST - 1, 2**64, -(10**400)])
)
# Surrogates too, which no text has and JSON may spell.
strings = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=4)
scalars = st.none() | st.booleans() | st.floats() | whole_numbers | strings
others = st.binary(max_size=3) | st.tuples(st.integers()) | st.frozensets(st.integers())
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=3),
    max_leaves=8,
)
components = st.integers(-5, 5) | st.text("ab🪐", max_size=3)
hostile = (
    json_values
    | others
    | st.lists(components)
    | st.lists(components | json_values | others, max_size=8)
)

COMPLAINTS = [
    r"an operation is a list, not a \w+",
    r"component (\d+) is a \w+, not an int or a str",
    r"component (\d+) is 0",
    rf"component (\d+) is beyond {LARGEST}",
    r"component (\d+) inserts nothing",
    r"component (\d+) has a lone surrogate, U\+D[89A-F][0-9A-F]{2}",
    r"components (\d+) and (\d+) should be one",
]


def is_sound(component: object) -> bool:
    """Tell whether the value is a component at all, by the plain definition."""
    if type(component) is int:
        return 0 < abs(component) <= LARGEST
    return (
        type(component) is str
        and component != ""
        and not any(0xD800 <= ord(c) <= 0xDFFF for c in component)
    )


def kind(component: Any) -> str:
    return "insert" if type(component) is str else "retain" if component > 0 else "delete"


def is_sound_operation(value: object) -> bool:
    """Tell whether the value is a list in normal form, by the plain definition."""
    return (
        type(value) is list
        and all(map(is_sound, value))
        and all(kind(a) != kind(b) for a, b in pairwise(value))
    )


def check(value: Any) -> None:
    """It is decoded, or refused with words that name the component at fault."""
    if is_sound_operation(value):
        operation = Operation.decode(value)
        assert operation.encode() == value
        assert json.dumps(operation.encode()) == json.dumps(value)
        use(operation)
    else:
        with pytest.raises(OperationError) as refused:
            Operation.decode(value)
        check_words(str(refused.value), value)


def check_words(words: str, value: Any) -> None:
    """They are short, and name a component that is wrong; or two, that should be one."""
    complaint = next(m for c in COMPLAINTS if (m := re.fullmatch(c, words)))
    match [int(place) for place in complaint.groups()]:
        case []:
            assert type(value) is not list
        case [place]:
            assert not is_sound(value[place])
        case [place, following]:
            assert following == place + 1
            assert kind(value[place]) == kind(value[following])


def use(operation: Operation) -> None:
    """Check that an accepted operation works like any other, however long its text is."""
    assert operation == Operation(operation.components)
    after_it, rebased = transform(operation, operation)
    one_way, other_way = operation.compose(rebased), operation.compose_pending(after_it)
    assert one_way.base_length == other_way.base_length == operation.base_length
    assert one_way.target_length == other_way.target_length
    if operation.base_length < 1000:
        text = "t" * operation.base_length
        after = operation.apply(text)
        assert len(after) == operation.target_length
        assert operation.invert(text).apply(after) == text


@settings(max_examples=1000)
@given(hostile)
@example([1, True])
@example([math.nan])
@example([math.inf, -math.inf])
@example([1, 0.0])
@example([-(10**5000)])
@example([LARGEST, -LARGEST, "a"])
@example(["a\ud800", 1])
@example(["\udc00\ud800", 1])
@example([[[[]]]])
def test_a_stranger_sends_an_operation_or_hears_which_component_is_wrong(value: object) -> None:
    check(value)


@settings(max_examples=500)
@given(json_values | st.lists(components | json_values, max_size=8), st.booleans())
def test_so_it_is_through_json(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    check(json.loads(text))
    try:
        decoded = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return  # NaN, infinities and lone surrogates are no JSON to it
    check(decoded)


@settings(max_examples=300)
@given(
    st.lists(components, max_size=8),
    st.none() | st.integers(0, 8),
    st.none() | st.integers(0, 12),
    st.none() | st.integers(0, 20),
)
def test_what_is_within_the_bounds_is_accepted_and_what_is_beyond_one_is_not(
    loose: list[int | str],
    most_components: int | None,
    most_inserted: int | None,
    longest: int | None,
) -> None:
    operation = Operation(loose)
    value = operation.encode()
    sizes = [
        (len(value), most_components),
        (sum(len(c) for c in value if isinstance(c, str)), most_inserted),
        (max(operation.base_length, operation.target_length), longest),
    ]
    bounds: dict[str, int | None] = {
        "most_components": most_components,
        "most_inserted": most_inserted,
        "longest": longest,
    }
    exceeded = [bound for size, bound in sizes if bound is not None and size > bound]
    if exceeded:
        with pytest.raises(OperationError, match=f"the limit is {exceeded[0]}$"):
            Operation.decode(value, **bounds)
    else:
        assert Operation.decode(value, **bounds) == operation


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1, "a"] * 100_000 + [0], "component 200000 is 0"),
        ([1, "a"] * 100_000 + [[[]] * 100_000], "component 200000 is a list, not an int or a str"),
        (["a" * 1_000_000 + "\ud83e"], "component 0 has a lone surrogate, U+D83E"),
        ([{"a" * 1_000_000: None}], "component 0 is a dict, not an int or a str"),
        ("a" * 1_000_000, "an operation is a list, not a str"),
        ([10**100_000], f"component 0 is beyond {LARGEST}"),
    ],
    ids=["list", "nested", "string", "dict", "no list", "integer"],
)
def test_what_is_very_long_is_refused_in_few_words(value: object, words: str) -> None:
    with pytest.raises(OperationError) as refused:
        Operation.decode(value)
    assert str(refused.value) == words


def test_more_components_than_allowed_are_refused_without_looking_at_them() -> None:
    with pytest.raises(OperationError, match="has 300000 components, the limit is 3"):
        Operation.decode([None] * 300_000, most_components=3)


@pytest.mark.skipif(ot.compiled, reason="machine code has no lines to count")
@pytest.mark.parametrize("pattern", [[1, "a"], [-1, "🪐"], [1, -1, "abc"]])
def test_twice_as_many_components_take_twice_as_many_steps(pattern: list[int | str]) -> None:
    steps = [lines_run(pattern * n) for n in (0, 500, 1000)]
    assert 0 < steps[2] - steps[1] == steps[1] - steps[0]


def lines_run(value: object) -> int:
    """Return how many lines of `ot` run to decode it, without the garbage collector's."""
    lines = 0

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal lines
        if frame.f_globals["__name__"].partition(".")[0] != "ot":
            return None
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        Operation.decode(value)
    finally:
        sys.settrace(before)
    return lines
