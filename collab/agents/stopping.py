"""Sends agents away when people ask for it, in whichever process their sockets are."""

from __future__ import annotations

from uuid import UUID

from collab.agents.messages import StopAgent
from collab.errors import PeerError
from collab.live.hub import Hub
from collab.room.session import Session

_TOPIC = "agent-stop"
_CODE = 4411
_WORDS = "Somebody in the room has stopped this agent"


class Stopping:
    def __init__(self) -> None:
        self._hub: Hub

    def begin(self, hub: Hub) -> None:
        self._hub = hub

    async def take(self, room_id: UUID, _session: Session, message: StopAgent) -> None:
        """Close the socket of an agent. Raises PeerError for a client that is none."""
        client = message.client
        if not self._hub.is_agent(room_id, client):
            raise PeerError("unknown_agent", f"There is no agent {client} in this room.")
        if not self._hub.dismiss(room_id, client, _CODE, _WORDS):
            self._hub.notice(room_id, _TOPIC, client)

    def noticed(self, room_id: UUID, topic: str, about: str) -> None:
        """Take a notice of another process."""
        if topic == _TOPIC:
            self._hub.dismiss(room_id, about, _CODE, _WORDS)
