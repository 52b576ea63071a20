"""Builds the page into collab/static/ on the way to a wheel or an editable install."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A build backend does not put this folder on the path.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from frontend import npm


class PageHook(BuildHookInterface[Any]):
    """Runs the bundler where the page is older than its sources, else does nothing."""

    def dependencies(self) -> list[str]:
        return [] if npm.on_path() else [npm.WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            # At the wheel's root, `alembic` would overlay the package of that name.
            build_data["force_include"] |= {
                "alembic": "collab/alembic",
                "alembic.ini": "collab/alembic.ini",
            }
        if _current(Path(self.root)):
            return
        self.app.display_waiting("Building the page")
        try:
            npm.install(tools=False)
            npm.run("run", "build")
        except npm.NpmError as error:
            self.app.abort(f"{error}\n\nThe page could not be built.")


def _current(root: Path) -> bool:
    """Whether the built page is newer than everything it is made from."""
    page = root / "collab/static/index.html"
    if not page.exists():
        return False
    frontend = root / "frontend"
    parts = [frontend / name for name in ("index.html", "package-lock.json", "vite.config.ts")]
    for folder in (frontend / "src", frontend / "public", frontend / "worker"):
        parts += [folder, *folder.rglob("*")]
    # A folder's own time tells of files that were taken away.
    return max(path.stat().st_mtime for path in parts if path.exists()) <= page.stat().st_mtime
