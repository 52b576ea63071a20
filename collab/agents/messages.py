"""The message of the socket that stops an agent. PROTOCOL.md tells what it means."""

from __future__ import annotations

from msgspec import Struct

from collab.protocol import PersonId


class StopAgent(Struct, frozen=True, tag="stop_agent"):
    """Send an agent away. Whoever may write may do this."""

    client: PersonId
