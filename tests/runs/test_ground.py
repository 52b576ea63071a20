"""The operator's choices for programs: packages, and a command in place of a sandbox."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from collab.runs.interpreters import pythons
from collab.runs.ladder import find_ground
from collab.runs.options import RunLimits, RunOptions
from collab.runs.packages import Packages, find_packages
from collab.runs.testing import Pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is of Linux")


def a_wheel(folder: Path) -> Path:
    wheel = folder / "greeting-1.0-py3-none-any.whl"
    info = "greeting-1.0.dist-info"
    with ZipFile(wheel, "w") as out:
        out.writestr("greeting.py", "words = 'hello'\n")
        out.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
        out.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        out.writestr(f"{info}/RECORD", "")
    return wheel


async def test_requirements_are_installed_once(tmp_path: Path) -> None:
    (python,) = (await pythons(sys.executable))[:1]
    listed = tmp_path / "requirements.txt"
    listed.write_text(f"{a_wheel(tmp_path)}\n")
    cache = tmp_path / "cache"
    found = await find_packages(str(listed), python, cache)
    assert found.words == ""
    assert (Path(found.folder) / "greeting.py").read_text() == "words = 'hello'\n"
    assert await find_packages(str(listed), python, cache) == found
    assert await find_packages(found.folder, python, cache) == found, "a folder is taken as it is"
    assert await find_packages("", python, cache) == Packages()


@pytest.mark.parametrize("wanted", ["/nowhere/at-all-1.0-py3-none-any.whl", "--help", "'"])
async def test_what_cannot_be_installed_is_told_in_words(wanted: str, tmp_path: Path) -> None:
    (python,) = (await pythons(sys.executable))[:1]
    found = await find_packages(wanted, python, tmp_path)
    assert found.folder == ""
    assert found.words.startswith(f"The packages {wanted} cannot be installed: ")


async def test_pytest_is_copied_with_all_that_it_needs() -> None:
    (python,) = (await pythons(sys.executable))[:1]
    copy = Pytest()
    try:
        assert await copy.ready(python) == ""
        process = await asyncio.create_subprocess_exec(
            # Nothing but Python's own library beside it.
            *(python.path, "-S", "-m", "pytest", "--version"),
            env={"PYTHONPATH": copy.folder},
        )
        assert await process.wait() == 0
    finally:
        copy.close()


async def test_what_a_program_can_do_by_a_command_is_told(tmp_path: Path) -> None:
    ground = await find_ground(RunOptions(command="/usr/bin/env -u HOME"), RunLimits(), tmp_path)
    await ground.close()
    assert ground.rung == "command"
    assert "a program in it can read a file of the server, connect to its port" in ground.words
    missing = await find_ground(RunOptions(command="no-such-jail"), RunLimits(), tmp_path)
    assert (missing.rung, missing.words) == (
        "off",
        "There is no no-such-jail, which --run-command names.",
    )
