"""Counts what a transport holds for a peer that does not read."""

from __future__ import annotations

import asyncio

from collab.live.traffic import Traffic


class HeldWriting(asyncio.Protocol):
    """A part of a protocol, which stands before uvicorn's: reports to the outboxes what waits."""

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
        """Abort: too many bytes wait for all peers, most of them for this one."""
        self.transport.abort()
