"""What asyncio's Queue and Event do, for one reader, in a tenth of the memory.

Those make four deques for a socket, of 700 bytes each, which stay empty nearly always.
"""

from __future__ import annotations

import asyncio
from typing import Any


class Inbox:
    """The messages that the one reader has not taken yet."""

    __slots__ = ("_messages", "_reader")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._reader: asyncio.Future[None] | None = None

    def put_nowait(self, message: Any) -> None:
        self._messages.append(message)
        if self._reader and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Any:
        """Take the oldest message. Waits for one when there is none."""
        while not self._messages:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._messages.pop(0)

    def empty(self) -> bool:
        return not self._messages

    def qsize(self) -> int:
        return len(self._messages)


class Gate:
    """An event that is nearly always set. Any number of tasks may wait for it."""

    __slots__ = ("_opened",)

    def __init__(self) -> None:
        self._opened: asyncio.Event | None = None
        """What those wait for who come while the gate is shut; None while it is open."""

    def set(self) -> None:
        if self._opened:
            self._opened.set()
            self._opened = None

    def clear(self) -> None:
        self._opened = self._opened or asyncio.Event()

    def is_set(self) -> bool:
        return self._opened is None

    async def wait(self) -> None:
        if self._opened:
            await self._opened.wait()
