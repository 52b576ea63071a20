"""Measure what a start costs, beside a start of another commit.

    uv run python -m tests.bench.start [--against COMMIT] [--rounds N]

On an embedded PostgreSQL each that has its tables, with the Python and the packages of this
checkout: seconds of CPU and megabytes until `collab` says that it is ready, megabytes of the
supervisor of `--workers`, and seconds from `kill -9` until the address answers again. COMMIT is
read from git into a folder of its own; the checkout stays as it is. Rounds take turns. It needs
Linux.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from statistics import median

from msgspec import Struct

from collab.postgres import embedded
from tests.bench.checkouts import CHECKOUT, checked_out
from tests.bench.service import say, table
from tests.bench.service_rows import Line, Section
from tests.support.ports import free_port

HERE = "this"


class Measured(Struct):
    """One start of each kind."""

    cpu: float
    memory: float
    supervisor: float
    again: float


class Goal(Struct):
    label: str
    value: str
    times: float | None = None
    most: float | None = None


GOALS = (
    Goal("CPU s until ready", "cpu", times=0.5),
    Goal("MB when ready", "memory", times=0.75),
    Goal("MB of the supervisor of --workers", "supervisor", most=25),
    Goal("s from kill -9 until it serves again", "again", times=0.5),
)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="tests.bench.start",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--against", metavar="COMMIT", help="default: this checkout alone")
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    given = parser.parse_args()
    say(table(compare(given.against, given.rounds)))


def compare(commit: str | None, rounds: int, *, warm_up: bool = True) -> Section:
    """The medians of the rounds, for this checkout and for another commit."""
    with tempfile.TemporaryDirectory(prefix="collab-bench-") as folder:
        checkouts = {HERE: CHECKOUT}
        if commit is not None:
            checkouts[commit] = checked_out(commit, Path(folder) / "other")
        found: dict[str, list[Measured]] = {name: [] for name in checkouts}
        with ExitStack() as stack:
            # Each has its own tables.
            databases = {
                name: stack.enter_context(embedded.running(Path(folder) / f"data-{name}"))
                for name in checkouts
            }
            for number in range(-warm_up, rounds):  # the warm-up makes tables and fills caches
                for name, checkout in checkouts.items():
                    measured = measure(checkout, databases[name].url)
                    if number >= 0:
                        found[name].append(measured)
    return Section("a start", list(found), [line(goal, found) for goal in GOALS])


def line(goal: Goal, found: dict[str, list[Measured]]) -> Line:
    values: dict[str, float | str] = {}
    medians = {
        name: median(getattr(measured, goal.value) for measured in rounds)
        for name, rounds in found.items()
    }
    values |= medians
    most, target = goal.most, ""
    if most is not None:
        target = f"<= {most:g}"
    elif goal.times is not None and (others := set(medians) - {HERE}):
        most, target = goal.times * medians[others.pop()], f"<= {goal.times:g} x"
    return Line(goal.label, values, target, None if most is None else medians[HERE] <= most)


def measure(checkout: Path, database_url: str) -> Measured:
    port = free_port()
    with Started(checkout, port, database_url) as one:
        cpu, memory = one.cpu(), one.memory()
        one.process.kill()
        one.process.wait()
        began = time.monotonic()
        with Started(checkout, port, database_url):
            again = time.monotonic() - began
    with Started(checkout, port, database_url, "--workers=2") as several:
        return Measured(cpu, memory, several.memory(), again)


class Started:
    """A `collab` of a checkout, which answers."""

    def __init__(self, checkout: Path, port: int, database_url: str, *options: str) -> None:
        command = [sys.executable, "-m", "collab", f"--port={port}", *options]
        self.process = subprocess.Popen(
            [*command, "--database-url", database_url],
            cwd=checkout,
            env=os.environ | {"PYTHONPATH": str(checkout)},
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout
        if not self.process.stdout.readline():
            raise RuntimeError(f"{' '.join(command)} did not start in {checkout}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health"):
            pass

    def cpu(self) -> float:
        """Seconds, with those of children that have ended."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Megabytes of the process itself."""
        found = re.search(r"VmRSS:\s*(\d+) kB", self._proc("status"))
        assert found
        return int(found[1]) / 1024

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self.process.pid}/{name}").read_text()

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            self.process.terminate()
        self.process.communicate()


if __name__ == "__main__":
    main()
