"""An import of many files beside `unzip`, and one change of a program in a room of so many.

python -m tests.bench.files
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from shutil import rmtree, which
from statistics import median
from zipfile import ZIP_DEFLATED, ZipFile

import httpx

from tests.support.server import DEADLINE, Server

_LETTERS = "abcdefghijklmnopqrstuvwxyz     \n"


def a_project(files: int, size: int) -> bytes:
    """A zip of so many texts of so many letters each, in thirty folders."""
    rng = Random(1)
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for number in range(files):
            archive.writestr(f"d{number % 30}/f{number}.py", "".join(rng.choices(_LETTERS, k=size)))
    return made.getvalue()


def measure(url: str, project: bytes, rounds: int) -> dict[str, float]:
    """The median seconds of each row."""
    took: dict[str, list[float]] = {}

    def time_it(row: str, act: Callable[..., object], *args: object, **kwargs: object) -> None:
        began = time.perf_counter()
        act(*args, **kwargs)
        took.setdefault(row, []).append(time.perf_counter() - began)

    with httpx.Client(base_url=url, timeout=DEADLINE) as http, tempfile.TemporaryDirectory() as tmp:
        (Path(tmp) / "project.zip").write_bytes(project)
        for number in range(rounds):
            small, large = (f"/rooms/{http.post('/rooms').json()['roomId']}" for _ in range(2))
            http.put(f"{small}/files/main.py", content="first")
            time_it("commit", http.put, f"{small}/files/main.py", content="next")
            time_it("import", http.post, f"{large}/import", content=project)
            time_it("change", http.put, f"{large}/files/main.py", content="next")
            time_it("export", http.get, f"{large}/export.zip")
            if which("unzip"):
                into = Path(tmp) / str(number)
                run = ["unzip", "-q", "project.zip", "-d", str(into)]
                time_it("unzip", subprocess.run, run, cwd=tmp, check=True)
                rmtree(into)
    return {row: median(times) for row, times in took.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.files")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--size", type=int, default=10_000, help="letters of each")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    project = a_project(given.files, given.size)
    with tempfile.TemporaryDirectory() as data, Server("--data-dir", data) as server:
        found = measure(server.url, project, given.rounds)
    lines = [f"{given.files} files of {given.size} letters, median of {given.rounds}"]
    lines += [f"{row:>8} {1000 * seconds:9.1f} ms" for row, seconds in found.items()]
    if "unzip" in found:
        ratio = (found["import"] - found["commit"]) / found["unzip"]
        lines.append(f"an import without its commit takes {ratio:.2f} times what unzip does")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
