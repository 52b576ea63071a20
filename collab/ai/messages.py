"""The message of the socket that tells of AI. PROTOCOL.md tells what it means."""

from __future__ import annotations

from collab.protocol import DomainMessage


class AiSwitched(DomainMessage, frozen=True, tag="ai"):
    """The owner has turned AI on or off in the room."""

    on: bool
