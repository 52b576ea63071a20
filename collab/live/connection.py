"""The sending half of one socket: frames wait here until the network takes them."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

from collab.room.session import Session


class Peer(Protocol):
    """What a connection needs of a WebSocket."""

    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int, reason: str) -> None: ...


class Connection:
    """Writes a session's frames to its socket, so that a slow peer delays nobody else."""

    def __init__(self, peer: Peer, session: Session, most_frames: int) -> None:
        self.session = session
        self._peer = peer
        self._most_frames = most_frames
        self._frames: deque[str] = deque()
        self._woken = asyncio.Event()
        self.ended = asyncio.Event()

    def put(self, frames: list[str]) -> None:
        """Queue frames. Too many of them close the session."""
        self._frames.extend(frames)
        if len(self._frames) > self._most_frames and self.session.closing is None:
            self.session.closing = (
                4413,
                f"{len(self._frames)} messages wait; the limit is {self._most_frames}",
            )
            self._frames.clear()
        self._woken.set()

    async def write(self) -> None:
        """Send until the session closes. Ends when the close frame is sent."""
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                while self._frames:
                    await self._peer.send_text(self._frames.popleft())
                if self.session.closing is not None:
                    await self._peer.close(*self.session.closing)
                    return
        finally:
            self.ended.set()
