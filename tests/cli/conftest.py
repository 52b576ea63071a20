"""A data dir for each test, and no process of it left afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from collab.postgres.home import Home
from tests.postgres.processes import eventually, holders, kill, stopped
from tests.support import memory


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data dir, not made yet."""
    folder = memory.new_folder()
    data_dir = folder / "data"
    yield data_dir
    home = Home(data_dir)
    kill(*holders(home.supervisor_lock))
    kill(*holders(home.server_lock))
    eventually(lambda: stopped(home))
    home.socket.unlink(missing_ok=True)
    home.socket.with_name(f"{home.socket.name}.lock").unlink(missing_ok=True)
    home.remove_run_dir()
    shutil.rmtree(folder)
