"""Builds the page into collab/static/ on the way to a wheel or an editable install.

With COLLAB_COMPILE=1, a wheel has `ot` compiled to machine code.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A build backend does not put this folder on the path.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from frontend import npm
from ot.compiling import compile_package


class BuildHook(BuildHookInterface[Any]):
    """Runs the bundler where the page is older than its sources, and the compiler if asked to."""

    _compiled: TemporaryDirectory[str] | None = None

    def dependencies(self) -> list[str]:
        compilers = ["mypy>=2.4", "setuptools>=84"] if _compiles() else []
        return compilers if npm.on_path() else [npm.WHEEL, *compilers]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            # At the wheel's root, `alembic` would overlay the package of that name.
            build_data["force_include"] |= {
                "alembic": "collab/alembic",
                "alembic.ini": "collab/alembic.ini",
            }
            if _compiles():
                self._compile(build_data)
        if _current(Path(self.root)):
            return
        self.app.display_waiting("Building the page")
        try:
            npm.install(tools=False)
            npm.run("run", "build")
        except npm.NpmError as error:
            self.app.abort(f"{error}\n\nThe page could not be built.")

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self._compiled is not None:
            self._compiled.cleanup()

    def _compile(self, build_data: dict[str, Any]) -> None:
        self.app.display_waiting("Compiling ot")
        self._compiled = TemporaryDirectory()
        folder = Path(self._compiled.name)
        build_data["force_include"] |= {
            str(path): path.relative_to(folder).as_posix() for path in compile_package(folder)
        }
        build_data |= {"pure_python": False, "infer_tag": True}


def _compiles() -> bool:
    return os.environ.get("COLLAB_COMPILE") == "1"


def _current(root: Path) -> bool:
    """Tell whether the built page is newer than everything it is made from."""
    page = root / "collab/static/index.html"
    if not page.exists():
        return False
    frontend = root / "frontend"
    parts = [frontend / name for name in ("index.html", "package-lock.json", "vite.config.ts")]
    for folder in (frontend / "src", frontend / "public", frontend / "worker"):
        parts += [folder, *folder.rglob("*")]
    # A folder's own time tells of files that were taken away.
    return max(path.stat().st_mtime for path in parts if path.exists()) <= page.stat().st_mtime
