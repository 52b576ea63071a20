"""Measures how fast `ot` is, beside other engines for texts that several people edit.

    uv run python -m tests.bench.engine [--rounds N] [--traces DIR] [--trace NAME]
        [--no-peers] [--compiled]

Every engine does the same work in processes of its own, round by round in turn; the table has
processor time, the ratio to `ot`, and the most memory above the start. What follows it is
the growth of `ot` alone. Peers are installed beside this file on first use.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from msgspec import Struct, json

from ot.compiling import compile_package
from tests.bench import engine_data, engine_growth, engine_ot, engine_peers
from tests.bench.engine_data import Input, Typing, Unit
from tests.bench.engine_install import PEERS, InstallError, node_peers, python_peers
from tests.bench.engine_measure import Measured

MOST_MEMORY = 5
"""Megabytes above the start, of `ot`."""
NODE_ENGINES = {
    "diamond-types": ("typing", "merge", "offline", "load"),
    "yjs": ("typing", "live", "offline", "load"),
    "ot.js": ("typing", "merge", "live", "offline", "behind"),
    "codemirror": ("typing", "live"),
    "text-unicode": ("typing",),
}
UNITS: dict[str, Unit] = {"yjs": "utf16", "ot.js": "utf16", "codemirror": "utf16", "pycrdt": "utf8"}
"""The units in which these count positions. The others count code points."""

Cell = tuple[str, str]
"""Row and engine."""
Driver = tuple[tuple[str, ...], dict[str, str]]
"""A command and its environment."""
COMPILED = "ot, compiled"


class Row(Struct, frozen=True):
    """A block of the table. `ot` is to take at most so many times what the best of some peers
    takes, and its compiled form at most other times."""

    name: str
    title: str
    targets: tuple[tuple[float, tuple[str, ...]], ...] = ()
    compiled: tuple[tuple[float, tuple[str, ...]], ...] = ()
    most: float | None = None
    """Milliseconds."""


ROWS = (
    Row(
        "typing",
        "typing, the text read 10 times",
        ((0.33, ("str slicing",)), (1.0, ("loro", "codemirror"))),
        ((0.17, ("str slicing",)), (0.8, ("diamond-types",))),
    ),
    Row(
        "merge",
        "a whole concurrent history, merged",
        ((1.4, ("diamond-types",)), (1.0, ("ot.js",))),
        ((0.8, ("diamond-types",)),),
    ),
    Row("live", "the same live, one key at a time", ((0.8, ("pycrdt",)),), ((0.5, ("pycrdt",)),)),
    Row(
        "offline",
        "two sides offline, then joined",
        ((1.0, ("diamond-types",)), (0.3, ("ot.js",))),
        ((0.5, ("diamond-types",)),),
    ),
    Row("behind", "an edit from far behind", most=0.02),
    Row("load", "a saved document with its history, loaded", ((0.1, ("pycrdt",)),)),
)


class Results(Struct):
    """A measurement for each round; and what was not measured, with the reason."""

    cells: dict[Cell, list[Measured]] = {}
    left_out: list[str] = []


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.engine", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each engine and round")
    parser.add_argument("--traces", type=Path, default=os.environ.get("COLLAB_TRACES"))
    parser.add_argument("--trace", help="a sequential trace, or: " + ", ".join(engine_data.SHAPES))
    parser.add_argument("--concurrent", default="clownschool", help="a concurrent trace")
    parser.add_argument("--edits", type=int, default=100_000, help="of each side, and for growth")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--compiled", action="store_true", help="measure that form of ot as well")
    options = parser.parse_args()
    inputs = engine_data.inputs(options.traces, options.trace, options.concurrent, options.edits)
    with tempfile.TemporaryDirectory(prefix="collab-bench-") as folder:
        compiled = Path(folder) if options.compiled else None
        if compiled:
            compile_package(compiled)
        results = run(
            inputs,
            options.rounds,
            options.seconds,
            peers=not options.no_peers,
            compiled=compiled,
        )
    sys.stdout.write(table(results) + "\n\n")
    sys.stdout.flush()
    for line in engine_growth.table(options.edits):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def run(
    inputs: Mapping[str, Input],
    rounds: int,
    seconds: float,
    *,
    peers: bool,
    compiled: Path | None = None,
) -> Results:
    """Measure every engine at every row there is input for. `compiled` is a folder with the
    compiled package. Raises AssertionError when texts that must be one are not."""
    results = Results()
    with tempfile.TemporaryDirectory(prefix="collab-bench-") as folder:
        drivers = _drivers(results, peers=peers, compiled=compiled)
        jobs = _prepared(inputs, Path(folder), results, drivers)
        for _ in range(rounds):
            for cell, job in jobs.items():
                printed = job.run("measure", job.artifact, seconds)
                results.cells.setdefault(cell, []).append(json.decode(printed, type=Measured))
    _agree(inputs, results)
    return results


class _Job(Struct, frozen=True):
    """An engine's driver at one row, and what it starts from."""

    command: tuple[str, ...]
    environment: dict[str, str]
    cell: Cell
    artifact: Path

    def run(self, verb: str, file: Path, last: object) -> bytes:
        """Raises CalledProcessError."""
        command = [*self.command, verb, *self.cell, str(file), str(last)]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True).stdout


def _prepared(
    inputs: Mapping[str, Input], folder: Path, results: Results, drivers: Mapping[Cell, Driver]
) -> dict[Cell, _Job]:
    """Row by row, what every engine that is there starts from."""
    files: dict[tuple[str, Unit | None], Path] = {}
    jobs: dict[Cell, _Job] = {}
    for number, (cell, (command, environment)) in enumerate(drivers.items()):
        row, engine = cell
        if row not in inputs:
            continue
        job = _Job(command, environment, cell, folder / f"{number}.artifact")
        unit = UNITS.get(engine)
        try:
            if (row, unit) not in files:
                given = engine_data.counted(inputs[row], unit) if unit else inputs[row]
                files[row, unit] = folder / f"{number}.input"
                files[row, unit].write_bytes(json.encode(given))
            job.run("prepare", files[row, unit], job.artifact)
            jobs[cell] = job
        except (ValueError, subprocess.CalledProcessError) as error:
            if cell in engine_ot.CASES:
                raise
            results.left_out.append(f"{engine} at {row}: {_reason(error)}")
    return jobs


def _drivers(results: Results, *, peers: bool, compiled: Path | None) -> Mapping[Cell, Driver]:
    """The command and environment for each cell, in the order of the table."""
    python = (sys.executable, "-m", "tests.bench.engine_measure")
    found: dict[Cell, Driver]
    found = {cell: (python, dict(os.environ)) for cell in engine_ot.CASES}
    if compiled:
        path = os.pathsep.join([str(compiled), str(Path.cwd())])
        safe = (sys.executable, "-P", *python[1:])
        for row, engine in engine_ot.CASES:
            if engine == "ot":
                found[row, COMPILED] = (safe, os.environ | {"PYTHONPATH": path})
    if peers:
        node_cells = [(row, engine) for engine, rows in NODE_ENGINES.items() for row in rows]
        try:
            environment = node_peers()
            node = shutil.which("node", path=environment["PATH"]) or "node"
            command = (node, "--expose-gc", str(PEERS / "engine.mjs"))
            found |= dict.fromkeys(node_cells, (command, environment))
        except InstallError as error:
            results.left_out.append(f"{', '.join(NODE_ENGINES)}: {error}")
        try:
            found |= dict.fromkeys(engine_peers.CASES, (python, python_peers()))
        except InstallError as error:
            results.left_out.append(f"pycrdt, loro: {error}")
    return found


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return " ".join(error.stderr.decode().strip().splitlines()[-1:])
    return str(error)


def _agree(inputs: Mapping[str, Input], results: Results) -> None:
    """Every typist ends with the text of the input; an engine ends with one text in every round,
    and so do the two that are one algorithm in two languages."""
    ends: dict[Cell, set[str]] = {}
    for (row, engine), rounds in results.cells.items():
        family = "yjs" if engine == "pycrdt" else engine.split(",")[0]
        sequential = row in ("typing", "load")
        ends.setdefault((row, "" if sequential else family), set()).update(
            measured.digest for measured in rounds
        )
    typing = inputs["typing"]
    assert isinstance(typing, Typing)
    for row in ("typing", "load"):
        ends.setdefault((row, ""), set()).add(hashlib.sha256(typing.end.encode()).hexdigest())
    for cell, digests in ends.items():
        assert len(digests) == 1, f"texts differ: {cell}"


def table(results: Results) -> str:
    """Medians of the rounds, by row; ratios are to `ot`, which comes first."""
    lines = [f"{'':30}{'ms':>10}{'/ ot':>9}{'peak MB':>9}"]
    for row in ROWS:
        cells = {engine: m for (name, engine), m in results.cells.items() if name == row.name}
        if not cells:
            continue
        lines.append(row.title)
        times = {engine: time_of(measured) for engine, measured in cells.items()}
        for engine, milliseconds in times.items():
            peak = median(measured.peak for measured in cells[engine]) / 1e6
            over = ": too much" if engine == "ot" and peak > MOST_MEMORY else ""
            lines.append(
                f"  {engine:28}{milliseconds:10.3f}{milliseconds / times['ot']:9.2f}"
                f"{peak:9.1f}{over}"
            )
        lines += [f"    target {line}" for line in _targets(row, times)]
    return "\n".join([*lines, *(f"left out: {line}" for line in results.left_out)])


def _targets(row: Row, times: Mapping[str, float]) -> Iterator[str]:
    if row.most is not None:
        yield f"<= {row.most} ms: {_verdict(times['ot'], row.most)}"
    for engine, targets in (("ot", row.targets), (COMPILED, row.compiled)):
        for factor, peers in targets if engine in times else ():
            there = [peer for peer in peers if peer in times]
            if there:
                best = min(there, key=times.__getitem__)
                verdict = _verdict(times[engine], factor * times[best])
                yield f"{engine} <= {factor} x {best}: {verdict}"


def _verdict(value: float, most: float) -> str:
    return "met" if value <= most else "missed"


def time_of(rounds: list[Measured]) -> float:
    """The median of the rounds, of each its least: others disturb that the least."""
    return median(min(measured.times) for measured in rounds)


if __name__ == "__main__":
    main()
