"""Parts that a test may break: servers and a PostgreSQL of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from collab.postgres import embedded
from tests.support import memory
from tests.support.postgres import Postgres
from tests.support.server import Server


@pytest.fixture
def servers(database_url: str) -> Iterator[list[Server]]:
    """Two servers on one database of the shared PostgreSQL."""
    with ExitStack() as stack:
        yield [stack.enter_context(Server(database_url=database_url)) for _ in range(2)]


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL for this test alone."""
    with TemporaryDirectory(prefix="collab-", dir=memory.shared_folder()) as folder:
        data_dir = Path(folder) / "data"
        with embedded.running(data_dir) as server:
            yield Postgres(data_dir, server)
