"""Sends a session's frames, and queues them until the network takes them."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

from collab.live.addresses import Account
from collab.live.traffic import Traffic
from collab.live.wire import Frame, Goodbye, Write
from collab.room.session import Session
from collab.telemetry import metrics


class Peer(Protocol):
    """The methods of a WebSocket that a connection uses."""

    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int, reason: str) -> None: ...


_NONE: deque[Frame] = deque()
"""The empty queue of connections on which nothing waits. Nothing is ever put into it."""


class Connection:
    """Writes a session's frames to its socket, so that a slow peer delays nobody else.

    `write` sends a frame at once. When it refuses one, frames wait in a queue. The queue has a
    limit of frames and, beside the first frame, of bytes, so that a peer cannot make this process
    keep any amount.
    """

    def __init__(
        self, peer: Peer, write: Write, session: Session, traffic: Traffic, account: Account
    ) -> None:
        self.session = session
        self.account = account
        self._outboxes = traffic.outboxes
        self._peer = peer
        self._write = write
        self._limits = traffic.limits
        self._bytes = 0
        # Most connections never wait, so the queue is made only when it is needed.
        self._frames = _NONE
        self._woken = asyncio.get_running_loop().create_future()
        self._parting = False
        self._over = False
        self._end: asyncio.Event | None = None

    def put(self, frames: list[Frame]) -> None:
        """Write frames, or queue them. Closes the session if too many wait."""
        for frame in frames:
            if self._frames or not self._write(frame):
                if self._frames is _NONE:
                    self._frames = deque()
                self._frames.append(frame)
                self._bytes += len(frame.json)
        if self._frames and self.session.closing is None:
            if excess := self._excess():
                self._give_up(excess)
            else:
                self._outboxes.hold(self, self._bytes)
        if self._frames or self.session.closing is not None:
            self._wake()

    def cut_off(self) -> None:
        """Close the session: too many bytes wait for all peers, and most of them for this one."""
        if self._frames and self.session.closing is None:
            self._give_up(
                f"more than {self._limits.outboxes_bytes} bytes wait for all peers, the limit"
            )
            self._wake()

    def part(self, code: int, reason: str) -> None:
        """Close, but read on until the peer answers the close frame, so that no change of its is
        lost."""
        self._parting = True
        self.session.closing = self.session.closing or (code, reason)
        self._wake()

    async def run(self) -> None:
        """Send queued frames until the session closes.

        Ends when the close frame is sent. In parting, it goes on until the reader ends and this is
        cancelled.
        """
        try:
            while True:
                await self._woken
                self._woken = asyncio.get_running_loop().create_future()
                while self._frames:
                    # The frame stays in the queue until it is sent, so that no later one overtakes
                    # it.
                    await self._peer.send_text(self._frames[0].json.decode())
                    self._bytes -= len(self._frames.popleft().json)
                    if self.session.closing is None:
                        self._outboxes.hold(self, self._bytes)
                self._frames = _NONE
                if self.session.closing is not None:
                    if self._parting and self._write(Goodbye(*self.session.closing)):
                        await asyncio.get_running_loop().create_future()
                    await self._peer.close(*self.session.closing)
                    return
        finally:
            self._outboxes.hold(self, 0)
            self._over = True
            if self._end:
                self._end.set()

    async def ended(self) -> None:
        """Wait until `run` has ended."""
        if not self._over:
            self._end = self._end or asyncio.Event()
            await self._end.wait()

    def _give_up(self, excess: str) -> None:
        self.session.closing = (4413, excess)
        metrics.SLOW_READERS.inc()
        # The first frame may be half sent.
        self._frames = deque([self._frames[0]])
        self._outboxes.hold(self, 0)

    def _wake(self) -> None:
        if not self._woken.done():
            self._woken.set_result(None)

    def _excess(self) -> str:
        """Return the limit that the waiting frames exceed, in words; "" while they exceed none."""
        most_frames, most_bytes = self._limits.outbox, self._limits.outbox_bytes
        if len(self._frames) > most_frames:
            return f"{len(self._frames)} messages wait; the limit is {most_frames}"
        if self._bytes > most_bytes and self._bytes - len(self._frames[0].json) > most_bytes:
            return f"more than {most_bytes} bytes wait, the limit"
        return ""
