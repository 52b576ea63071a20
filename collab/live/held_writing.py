"""Counts the bytes that a transport holds for a peer that does not read."""

from __future__ import annotations

import asyncio

from collab.live.traffic import Traffic


class HeldWriting(asyncio.Protocol):
    """A base class before uvicorn's protocol, which reports the waiting bytes to the outboxes."""

    transport: asyncio.Transport
    _traffic: Traffic

    def pause_writing(self) -> None:
        super().pause_writing()
        self._traffic.outboxes.hold(self, self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        self._traffic.outboxes.hold(self, 0)

    def connection_lost(self, exc: Exception | None) -> None:
        self._traffic.outboxes.hold(self, 0)
        super().connection_lost(exc)

    def cut_off(self) -> None:
        """Abort the connection: too many bytes wait for all peers, and most of them for this
        one."""
        self.transport.abort()
