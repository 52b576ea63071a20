"""Parts of a JSON text are counted as they are, wherever the slices end."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collab.live import shape
from collab.live.shape import TooManyParts, check_parts

_TEXTS = st.text(alphabet='a,"\\[]é', max_size=12)
_VALUES = st.recursive(
    _TEXTS | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner)
)


def commas(value: Any) -> int:
    """Return how many commas divide the parts of a value."""
    match value:
        case list() | dict():
            parts = list(value.values()) if isinstance(value, dict) else value
            return max(0, len(parts) - 1) + sum(map(commas, parts))
    return 0


@pytest.mark.parametrize("size", [1, 2, 3, 65_536])
@settings(max_examples=50, deadline=None)
@given(value=_VALUES, ascii_=st.booleans())
def test_what_is_in_texts_does_not_count(size: int, value: Any, ascii_: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shape, "_SLICE", size)
        for data in (text, text.encode()):
            asyncio.run(check_parts(data, commas(value)))
            with pytest.raises(TooManyParts):
                asyncio.run(check_parts(data, commas(value) - 1))
