"""Calls with arguments of which one may be wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st

from ot import (
    Batch,
    Document,
    Operation,
    OperationError,
)

BAD: list[Any] = [
    None, True, 1.0, float("nan"), -1, -(10**30), 10**30, b"a", "\ud800", "a\udfff", "left?",
    [], [None], (), (1,), (1, 2, 3, 4), {}, {1, 2, 3}, object(), Operation([10**6]),
    Operation(["x"]),
]  # fmt: skip


class OwnError(Exception):
    """The error that an iterable of the caller raises."""


def breaks_after(values: list[Any]) -> Iterator[Any]:
    yield from values
    raise OwnError


small = st.integers(0, 6)
letters = st.text("ab🪐", max_size=3)
patches = st.tuples(small, st.integers(0, 3), letters)
components = st.lists(st.integers(-4, 4) | letters, max_size=4)


@st.composite
def calls(draw: st.DrawFn, *arguments: st.SearchStrategy[Any]) -> list[Any]:
    """The arguments of a call, of which one, or a part of one, may be bad."""
    values = [draw(argument) for argument in arguments]
    if draw(st.integers(0, 2)) == 0:
        return values
    at = draw(st.integers(0, len(values) - 1))
    value = values[at]
    if isinstance(value, list | tuple) and value and draw(st.booleans()):
        parts = list(value)
        inner = draw(st.integers(0, len(parts) - 1))
        part = parts[inner]
        if isinstance(part, tuple) and draw(st.booleans()):
            leaves = list(part)
            leaves[draw(st.integers(0, len(leaves) - 1))] = draw(st.sampled_from(BAD))
            parts[inner] = tuple(leaves)
        else:
            parts[inner] = draw(st.sampled_from(BAD))
        values[at] = tuple(parts) if isinstance(value, tuple) else parts
    elif isinstance(value, list) and draw(st.booleans()):
        values[at] = breaks_after(value)
    else:
        values[at] = draw(st.sampled_from(BAD))
    return values


def is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def is_text(value: object) -> bool:
    return type(value) is str and not any(0xD800 <= ord(c) <= 0xDFFF for c in value)


def patched(text: str, patch: Any) -> str | None:
    """The text after a patch; None when it is none, or does not fit."""
    if not isinstance(patch, tuple | list) or len(patch) != 3:
        return None
    position, deleted, inserted = patch
    if not (is_count(position) and is_count(deleted) and is_text(inserted)):
        return None
    if position + deleted > len(text):
        return None
    after: str = text[:position] + inserted + text[position + deleted :]
    return after


def patched_all(text: str, given: Any) -> str | None:
    if not isinstance(given, tuple | list | dict | set):  # an empty one of any kind has no patch
        return None
    after: str | None = text
    for patch in given:
        after = None if after is None else patched(after, patch)
    return after


def applied(text: str, operation: Any) -> str | None:
    if isinstance(operation, Operation) and operation.base_length == len(text):
        return operation.apply(text)
    return None


def outcome(call: Callable[[], Any], *, good: bool) -> list[Any]:
    """Return the result of a good call in a list. A bad call must raise OperationError or
    OwnError; it gives an empty list.
    """
    if good:
        return [call()]
    with pytest.raises((OperationError, OwnError)):
        call()
    return []


def operation_on(text: str, given: Any) -> Any:
    """An operation that fits the text, made of a list of components; what is bad stays so."""
    if not isinstance(given, list) or not all(type(c) is int or is_text(c) for c in given):
        return given
    rest = len(text)
    fitted: list[int | str] = []
    for c in given:
        if isinstance(c, str):
            fitted.append(c)
        elif abs(c) <= rest:
            fitted.append(c)
            rest -= abs(c)
    return Operation([*fitted, rest])


Step = tuple[str, list[Any]]


def editing(whole: str) -> st.SearchStrategy[list[Step]]:
    """Edits of a text by patches, and by operations, which the method of this name takes."""
    return st.lists(
        st.one_of(
            st.tuples(st.just("replace"), calls(small, small, letters)),
            st.tuples(st.just("replace_all"), calls(st.lists(patches, max_size=4))),
            st.tuples(st.just(whole), calls(components)),
        ),
        max_size=6,
    )


def edit_step(edited: Document | Batch, text: str, step: Step) -> str:
    """Take a step, and return the text after it. One that is bad must change nothing."""
    name, arguments = step
    if name == "replace":
        after = patched(text, tuple(arguments))
    elif name == "replace_all":
        after = patched_all(text, arguments[0])
    else:
        arguments[0] = operation_on(text, arguments[0])
        after = applied(text, arguments[0])
    if outcome(partial(getattr(edited, name), *arguments), good=after is not None):
        assert after is not None
        return after
    return text
