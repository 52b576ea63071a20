"""Texts, and operations that fit them."""

from __future__ import annotations

from hypothesis import strategies as st

from ot import Component, Operation

# Few letters, so that texts collide; one is two UTF-16 units long, one is a line end.
texts = st.text(alphabet="ab\n🪐", max_size=8)


@st.composite
def operations_on(draw: st.DrawFn, length: int) -> Operation:
    """An operation that spans a text of `length` code points, any of them."""
    components: list[Component] = []
    left = length
    while left:
        if draw(st.booleans()):
            components.append(draw(st.text(alphabet="xyz🙂", min_size=1, max_size=3)))
        n = draw(st.integers(1, left))
        components.append(n if draw(st.booleans()) else -n)
        left -= n
    if draw(st.booleans()):
        components.append(draw(st.text(alphabet="xyz🙂", min_size=1, max_size=3)))
    return Operation(components)


@st.composite
def concurrent(draw: st.DrawFn) -> tuple[str, Operation, Operation]:
    """A text and two operations on it."""
    text = draw(texts)
    return text, draw(operations_on(len(text))), draw(operations_on(len(text)))


@st.composite
def two_then_one(draw: st.DrawFn) -> tuple[str, Operation, Operation, Operation]:
    """A text, an operation `a` on it, one `b` after `a`, and one `c` beside `a`."""
    text, a, c = draw(concurrent())
    return text, a, draw(operations_on(a.target_length)), c
