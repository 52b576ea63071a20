"""Packs of strangers, which lie."""

from __future__ import annotations

import zlib
from hashlib import sha1

import pytest

from collab.git.objects import BLOB, BadObject, decode_commit, decode_tree, object_id
from collab.git.packs import BadPack, PackLimits, read_pack
from collab.git.sending import entry_head

LIMITS = PackLimits(objects=1000, size=1_000_000, steps=10_000)
OFFSET, ID = 6, 7


def pack(*entries: bytes, count: int | None = None) -> bytes:
    whole = b"PACK" + (2).to_bytes(4) + (len(entries) if count is None else count).to_bytes(4)
    whole += b"".join(entries)
    return whole + sha1(whole).digest()


def entry(kind: int, data: bytes, base: bytes = b"", length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return entry_head(kind, size) + base + zlib.compress(data)


def delta(source: int, *parts: bytes, size: int) -> bytes:
    def number(value: int) -> bytes:
        encoded = bytearray()
        while value > 0x7F:
            encoded.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes([*encoded, value])

    return number(source) + number(size) + b"".join(parts)


COPY_100 = bytes([0x90, 100])
"""The first hundred bytes of the base."""
A = b"a" * 100
A_ID = object_id(BLOB, A)


def test_objects_come_out_whole_and_deltas_are_made() -> None:
    twice = entry(ID, delta(100, COPY_100, COPY_100, size=200), A_ID)
    found = read_pack(pack(twice, entry(BLOB, A)), LIMITS)
    assert found == {A_ID: (BLOB, A), object_id(BLOB, A * 2): (BLOB, A * 2)}
    first = entry(BLOB, A)
    behind = entry(OFFSET, delta(100, COPY_100, b"\1b", size=101), bytes([len(first)]))
    assert (BLOB, A + b"b") in read_pack(pack(first, behind), LIMITS).values()


def circle() -> bytes:
    """Two deltas that name one another. An id that comes true is not needed for that."""
    one = entry(ID, delta(100, COPY_100, size=100), b"1" * 20)
    two = entry(ID, delta(100, COPY_100, size=100), b"2" * 20)
    return pack(one, two)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (b"", "no pack"),
        (b"x" * 100, "no pack"),
        (pack(entry(BLOB, A))[:-1], "checksum"),
        (pack(entry(BLOB, A), count=2), "cut off|cannot be inflated|unknown kind"),
        (pack(entry(BLOB, A), count=0), "more than its objects"),
        (pack(entry(BLOB, A), count=1001), "1001 objects; the limit is 1000"),
        (pack(entry(BLOB, A, length=99)), "another length"),
        (pack(entry(BLOB, A, length=101)), "another length"),
        (pack(entry(BLOB, b"\0" * 10_000_000)), "larger than 1000000 bytes"),
        (pack(entry(BLOB, b"\0" * 10_000_000, length=10)), "another length"),
        (pack(*[entry(BLOB, b"\0" * 400_000)] * 3), "larger than 1000000 bytes"),
        (pack(entry(5, A)), "unknown kind"),
        (pack(entry(0, A)), "unknown kind"),
        (pack(b"\xb0" + b"\xff" * 50), "cut off"),
        (pack(entry_head(BLOB, 5) + b"garbage"), "cannot be inflated"),
        (pack(entry(ID, delta(100, COPY_100, size=100), b"1" * 20)), "deltas on objects"),
        (pack(entry(OFFSET, delta(100, COPY_100, size=100), b"\0")), "deltas on objects"),
        (pack(entry(OFFSET, delta(100, COPY_100, size=100), b"\x05")), "deltas on objects"),
        (circle(), "deltas on objects"),
        (pack(entry(BLOB, A), entry(ID, delta(99, COPY_100, size=100), A_ID)), "another length"),
        (pack(entry(BLOB, A), entry(ID, delta(100, COPY_100, size=99), A_ID)), "another length"),
        (pack(entry(BLOB, A), entry(ID, delta(100, size=1 << 34), A_ID)), "too large"),
        (pack(entry(BLOB, A), entry(ID, delta(100, b"\x90\xff", size=255), A_ID)), "not there"),
        (pack(entry(BLOB, A), entry(ID, delta(100, b"\x05a", size=5), A_ID)), "cut off"),
        (pack(entry(BLOB, A), entry(ID, delta(100, b"\0", size=5), A_ID)), "cut off"),
        (pack(entry(BLOB, A), entry(ID, b"\xff" * 9, A_ID)), "no length"),
        (
            pack(entry(BLOB, A), entry(ID, delta(100, *[b"\1b"] * 10_001, size=10_001), A_ID)),
            "too many steps",
        ),
    ],
)
def test_a_pack_that_lies_is_refused(sent: bytes, words: str) -> None:
    with pytest.raises(BadPack, match=words):
        read_pack(sent, LIMITS)


def test_a_pack_that_would_grow_without_end_is_refused_soon() -> None:
    """Each delta copies the one before ten times: ten of them would be a terabyte."""
    entries, data = [entry(BLOB, A)], A
    size, id_ = len(A), A_ID
    for _ in range(10):
        copies = [bytes([0xF0, size & 0xFF, size >> 8 & 0xFF, size >> 16 & 0xFF])] * 10
        if size <= LIMITS.size:
            data *= 10
        entries.append(entry(ID, delta(size, *copies, size=size * 10), id_))
        size, id_ = size * 10, object_id(BLOB, data)
    with pytest.raises(BadPack, match="too large"):
        read_pack(pack(*entries), LIMITS)


def test_a_long_chain_of_deltas_is_read_without_recursion() -> None:
    entries, data = [entry(BLOB, A)], A
    for number in range(900):
        after = A + b"%03d" % number
        parts = COPY_100, bytes([3]), after[100:]
        changed = delta(len(data), *parts, size=len(after))
        entries.append(entry(ID, changed, object_id(BLOB, data)))
        data = after
    assert len(read_pack(pack(*entries), LIMITS)) == 901


@pytest.mark.parametrize(
    "data",
    [b"100644 a", b"x a\0" + A[:20], b"100644 a\0short", b"100644 a/b\0" + A[:20], b"644 \0" + A],
)
def test_a_tree_that_git_does_not_write_is_refused(data: bytes) -> None:
    with pytest.raises(BadObject):
        decode_tree(data)


@pytest.mark.parametrize("data", [b"", b"tree x\n", b"parent " + b"1" * 40, b"tree " + b"1" * 40])
def test_a_commit_that_git_does_not_write_is_refused(data: bytes) -> None:
    with pytest.raises(BadObject):
        decode_commit(data)
