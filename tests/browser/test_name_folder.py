"""A feature of the page is a folder and its lines in the registries."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"


def test_the_rooms_name_goes_with_its_folder_and_two_lines(tmp_path: Path) -> None:
    unwanted = shutil.ignore_patterns("node_modules", "screenshots")
    copy = shutil.copytree(FRONTEND, tmp_path / "frontend", ignore=unwanted)
    (copy / "node_modules").symlink_to(FRONTEND / "node_modules")
    shutil.rmtree(copy / "src" / "name")
    shutil.rmtree(copy / "src" / "testing")
    for pattern in ("*.test.ts", "*.bench.ts"):
        for path in (copy / "src").rglob(pattern):
            path.unlink()
    without(copy / "src" / "features.ts", 'import { name } from "./name/feature";\n', "  name,\n")
    without(copy / "src" / "kinds.ts", 'import { name } from "./name/kind";\n', "  name,\n")
    subprocess.run([copy / "node_modules" / ".bin" / "tsc", "--noEmit"], cwd=copy, check=True)


def without(registry: Path, *entries: str) -> None:
    """Take entries, each of which is there once, out of a registry."""
    text = registry.read_text("utf-8")
    for entry in entries:
        assert text.count(entry) == 1
        text = text.replace(entry, "")
    registry.write_text(text, "utf-8")
