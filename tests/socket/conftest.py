"""A room on the shared server, and the clock of a server in this process."""

from __future__ import annotations

import pytest

from tests.socket.limited import Clock
from tests.support.server import Server


@pytest.fixture
def room_id(shared_server: Server) -> str:
    """A new room with the text "hello"."""
    return shared_server.create_room(initial_code="hello")


@pytest.fixture
def room_url(shared_server: Server, room_id: str) -> str:
    """Return the address for the room's sockets."""
    return shared_server.room_url(room_id)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("collab.live.socket._now", lambda: clock.now)
    monkeypatch.setattr("collab.live.wire.rest", clock.rest)
    return clock
