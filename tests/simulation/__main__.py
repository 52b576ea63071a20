"""Run many seeds: `python -m tests.simulation --seeds 5000`, or a single one: `--seed 24`."""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from tests.simulation.scene import ROOM
from tests.simulation.world import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=1000, help="how many")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first of them")
    parser.add_argument("--seed", type=int, help="this one alone")
    arguments = parser.parse_args()
    if arguments.seed is None:
        seeds = range(arguments.first, arguments.first + arguments.seeds)
    else:
        seeds = range(arguments.seed, arguments.seed + 1)

    entries = conflicts = crashes = failures = 0
    start = time.perf_counter()
    for seed in seeds:
        try:
            world = run(seed)
        except Exception:  # noqa: BLE001  any error is a finding of this seed
            failures += 1
            sys.stdout.write(f"seed {seed} fails\n{traceback.format_exc()}\n")
        else:
            entries += len(world.log.entries(ROOM))
            conflicts += world.log.conflicts
            crashes += world.crashes
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{len(seeds)} seeds in {seconds:.1f} s: {entries} entries, {conflicts} conflicts, "
        f"{crashes} crashes, {failures} failures\n"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
