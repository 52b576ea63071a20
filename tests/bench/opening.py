"""Measure the cost of a room of many files, beside a room of one file and beside another commit.

    uv run python -m tests.bench.opening [--against COMMIT] [--files N] [--size N] [--rounds N]

Both rooms are in a server of their own, which has been started again since they were made, so that
rooms are opened from snapshots. A join names the file that it holds; another commit, which may not
know that, sends what it sends. Rounds of both rooms take turns. It needs Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import httpx
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from collab.postgres import embedded
from tests.bench.checkouts import CHECKOUT, checked_out
from tests.bench.files import a_project
from tests.bench.start import HERE
from tests.support.server import DEADLINE, Server

_KEYS = 200
"""Keystrokes of a round."""
_JOINS = 10
"""Joins of a round."""
_SETTLED = 2
"""Seconds after which a server has done what follows a join."""
_LINGER = 8
"""Seconds after which a room that an import has made leaves memory."""
_SNAPSHOT = """
import asyncio, sys, time
from uuid import UUID
from collab.room.fold import fold
from collab.room.log import read_room
from collab.room.state import Entry
from collab.protocol import Edit
from collab.store.log import connected
from datetime import UTC, datetime
from ot import Operation
try:
    from collab.room.snapshot import edited, take_snapshot
    from collab.room.log import read_texts
except ImportError:
    take_snapshot = None

async def main(url, room_id, rounds):
    took = []
    async with connected(url, statement_timeout=60) as log:
        opened = await read_room(log, room_id)
        state = opened.state
        if take_snapshot:
            await read_texts(log, room_id, state, [state.main_id])
        for _ in range(rounds):
            length = len(state.main.text)
            edit = Edit(state.main_id, Operation([length, "x"]))
            number = state.revision + 1
            entry = Entry(number, "bench", number, "", datetime.now(UTC), edit)
            await log.append(room_id, [entry])
            fold(state, entry)
            began = time.perf_counter()
            if take_snapshot:
                snapshot = take_snapshot(state)
                await log.save_snapshot(room_id, snapshot)
                for file, kept in snapshot.texts.items():
                    state.files[file].text.keep(kept)
            else:
                await log.save_snapshot(room_id, state)
            took.append(time.perf_counter() - began)
    print(*took)

asyncio.run(main(sys.argv[1], UUID(sys.argv[2]), int(sys.argv[3])))
"""


class Room(Struct):
    """The figures of one room: ms of a join, its bytes, ms of the first join, which opens the room,
    the megabytes that the server grew by then, ms of a keystroke and of a snapshot."""

    join: float
    size: int
    opened: float
    memory: float
    key: float
    snapshot: float = 0.0


async def join(url: str, **fields: Any) -> tuple[ClientConnection, int, dict[str, Any]]:
    """Join a room. Returns the socket, the bytes of the answer, and the answer."""
    socket = await connect(
        url, subprotocols=[Subprotocol("collab")], compression=None, max_size=None
    )
    message = {"type": "join", "protocol": 3, "key": uuid4().hex, "person": "p", "name": "Ann"}
    await socket.send(json.dumps(message | {"colour": 0, "holds": ["main"]} | fields))
    answer = await socket.recv()
    size = len(answer)
    joined = json.loads(answer)
    assert joined["type"] == "joined", joined
    return socket, size, joined


def memory(server: Server) -> float:
    """Megabytes of the process that are its own."""
    rollup = Path(f"/proc/{server.process.pid}/smaps_rollup").read_text("ascii")
    kilobytes = sum(
        int(line.split()[1])
        for line in rollup.splitlines()
        if line.startswith(("Private_Clean:", "Private_Dirty:"))
    )
    return kilobytes / 1024


async def type_keys(socket: ClientConnection, joined: dict[str, Any], keys: int) -> float:
    """Type into the first file, each key after the last one is saved. Returns median seconds."""
    (main,) = [file for file in joined["files"] if file["id"] == "main"]
    length, revision, seq = len(main["text"]), joined["revision"], joined["seq"]
    took: list[float] = []
    for _ in range(keys):
        seq += 1
        change = ["edit", "main", [length, "x"] if length else ["x"]]
        began = time.perf_counter()
        await socket.send(
            json.dumps({"type": "submit", "seq": seq, "revision": revision, "change": change})
        )
        while not isinstance(message := json.loads(await socket.recv()), list):
            pass
        took.append(time.perf_counter() - began)
        revision = message[0] + len(message) - 2
        length += 1
    return median(took)


def make(server: Server, files: int, size: int) -> dict[str, str]:
    """A room of one file and one of many, by name. Returns their ids."""
    rooms: dict[str, str] = {}
    with httpx.Client(base_url=server.url, timeout=DEADLINE) as http:
        for name, count in (("one", 1), ("many", files)):
            body = {"initial_code": "x" * size}
            rooms[name] = http.post("/rooms", json=body).json()["roomId"]
            if count > 1:
                project = a_project(count - 1, size)
                http.post(f"/rooms/{rooms[name]}/import", content=project).raise_for_status()
            # A restart that closes it keeps a snapshot.
            asyncio.run(_visit(server.room_url(rooms[name])))
    time.sleep(_LINGER)
    server.terminate()
    server.start()
    return rooms


async def _visit(url: str) -> None:
    socket, _, joined = await join(url)
    await type_keys(socket, joined, 1)
    await socket.close()


async def measure(server: Server, rooms: dict[str, str], rounds: int) -> dict[str, Room]:
    """The figures of each room of a server, which has none of them in memory yet."""
    urls = {name: server.room_url(room) for name, room in rooms.items()}
    opened, grown, stay = dict[str, float](), dict[str, float](), list[ClientConnection]()
    for name, url in urls.items():
        await asyncio.sleep(_SETTLED)
        before, began = memory(server), time.perf_counter()
        stay.append((await join(url))[0])
        opened[name] = time.perf_counter() - began
        await asyncio.sleep(_SETTLED)
        grown[name] = memory(server) - before
    took: dict[str, list[float]] = {name: [] for name in urls}
    keys: dict[str, list[float]] = {name: [] for name in urls}
    sizes: dict[str, int] = {}
    for _ in range(rounds):
        for name, url in urls.items():
            for _ in range(_JOINS):
                began = time.perf_counter()
                socket, sizes[name], joined = await join(url)
                took[name].append(time.perf_counter() - began)
                await socket.close()
            socket, _, joined = await join(url)
            keys[name].append(await type_keys(socket, joined, _KEYS))
            await socket.close()
    for socket in stay:
        await socket.close()
    return {
        name: Room(
            join=1000 * median(took[name]),
            size=sizes[name],
            opened=1000 * opened[name],
            memory=grown[name],
            key=1000 * median(keys[name]),
        )
        for name in urls
    }


def snapshots(checkout: Path, url: str, room: str, rounds: int) -> float:
    """The median ms of a snapshot after one edit of the first file, in a process of its own."""
    program = [sys.executable, "-c", _SNAPSHOT, url, room, str(3 * rounds)]
    run = subprocess.run(program, cwd=checkout, check=True, capture_output=True, text=True)
    return 1000 * median(float(seconds) for seconds in run.stdout.split())


def compare(commit: str | None, files: int, size: int, rounds: int) -> dict[str, dict[str, Room]]:
    """The figures by checkout and room."""
    found: dict[str, dict[str, Room]] = {}
    # PostgreSQL may still be stopping when the folder goes.
    with tempfile.TemporaryDirectory(prefix="collab-bench-", ignore_cleanup_errors=True) as folder:
        checkouts = {HERE: CHECKOUT}
        if commit is not None:
            checkouts[commit] = checked_out(commit, Path(folder) / "other")
        for name, checkout in checkouts.items():
            with (
                embedded.running(Path(folder) / f"data-{name}") as database,
                Server(database_url=database.url, cwd=checkout) as server,
            ):
                rooms = make(server, files, size)
                found[name] = asyncio.run(measure(server, rooms, rounds))
                for kind, room in rooms.items():
                    found[name][kind].snapshot = snapshots(checkout, database.url, room, rounds)
    return found


def lines(found: dict[str, dict[str, Room]]) -> list[str]:
    """The figures in words."""
    told: list[str] = []
    for name, rooms in found.items():
        one, many = rooms["one"], rooms["many"]
        told.append(f"{name}:")
        for field in Room.__struct_fields__:
            a, b = float(getattr(one, field)), float(getattr(many, field))
            told.append(f"  {field:>8}  one {a:12.2f}  many {b:12.2f}  {b / a if a else 0:8.2f} x")
    if len(found) > 1:
        here, other = (rooms["many"] for rooms in found.values())
        told += [
            f"  bytes of a join: {here.size / other.size:.4f} x",
            f"  memory of the room: {here.memory / other.memory:.3f} x",
            f"  a keystroke: {here.key / other.key:.2f} x",
        ]
    return told


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.opening")
    parser.add_argument("--against", metavar="COMMIT", help="default: this checkout alone")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--size", type=int, default=10_000, help="letters of each")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    found = compare(given.against, given.files, given.size, given.rounds)
    sys.stdout.write("\n".join(lines(found)) + "\n")


if __name__ == "__main__":
    main()
