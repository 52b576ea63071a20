"""How the tests of a room are run: those in Python by pytest, those in JavaScript by Node itself.

The Python of programs does not have the packages of the server, and often not pytest. So the server
copies its own pytest, with what that needs, to a folder that sandboxes show.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from collab.runs.interpreters import NODE_SITE, SITE, Interpreter

_MODULES = ("pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments")
_OPTIONS = ("-p", "no:cacheprovider", "-q", "--color=yes", "--tb=short")
_PYTEST = ("-m", "pytest", *_OPTIONS)
_NO_TESTS = 5
"""The status of pytest where there were none."""
_PATIENCE = 120.0
"""Seconds that the first start of pytest may take."""


class Pytest:
    """A copy of pytest. `folder` is there from the beginning, and filled before the first tests."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="collab-pytest-")
        os.chmod(self.folder, 0o755)  # noqa: PTH101, S103 - others start programs
        self._filling: asyncio.Task[str] | None = None

    async def ready(self, python: Interpreter) -> str:
        """Fill the folder. Returns words if this Python cannot run what is in it."""
        if self._filling is None:
            self._filling = asyncio.create_task(self._fill(python))
        return await asyncio.shield(self._filling)

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    async def _fill(self, python: Interpreter) -> str:
        await asyncio.to_thread(self._copy)
        # It compiles on the way what a run would have to compile each time.
        with tempfile.TemporaryDirectory() as empty:
            process = await asyncio.create_subprocess_exec(
                *(python.path, "-s", *_PYTEST, "--collect-only"),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=STDOUT,
                cwd=empty,
                env={"PYTHONPATH": self.folder, "LANG": "C.UTF-8"},
            )
            try:
                async with asyncio.timeout(_PATIENCE):
                    output, _ = await process.communicate()
            except BaseException:
                process.kill()
                raise
        if process.returncode == _NO_TESTS:
            return ""
        return f"{python.path} cannot run pytest: {output.decode(errors='replace')[-300:]}"

    def _copy(self) -> None:
        for source, name in _files():
            target = Path(self.folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


@cache
def pytest_archive() -> bytes:
    """A zip of the same, with our plugin, for the Python in a page."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for source, name in (*_files(), (SITE / "collab_tests.py", "collab_tests.py")):
            archive.write(source, name)
    return out.getvalue()


def _files() -> Iterator[tuple[Path, str]]:
    """The files of pytest and of what it needs, each with its path below a folder of modules."""
    for module in _MODULES:
        found = find_spec(module)
        assert found
        assert found.origin
        source = Path(found.origin)
        files = source.parent.rglob("*.py") if found.submodule_search_locations else [source]
        site = source.parents[1] if found.submodule_search_locations else source.parent
        for file in files:
            yield file, str(file.relative_to(site))


def python_tests(paths: Sequence[str]) -> list[str]:
    """The arguments with which Python runs tests."""
    return ["-s", "-m", "pytest", *pytest_arguments(paths)]


def pytest_arguments(paths: Sequence[str]) -> list[str]:
    return [*_OPTIONS, "-p", "collab_tests", *paths]


def node_tests(paths: Sequence[str]) -> list[str]:
    """The arguments with which Node runs tests."""
    reporter = f"--test-reporter={NODE_SITE / 'reporter.mjs'}"
    # Each file of tests is a process, with threads, of which a run may not have many.
    more = ("--test-concurrency=1", reporter, "--test-reporter-destination=stdout")
    return ["--test", *more, *paths]
