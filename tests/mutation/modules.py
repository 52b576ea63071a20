"""The modules that can be mutated, and the tests that must kill their mutants."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    sources: tuple[str, ...]
    """Globs, from the root of the repository."""
    tests: tuple[tuple[str, ...], ...]
    """Groups of test files or folders. A mutant meets them one group after the other until one
    fails, so the quick ones stand first. Those of the page are named from `frontend`."""

    @property
    def paths(self) -> list[Path]:
        found = [path for glob in self.sources for path in sorted(ROOT.glob(glob))]
        return [path for path in found if ".test." not in path.name and path.name != "__init__.py"]

    @property
    def is_page(self) -> bool:
        return self.sources[0].startswith("frontend/")


WORK = ("journal", "claims", "records", "salvage", "shelf")

MODULES = {
    "exchange": Module(
        ("frontend/src/link/exchange.ts", "frontend/src/link/trial.ts"),
        (("src/link/exchange.test.ts",), ("src/work/survival.test.ts",)),
    ),
    "work": Module(
        tuple(f"frontend/src/work/{name}.ts" for name in WORK),
        (
            (
                *(f"src/work/{name}.test.ts" for name in (*WORK, "journalClaims")),
                "src/link/exchange.test.ts",
            ),
            ("src/work/survival.test.ts",),
        ),
    ),
    "page-room": Module(
        ("frontend/src/room/*.ts",),
        (("src/room",), ("src/link/exchange.test.ts", "src/editor/convergence.test.ts")),
    ),
    "room": Module(
        ("collab/room/*.py",),
        (("tests/room", "tests/files/test_unzip.py"), ("tests/simulation/test_simulation.py",)),
    ),
    "live": Module(("collab/live/*.py",), (("tests/live",), ("tests/contracts", "tests/socket"))),
    "store": Module(
        ("collab/store/*.py",),
        (
            ("tests/store", "tests/contracts"),
            ("tests/access/test_ended_sessions.py", "tests/operations/test_poolers.py"),
        ),
    ),
    "search": Module(
        ("collab/search/*.py",),
        (
            ("tests/search/test_globs.py", "tests/search/test_finder.py"),
            ("tests/search/test_asking.py", "tests/search/test_process.py"),
            ("tests/http/test_search.py",),
        ),
    ),
    "languages": Module(
        ("collab/languages/*.py",), (("tests/languages",), ("tests/http/test_code.py",))
    ),
    "files": Module(
        ("collab/files/*.py",),
        (("tests/files",), ("tests/http/test_files.py", "tests/http/test_archives.py")),
    ),
    "page-search": Module(("frontend/src/search/*.ts",), (("src/search",),)),
}
