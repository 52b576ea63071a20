"""Reads packs that strangers push, within limits that hold whatever a pack says of itself.

Nothing is inflated beyond what is left of the limit, so a bomb ends as soon as it is larger than it
may be. A pack has to be whole: what its deltas are based on is in it, since clients are told
`no-thin`. So each delta is made once, after its base, without recursion; where deltas are based on
one another in a circle, or on nothing, some are left over.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from hashlib import sha1

from msgspec import Struct

from collab.git.deltas import apply_delta
from collab.git.objects import ID, NAMES, BadObject, object_id

_OFFSET_DELTA, _ID_DELTA = 6, 7
_HEAD = 12
_LONGEST_HEAD = 10
"""Bytes of the kind and the length of an entry."""


class PackLimits(Struct, frozen=True):
    """`size` is what all objects of a pack may have inflated, in bytes; `steps` what its deltas may
    take: parts that they copy or insert."""

    objects: int
    size: int
    steps: int = 2_000_000


class BadPack(ValueError):
    """A pack that is refused, with words that say why."""


class _Entry(Struct, frozen=True):
    kind: int
    data: bytes
    base: int | bytes | None
    """The offset of the entry of the base, or its id."""


def read_pack(pack: bytes, limits: PackLimits) -> dict[bytes, tuple[int, bytes]]:
    """Return the objects of a pack by id: kind and content. Raises BadPack."""
    try:
        return _read_pack(pack, limits)
    except BadObject as error:
        raise BadPack(str(error)) from error


def _read_pack(pack: bytes, limits: PackLimits) -> dict[bytes, tuple[int, bytes]]:
    end = len(pack) - ID
    if end < _HEAD or pack[:4] != b"PACK" or int.from_bytes(pack[4:8]) not in (2, 3):
        raise BadPack("it is no pack")
    if sha1(pack[:end], usedforsecurity=False).digest() != pack[end:]:
        raise BadPack("the pack is broken: its checksum is another one")
    count = int.from_bytes(pack[8:12])
    if count > limits.objects:
        raise BadPack(f"the pack has {count} objects; the limit is {limits.objects}")
    left = limits.size
    entries: dict[int, _Entry] = {}
    at = _HEAD
    for _ in range(count):
        start = at
        entry, at = _read_entry(pack, at, end, left, limits)
        left -= len(entry.data)
        entries[start] = entry
    if at != end:
        raise BadPack("the pack has more than its objects")
    return _resolve(entries, left, limits)


def _read_entry(
    pack: bytes, at: int, end: int, left: int, limits: PackLimits
) -> tuple[_Entry, int]:
    start = at
    kind, length, shift = pack[at] >> 4 & 7, pack[at] & 0xF, 4
    while pack[at] & 0x80:
        at += 1
        if at >= end or at - start > _LONGEST_HEAD:
            raise BadPack("the pack is cut off")
        length |= (pack[at] & 0x7F) << shift
        shift += 7
    at += 1
    base: int | bytes | None = None
    if kind == _ID_DELTA:
        base = pack[at : at + ID]
        at += ID
    elif kind == _OFFSET_DELTA:
        begun, offset = at, pack[at] & 0x7F
        while pack[at] & 0x80:
            at += 1
            if at >= end or at - begun > _LONGEST_HEAD:
                raise BadPack("the pack is cut off")
            offset = (offset + 1) << 7 | pack[at] & 0x7F
        at += 1
        base = start - offset
    elif kind not in NAMES:
        raise BadPack(f"the pack has an entry of an unknown kind, {kind}")
    if length > left:
        raise BadPack(f"the objects of the pack are larger than {limits.size} bytes, the limit")
    inflating = zlib.decompressobj()
    try:
        # One byte more shows that there is more than the entry says.
        data = inflating.decompress(memoryview(pack)[at:end], length + 1)
        if not inflating.eof:
            data += inflating.decompress(inflating.unconsumed_tail, 1)
    except zlib.error:
        raise BadPack("the pack has an entry that cannot be inflated") from None
    if len(data) != length or not inflating.eof:
        raise BadPack("the pack has an entry of another length than it says")
    return _Entry(kind, data, base), end - len(inflating.unused_data)


def _resolve(
    entries: dict[int, _Entry], left: int, limits: PackLimits
) -> dict[bytes, tuple[int, bytes]]:
    """Make the objects of deltas, each after its base."""
    waiting: defaultdict[int | bytes, list[int]] = defaultdict(list)
    found: dict[bytes, tuple[int, bytes]] = {}
    ready: list[tuple[int, int, bytes]] = []
    for start, entry in entries.items():
        if entry.base is None:
            ready.append((start, entry.kind, entry.data))
        else:
            waiting[entry.base].append(start)
    steps, made = limits.steps, 0
    while ready:
        start, kind, data = ready.pop()
        made += 1
        id_ = object_id(kind, data)
        found[id_] = (kind, data)
        for child in [*waiting.pop(start, ()), *waiting.pop(id_, ())]:
            result, steps = apply_delta(data, entries[child].data, left, steps)
            left -= len(result)
            ready.append((child, kind, result))
    if made != len(entries):
        raise BadPack("the pack has deltas on objects that are not in it")
    return found
