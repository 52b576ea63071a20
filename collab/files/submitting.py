"""Commits what a program changes, and has its address pay for it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from math import ceil
from typing import TypeVar
from uuid import UUID

from litestar.exceptions import TooManyRequestsException

from collab.files.reading import Reader
from collab.live.host import Host, Visitor
from collab.protocol import Cause, Many, Origin, Single
from collab.room.state import State
from collab.store.blobs import Blobs

T = TypeVar("T")

_LONGEST_REST = 5.0
"""Seconds that an answer is held back, because the room's log grows fast."""
LINGER = 5.0
"""Seconds that a room stays in memory after a change. A program that makes many changes, one after
the other, would else have the room read from the log and a snapshot written for each."""
AUTHOR = "REST API"
"""The author's name in entries of programs."""


def new_id() -> str:
    """An id that no file has."""
    return secrets.token_urlsafe(9)


async def submit(
    host: Host,
    reader: Reader,
    revision: int,
    parts: Sequence[Single],
    look: Callable[[State], T],
    *,
    cause: Cause = "import",
    origin: Origin = "tool",
) -> T:
    """Commit changes made on a revision, all in one. Returns what `look` finds right after them.

    Raises what `Host.visit` does.
    """
    change = parts[0] if len(parts) == 1 else Many(list(parts), cause)
    await reader.pay(max(0, host.room.past.oldest - revision))
    visitor = Visitor(AUTHOR, origin, reader.account)
    found, pause = await host.visit(visitor, revision, change, look)
    if pause:
        await reader.rest(min(pause, _LONGEST_REST))
    return found


async def keep(blobs: Blobs, reader: Reader, room_id: UUID, data: bytes) -> str:
    """Write the bytes of an asset, and return their hash. They cost as bytes of the log do."""
    hash_, new = await blobs.write(room_id, data)
    if new:
        reader.account.log.take(len(data), asyncio.get_running_loop().time())
    return hash_


def check_budget(reader: Reader) -> None:
    """Raises TooManyRequestsException while an address is in debt for what it has written."""
    wait = ceil(reader.account.log.wait(0, asyncio.get_running_loop().time()))
    if wait:
        raise TooManyRequestsException(
            f"Your address has written more than it may in an hour. Try again in {wait} s.",
            headers={"retry-after": str(wait)},
            extra={"code": "too_much_written"},
        )
