"""Measure how a room serves Git, beside Git itself: python -m tests.bench.git

A room of 60,000 revisions: somebody types for a while, pauses, and goes on elsewhere. Its pack is
compared with what `git gc --aggressive` makes of the same commits, and a clone of it with one of a
bare repository over `git http-backend`, on this machine and in turns. Then somebody pushes while
another person types all the time.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from math import inf
from pathlib import Path
from random import Random
from statistics import median
from uuid import UUID

import httpx

from collab.changes.tree import AddFolder
from collab.client import connect
from collab.postgres import embedded
from collab.protocol import AddFile, Change, Edit
from collab.room.state import Entry
from collab.store import log as store
from collab.store import migrations
from ot import Operation
from tests.bench.measured import Row, table
from tests.support.database import new_room
from tests.support.git_client import Clone, address, clone, git
from tests.support.git_server import serving_git
from tests.support.server import DEADLINE, Server

REVISIONS = 60_000
STRETCH = 600
"""Revisions between two pauses."""
CLONES = 7
PUSHES, TOKENS = 20, 50
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = (Path(__file__).parents[2] / "collab" / "live" / "host.py").read_text()


def story() -> list[Entry]:
    """Typing of code at some place, with slips that are taken back, in four files."""
    rng = Random(1)
    lengths = dict.fromkeys("abcd", 0)
    changes: list[Change] = [AddFolder("src", "", "src")]
    changes += [AddFile(file, f"{file}.py", None, "", "src") for file in lengths]
    source = 0
    while len(changes) < REVISIONS:
        file = rng.choice("abcd")
        place = rng.randrange(lengths[file] + 1)
        for _ in range(rng.randrange(20, 200)):
            length = lengths[file]
            if place and rng.random() < 0.1:
                place -= 1
                operation = Operation.patch(length, place, 1)
            else:
                letter = WORDS[source % len(WORDS)]
                source += 1
                operation = Operation.patch(length, place, 0, letter)
                place += 1
            changes.append(Edit(file, operation))
            lengths[file] = operation.target_length
    entries, at = [], BEGIN
    for number, change in enumerate(changes[:REVISIONS], 1):
        at += timedelta(seconds=0.3 if number % STRETCH else 900)
        who = f"person-{number // 5000 % 5}"
        entries.append(Entry(number, who, number, who, at, change, who, "typed"))
    return entries


async def fill(database_url: str, room_id: UUID) -> None:
    entries = await asyncio.to_thread(story)
    async with store.connected(database_url, statement_timeout=60) as log:
        for start in range(0, len(entries), 1000):
            await log.append(room_id, entries[start : start + 1000])


def pack_size(repository: Path) -> int:
    """The bytes of the packs of a repository."""
    return sum(path.stat().st_size for path in repository.rglob("*.pack"))


def timed_clone(folder: Path, remote: str, name: str) -> float:
    """Clone, and return the milliseconds that it took."""
    begun = time.perf_counter()
    clone(folder, remote, "--bare", name=name)
    return (time.perf_counter() - begun) * 1000


def measure_clones(folder: Path, server: Server, room_id: str) -> list[Row]:
    remote = address(server.url, room_id)
    first = timed_clone(folder, remote, "first.git")
    ours = pack_size(folder / "first.git")
    count = len(git(folder / "first.git", "rev-list", "main").split())
    git(folder, "clone", "--quiet", "--bare", "first.git", "served/room.git")
    git(folder / "served" / "room.git", "gc", "--quiet", "--aggressive", "--prune=now")
    theirs = pack_size(folder / "served" / "room.git")
    rows = [
        Row("commits of 60,000 revisions", count, "", inf),
        Row("pack, kB", ours / 1000, "kB", inf),
        Row("pack of git gc --aggressive, kB", theirs / 1000, "kB", inf),
        Row("pack, times that of git gc --aggressive", ours / theirs, "", 2.5),
        Row("first clone ever, ms", first, "ms", inf),
    ]
    with serving_git(folder / "served", plain=True) as backend:
        pairs = [
            (
                timed_clone(folder, remote, f"ours-{turn}.git"),
                timed_clone(folder, f"{backend.url}/room.git", f"theirs-{turn}.git"),
            )
            for turn in range(CLONES)
        ]
    mine, other = (median(times) for times in zip(*pairs, strict=True))
    rows += [
        Row("clone, ms", mine, "ms", inf),
        Row("clone from git http-backend, ms", other, "ms", inf),
        Row("clone, times that from git http-backend", mine / other, "", 2),
    ]
    return rows


async def measure_pushes(folder: Path, server: Server) -> list[Row]:
    """Push lines while somebody types others, 1,000 in all."""
    room_id = server.create_room(files={"main.py": "".join(f"# {n}\n" for n in range(100))})
    mine = await asyncio.to_thread(clone, folder, address(server.url, room_id), name="pushing")
    done = asyncio.Event()
    typed: list[str] = []
    pushed: list[str] = []

    async def type_on() -> None:
        async with connect(f"{server.url}/r/{room_id}", name="Bob") as bob:
            rng, main = Random(3), await bob.open("main.py")
            while not done.is_set():
                place = main.text.find("\n", rng.randrange(len(main.text))) + 1
                typed.append(f"typed-{len(typed)}")
                main.replace(place, place, f"{typed[-1]}\n")
                await main.saved()

    typing = asyncio.create_task(type_on())
    rng = Random(4)
    for _ in range(PUSHES):
        lines = mine.read("main.py").splitlines()
        for _ in range(TOKENS):
            pushed.append(f"pushed-{len(pushed)}")
            lines.insert(rng.randrange(len(lines)), pushed[-1])
        text = "".join(f"{line}\n" for line in lines)
        await asyncio.to_thread(push, mine, text)
    done.set()
    await typing
    url = f"{server.url}/rooms/{room_id}/files/main.py"
    text = (await asyncio.to_thread(httpx.get, url, timeout=DEADLINE)).text
    counts = [len(re.findall(rf"\b{word}\b", text)) for word in [*pushed, *typed]]
    return [
        Row("lines pushed", len(pushed), "", inf),
        Row("lines typed meanwhile", len(typed), "", inf),
        Row("of them lost", counts.count(0), "", 0),
        Row("of them doubled", sum(count > 1 for count in counts), "", 0),
    ]


def push(mine: Clone, text: str) -> None:
    mine.commit(main__py=text)
    mine.git("push", "--quiet")
    mine.git("pull", "--quiet", "--ff-only")


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="collab-git-") as name,
        embedded.running(Path(name) / "data") as database,
    ):
        folder = Path(name)
        (folder / "served").mkdir()
        migrations.upgrade(database.url)
        room_id = new_room(database.url)
        asyncio.run(fill(database.url, room_id))
        with Server(database_url=database.url) as server:
            rows = measure_clones(folder, server, str(room_id))
            rows += asyncio.run(measure_pushes(folder, server))
        sys.stdout.write(table(rows) + "\n")


if __name__ == "__main__":
    main()
