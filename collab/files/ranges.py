"""The header `Range`, with which a player asks for a part of a sound or a film (RFC 9110, 14)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(?P<first>\d{0,15})-(?P<last>\d{0,15})")


def range_of(header: str | None, size: int) -> range | None:
    """Return the part of so many bytes that is asked for; None for all of them.

    A server may ignore what it does not understand, and several parts at once. A part that begins
    beyond the end is empty.
    """
    asked = _RANGE.fullmatch((header or "").replace(" ", ""))
    if asked is None or not (asked["first"] or asked["last"]):
        return None
    if not asked["first"]:
        return range(max(0, size - int(asked["last"])), size)
    first = int(asked["first"])
    last = int(asked["last"]) if asked["last"] else size - 1
    if asked["last"] and last < first:
        return None
    return range(first, min(last + 1, size))
