"""The load: people who type into rooms, in a process of their own.

    python -m tests.bench.drive '{"server": "collab", "urls": ["ws://…"], "pid": 1, …}'

Prints what it measured, as JSON. The same people, with the same keys at the same moments, are
put to every server.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from random import Random
from typing import Literal

import uvloop
from msgspec import Struct, json

from tests.bench.people import PEOPLE, CollabPerson, Person, Room

DEADLINE = 20.0
TOGETHER = 20
"""People who come in at once."""
READS = 100
"""Texts that somebody asks for who does not read."""

Kind = Literal["relay", "collab", "sharedb", "hocuspocus"]


class Load(Struct):
    """Describe the load on one server. `pid` is the server's process; `rate` is keys per second
    and person.

    `people` type in each room of `urls`; in each of `others` there is one who does not. With
    `stalled` one more person is in each room who asks for much and reads nothing. With `hold`
    nobody types: everybody stays so many seconds.
    """

    server: Kind
    urls: list[str]
    pid: int
    people: int
    rate: float
    seconds: float
    seed: int
    others: list[str] = []
    stalled: bool = False
    hold: bool = False


class Measured(Struct):
    """Times in milliseconds, as (p50, p95). A delivery is one key at one person, its author
    included; bytes are those of the TCP stream. `busy` is of one core, while people typed."""

    ops: int
    acknowledged: tuple[float, float]
    seen: tuple[float, float]
    cpu_per_1000_ops: float
    bytes_per_delivery: float
    lost: int
    """Deliveries that did not come, or came twice."""
    server_busy: float
    driver_busy: float
    deliveries_per_second: float
    memory: float = 0
    """kB of the server's that each connection took."""


async def drive(load: Load) -> Measured:
    """Let everybody in, let them type, and wait until everybody has got everything."""
    memory = _memory(load.pid)
    rooms = [Room(url) for url in load.urls]
    crowds = [await _enter(load, room, f"r{number}") for number, room in enumerate(rooms)]
    people = [person for crowd in crowds for person in crowd]
    kind = PEOPLE[load.server]
    silent = [kind(f"s{number}", Room(url), load.seed) for number, url in enumerate(load.others)]
    await _connect_all(silent)
    if load.hold:
        await asyncio.sleep(load.seconds)
        nothing = (0.0, 0.0)
        grown = (_memory(load.pid) - memory) / len(people)
        return Measured(0, nothing, nothing, 0, 0, 0, 0, 0, 0, memory=grown)
    if load.stalled:
        for room in rooms:
            await _stall(load, room)
    gc.collect()
    gc.freeze()
    rng = Random(load.seed)
    bytes_before = sum(person.bytes for person in people)
    began, server, driver = time.perf_counter(), _cpu_seconds(load.pid), time.process_time()
    pressed = await asyncio.gather(*(_type_all(crowd, load, rng) for crowd in crowds))
    took = time.perf_counter() - began
    server_busy = (_cpu_seconds(load.pid) - server) / took
    driver_busy = (time.process_time() - driver) / took
    expected = [(p, count) for crowd, count in zip(crowds, pressed, strict=True) for p in crowd]
    await _until(lambda: all(person.keys >= count for person, count in expected))
    ops = sum(pressed)
    cpu = _cpu_seconds(load.pid) - server
    received = sum(person.bytes for person in people) - bytes_before
    await leave(*people, *silent)
    deliveries = sum(count for _, count in expected)
    return Measured(
        ops=ops,
        acknowledged=percentiles((ms, 1) for room in rooms for ms in room.acknowledged),
        seen=percentiles(sample for room in rooms for sample in room.seen()),
        cpu_per_1000_ops=1000 * cpu / ops,
        bytes_per_delivery=received / deliveries,
        lost=sum(abs(count - person.keys) for person, count in expected),
        server_busy=server_busy,
        driver_busy=driver_busy,
        deliveries_per_second=deliveries / took,
    )


async def _enter(load: Load, room: Room, name: str) -> list[Person]:
    """Let people into a room."""
    kind = PEOPLE[load.server]
    people = [kind(f"{name}p{n}", room, load.seed) for n in range(load.people)]
    await _connect_all(people)
    return people


async def _connect_all(people: Iterable[Person]) -> None:
    """Some at once."""
    waiting = iter(people)
    while group := list(islice(waiting, TOGETHER)):
        await asyncio.gather(*map(connect, group))


async def connect(person: Person) -> None:
    """Have somebody be in their room."""
    await asyncio.get_running_loop().create_connection(lambda: person, *person.address)
    await asyncio.wait_for(person.ready, DEADLINE)


async def leave(*people: Person) -> None:
    """Have them go, without a word."""
    for person in people:
        person.transport.close()
    await asyncio.sleep(0.01)


async def _stall(load: Load, room: Room) -> None:
    """Somebody asks for the text again and again, and reads none of it."""
    person = CollabPerson("stalled", room, load.seed)
    await connect(person)
    person.transport.pause_reading()
    for _ in range(READS):
        person.say({"type": "read", "file": "main"})


async def _type_all(people: list[Person], load: Load, rng: Random) -> int:
    """Have everybody press keys, not in step with one another. Return the number of keys."""
    pauses = [list(_pauses(load, rng)) for _ in people]
    starts = [rng.random() / load.rate for _ in people]
    await asyncio.gather(*map(_type, people, pauses, starts))
    return sum(map(len, pauses))


def _pauses(load: Load, rng: Random) -> Iterable[float]:
    left = load.seconds
    while left > 0:
        pause = rng.uniform(0.5, 1.5) / load.rate
        left -= pause
        yield pause


async def _type(person: Person, pauses: list[float], start: float) -> None:
    loop = asyncio.get_running_loop()
    at = loop.time() + start
    for pause in pauses:
        await asyncio.sleep(at - loop.time())
        person.press()
        at += pause


async def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds() and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def percentiles(samples: Iterable[tuple[float, int]]) -> tuple[float, float]:
    """The p50 and the p95 of values that each stand for so many."""
    ordered = sorted(samples)
    total = sum(weight for _, weight in ordered)
    found: list[float] = []
    passed = 0
    for value, weight in ordered:
        passed += weight
        while len(found) < 2 and passed >= (0.5, 0.95)[len(found)] * total:
            found.append(value)
    return (found[0], found[1]) if found else (0.0, 0.0)


def _cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process, read from Linux's clock for it (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


def _memory(pid: int) -> float:
    """kB of memory that a process has and shares with nobody."""
    _, resident, shared, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE") / 1024


if __name__ == "__main__":
    measured = uvloop.run(drive(json.decode(sys.argv[1], type=Load)))
    sys.stdout.write(json.encode(measured).decode())
