"""A text with cheap edits, from a kilobyte to ten megabytes.

The text is a *gap buffer of chunks*: whole chunks left and right of the chunk that was last edited,
which is cut in two at the cursor. An edit near the last one costs one chunk. An edit far away moves
the whole chunks between from one side to the other. Each side knows where its chunks end, counted
from its own end of the text, so an edit at the cursor does not change that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from math import isqrt
from operator import sub
from typing import Any
from zlib import crc32

from ot.errors import (
    OperationError,
    Patch,
    check_edit,
    check_text,
    complain,
    is_well_formed,
    listed,
)
from ot.operation import Operation, check_operation
from ot.typed import Typed

_CHUNK = 4096
"""The least code points of a chunk. Chunks grow with the square root of the text's length."""


def checksum(text: str) -> int:
    """Return the CRC-32 of a text in UTF-8: 0 … 2**32 - 1.

    Raises OperationError for lone surrogates.
    """
    check_text(text, "the text")
    return crc32(text.encode())


class _Unit:
    """A unit other than code points in which positions are counted."""

    def __init__(self, name: str, encoding: str, width: int) -> None:
        self.name = name
        self._encoding = encoding
        self._width = width

    def count(self, text: str) -> int:
        return len(text) if text.isascii() else len(text.encode(self._encoding)) // self._width

    def code_points(self, text: str, offset: int) -> int:
        """Count the code points before an offset. Raises UnicodeDecodeError inside a code point."""
        if text.isascii():
            return offset
        return len(text.encode(self._encoding)[: offset * self._width].decode(self._encoding))


_UTF16 = _Unit("UTF-16 offset", "utf-16-le", 2)
_UTF8 = _Unit("UTF-8 offset", "utf-8", 1)


class _Side:
    """The chunks from one end of the text towards the cursor, and where each of them ends."""

    def __init__(self) -> None:
        self.chunks: list[str] = []
        self.ends: list[int] = [0]
        """The ends of the chunks, counted from this side's end of the text, after a 0."""
        self._sums: dict[_Unit, list[int]] = {_UTF16: [0], _UTF8: [0]}
        """Like `ends`, in the other units that a caller has asked for."""

    @property
    def length(self) -> int:
        return self.ends[-1]

    def push(self, chunks: list[str]) -> None:
        self.chunks += chunks
        self.ends += accumulate(map(len, chunks), initial=self.ends.pop())

    def pull(self, index: int) -> list[str]:
        """Take off the chunks from an index on; with -1, the last one."""
        if index < 0:
            index += len(self.chunks)
        taken = self.chunks[index:]
        del self.chunks[index:]
        del self.ends[index + 1 :]
        for sums in self._sums.values():
            del sums[index + 1 :]
        return taken

    def give(self, other: _Side, index: int) -> None:
        """Move the chunks from an index on to the other side, which need not count them anew."""
        for unit, sums in self._sums.items():
            known = other._sums[unit]
            if len(sums) > 1 or len(known) > 1:
                self.sums(unit)
                other.sums(unit)
                widths = map(sub, sums[:index:-1], sums[-2::-1])
                known += accumulate(widths, initial=known.pop())
        other.push(self.pull(index)[::-1])

    def sums(self, unit: _Unit) -> list[int]:
        """Return `ends` counted in a unit."""
        sums = self._sums[unit]
        missing = self.chunks[len(sums) - 1 :]
        sums += accumulate(map(unit.count, missing), initial=sums.pop())
        return sums


class Document(Typed):
    """A text that is edited in place. Positions count code points, 0 … len(document)."""

    def __init__(self, text: str = "") -> None:
        """Raises OperationError unless `text` is a well-formed str."""
        check_text(text, "the text")
        self._hold(text)

    def _hold(self, text: str) -> None:
        self._text: str | None = text
        """The whole text, until the next edit."""
        self._left, self._right = _Side(), _Side()
        self._before = self._after = ""
        """The middle chunk: its parts left and right of the cursor, without the typed pieces."""
        self._typed = []
        self._cursor = 0
        self._resize(len(text))
        self._right.push(_cut(text, self._size)[::-1])

    def __len__(self) -> int:
        return self._cursor + len(self._after) + self._right.length

    def __str__(self) -> str:
        if self._text is None:
            middle = [self._before, *self._typed, self._after]
            self._text = "".join([*self._left.chunks, *middle, *reversed(self._right.chunks)])
        return self._text

    # Edits

    def replace(self, position: int, deleted: int, inserted: str) -> None:
        """Delete `deleted` code points at a position, and insert there.

        Raises OperationError, and changes nothing, if the edit reaches beyond the text or is
        malformed.
        """
        if not (
            type(position) is type(deleted) is int
            and type(inserted) is str
            and (inserted.isascii() or is_well_formed(inserted))
        ):
            check_edit(position, deleted, inserted, len(self))
        typed = self._typed
        cursor = self._cursor
        if position == cursor and not deleted:
            typed.append(inserted)
            self._cursor = cursor + len(inserted)
        elif typed and position + deleted == cursor and deleted == len(typed[-1]):
            typed.pop()
            if inserted:
                typed.append(inserted)
            self._cursor = position + len(inserted)
        else:
            self._jump(position, deleted, inserted)
        self._text = None

    def replace_all(self, patches: Iterable[Patch]) -> None:
        """Make edits that follow one another: all of them, or none.

        Raises OperationError if one reaches beyond the text that it edits, or is malformed.
        """
        length = len(self)
        given = listed(patches, "patches")
        if self._typed:
            self._jump(self._cursor, 0, "")
        kept = [*self._left.chunks, self._before, self._after, *reversed(self._right.chunks)]
        try:
            self._replace_all(given)
        except ValueError:
            self._hold("".join(kept))
            complain(given, length)
            raise
        self._text = None

    def apply(self, operation: Operation) -> None:
        """Apply an operation. Raises OperationError unless it spans the text."""
        check_operation(operation)
        length = len(self)
        if operation.base_length != length:
            raise OperationError(
                f"the operation spans {operation.base_length} code points, the text has {length}"
            )
        if len(operation.components) > 8 + length // _CHUNK:
            self._hold(operation.apply(str(self)))
        else:
            self._text = None
            self._replace_all(_patches(operation))

    # Positions

    def slice(self, start: int, end: int) -> str:
        """Return the text from one position to another. Raises OperationError out of bounds."""
        self._check(start, end)
        if self._text is not None:
            return self._text[start:end]
        out = []
        for at, chunk in self._chunks(start):
            if at >= end:
                break
            out.append(chunk[max(start - at, 0) : end - at])
        return "".join(out)

    def to_utf16(self, position: int) -> int:
        """Count the UTF-16 units before a position. Raises OperationError out of bounds."""
        return self._to(_UTF16, position)

    def from_utf16(self, offset: int) -> int:
        """Return the position after `offset` UTF-16 units.

        Raises OperationError out of bounds, and between the halves of a surrogate pair.
        """
        return self._from(_UTF16, offset)

    def to_utf8(self, position: int) -> int:
        """Count the bytes of UTF-8 before a position. Raises OperationError out of bounds."""
        return self._to(_UTF8, position)

    def from_utf8(self, offset: int) -> int:
        """Return the position after `offset` bytes of UTF-8.

        Raises OperationError out of bounds, and inside a character.
        """
        return self._from(_UTF8, offset)

    def checksum(self) -> int:
        """Return the `checksum` of the whole text."""
        value = 0
        for _, chunk in self._chunks(0):
            value = crc32(chunk.encode(), value)
        return value

    def _to(self, unit: _Unit, position: int) -> int:
        self._check(position, position)
        left, right, middle = self._left, self._right, self._middle()
        if position < left.length:
            index = bisect_right(left.ends, position) - 1
            inside = left.chunks[index][: position - left.ends[index]]
            return left.sums(unit)[index] + unit.count(inside)
        inside = middle[: position - left.length]
        if position <= left.length + len(middle):
            return left.sums(unit)[-1] + unit.count(inside)
        from_end = len(self) - position
        index = bisect_right(right.ends, from_end) - 1
        inside = right.chunks[index][right.ends[index + 1] - from_end :]
        return self._total(unit) - right.sums(unit)[index] - unit.count(inside)

    def _from(self, unit: _Unit, offset: int) -> int:
        total = self._total(unit)
        if type(offset) is not int or not 0 <= offset <= total:
            raise OperationError(f"{unit.name} {offset!r:.40} is not in 0 … {total}")
        from_end = total - offset
        left, right, middle = self._left.sums(unit), self._right.sums(unit), self._middle()
        if offset < left[-1]:
            index = bisect_right(left, offset) - 1
            start, chunk = self._left.ends[index], self._left.chunks[index]
            inside = offset - left[index]
        elif from_end >= right[-1]:
            start, chunk = self._left.length, middle
            inside = offset - left[-1]
        else:
            index = bisect_right(right, from_end)
            start, chunk = len(self) - self._right.ends[index], self._right.chunks[index - 1]
            inside = right[index] - from_end
        try:
            return start + unit.code_points(chunk, inside)
        except UnicodeDecodeError:
            raise OperationError(f"{unit.name} {offset} is inside a character") from None

    def _total(self, unit: _Unit) -> int:
        middle = unit.count(self._middle())
        return self._left.sums(unit)[-1] + middle + self._right.sums(unit)[-1]

    # The chunks

    def _check(self, start: int, end: int) -> None:
        if type(start) is not int or type(end) is not int or not 0 <= start <= end <= len(self):
            raise OperationError(f"{start!r:.40} … {end!r:.40} is not within 0 … {len(self)}")

    def _jump(self, position: int, deleted: int, inserted: str) -> None:
        """Edit at any position. Raises OperationError, and changes nothing, beyond the text."""
        typed = self._typed
        middle = f"{self._before}{''.join(typed)}{self._after}"
        start = position - self._left.ends[-1]
        end = start + deleted
        if 0 <= start <= end <= len(middle) <= self._most:
            self._before = middle[:start]
            self._after = middle[end:]
        else:
            check_edit(position, deleted, inserted, len(self))
            self._far(position, deleted, middle)
        typed.clear()
        if inserted:
            typed.append(inserted)
        self._cursor = position + len(inserted)

    def _resize(self, length: int) -> None:
        """Choose the length of chunks in a text of this length. Half and twice that will do."""
        self._size = max(_CHUNK, 8 * isqrt(length))
        self._most = 2 * self._size
        """The most code points of the middle chunk."""

    def _far(self, position: int, deleted: int, middle: str) -> None:
        """Put the cursor outside the middle chunk, or delete beyond it."""
        start = position - self._left.length
        if not 0 <= start <= len(middle) <= self._most:
            middle = self._elsewhere(position, middle)
            start = position - self._left.length
        self._before = middle[:start]
        self._after = middle[start + deleted :]
        deleted -= len(middle) - start - len(self._after)
        while deleted > 0:
            following = self._right.pull(-1)[0]
            self._after = following[deleted:]
            deleted -= len(following)

    def _elsewhere(self, position: int, middle: str) -> str:
        """Move the middle chunk to its side, and take out the chunk around a position."""
        self._before = self._after = ""
        self._resize(self._left.length + len(middle) + self._right.length)
        if position < self._left.length:
            if (near := self._right.chunks[-1:]) and len(middle) + len(near[0]) <= self._size:
                middle += self._right.pull(-1)[0]
            self._right.push(_cut(middle, self._size)[::-1])
        else:
            if (near := self._left.chunks[-1:]) and len(middle) + len(near[0]) <= self._size:
                middle = self._left.pull(-1)[0] + middle
            self._left.push(_cut(middle, self._size))
        return self._take(position)

    def _take(self, position: int) -> str:
        """Take out the chunk around a position, after moving the others to their sides."""
        left, right = self._left, self._right
        if position < left.length:
            left.give(right, bisect_right(left.ends, position))
            return left.pull(-1)[0]
        from_end = left.length + right.length - position
        right.give(left, bisect_left(right.ends, from_end, lo=1))
        side = right if right.chunks else left
        return side.pull(-1)[0] if side.chunks else ""

    def _middle(self) -> str:
        return "".join([self._before, *self._typed, self._after])

    def _chunks(self, start: int) -> Iterator[tuple[int, str]]:
        """Yield the chunks from the one around a position on, each with its start."""
        left, right = self._left, self._right
        for index in range(max(bisect_right(left.ends, start) - 1, 0), len(left.chunks)):
            yield left.ends[index], left.chunks[index]
        yield left.length, self._middle()
        length = len(self)
        last = min(bisect_left(right.ends, length - start), len(right.chunks))
        for index in range(last, 0, -1):
            yield length - right.ends[index], right.chunks[index - 1]


def _cut(text: str, size: int) -> list[str]:
    """Cut a text into chunks of about this size. An empty text has no chunk."""
    if not text:
        return []
    size = -(-len(text) // max(len(text) // size, 1))
    return [text[start : start + size] for start in range(0, len(text), size)]


def _patches(operation: Operation) -> Iterator[Patch]:
    """Yield the patches of an operation, from its start to its end."""
    position = 0
    c: Any
    for c in operation.components:
        if type(c) is str:
            yield position, 0, c
            position += len(c)
        elif c > 0:
            position += c
        else:
            yield position, -c, ""
