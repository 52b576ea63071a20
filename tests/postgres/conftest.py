"""A data dir for each test, and no process of it left afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from collab.postgres.home import Home
from tests.postgres.processes import eventually, holders, kill, released
from tests.support import memory


@pytest.fixture
def account() -> pwd.struct_passwd | None:
    """Return the account that the test's users run as: None for our own, unless a test overrides
    it.
    """
    return None


@pytest.fixture
def data_dir(account: pwd.struct_passwd | None) -> Iterator[Path]:
    """A data dir, not made yet, below a folder that only its users' account may enter."""
    folder = memory.new_folder()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    data_dir = folder / "data"
    yield data_dir
    # Nothing is left to do here after a test that held.
    for name in ("users.lock", "supervisor.lock", "server.lock"):
        for lock in folder.rglob(name):
            kill(*holders(lock))
            eventually(partial(released, lock))
    shutil.rmtree(folder)


@pytest.fixture
def home(data_dir: Path) -> Home:
    return Home(data_dir)
