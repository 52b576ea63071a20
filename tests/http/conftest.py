"""A client of the shared server."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.server import DEADLINE, Server


@pytest.fixture
def http(shared_server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shared_server.url, timeout=DEADLINE) as client:
        yield client
