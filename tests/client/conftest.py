"""A room on the shared server."""

from __future__ import annotations

import pytest

from tests.support.server import Server


@pytest.fixture
def room_id(shared_server: Server) -> str:
    """A new room with the text "hello"."""
    return shared_server.create_room(initial_code="hello")


@pytest.fixture
def room_url(shared_server: Server, room_id: str) -> str:
    """Return the address for the room's sockets."""
    return shared_server.room_url(room_id)
