"""Mutate modules, one change at a time: `python -m tests.mutation exchange work`.

A mutant lives when all tests that `modules.py` names for its module pass with it. The tests run in
a copy of the repository, so the files here stay as they are.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.modules import MODULES, ROOT, Module
from tests.mutation.mutants import Mutant, mutants_of

ENOUGH = 95
"""Percent of the mutants that are not equivalent must die."""
LEFT_OUT = (".git", ".venv", "node_modules", "__pycache__", ".*_cache", ".hypothesis", "bench")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="+", choices=MODULES, metavar="MODULE")
    parser.add_argument("--only", help="files whose names have this in them")
    parser.add_argument("--lines", help="lines FROM-TO of these files")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn")
    parser.add_argument("--seed", type=int, default=0, help="what the draw depends on")
    parser.add_argument("--list", action="store_true", help="say what they are, and run nothing")
    arguments = parser.parse_args()
    os.nice(10)
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder)
        if not arguments.list:
            shutil.copytree(
                ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True
            )
            (copy / "frontend/node_modules").symlink_to(ROOT / "frontend/node_modules")
        shares = [judge(name, copy, arguments) for name in arguments.modules]
    return 0 if all(share >= ENOUGH for share in shares) else 1


def judge(name: str, copy: Path, arguments: argparse.Namespace) -> float:
    """Run the mutants of one module. Returns how many percent died."""
    module = MODULES[name]
    mutants = [m for path in module.paths for m in mutants_of(path) if wanted(m, arguments)]
    if arguments.sample and arguments.sample < len(mutants):
        mutants = Random(arguments.seed).sample(mutants, arguments.sample)
    if arguments.list:
        for mutant in mutants:
            say("would be", mutant)
        return 100
    began = time.monotonic()
    if not passes(module, copy, None):
        sys.exit(f"the tests of {name} fail without any mutation")
    limit = 30 + 10 * (time.monotonic() - began)
    equivalent = EQUIVALENT.get(name, {})
    counts: Counter[str] = Counter()
    for mutant in mutants:
        if mutant.becomes in equivalent:
            counts["equivalent"] += 1
            continue
        fate = "lived" if survives(mutant, module, copy, limit) else "killed"
        counts[fate] += 1
        if fate == "lived":
            say(fate, mutant)
    share = 100 * counts["killed"] / max(1, counts["killed"] + counts["lived"])
    sys.stdout.write(
        f"{name}: {counts['killed']} killed, {counts['lived']} lived, "
        f"{counts['equivalent']} equivalent: {share:.1f} % of the others died\n"
    )
    sys.stdout.flush()
    return share


def wanted(mutant: Mutant, arguments: argparse.Namespace) -> bool:
    if arguments.only and arguments.only not in mutant.path.name:
        return False
    if not arguments.lines:
        return True
    first, last = map(int, arguments.lines.split("-"))
    return first <= mutant.line <= last


def survives(mutant: Mutant, module: Module, copy: Path, limit: float) -> bool:
    """Whether all tests pass with this mutant, put into the copy for as long as they run."""
    place = copy / mutant.path.relative_to(ROOT)
    place.write_bytes(mutant.apply())
    try:
        return passes(module, copy, limit)
    finally:
        place.write_bytes(mutant.source)


def passes(module: Module, copy: Path, limit: float | None) -> bool:
    """Run the groups of tests until one fails; one that takes longer than `limit` seconds fails."""
    for group in module.tests:
        if module.is_page:
            vitest = "node_modules/vitest/vitest.mjs"
            command = ["node", vitest, "run", "--bail", "1", "--maxWorkers", "1", *group]
        else:
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", *group]
        run = subprocess.Popen(
            command,
            cwd=copy / "frontend" if module.is_page else copy,
            # What is installed in development mode is the original.
            env={**os.environ, "PYTHONPATH": str(copy)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            if run.wait(limit) != 0:
                return False
        except subprocess.TimeoutExpired:
            return False
        finally:
            if run.poll() is None:
                os.killpg(run.pid, 9)
                run.wait()
    return True


def say(fate: str, mutant: Mutant) -> None:
    place = f"{mutant.path.relative_to(ROOT)}:{mutant.line}"
    sys.stdout.write(f"{fate:8} {place}  {mutant.becomes}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
