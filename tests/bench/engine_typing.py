"""Measures typing alone, over several traces and made-up ones, as ratios to `str` slicing.

uv run python -m tests.bench.engine_typing [--rounds N] [--traces DIR] [--no-peers] [--compiled]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import geometric_mean

from ot.compiling import compile_package
from tests.bench import engine_data
from tests.bench.engine import COMPILED, run, time_of

TRACES = ("rustcode", "sveltecomponent", "json-crdt-blog-post", "clownschool_flat")
MADE = ("typing", "bursts")
FLOOR = "str slicing"
AHEAD_OF = ("loro", "codemirror")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.engine_typing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=0.5, help="for each engine and round")
    parser.add_argument("--traces", type=Path, default=os.environ.get("COLLAB_TRACES"))
    parser.add_argument("--edits", type=int, default=40_000, help="of what is made up")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--compiled", action="store_true", help="measure that form of ot as well")
    options = parser.parse_args()
    typed = {name: engine_data.typed(name, options.edits) for name in MADE}
    if options.traces:
        typed |= {name: engine_data.replayed(options.traces, name) for name in TRACES}
    by_trace: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="collab-bench-") as folder:
        compiled = Path(folder) if options.compiled else None
        if compiled:
            compile_package(compiled)
        for name, given in typed.items():
            results = run(
                {"typing": given},
                options.rounds,
                options.seconds,
                peers=not options.no_peers,
                compiled=compiled,
            )
            by_trace[name] = {
                engine: time_of(rounds) for (_, engine), rounds in results.cells.items()
            }
    sys.stdout.writelines(line + "\n" for line in table(by_trace))


def table(by_trace: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Yield a line for each engine: its ratio to `str` slicing at each trace, and their mean."""
    yield f"{'of str slicing':16}" + "".join(f"{name:>21}" for name in [*by_trace, "mean"])
    engines = set.intersection(*(set(times) for times in by_trace.values()))
    means: dict[str, float] = {}
    for engine in next(iter(by_trace.values())):
        if engine in engines:
            ratios = [times[engine] / times[FLOOR] for times in by_trace.values()]
            means[engine] = geometric_mean(ratios)
            cells = "".join(f"{ratio:21.2f}" for ratio in [*ratios, means[engine]])
            yield f"{engine:16}{cells}"
    yield _target("ot", FLOOR, means["ot"] <= 0.33 * means[FLOOR], 0.33)
    for peer in AHEAD_OF:
        if peer in engines:
            ahead = all(times["ot"] <= times[peer] for times in by_trace.values())
            yield _target("ot", f"{peer}, at each", ahead, 1)
    if COMPILED in engines:
        yield _target(COMPILED, FLOOR, means[COMPILED] <= 0.17 * means[FLOOR], 0.17)
        if (peer := "diamond-types") in engines:
            yield _target(COMPILED, peer, means[COMPILED] <= 0.8 * means[peer], 0.8)


def _target(engine: str, peer: str, met: bool, factor: float) -> str:
    return f"  target {engine} <= {factor} x {peer}: {'met' if met else 'missed'}"


if __name__ == "__main__":
    main()
