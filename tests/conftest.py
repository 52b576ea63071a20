"""One PostgreSQL for the run, a fresh database for a test, and servers on them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from collab.postgres import embedded, locks
from collab.store import migrations
from frontend import npm
from tests.support import memory
from tests.support.database import NOBODYS, execute, fetch_value, made_database
from tests.support.server import Server

# A deadline, and how long it takes to draw examples, would measure how busy the machine is.
settings.register_profile("collab", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("collab")

# Programs are compiled once for all the processes that tests start. Otherwise each of them would
# compile all that it imports, which takes longer than the rest of its start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Each room that is edited would start two language servers, which few tests need.
os.environ["COLLAB_COMPLETION_SERVERS"] = "0"

_TEMPLATE = "collab_template"
_LONGEST = {"frontend", "soak"}
"""Folders of one long test each."""
_WAITING = {"bench", "faults", "postgres"}
"""Folders whose tests mostly wait, for what was killed and for time limits."""


def pytest_configure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        memory.begin()


def pytest_unconfigure() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        memory.end()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The whole suite is shared out, also on two cores: it waits much. A part of it is not."""
    return max(3, os.cpu_count() or 1) if _is_whole(config) else 0


def pytest_sessionstart(session: pytest.Session) -> None:
    """Have the tools of the page before the tests are shared out. Later, npm would empty their
    folder while other processes read it."""
    if _is_whole(session.config) and "PYTEST_XDIST_WORKER" not in os.environ:
        npm.install(tools=True)


def _is_whole(config: pytest.Config) -> bool:
    """Tell whether the whole suite is run, and not tests that were named."""
    return config.args_source is not pytest.Config.ArgsSource.ARGS


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first, so that no process waits for another at the end, and spread those that
    wait, so that others use the processors meanwhile."""
    last = 0.9 * len(items)
    waiting = [item for item in items if _WAITING & set(item.path.parts)]
    places = {item: number * last / len(waiting) for number, item in enumerate(waiting)}
    places |= {item: -1 for item in items if _LONGEST & set(item.path.parts)}
    others = [item for item in items if item not in places]
    places |= {item: number * len(items) / len(others) for number, item in enumerate(others)}
    items.sort(key=places.__getitem__)


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
    with embedded.running((memory.shared_folder() or run_dir) / "postgres") as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres: embedded.Server, run_dir: Path) -> str:
    """A database with the newest tables and nothing in them, to be copied."""
    made = run_dir / f"{_TEMPLATE}.made"
    with locks.hold(run_dir / f"{_TEMPLATE}.lock"):
        if not made.exists():
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
    with made_database(postgres, template) as url, Server(patient, database_url=url) as server:
        yield server
        nobodys = asyncio.run(fetch_value(url, NOBODYS))
        assert not nobodys, f"some test has written entries that are nobody's: {nobodys}"


@pytest.fixture(scope="module")
def learned_server(postgres: embedded.Server, template: str) -> Iterator[Server]:
    """A `collab` process with language servers."""
    options = ["--completion-timeout=60", "--completion-servers=6"]
    with made_database(postgres, template) as url, Server(*options, database_url=url) as server:
        yield server


@pytest.fixture
def database_url(postgres: embedded.Server, template: str) -> Iterator[str]:
    """A database for this test alone."""
    with made_database(postgres, template) as url:
        yield url


@pytest.fixture
def empty_database_url(postgres: embedded.Server) -> Iterator[str]:
    """A database for this test alone, without tables."""
    with made_database(postgres, "template1") as url:
        yield url


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    """A `collab` process for this test alone, which may kill it and start it again."""
    with Server(database_url=database_url) as server:
        yield server
