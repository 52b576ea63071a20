"""Every pattern of a message, a setting or a request takes a text to its very end."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

import collab
from collab import protocol
from collab.room import between


def patterns() -> Iterator[tuple[str, Any]]:
    """Every pattern in the package that says how a text ends, and an annotated type that has it.

    One that takes a line end in the middle is of free text, and may take one at the end.
    """
    for module in pkgutil.walk_packages(collab.__path__, "collab."):
        if module.name.endswith("__main__"):
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if get_origin(value) is Annotated:
                for part in get_args(value)[1:]:
                    if not isinstance(part, Meta) or not part.pattern:
                        continue
                    if not part.pattern.endswith("//") and not re.search(part.pattern, "a\nb"):
                        yield part.pattern, value


PATTERNS = dict(patterns())


def test_the_patterns_of_the_protocol_are_among_them() -> None:
    named = {protocol.FileId, protocol.Key, protocol.PersonId, between.ProcessId}
    assert named <= set(PATTERNS.values())


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
@settings(max_examples=20)
def test_a_line_end_after_what_is_good_is_bad(pattern: str, data: st.DataObject) -> None:
    longest = min(part.max_length or 80 for part in get_args(PATTERNS[pattern])[1:])
    good = data.draw(st.from_regex(pattern).filter(lambda text: 0 < len(text) <= longest))
    assert msgspec.convert(good, PATTERNS[pattern]) == good
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(good + "\n", PATTERNS[pattern])
