"""Counts the parts of a JSON text before it is decoded.

A decoder makes an object of each part of a large message in one go, however small the parts are,
and meanwhile nobody else has a turn. So the parts are counted first, in slices.
"""

from __future__ import annotations

import asyncio

_SLICE = 65_536
SMALL = 16_384
"""Characters of a message whose parts, whatever they are, are decoded in a few milliseconds."""


class TooManyParts(ValueError):
    """The message has more parts than any message may have."""


async def check_parts(data: str | bytes, most: int) -> None:
    """Raise TooManyParts when a JSON text has more than about `most` parts; others have turns.

    Commas outside of texts divide parts. The decoder finds out what is no JSON: it gets only to the
    first mistake, and up to there the count is right.
    """
    count = 0
    outside = True
    start = 0
    while start < len(data):
        end = start + _SLICE
        piece = _text(data[start:end])
        if (len(piece) - len(piece.rstrip("\\"))) % 2:  # the last backslash escapes what comes next
            piece += _text(data[end : end + 1])
            end += 1
        pieces = piece.replace("\\\\", "").replace('\\"', "").split('"')
        count += "".join(pieces[0 if outside else 1 :: 2]).count(",")
        if count > most:
            raise TooManyParts(f"It has more than {most} parts")
        if len(pieces) % 2 == 0:
            outside = not outside
        start = end
        if start < len(data):
            await asyncio.sleep(0)


def _text(piece: str | bytes) -> str:
    return piece if isinstance(piece, str) else piece.decode("latin-1")
