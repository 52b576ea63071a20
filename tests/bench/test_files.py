"""The benchmark of imports runs."""

from __future__ import annotations

from tests.bench.files import a_project, measure
from tests.support.server import Server


def test_every_row_is_measured(shared_server: Server) -> None:
    found = measure(shared_server.url, a_project(10, 100), 1)
    assert {"commit", "import", "change", "export"} <= set(found)
