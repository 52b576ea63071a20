"""Pauses in the reading of a connection."""

from __future__ import annotations

import asyncio


class Resting:
    """Waits, but not longer than the connection lasts. One wait at a time."""

    __slots__ = ("_over", "_waiting")

    def __init__(self) -> None:
        self._over = False
        self._waiting: asyncio.Future[None] | None = None

    async def rest(self, seconds: float) -> None:
        """Wait this many seconds, or until the connection ends."""
        if not self._over:
            self._waiting = asyncio.get_running_loop().create_future()
            await asyncio.wait([self._waiting], timeout=seconds)
            self._waiting = None

    def end(self) -> None:
        """Note that the connection ends, and end the wait."""
        self._over = True
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)
