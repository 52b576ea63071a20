"""Language servers over the files of rooms: what they know, and what they must not."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from collab.languages.pool import Pool
from collab.languages.servers import available
from collab.languages.workspace import MEMORY, SECONDS, Workspace, remove_left
from tests.postgres.processes import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")
PATIENCE = 60.0
SERVERS = {server.name: server for server in available()[0]}


def pool_of(most: int = 4, idle: float = PATIENCE, limit: float = PATIENCE) -> Pool:
    return Pool(list(SERVERS.values()), most=most, idle=idle, limit=limit)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pool() -> AsyncIterator[Pool]:
    pool = pool_of()
    yield pool
    await pool.close()


async def names(pool: Pool, server: str, room: str, files: Mapping[str, str]) -> set[str] | None:
    """The names that may stand at the end of the last of these files; None without an answer."""
    path, text = list(files.items())[-1]

    async def ask(workspace: Workspace) -> set[str]:
        return {item.name for item in await workspace.items(path, text, len(text))}

    return await pool.ask(SERVERS[server], room, files, ask, patience=PATIENCE)


def processes(pool: Pool) -> dict[str, int]:
    """The ids of the processes, by room."""
    return {
        room: seat.workspace._connection._process.pid
        for (room, _), seat in pool._seats.items()
        if seat.workspace
    }


def status_of(process: int) -> str:
    return Path(f"/proc/{process}/status").read_text(encoding="ascii")


async def test_all_servers_are_here() -> None:
    assert available() == (list(SERVERS.values()), [])
    assert set(SERVERS) == {"ty", "tsc", "ruff"}


async def test_a_server_knows_the_other_files_of_a_room_and_follows_their_edits(pool: Pool) -> None:
    main = {"src/main.py": "import wheels\nwheels.tur"}
    assert await names(pool, "ty", "a", {"src/wheels.py": "turn = 1", **main}) == {"turn"}
    assert await names(pool, "ty", "a", {"src/wheels.py": "turner = 1", **main}) == {"turner"}
    assert await names(pool, "ty", "a", main) == set()


async def test_typescript_knows_the_files_of_a_room_and_of_node(pool: Pool) -> None:
    files = {
        "a.ts": "export const wheel = { turn: 1 };",
        "b.ts": "import { wheel } from './a';\nwheel.",
    }
    assert await names(pool, "tsc", "a", files) == {"turn"}
    assert "env" in (await names(pool, "tsc", "a", {"b.ts": "process."}) or set())


async def test_no_server_reads_a_file_of_the_machine_or_of_another_room(
    pool: Pool, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"hidden": 1}), encoding="utf-8")
    assert await names(pool, "tsc", "b", {"c.ts": "export const hidden = 1;"}) is not None
    workspace = pool._seats["b", "tsc"].workspace
    assert workspace
    other = workspace._folder
    for module in (str(secret), str(other / "c.ts"), f"../{other.name}/c.ts"):
        text = f"import * as found from '{module}';\nfound."
        assert "hidden" not in (await names(pool, "tsc", "a", {"b.ts": text}) or set())
    out = {"../out.py": "", "/etc/out.py": "", "main.py": "import os\nos.getc"}
    assert "getcwd" in (await names(pool, "ty", "a", out) or set())
    assert not (other.parent / "out.py").exists()


async def test_a_server_has_limits_and_no_privileges(pool: Pool) -> None:
    await names(pool, "ty", "a", {"main.py": "imp"})
    process = processes(pool)["a"]
    assert resource.prlimit(process, resource.RLIMIT_AS) == (MEMORY, MEMORY)
    assert resource.prlimit(process, resource.RLIMIT_CPU) == (SECONDS, SECONDS)
    assert resource.prlimit(process, resource.RLIMIT_FSIZE) == (0, 0)
    status = status_of(process)
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status


def is_halted(process: int) -> bool:
    """Tell whether no thread of a process goes on."""
    try:
        threads = [file.read_text() for file in Path(f"/proc/{process}/task").glob("*/stat")]
    except OSError:  # one has ended meanwhile
        return False
    return all(of.rpartition(")")[2].split()[0] in "TXZ" for of in threads)


async def test_a_server_that_was_killed_or_hangs_is_started_again() -> None:
    pool = pool_of(limit=0.5)
    text = {"main.py": "import os\nos.getcwd"}
    while await names(pool, "ty", "a", text) is None:
        pass  # the first answer may take longer on a busy machine
    for number in (signal.SIGKILL, signal.SIGSTOP):
        process = processes(pool)["a"]
        os.kill(process, number)
        await asyncio.to_thread(eventually, partial(is_halted, process))
        # The question may come after the loss was noticed; then a new process answers it.
        while await names(pool, "ty", "a", text) is None:
            pass
        assert process not in processes(pool).values()
    await pool.close()


async def test_few_run_at_a_time_and_who_was_asked_least_recently_ends() -> None:
    pool = pool_of(most=2)
    for room in ("a", "b", "a", "c"):
        assert await names(pool, "ty", room, {"main.py": "imp"})
    assert set(processes(pool)) == {"a", "c"}
    await pool.close()
    assert not processes(pool)


async def test_a_server_that_nobody_asks_ends_and_leaves_nothing() -> None:
    pool = pool_of(idle=0.01)
    folders: list[Path] = []

    async def ask(workspace: Workspace) -> Workspace:
        folders.append(workspace._folder)
        return workspace

    workspace = await pool.ask(SERVERS["ty"], "a", {"main.py": ""}, ask, patience=PATIENCE)
    assert workspace
    await workspace._connection._process.wait()
    await pool.close()
    assert not folders[0].exists()


async def test_what_a_server_of_rooms_that_was_killed_has_left_is_removed(pool: Pool) -> None:
    await names(pool, "ty", "a", {"main.py": "imp"})
    workspace = pool._seats["a", "ty"].workspace
    assert workspace
    home, kind = workspace._folder.parent, workspace._folder.name.rpartition("-")[0]
    left, other = (
        Path(tempfile.mkdtemp(prefix=each, dir=home)) for each in (f"{kind}-", "collab-")
    )
    remove_left()
    assert left not in set(home.iterdir())
    assert workspace._folder.exists()
    other.rmdir()  # of somebody else, it is still there
