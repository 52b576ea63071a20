"""A feature that is one folder or file and two lines of a registry can be removed without any
other change.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

_SMOKE = """
import asyncio
import sys
from litestar.testing import AsyncTestClient
from collab import options
from collab.app import create_app
from collab.live.traffic import Traffic

settings = options.read(["--database-url", sys.argv[1]])
app = create_app(settings, Traffic(settings.limits))

async def main():
    async with AsyncTestClient(app) as client:
        made = (await client.post("/rooms", json={"initial_code": "x = 1"})).json()
        read = (await client.get(f"/rooms/{made['roomId']}")).json()
        assert read["code"] == "x = 1", read
        print(sorted(read))
        print((await client.post(
            "/autocomplete", json={"code": "", "cursorPosition": 0, "language": "python"}
        )).status_code)

asyncio.run(main())
"""


def without(tree: Path, *lines: tuple[str, str]) -> None:
    """Take lines out of files; each must be there, once."""
    for file, line in lines:
        path = tree / file
        text = path.read_text(encoding="utf-8")
        assert text.count(line) == 1, f"{line!r} in {file}"
        path.write_text(text.replace(line, ""), encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the service, with what is compiled of it."""
    for package in ("collab", "ot"):
        shutil.copytree(ROOT / package, tmp_path / package)
    return tmp_path


def serve(tree: Path, database_url: str) -> list[str]:
    """Make a room in the service of a tree, and read it. Returns what it prints."""
    run = subprocess.run(
        [sys.executable, "-c", _SMOKE, database_url],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_the_whole_tree_has_names_and_completions(tree: Path, database_url: str) -> None:
    assert serve(tree, database_url) == ["['code', 'language', 'name', 'roomId']", "200"]


def test_completions_are_a_folder_and_two_lines(tree: Path, database_url: str) -> None:
    shutil.rmtree(tree / "collab" / "completions")
    without(
        tree,
        ("collab/domains.py", "from collab.completions.domain import COMPLETIONS\n"),
        ("collab/domains.py", "    COMPLETIONS,\n"),
    )
    assert serve(tree, database_url) == ["['code', 'language', 'name', 'roomId']", "404"]


def test_files_over_http_are_a_folder_and_two_lines(tree: Path, database_url: str) -> None:
    shutil.rmtree(tree / "collab" / "files")
    without(
        tree,
        ("collab/domains.py", "from collab.files.domain import FILES\n"),
        ("collab/domains.py", "    FILES,\n"),
    )
    assert serve(tree, database_url) == ["['code', 'language', 'name', 'roomId']", "200"]


def test_the_name_of_a_room_is_a_module_and_two_lines(tree: Path, database_url: str) -> None:
    (tree / "collab" / "room" / "kinds" / "name.py").unlink()
    without(
        tree,
        ("collab/room/kinds/__init__.py", "from collab.room.kinds.name import Names\n"),
        ("collab/room/kinds/__init__.py", "        Names(),\n"),
    )
    assert serve(tree, database_url) == ["['code', 'language', 'roomId']", "200"]
