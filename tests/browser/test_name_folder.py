"""A feature of the page is a folder and its lines in the registry."""

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
    registry = copy / "src" / "features.ts"
    lines = registry.read_text("utf-8").splitlines()
    left = [
        line for line in lines if line not in ('import { name } from "./name/feature";', "  name,")
    ]
    assert len(left) == len(lines) - 2
    registry.write_text("\n".join(left), "utf-8")
    subprocess.run([copy / "node_modules" / ".bin" / "tsc", "--noEmit"], cwd=copy, check=True)
