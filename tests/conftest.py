"""One PostgreSQL for the run, a fresh database for a test, and servers on them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from collab.postgres import embedded, locks
from collab.store import migrations
from tests.support.database import execute
from tests.support.server import Server

# A deadline, and how long it takes to draw examples, would measure how busy the machine is.
settings.register_profile("collab", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("collab")

_TEMPLATE = "collab_template"
_LONGEST = {"faults", "soak"}
"""Folders of few tests that take long."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite is shared out, also on two cores: it waits much. A part of it is not."""
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS
    return max(3, os.cpu_count() or 1) if whole else 0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that no process waits for another at the end."""
    items.sort(key=lambda item: not _LONGEST & set(item.path.parts))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Tests that share what their module has set up stay in one process, the others go anywhere."""
    if isinstance(item, pytest.Function):
        fixtures = item._fixtureinfo.name2fixturedefs.values()
        if any(found.scope == "module" for named in fixtures for found in named):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def postgres(run_dir: Path) -> Iterator[embedded.Server]:
    """An embedded server that lives as long as the tests; one for all their processes."""
    with embedded.running(run_dir / "postgres") as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: embedded.Server, run_dir: Path) -> str:
    """A database with the newest tables and nothing in them, to be copied."""
    made = run_dir / f"{_TEMPLATE}.made"
    with locks.hold(run_dir / f"{_TEMPLATE}.lock"):
        if not made.exists():
            # Tests that end a server have one of their own, and nothing of this one outlives them.
            execute(postgres.url, "alter system set fsync = off")
            execute(postgres.url, "select pg_reload_conf()")
            execute(postgres.url, f"create database {_TEMPLATE}")
            migrations.upgrade(postgres.url_for(_TEMPLATE))
            made.touch()
    return _TEMPLATE


@pytest.fixture(scope="session")
def shared_server(postgres: embedded.Server, template: str) -> Iterator[Server]:
    """A `collab` process for tests that need no more than rooms of their own.

    It suggests completions on a busy machine too.
    """
    patient = "--completion-timeout=60"
    with _database(postgres, template) as url, Server(patient, database_url=url) as server:
        yield server


@pytest.fixture
def database_url(postgres: embedded.Server, template: str) -> Iterator[str]:
    """A database for this test alone."""
    with _database(postgres, template) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres: embedded.Server) -> Iterator[str]:
    """A database for this test alone, without tables."""
    with _database(postgres, "template1") as url:
        yield url


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    """A `collab` process for this test alone, which may kill it and start it again."""
    with Server(database_url=database_url) as server:
        yield server


@contextmanager
def _database(postgres: embedded.Server, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    execute(postgres.url, f"create database {name} template {template} strategy file_copy")
    yield postgres.url_for(name)
    execute(postgres.url, f"drop database {name} with (force)")
