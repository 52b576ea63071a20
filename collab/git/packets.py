"""Packets of Git's protocols: a length in four hexadecimal digits, and so many bytes less four."""

from __future__ import annotations

from collections.abc import Iterator

FLUSH, DELIMITER = b"0000", b"0001"
_MOST = 65520
PROGRESS, DATA, FAILURE = 2, 1, 3
BAND = _MOST - 5
"""Bytes of a packet of a side band."""


class BadPackets(ValueError):
    """Bytes that are no packets, with words that say why."""


def packet(line: bytes | str) -> bytes:
    """Encode a packet. A text gets an end of line."""
    data = line.encode() + b"\n" if isinstance(line, str) else line
    assert len(data) <= _MOST - 4
    return b"%04x%s" % (len(data) + 4, data)


def banded(band: int, data: bytes) -> Iterator[bytes]:
    """Encode bytes as packets of a side band."""
    for at in range(0, len(data), BAND):
        yield packet(bytes([band]) + data[at : at + BAND])


def read_packet(data: bytes, at: int) -> tuple[bytes | None, int]:
    """Read a packet at a place. Returns its bytes, or None for one of the marks between them, and
    where the next one is. Raises BadPackets."""
    head = data[at : at + 4]
    try:
        if len(head) < 4 or not head.isalnum():
            raise ValueError
        length = int(head, 16)
    except ValueError:
        raise BadPackets("a packet has no length") from None
    if length in (0, 1, 2):
        return None, at + 4
    if length < 4 or length > _MOST or at + length > len(data):
        raise BadPackets("a packet is cut off")
    return data[at + 4 : at + length], at + length


def lines(data: bytes) -> Iterator[bytes | None]:
    """Yield the lines of a request, without their ends; None for a mark. Raises BadPackets."""
    at = 0
    while at < len(data):
        line, at = read_packet(data, at)
        yield line if line is None else line.removesuffix(b"\n")
