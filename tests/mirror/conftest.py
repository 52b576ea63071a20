"""A room with files on the shared server."""

from __future__ import annotations

import pytest

from tests.mirror.mirrored import FILES
from tests.support.server import Server


@pytest.fixture
def link(shared_server: Server) -> str:
    return f"{shared_server.url}/r/{shared_server.create_room(files=FILES)}"
