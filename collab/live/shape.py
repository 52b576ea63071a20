"""How many parts a JSON text has, counted before anything is made of them.

A decoder makes an object of each part of a large message in one go, however small the parts are,
and meanwhile nobody else has a turn. So they are counted first, in slices.
"""

from __future__ import annotations

import asyncio

_SLICE = 65_536
SMALL = 16_384
"""Characters of a message whose parts, whatever they are, are made in a few milliseconds."""


class TooManyParts(ValueError):
    """The message has more parts than anything that may be sent."""


async def check_parts(data: str | bytes, most: int) -> None:
    """Raises TooManyParts when a JSON text has more than about `most` parts; others have turns.

    Parts are what commas outside of texts divide. What is no JSON is for the decoder to find: it
    comes no further than to the first mistake, and up to there the count is right.
    """
    count = 0
    outside = True
    start = 0
    while start < len(data):
        end = start + _SLICE
        piece = _text(data[start:end])
        if (len(piece) - len(piece.rstrip("\\"))) % 2:  # what the last one escapes comes next
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
