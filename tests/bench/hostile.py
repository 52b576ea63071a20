"""Measure what honest people notice during an attack: `uv run python -m tests.bench.hostile`.

Five people type in a room of a real server; attackers come from another address of this machine,
in a process of their own. Each row is one attack: the people's times from a change to its
acknowledgement, before the attack and in it, and the server's memory. On a machine that does other
things, too, look at the last two columns: the processor time of the longest callback of the
server's event loop, and the share of its time that the attack takes. Everything is bounded in time
and number.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from statistics import median, quantiles
from time import monotonic
from typing import NamedTuple

from websockets.exceptions import ConnectionClosed

from collab.postgres import embedded
from collab.store import migrations
from tests.bench import timed
from tests.bench.attacks import ATTACKS, TEXT
from tests.support.clients import OtClient
from tests.support.server import Server

_PEOPLE = 5
_KEYS_A_SECOND = 10


def _attack(name: str, url: str, room: str, seconds: float) -> None:
    async def bounded() -> None:
        with suppress(TimeoutError, ConnectionClosed):
            async with asyncio.timeout(seconds):
                await ATTACKS[name](url, room)

    asyncio.run(bounded())


async def _type(client: OtClient, until: float, times: list[float]) -> None:
    while monotonic() < until:
        began = monotonic()
        await client.type("x")
        await client.settled()
        times.append(monotonic() - began)
        await asyncio.sleep(max(0.0, began + 1 / _KEYS_A_SECOND - monotonic()))


class _Row(NamedTuple):
    """Milliseconds of the people, in quiet and attacked; MB; the server's loop meanwhile."""

    quiet: float
    p95: float
    ratio: float
    quiet_worst: float
    worst: float
    memory: float
    longest: float
    busy: float


async def _measure(server: Server, notes: Path, name: str, seconds: float) -> _Row:
    """One attack, on people who have just typed in quiet for as long."""
    mine = await asyncio.to_thread(server.create_room)
    attacked = await asyncio.to_thread(server.create_room, initial_code="x" * TEXT)
    people = [OtClient(server.room_url(mine), f"person{n}") for n in range(_PEOPLE)]
    status = Path(f"/proc/{server.process.pid}/status")
    for person in people:
        await person.__aenter__()
    arguments = (name, server.url, attacked, seconds + 1)
    attacker = multiprocessing.Process(target=_attack, args=arguments, daemon=True)
    try:
        began = monotonic()
        quiet, _ = await _watch(people, status, seconds)
        attacker.start()
        await asyncio.sleep(1)
        since = monotonic()
        times, memory = await _watch(people, status, seconds)
        noted = timed.read(notes)
    finally:
        if attacker.pid:
            await asyncio.to_thread(attacker.join)
        for person in people:
            await person.__aexit__(None, None, None)
    before, p95 = (1000 * quantiles(found, n=20)[-1] for found in (quiet, times))
    return _Row(
        before,
        p95,
        p95 / before,
        1000 * max(quiet),
        1000 * max(times),
        memory,
        1000 * timed.longest(noted, since).took,
        timed.share(noted, since, since + seconds) - timed.share(noted, began, began + seconds),
    )


async def _watch(people: list[OtClient], status: Path, seconds: float) -> tuple[list[float], int]:
    """Have people type: their times in seconds, and the most memory of the server in MB."""
    times: list[float] = []
    most = 0
    until = monotonic() + seconds
    typing = [asyncio.create_task(_type(person, until, times)) for person in people]
    while monotonic() < until:
        most = max(most, _resident(status))
        await asyncio.sleep(0.1)
    await asyncio.gather(*typing)
    return times, most


def _resident(status: Path) -> int:
    """MB of memory that a process has."""
    text = status.read_text("ascii")
    return int(text.partition("VmRSS:")[2].split()[0]) // 1024


def write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3, help="whose medians are told")
    parser.add_argument("--only", default="", help="attacks whose name has this")
    given = parser.parse_args()
    write(
        "| one address sends | quiet p95 | p95, ms | ratio | quiet worst | worst, ms |"
        " server, MB | longest callback, ms | loop's time |"
    )
    write("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder, embedded.running(Path(folder)) as postgres:
        migrations.upgrade(postgres.url)
        for name in ATTACKS:
            if given.only in name:
                rows = [
                    _round(postgres.url, Path(folder), name, given.seconds)
                    for _ in range(given.rounds)
                ]
                row = _Row(*(median(column) for column in zip(*rows, strict=True)))
                write(
                    f"| {name} | {row.quiet:.1f} | {row.p95:.1f} | {row.ratio:.1f}"
                    f" | {row.quiet_worst:.0f} | {row.worst:.0f} | {row.memory:.0f}"
                    f" | {row.longest:.0f} | {row.busy:.0%} |"
                )


def _round(database_url: str, folder: Path, name: str, seconds: float) -> _Row:
    """One attack on a server of its own, so that the memory is the attack's."""
    notes = folder / "notes"
    environment = {"COLLAB_TIMED": str(notes)}
    with Server(
        database_url=database_url, environment=environment, module="tests.bench.timed"
    ) as server:
        return asyncio.run(_measure(server, notes, name, seconds))


if __name__ == "__main__":
    main()
