"""Deltas of Git: an object as copies of parts of another one, and what is inserted between.

An operation of `ot` says the same in code points: what it keeps is copied, what it inserts is
inserted. So the deltas of a room's texts are its operations, and no text is compared with another.
"""

from __future__ import annotations

from collections.abc import Iterable

from collab.git.objects import ID, BadObject, decode_tree, encode_tree
from ot import Operation

_LONGEST_COPY = 0xFFFFFF
_LONGEST_INSERTION = 127
_SHORTEST_COPY = 8
"""Bytes below which a copy takes as much as the bytes themselves."""

_Part = bytes | tuple[int, int]
"""Inserted bytes, or the start and the end of a copy."""


def text_delta(before: str, source: bytes, operation: Operation) -> bytes:
    """Encode what an operation makes of a text. `source` is the text in UTF-8."""
    plain = len(source) == len(before)
    parts: list[_Part] = []
    point = place = 0
    for component in operation.components:
        if isinstance(component, str):
            parts.append(component.encode())
            continue
        count = abs(component)
        length = count if plain else len(before[point : point + count].encode())
        if component > 0:
            parts.append((place, place + length))
        point, place = point + count, place + length
    return _encode(source, parts)


def tree_delta(before: bytes, after: bytes) -> bytes:
    """Encode a tree as what is left of another one, and the rows that are new."""
    parts: list[_Part] = []
    rows: dict[bytes, int] = {}
    names: dict[bytes, int] = {}
    place = 0
    for entry in decode_tree(before):
        row = encode_tree([entry])
        rows[row] = names[row[:-ID]] = place
        place += len(row)
    for entry in decode_tree(after):
        row = encode_tree([entry])
        if (at := rows.get(row)) is not None:
            parts.append((at, at + len(row)))
        elif (at := names.get(row[:-ID])) is not None:
            parts += [(at, at + len(row) - ID), entry.id]
        else:
            parts.append(row)
    return _encode(before, parts)


def apply_delta(base: bytes, delta: bytes, most: int, steps: int) -> tuple[bytes, int]:
    """Make the object of a delta. Returns it, and how many steps are left of `steps`.

    Raises BadObject for a delta that is wrong, has more steps, or makes more than `most` bytes.
    """
    expected, at = _size(delta, 0)
    size, at = _size(delta, at)
    if expected != len(base):
        raise BadObject("a delta is of an object of another length")
    if size > most:
        raise BadObject("an object is too large")
    parts: list[bytes] = []
    left = size
    end = len(delta)
    while at < end:
        steps -= 1
        if steps < 0:
            raise BadObject("the deltas take too many steps")
        code = delta[at]
        at += 1
        if code & 0x80:
            start = length = 0
            for bit in range(7):
                if code & 1 << bit:
                    if at >= end:
                        raise BadObject("a delta is cut off")
                    if bit < 4:
                        start |= delta[at] << 8 * bit
                    else:
                        length |= delta[at] << 8 * (bit - 4)
                    at += 1
            length = length or 0x10000
            if start + length > len(base):
                raise BadObject("a delta copies what is not there")
            part = base[start : start + length]
        else:
            if not code or at + code > end:
                raise BadObject("a delta is cut off")
            part = delta[at : at + code]
            at += code
        left -= len(part)
        if left < 0:
            break
        parts.append(part)
    if left:
        raise BadObject("a delta makes an object of another length")
    return b"".join(parts), steps


def _encode(source: bytes, parts: Iterable[_Part]) -> bytes:
    joined: list[bytearray | tuple[int, int]] = []
    for part in parts:
        piece = part
        before = joined[-1] if joined else None
        if isinstance(piece, tuple):
            start, end = piece
            if isinstance(before, tuple) and before[1] == start:
                joined[-1] = (before[0], end)
                continue
            if end - start >= _SHORTEST_COPY:
                joined.append(piece)
                continue
            piece = source[start:end]
        if isinstance(before, bytearray):
            before += piece
        else:
            joined.append(bytearray(piece))
    size = 0
    encoded: list[bytes | bytearray] = []
    for one in joined:
        if isinstance(one, bytearray):
            size += len(one)
            for at in range(0, len(one), _LONGEST_INSERTION):
                some = one[at : at + _LONGEST_INSERTION]
                encoded += [bytes([len(some)]), some]
        else:
            start, end = one
            size += end - start
            encoded += [
                _copy(at, min(end - at, _LONGEST_COPY)) for at in range(start, end, _LONGEST_COPY)
            ]
    return b"".join([_number(len(source)), _number(size), *encoded])


def _copy(start: int, length: int) -> bytes:
    code, rest = 0x80, bytearray()
    for bit in range(4):
        if byte := start >> 8 * bit & 0xFF:
            code |= 1 << bit
            rest.append(byte)
    for bit in range(3):
        if byte := length >> 8 * bit & 0xFF:
            code |= 0x10 << bit
            rest.append(byte)
    return bytes([code, *rest])


def _number(value: int) -> bytes:
    """Encode a length, seven bits in a byte, the lowest first."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _size(delta: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(delta) or shift > 35:
            raise BadObject("a delta has no length")
        byte = delta[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
