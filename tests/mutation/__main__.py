"""Mutate modules, one change at a time: `python -m tests.mutation exchange work`.

A mutant lives when all tests that `modules.py` names for its module pass with it. The tests run in
a copy of the repository, so the files here stay as they are.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.modules import MODULES, ROOT, Module
from tests.mutation.mutants import Mutant, mutants_of

_OURS = ("tests", "collab", "ot", "frontend")
_LIBRARIES = ("httpx", "hypothesis", "litestar", "sqlalchemy", "advanced_alchemy", "asyncpg")
_FORKS = multiprocessing.get_context("fork")
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
    for library in _LIBRARIES:
        importlib.import_module(library)
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
    """Put the mutant into the copy, run the tests, and tell whether all of them pass."""
    place = copy / mutant.path.relative_to(ROOT)
    place.write_bytes(mutant.apply())
    try:
        return passes(module, copy, limit)
    finally:
        place.write_bytes(mutant.source)


def passes(module: Module, copy: Path, limit: float | None) -> bool:
    """Run the groups of tests until one fails; one that takes longer than `limit` seconds fails."""
    test = test_page if module.is_page else test_python
    for group in module.tests:
        run = _FORKS.Process(target=test, args=(copy, group))
        run.start()
        run.join(limit)
        if run.is_alive():
            os.killpg(run.pid or 0, signal.SIGKILL)
            run.join()
        if run.exitcode != 0:
            return False
    return True


def test_page(copy: Path, group: tuple[str, ...]) -> None:
    """Become a process that runs tests of the page."""
    alone(copy / "frontend")
    vitest = "node_modules/vitest/vitest.mjs"
    os.execvp("node", ["node", vitest, "run", "--bail", "1", "--maxWorkers", "1", *group])


def test_python(copy: Path, group: tuple[str, ...]) -> None:
    """Run tests in this process, which has the libraries already: to import them takes longer than
    most tests. What is under test is imported from the copy.
    """
    alone(copy)
    for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
        del sys.modules[name]
    # What is installed in development mode is the original.
    sys.path.insert(0, str(copy))
    os.environ["PYTHONPATH"] = str(copy)
    known = "-Wignore::pytest.PytestAssertRewriteWarning"
    sys.exit(pytest.main(["-x", "-q", "-n0", known, *group]))


def alone(folder: Path) -> None:
    """Have a session of its own in this folder, and nothing to say."""
    os.setsid()
    os.chdir(folder)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)


def say(fate: str, mutant: Mutant) -> None:
    place = f"{mutant.path.relative_to(ROOT)}:{mutant.line}"
    sys.stdout.write(f"{fate:8} {place}  {mutant.becomes}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
