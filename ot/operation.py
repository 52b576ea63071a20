"""An edit of a plain text, and the four verbs that work on it.

An `Operation` is one traversal of a text: a list of components that spans it whole.

    5        retain five code points
    "abc"    insert these
    -3       delete three code points

Read it as a map: every character of the base text is kept or deleted, and every *gap* between two
characters (and each end) may receive an insertion. Two insertions cannot share a gap, so the list
is unique once equal neighbours are merged and empty components dropped.

**Order is data.** `["a", -1]` inserts in the gap before the deleted character, `[-1, "a"]` in the
gap after it. Both give the same text; concurrent insertions land on different sides of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Component = int | str
Bias = Literal["left", "right"]

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST = 2**53
"""What every JSON reader takes for an exact integer."""


class OperationError(ValueError):
    """An operation is malformed, or does not fit what it is used with."""


class Operation:
    """An immutable edit of a text of exactly `base_length` code points.

    The constructor normalises: neighbours of one kind are merged, empty components dropped.
    Raises OperationError for anything that is no int or str.
    """

    __slots__ = ("base_length", "components", "target_length")

    components: tuple[Component, ...]
    base_length: int
    target_length: int

    def __init__(self, components: Iterable[Component] = ()) -> None:
        out: list[Component] = []
        for index, component in enumerate(components):
            if type(component) is not int and type(component) is not str:
                raise OperationError(
                    f"component {index} is a {type(component).__name__}, not an int or a str"
                )
            append(out, component)
        _fill(self, out)

    @classmethod
    def decode(cls, value: object) -> Operation:
        """The operation a stranger sent, as parsed from JSON.

        Raises OperationError unless `value` is a list in normal form of ints and well-formed
        strings. Linear in the size of `value`.
        """
        if type(value) is not list:
            raise OperationError(f"an operation is a list, not a {type(value).__name__}")
        kind = 0
        for index, component in enumerate(value):
            before, kind = kind, _kind_of_stranger(index, component)
            if kind == before:
                raise OperationError(f"components {index - 1} and {index} should be one")
        return _fill(cls.__new__(cls), value)

    def encode(self) -> list[Component]:
        """The list form, ready for JSON; `decode` gives an equal operation back."""
        return list(self.components)

    def is_noop(self) -> bool:
        """Whether every text stays as it is."""
        return all(type(c) is int and c > 0 for c in self.components)

    def apply(self, text: str) -> str:
        """The text after this edit. Raises OperationError unless it has `base_length`."""
        if len(text) != self.base_length:
            raise OperationError(
                f"the operation spans {self.base_length} code points, the text has {len(text)}"
            )
        out: list[str] = []
        position = 0
        for c in self.components:
            if type(c) is str:
                out.append(c)
            elif c > 0:  # type: ignore[operator]
                out.append(text[position : position + c])  # type: ignore[operator]
                position += c  # type: ignore[operator]
            else:
                position -= c  # type: ignore[operator]
        return "".join(out)

    def invert(self, text: str) -> Operation:
        """The edit that takes this one back, given the text it was applied to.

        op.invert(text).apply(op.apply(text)) == text
        """
        if len(text) != self.base_length:
            raise OperationError(
                f"the operation spans {self.base_length} code points, the text has {len(text)}"
            )
        out: list[Component] = []
        position = 0
        for c in self.components:
            if isinstance(c, str):
                out.append(-len(c))
            elif c > 0:
                out.append(c)
                position += c
            else:
                out.append(text[position : position - c])
                position -= c
        return _fill(Operation.__new__(Operation), out)

    def compose(self, other: Operation) -> Operation:
        """This edit, then `other`, as one edit of history.

        a.compose(b).apply(text) == b.apply(a.apply(text))
        transform(a.compose(b), c) carries c exactly as over `a`, then over `b`.

        For the second law an insertion of `other` where this edit has deleted stands right of
        the deleted run: whoever comes later goes left of it from any gap of the run.
        """
        return _compose(self, other, deletions_first=True)

    def compose_pending(self, other: Operation) -> Operation:
        """This edit, then `other`, as one edit that is still waiting to be submitted.

        The mirror image of `compose`, for a client's own buffer:
        transform(c, a.compose_pending(b)) carries c exactly as over `a`, then over `b`;
        so an insertion of `other` where this edit has deleted stands left of the deleted run.
        """
        return _compose(self, other, deletions_first=False)

    def map(self, position: int, bias: Bias = "left") -> int:
        """Where a position of the base text (0 … base_length, code points) is afterwards.

        An insertion exactly there pushes it along only with bias "right".
        Raises OperationError when it is out of bounds.
        """
        if not 0 <= position <= self.base_length:
            raise OperationError(f"position {position} is not in 0 … {self.base_length}")
        base = target = 0
        for c in self.components:
            if isinstance(c, str):
                if base == position and bias == "left":
                    break
                target += len(c)
            elif base + abs(c) > position:
                return target + (position - base if c > 0 else 0)
            else:
                base += abs(c)
                target += max(c, 0)
        return target

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Operation) and self.components == other.components

    def __hash__(self) -> int:
        return hash(self.components)

    def __repr__(self) -> str:
        return f"Operation({list(self.components)!r})"


def transform(committed: Operation, submitted: Operation) -> tuple[Operation, Operation]:
    """Carry two concurrent operations past one another.

    Returns (committed', submitted') such that
        committed.compose(submitted') and submitted.compose(committed') give the same text.
    Where both insert in one gap, `submitted`, the newcomer, goes left.
    Exact over `compose` (history) and `compose_pending` (a client's buffer): see test_laws.py.
    Raises OperationError unless both edit texts of one length.
    """
    if committed.base_length != submitted.base_length:
        raise OperationError(
            f"the operations span {committed.base_length} and {submitted.base_length} code points"
        )
    after: list[Component] = []  # committed', to apply after submitted
    rebased: list[Component] = []  # submitted', to apply after committed
    ours = iter(submitted.components)
    theirs = iter(committed.components)
    s: Component = next(ours, 0)
    c: Component = next(theirs, 0)
    while s or c:
        if isinstance(s, str):
            append(rebased, s)
            append(after, len(s))
            s = next(ours, 0)
        elif isinstance(c, str):
            append(after, c)
            append(rebased, len(c))
            c = next(theirs, 0)
        else:
            n = min(abs(s), abs(c))
            if s > 0 and c > 0:
                append(after, n)
                append(rebased, n)
            elif s > 0:
                append(after, -n)
            elif c > 0:
                append(rebased, -n)
            s = (s - n if s > 0 else s + n) or next(ours, 0)
            c = (c - n if c > 0 else c + n) or next(theirs, 0)
    return (
        _fill(Operation.__new__(Operation), after),
        _fill(Operation.__new__(Operation), rebased),
    )


def append(out: list[Component], component: Component) -> None:
    """Add one component to a list in normal form, and keep it so."""
    if not component:
        return
    last = out[-1] if out else 0
    if isinstance(component, str):
        if isinstance(last, str):
            out[-1] = last + component
            return
    elif isinstance(last, int) and (last > 0) == (component > 0) and last:
        out[-1] = last + component
        return
    out.append(component)


def _compose(first: Operation, second: Operation, *, deletions_first: bool) -> Operation:
    if first.target_length != second.base_length:
        raise OperationError(
            f"the first operation leaves {first.target_length} code points, "
            f"the second spans {second.base_length}"
        )
    out: list[Component] = []
    left = iter(first.components)
    right = iter(second.components)
    a: Component = next(left, 0)
    b: Component = next(right, 0)
    used = 0  # how much of the insertion `a` is already placed or deleted again
    while a or b:
        deletes = isinstance(a, int) and a < 0
        inserts = isinstance(b, str)
        if deletes and (deletions_first or not inserts):
            append(out, a)
            a = next(left, 0)
        elif inserts:
            append(out, b)
            b = next(right, 0)
        elif isinstance(a, str):
            assert isinstance(b, int)
            n = min(len(a) - used, abs(b))
            if b > 0:
                append(out, a[used : used + n])
            used += n
            b = (b - n if b > 0 else b + n) or next(right, 0)
            if used == len(a):
                a, used = next(left, 0), 0
        else:
            assert isinstance(b, int)
            n = min(a, abs(b))
            append(out, n if b > 0 else -n)
            a = (a - n) or next(left, 0)
            b = (b - n if b > 0 else b + n) or next(right, 0)
    return _fill(Operation.__new__(Operation), out)


def _fill(operation: Operation, components: Iterable[Component]) -> Operation:
    """Give a fresh operation its components, which are in normal form."""
    base = target = 0
    components = tuple(components)
    for c in components:
        if isinstance(c, str):
            target += len(c)
        elif c > 0:
            base += c
            target += c
        else:
            base -= c
    operation.components = components
    operation.base_length = base
    operation.target_length = target
    return operation


def _kind_of_stranger(index: int, component: object) -> int:
    """1 retain, 2 insert, 3 delete; raises OperationError for what is none of them."""
    if type(component) is str:
        if not component:
            raise OperationError(f"component {index} inserts nothing")
        if not component.isascii() and (lone := _LONE_SURROGATE.search(component)):
            raise OperationError(
                f"component {index} has a lone surrogate, U+{ord(lone.group()):04X}"
            )
        return 2
    if type(component) is int:
        if component == 0:
            raise OperationError(f"component {index} is 0")
        if not -_LARGEST <= component <= _LARGEST:
            raise OperationError(f"component {index} is beyond {_LARGEST}")
        return 1 if component > 0 else 3
    raise OperationError(f"component {index} is a {type(component).__name__}, not an int or a str")
