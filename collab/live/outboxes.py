"""Limits the bytes that wait for all peers of this process together."""

from __future__ import annotations

import asyncio
from typing import Protocol

from collab.telemetry import metrics

_GRACE = 1.0
"""Seconds in which a peer may read what waits for it before it can be cut off."""


class Holder(Protocol):
    """Something that keeps bytes for a peer until the network takes them."""

    def cut_off(self) -> None:
        """Drop the bytes, and the connection to the peer."""


class Outboxes:
    """Cuts off the peers for whom most bytes wait, while more than `most` bytes wait in all.

    A frame that the network takes at once is not counted. One frame that waits for several peers is
    counted for each, so a peer is given a moment before it is cut off.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[Holder, tuple[int, float]] = {}
        self._check: asyncio.TimerHandle | None = None
        self.total = 0

    def hold(self, holder: Holder, size: int) -> None:
        """Set the number of bytes that wait at a holder."""
        before, since = self._held.pop(holder, (0, 0.0))
        self.total += size - before
        if size:
            now = asyncio.get_running_loop().time()
            self._held[holder] = (size, since if before else now)
            if self.total > self._most and self._check is None:
                self._trim()

    def _trim(self) -> None:
        loop = asyncio.get_running_loop()
        self._check = None
        late = loop.time() - _GRACE
        while self.total > self._most:
            old = [(size, holder) for holder, (size, since) in self._held.items() if since <= late]
            if not old:
                self._check = loop.call_later(_GRACE, self._trim)
                return
            size, worst = max(old, key=lambda pair: pair[0])
            del self._held[worst]
            self.total -= size
            metrics.REFUSED.labels("outboxes_full").inc()
            worst.cut_off()
