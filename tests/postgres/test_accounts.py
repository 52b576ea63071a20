"""The account and the folder of the embedded server: see collab/postgres/home.py."""

from __future__ import annotations

import importlib.util
import pwd
import shutil
import sys
from pathlib import Path

import pytest

from collab.postgres import binaries, embedded
from collab.postgres.errors import EmbeddedPostgresError
from tests.postgres.accounts import ACCOUNT, NOBODY, ROOT, UNKNOWN, _as
from tests.postgres.processes import User, fetch


def test_programs_that_the_account_cannot_reach_are_copied_to_where_it_can(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, copies = data_dir / "closed", data_dir / "copies"
    copies.mkdir(parents=True)
    data_dir.parent.chmod(0o755)
    spec = importlib.util.find_spec(binaries.PACKAGE)
    assert spec
    assert spec.submodule_search_locations
    for folder in (package := Path(spec.submodule_search_locations[0])).parent.glob(
        f"{package.name}*"
    ):
        shutil.copytree(folder, closed / folder.name)
    for path in (closed, *closed.rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)
    monkeypatch.syspath_prepend(closed)
    if ROOT:
        programs = binaries.find(ACCOUNT, copies)
    else:
        programs = binaries._programs(binaries._copy(closed / package.name, copies))
    assert programs.is_relative_to(copies)
    assert binaries.major(programs, ACCOUNT) == "18"
    assert all(path.stat().st_mode & 0o444 == 0o444 for path in programs.parent.rglob("*"))


@pytest.mark.skipif(not ROOT, reason="only root may use what is another's")
@pytest.mark.parametrize("account", [NOBODY], ids=_as)
def test_root_uses_the_server_of_another_account_and_leaves_it_usable(
    data_dir: Path, account: pwd.struct_passwd
) -> None:
    user = User(data_dir, account=account)
    fetch(user.url, "create table kept as select 42 as answer")
    with embedded.running(data_dir, create=False) as server:
        assert server.url == user.url
        assert fetch(server.url, "select answer from kept") == 42
    user.leave()
    for path in (data_dir / "postgres").glob("*.l*"):
        path.unlink()
    with embedded.running(data_dir, create=False) as server:
        assert fetch(server.url, "select answer from kept") == 42
    user = User(data_dir, account=account)
    assert fetch(user.url, "select answer from kept") == 42
    user.leave()


@pytest.mark.skipif(not ROOT or sys.platform != "linux", reason="only root becomes anybody")
@pytest.mark.parametrize("account", [UNKNOWN], ids=["unknown"])
def test_a_user_whom_the_system_does_not_know_has_a_server(
    data_dir: Path, account: pwd.struct_passwd
) -> None:
    with pytest.raises(KeyError):
        pwd.getpwuid(account.pw_uid)
    user = User(data_dir, account=account)
    assert fetch(user.url, "select current_user::text") == "postgres"
    user.leave()
    assert (data_dir / "postgres" / "cluster").stat().st_uid == account.pw_uid


def test_who_has_no_home_is_told_to_give_a_data_dir(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_uid: int) -> pwd.struct_passwd:
        raise KeyError

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    for home in (None, "", "relative"):
        monkeypatch.delenv("HOME", raising=False)
        if home is not None:
            monkeypatch.setenv("HOME", home)
        with pytest.raises(EmbeddedPostgresError, match=r"no home folder.*give --data-dir"):
            embedded.default_data_dir()


def test_the_data_dir_follows_the_xdg_specification(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/data")
    assert embedded.default_data_dir() == Path("/srv/data/collab")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert embedded.default_data_dir() == Path.home() / ".local/share/collab"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert embedded.default_data_dir().parts[-2:] == ("Application Support", "Collab")
