"""The state that all connections of one process share."""

from __future__ import annotations

from collab.live.addresses import Addresses
from collab.live.limits import ServerLimits
from collab.live.outboxes import Outboxes


class Traffic:
    """The limits, what each address has used of them, and the bytes that wait for all peers."""

    def __init__(self, limits: ServerLimits) -> None:
        self.limits = limits
        self.addresses = Addresses(limits)
        self.outboxes = Outboxes(limits.outboxes_bytes)
