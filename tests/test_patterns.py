"""Every pattern of a message, a setting or a request takes a text to its very end."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

import collab
from collab import protocol
from collab.room import between


def patterns() -> Iterator[tuple[str, Any]]:
    """Every pattern in the package that says how a text ends, and an annotated type that has it."""
    for module in pkgutil.walk_packages(collab.__path__, "collab."):
        if module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if get_origin(value) is Annotated:
                for part in get_args(value)[1:]:
                    if isinstance(part, Meta) and part.pattern and not part.pattern.endswith("//"):
                        yield part.pattern, value


PATTERNS = dict(patterns())


def test_the_patterns_of_the_protocol_are_among_them() -> None:
    named = {protocol.FileId, protocol.Key, protocol.PersonId, between.ProcessId}
    assert named <= set(PATTERNS.values())


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
def test_a_line_end_after_what_is_good_is_bad(pattern: str, data: st.DataObject) -> None:
    longest = min(part.max_length or 80 for part in get_args(PATTERNS[pattern])[1:])
    good = data.draw(st.from_regex(pattern).filter(lambda text: 0 < len(text) <= longest))
    assert msgspec.convert(good, PATTERNS[pattern]) == good
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(good + "\n", PATTERNS[pattern])
