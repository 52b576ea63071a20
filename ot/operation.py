"""An edit of a plain text, and the functions that work on it.

An `Operation` is a list of components that goes through a whole text from start to end.

    5        retain five code points
    "abc"    insert these three
    -3       delete three code points

Every character of the base text is kept or deleted, and every *gap* between two characters (and at
each end) may have an insertion. Two insertions cannot share a gap, so the list is unique once
neighbours of one kind are merged and empty components dropped.

**Order is data.** `["a", -1]` inserts in the gap before the deleted character, `[-1, "a"]` in the
gap after it. Both give the same text, but concurrent insertions land on different sides of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Any, Literal

from ot import fast
from ot.errors import OperationError, Patch, check_count, check_edit, check_text, listed, name_of
from ot.plain import Component

Bias = Literal["left", "right"]
_LARGEST = 2**53
"""The largest integer that every JSON reader reads exactly."""


class Operation:
    """An immutable edit of a text of exactly `base_length` code points.

    The constructor merges neighbouring components of one kind and drops empty ones.
    Raises OperationError for a component that is no int or well-formed str.
    """

    __slots__ = ("_index", "base_length", "components", "target_length")

    components: tuple[Component, ...]
    base_length: int
    target_length: int
    _index: tuple[list[int], list[int]] | None

    def __init__(self, components: Iterable[Component] = ()) -> None:
        given = listed(components, "components")
        self.base_length, self.target_length, is_normal = _measure(given)
        self.components = tuple(given if is_normal else fast.normal(given))
        self._index = None

    @classmethod
    def patch(cls, length: int, position: int, deleted: int = 0, inserted: str = "") -> Operation:
        """Make one edit of a text of `length`: insert at `position`, and delete after that.

        Raises OperationError if it reaches beyond the text or is malformed.
        """
        check_count(length, "the length of the text")
        check_edit(position, deleted, inserted, length)
        rest = length - position - deleted
        if not inserted and not deleted:
            position, rest = length, 0
        components: list[Component] = [c for c in (position, inserted, -deleted, rest) if c]
        return made(components, length, length - deleted + len(inserted))

    @classmethod
    def decode(
        cls,
        value: object,
        *,
        most_components: int | None = None,
        most_inserted: int | None = None,
        longest: int | None = None,
    ) -> Operation:
        """Make an operation of parsed JSON from an untrusted client, in linear time.

        Raises OperationError unless `value` is a list in normal form of ints and well-formed
        strings, or if it has too many components, inserts too many code points, or if the text
        before or after it is too long.
        """
        if type(value) is not list:
            raise OperationError(f"an operation is a list, not a {name_of(value)}")
        if most_components is not None and len(value) > most_components:
            raise OperationError(
                f"the operation has {len(value)} components, the limit is {most_components}"
            )
        kind = ""
        base = retained = inserted = 0
        for index, component in enumerate(value):
            before, kind = kind, _kind_of_stranger(index, component)
            if kind == before:
                raise OperationError(f"components {index - 1} and {index} should be one")
            if kind == "insert":
                inserted += len(component)
            else:
                base += abs(component)
                retained += component if kind == "retain" else 0
        if most_inserted is not None and inserted > most_inserted:
            raise OperationError(
                f"the operation inserts {inserted} code points, the limit is {most_inserted}"
            )
        length = max(base, retained + inserted)
        if longest is not None and length > longest:
            raise OperationError(
                f"the operation is for texts of {length} code points, the limit is {longest}"
            )
        return made(value, base, retained + inserted)

    def encode(self) -> list[Component]:
        """Return the operation as a list, ready for JSON. `decode` makes an equal one of it."""
        return list(self.components)

    def as_patch(self) -> Patch | None:
        """Return the operation as one patch; None if it is several, or deletes first."""
        components: tuple[Any, ...] = self.components
        if len(components) == 3:  # most are typing within the text
            first, typed, last = components
            if type(typed) is str and type(first) is int and type(last) is int and first > 0 < last:
                return first, 0, typed
        at = position = deleted = 0
        inserted = ""
        end = len(components)
        if at < end and type(components[at]) is int and components[at] > 0:
            position = components[at]
            at += 1
        if at < end and type(components[at]) is str:
            inserted = components[at]
            at += 1
        if at < end and type(components[at]) is int and components[at] < 0:
            deleted = -components[at]
            at += 1
        if at == end or (at == end - 1 and type(components[at]) is int and components[at] > 0):
            return position, deleted, inserted
        return None

    def is_noop(self) -> bool:
        """Tell if the operation leaves every text unchanged."""
        return all(type(c) is int and c > 0 for c in self.components)

    def apply(self, text: str) -> str:
        """Return the text after this edit. Raises OperationError unless it has `base_length`."""
        self._expect(text)
        out: list[str] = []
        position = 0
        c: Any
        for c in self.components:
            if type(c) is str:
                out.append(c)
            elif c > 0:
                out.append(text[position : position + c])
                position += c
            else:
                position -= c
        return "".join(out)

    def invert(self, text: str) -> Operation:
        """Return the edit that takes this one back. `text` is the text before this edit.

        op.invert(text).apply(op.apply(text)) == text

        Raises OperationError unless the text has `base_length`, or if the deleted text has a lone
        surrogate.
        """
        self._expect(text)
        return inverse(self, lambda start, end: text[start:end])

    def compose(self, other: Operation) -> Operation:
        """Return this edit, then `other`, as one edit of history.

        a.compose(b).apply(text) == b.apply(a.apply(text))
        transform(a.compose(b), c) carries c exactly as over `a`, then over `b`.

        For the second law, an insertion of `other` where this edit has deleted stands right of
        the deleted run, because a newcomer goes left of it from any gap of the run.
        """
        return self._compose(other, deletions_first=True)

    def compose_pending(self, other: Operation) -> Operation:
        """Return this edit, then `other`, as one edit that is still waiting to be submitted.

        This is the mirror image of `compose`, for a client's own buffer:
        transform(c, a.compose_pending(b)) carries c exactly as over `a`, then over `b`.
        So an insertion of `other` where this edit has deleted stands left of the deleted run.
        """
        return self._compose(other, deletions_first=False)

    def _compose(self, other: Operation, *, deletions_first: bool) -> Operation:
        check_operation(other)
        if self.target_length != other.base_length:
            raise OperationError(
                f"the first operation leaves {self.target_length} code points, "
                f"the second spans {other.base_length}"
            )
        components = fast.compose(
            self.components, other.components, deletions_first=deletions_first
        )
        return made(components, self.base_length, other.target_length)

    def split(self, *, most_components: int, most_inserted: int) -> list[Operation]:
        """Split this edit into bounded edits that follow one another, from the end to the start.

        compose_all(op.split(...)) == op, also with `pending`. So an insertion always stays with a
        deletion right of it. `most_components` is at least 4.
        """
        check_count(most_components, "the most components of a piece", 4)
        check_count(most_inserted, "the most code points a piece inserts", 1)
        rest: list[Any] = list(self.components)
        ahead, behind = self.base_length, 0  # code points left of the piece, and right of it
        pieces: list[Operation] = []
        while rest:
            piece: list[Any] = []
            room = most_inserted
            while rest and room and (len(piece) < most_components - 3 or _replaces(rest, piece)):
                c = rest.pop()
                if type(c) is str:
                    if len(c) > room:
                        rest.append(c[:-room])
                        c = c[-room:]
                    room -= len(c)
                else:
                    ahead -= abs(c)
                piece.append(c)
            operation = Operation([ahead, *reversed(piece), behind])
            behind = operation.target_length - ahead
            if not operation.is_noop():
                pieces.append(operation)
        return pieces

    def map(self, position: int, bias: Bias = "left") -> int:
        """Carry a position of the base text (0 … base_length, code points) over the operation.

        An insertion exactly there pushes it along only with bias "right".
        Takes logarithmic time after the first call, which takes linear time.
        Raises OperationError if the position is out of bounds, and for an unknown bias.
        """
        check_bias(bias)
        if type(position) is not int or not 0 <= position <= self.base_length:
            raise OperationError(f"position {position} is not in 0 … {self.base_length}")
        bases, targets = self.starts()
        at = bisect_left(bases, position)
        if bases[at] > position:  # the position is within the component before
            component = self.components[at - 1]
            retained = isinstance(component, int) and component > 0
            return targets[at - 1] + (position - bases[at - 1] if retained else 0)
        if bias == "right" and at < len(self.components):
            component = self.components[at]
            return targets[at] + (len(component) if isinstance(component, str) else 0)
        return targets[at]

    def starts(self) -> tuple[list[int], list[int]]:
        """Return where each component begins in the base text and the target, and the ends."""
        if self._index is None:
            components: tuple[Any, ...] = self.components
            self._index = (
                list(accumulate([0 if type(c) is str else abs(c) for c in components], initial=0)),
                list(
                    accumulate(
                        [len(c) if type(c) is str else max(c, 0) for c in components], initial=0
                    )
                ),
            )
        return self._index

    def _expect(self, text: str) -> None:
        if type(text) is not str:
            raise OperationError(f"the text is a {name_of(text)}, not a str")
        if len(text) != self.base_length:
            raise OperationError(
                f"the operation spans {self.base_length} code points, the text has {len(text)}"
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Operation) and self.components == other.components

    def __hash__(self) -> int:
        return hash(self.components)

    def __repr__(self) -> str:
        return f"Operation({list(self.components)!r})"


def inverse(operation: Operation, cut: Callable[[int, int], str]) -> Operation:
    """Return the edit that takes an operation back. `cut` gives the text before the operation, from
    one position to another, so that it need not be read whole.

    Raises OperationError if the deleted text has a lone surrogate.
    """
    out: list[Component] = []
    position = 0
    c: Any
    for c in operation.components:
        if type(c) is str:
            out.append(-len(c))
        elif c > 0:
            out.append(c)
            position += c
        else:
            removed = cut(position, position - c)
            if not removed.isascii():
                check_text(removed, "the deleted text")
            out.append(removed)
            position -= c
    return made(out, operation.target_length, operation.base_length)


def check_bias(value: object) -> None:
    """Raise OperationError unless `value` is a Bias."""
    if value not in ("left", "right"):
        raise OperationError(f"a bias is left or right, not {value!r:.40}")


def check_operation(value: object) -> None:
    """Raise OperationError unless `value` is an Operation."""
    if not isinstance(value, Operation):
        raise OperationError(f"a {name_of(value)} is no Operation")


def made(components: Iterable[Component], base_length: int, target_length: int) -> Operation:
    """Make an operation of components in normal form with these lengths. Checks nothing."""
    operation = Operation.__new__(Operation)
    operation.components = tuple(components)
    operation.base_length = base_length
    operation.target_length = target_length
    operation._index = None  # noqa: SLF001
    return operation


def _measure(components: list[Any]) -> tuple[int, int, bool]:
    """Return the lengths of the base text and the target, and whether this is the normal form.

    Raises OperationError for a component that is no int or well-formed str.
    """
    base = target = 0
    kind = before = ""
    is_normal = True
    for index, c in enumerate(components):
        if type(c) is str:
            if not c.isascii():
                check_text(c, f"component {index}")
            target += len(c)
            kind = "insert"
        elif type(c) is not int:
            raise OperationError(f"component {index} is a {name_of(c)}, not an int or a str")
        elif c > 0:
            base += c
            target += c
            kind = "retain"
        else:
            base -= c
            kind = "delete"
        if kind == before or not c:
            is_normal = False
        before = kind
    return base, target, is_normal


def _replaces(rest: list[Any], piece: list[Any]) -> bool:
    """Tell if the next component of `rest` inserts and the last one of `piece` deletes."""
    return bool(piece) and type(rest[-1]) is str and type(piece[-1]) is int and piece[-1] < 0


def _kind_of_stranger(index: int, component: object) -> str:
    """Return the kind of a component. Raises OperationError if it is none."""
    if type(component) is str:
        if not component:
            raise OperationError(f"component {index} inserts nothing")
        check_text(component, f"component {index}")
        return "insert"
    if type(component) is int:
        if component == 0:
            raise OperationError(f"component {index} is 0")
        if not -_LARGEST <= component <= _LARGEST:
            raise OperationError(f"component {index} is beyond {_LARGEST}")
        return "retain" if component > 0 else "delete"
    raise OperationError(f"component {index} is a {name_of(component)}, not an int or a str")
