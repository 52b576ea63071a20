"""The sending half of one socket: frames wait here until the network takes them."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

from collab.live.wire import Frame, Goodbye, Write
from collab.room.session import Session


class Peer(Protocol):
    """What a connection needs of a WebSocket."""

    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int, reason: str) -> None: ...


class Connection:
    """Writes a session's frames to its socket, so that a slow peer delays nobody else.

    Frames go out by `write` at once. Once that says no, they wait for the socket's own time.
    """

    def __init__(self, peer: Peer, write: Write, session: Session, most_frames: int) -> None:
        self.session = session
        self._peer = peer
        self._write = write
        self._most_frames = most_frames
        self._frames: deque[Frame] = deque()
        self._woken = asyncio.Event()
        self._parting = False
        self.ended = asyncio.Event()

    def put(self, frames: list[Frame]) -> None:
        """Write frames, or queue them. Too many that wait close the session."""
        for frame in frames:
            if self._frames or not self._write(frame):
                self._frames.append(frame)
        if len(self._frames) > self._most_frames and self.session.closing is None:
            self.session.closing = (
                4413,
                f"{len(self._frames)} messages wait; the limit is {self._most_frames}",
            )
            # The first may be half sent.
            self._frames = deque([self._frames[0]])
        if self._frames or self.session.closing is not None:
            self._woken.set()

    def part(self, code: int, reason: str) -> None:
        """Close, and hear what the peer says until it has heard of it: nothing of that is lost."""
        self._parting = True
        self.session.closing = self.session.closing or (code, reason)
        self._woken.set()

    async def run(self) -> None:
        """Send what waits until the session closes. Ends when the close frame is sent; in
        parting, with whoever reads."""
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                while self._frames:
                    # It stays in the queue until it is sent, lest a later one overtake it.
                    await self._peer.send_text(self._frames[0].json.decode())
                    self._frames.popleft()
                if self.session.closing is not None:
                    if self._parting and self._write(Goodbye(*self.session.closing)):
                        await asyncio.get_running_loop().create_future()
                    await self._peer.close(*self.session.closing)
                    return
        finally:
            self.ended.set()
