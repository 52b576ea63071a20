"""Measure how fast programs run, and what they cost others, beside the bare interpreter and
Jupyter.

    uv run python -m tests.bench.runs [--row ROW]… [--rounds N] [--no-peers]

In one run, with rounds that take turns: read the ratios. It needs Linux, and a quiet machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from math import inf
from pathlib import Path
from statistics import median
from subprocess import DEVNULL, PIPE

from msgspec.structs import replace

from collab.runs.ladder import Ground
from collab.runs.options import RunLimits
from collab.runs.programs import Ended, Order, Programs, pack
from collab.runs.sandbox.watch import descendants
from tests.bench.measured import Row, table
from tests.bench.running import Person, Servers, cpu_of, memory_of, servers, wardens_of
from tests.support.pidfds import Pidfds
from tests.support.sockets import ot_socket

HELLO = "print('hello')\n"
LOOPS = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
print('on')
while True:
    pass
"""
FLOOD = "while True:\n    print('x' * 1000)\n"
BOMB = """
import os
for _ in range(5):
    os.fork()
kept = []
while True:
    kept.append(bytearray(b'x' * (1 << 20)))
"""
FORKS = """
import os, time
print('on')
while True:
    try:
        if os.fork() == 0:
            time.sleep(0.01)
            os._exit(0)
    except OSError:
        pass
    try:
        os.waitpid(-1, os.WNOHANG)
    except OSError:
        pass
"""
_CROWD = 20
_KEYS = 200
_PREPARING = 0.15
"""Seconds in which the warden prepares the next sandbox."""
_MIB = 1 << 20


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


# Bare


def bare(python: str, folder: str) -> float:
    """Milliseconds from the start of a Python to the first output of a file."""
    file = Path(folder) / "main.py"
    file.write_text(HELLO)
    began = time.perf_counter()
    with subprocess.Popen([python, str(file)], stdout=PIPE) as process:
        assert process.stdout
        process.stdout.read(1)
        took = 1000 * (time.perf_counter() - began)
        process.communicate()
        return took


def bare_stop(python: str, folder: str) -> float:
    """Milliseconds from the signal of Stop to the end of a Python that computes."""
    file = Path(folder) / "loops.py"
    file.write_text(LOOPS)
    with subprocess.Popen([python, "-u", str(file)], stdout=PIPE, stderr=DEVNULL) as process:
        assert process.stdout
        process.stdout.read(1)
        began = time.perf_counter()
        process.send_signal(signal.SIGINT)
        process.wait()
        return 1000 * (time.perf_counter() - began)


async def run_to_end(ground: Ground, source: str) -> Ended:
    """The end of a program whose memory no limit of a process bounds."""
    assert ground.programs
    assert ground.python
    archive = pack([("main.py", source.encode())])
    program = await ground.programs.start(Order([ground.python.path, "-s", "main.py"], {}, archive))
    os.close(archive)
    try:
        async for event in program.events():
            if isinstance(event, Ended):
                return event
    finally:
        program.close()
    raise AssertionError("it does not end")


async def in_sandbox(ground: Ground, source: str = HELLO) -> float:
    """Milliseconds from an order to the first output, in whatever sandbox the warden has."""
    assert ground.programs
    assert ground.python
    began = time.perf_counter()
    archive = pack([("main.py", source.encode())])
    program = await ground.programs.start(Order([ground.python.path, "-s", "main.py"], {}, archive))
    os.close(archive)
    await (await program.read(1)).read(1)
    took = 1000 * (time.perf_counter() - began)
    async for event in program.events():
        if isinstance(event, Ended):
            break
    program.close()
    return took


async def in_cold_sandbox(ground: Ground) -> float:
    """The same with a warden that has prepared none."""
    assert ground.programs
    fresh = Programs(ground.programs.plan)
    await fresh._warden()
    await asyncio.sleep(_PREPARING)  # it starts
    try:
        return await in_sandbox(replace(ground, programs=fresh))
    finally:
        await fresh.close()


async def first(rounds: int, servers: Servers) -> AsyncIterator[Row]:
    """From the order to the first output, with a prepared sandbox and a cold one."""
    ground = servers.ground
    assert ground.python
    bares, prepared, cold = list[float](), list[float](), list[float]()
    await in_sandbox(ground)
    for _ in range(rounds):
        bares.append(bare(ground.python.path, servers.folder))
        await asyncio.sleep(_PREPARING)
        prepared.append(await in_sandbox(ground))
        cold.append(await in_cold_sandbox(ground))
    middle = median(bares)
    yield Row("bare python main.py", middle, "ms", inf)
    yield Row("a prepared sandbox / bare", median(prepared) / middle, "x", 1.6)
    yield Row("a cold sandbox / bare", median(cold) / middle, "x", 2.3)
    if servers.jupyter:
        peer = median([await servers.by_jupyter() for _ in range(5)])
        yield Row("jupyter_client, start and execute", peer, "ms", inf)
        yield Row("a prepared sandbox / jupyter_client", median(prepared) / peer, "x", 1 / 25)


async def room(rounds: int, servers: Servers) -> AsyncIterator[Row]:
    """From Run pressed to the first output at all of twenty people."""
    assert servers.ground.python
    bares, pressed = list[float](), list[float]()
    async with servers.people(HELLO, _CROWD) as people:
        for _ in range(rounds + 1):
            bares.append(bare(servers.ground.python.path, servers.folder))
            await asyncio.sleep(_PREPARING)
            began = time.perf_counter()
            await people[0].run()
            await asyncio.gather(*(person.until_output("hello") for person in people))
            pressed.append(1000 * (time.perf_counter() - began))
            await asyncio.gather(*(person.until_ended() for person in people))
    yield Row("pressed, to all of 20", median(pressed[1:]), "ms", inf)
    yield Row("pressed, to all of 20 / bare", median(pressed[1:]) / median(bares), "x", 3.0)


async def stop(rounds: int, servers: Servers) -> AsyncIterator[Row]:
    """From Stop pressed to the news that it has ended, beside a bare Python that is signalled."""
    assert servers.ground.python
    bares, took = list[float](), list[float]()
    async with servers.people(LOOPS, 1) as (person,):
        for _ in range(rounds):
            bares.append(bare_stop(servers.ground.python.path, servers.folder))
            await person.run()
            await person.until_output("on")
            began = time.perf_counter()
            await person.socket.send("stop", run=person.running)
            await person.until_ended()
            took.append(1000 * (time.perf_counter() - began))
    yield Row("bare python, from SIGINT to its end, p95", quantile(bares, 0.95), "ms", inf)
    yield Row("stop, p95", quantile(took, 0.95), "ms", 50)
    yield Row("stop / bare, p50", median(took) / median(bares), "x", inf)


async def memory(rounds: int, servers: Servers) -> AsyncIterator[Row]:
    """The memory that a bomb gets beyond its limit, where the watch alone stops it."""
    over = list[float]()
    for _ in range(min(rounds, 5)):
        ended = await run_to_end(servers.ground, BOMB)
        assert ended.reason == "memory", ended
        over.append(100 * (ended.peak / RunLimits().memory - 1))
    yield Row("memory of a bomb beyond the limit, worst", max(over), "%", 10)


async def flood(rounds: int, servers: Servers) -> AsyncIterator[Row]:
    """The delay that others feel from a flood of output, a bomb of processes and twenty runs at
    once."""
    async with servers.people(FLOOD, 1) as (flooding,), servers.people("", 2) as (typing, _):
        quiet = await typing.type(_KEYS)
        before, output = cpu_of(servers.pid), flooding.read
        await flooding.run()
        await flooding.until_output("x")
        busy = await typing.type(_KEYS)
        await flooding.stop()
        used, output = cpu_of(servers.pid) - before, flooding.read - output
    yield Row("ack of a key, quiet, p95", quantile(quiet, 0.95), "ms", inf)
    yield _beside("a flood", busy, quiet)
    yield Row("CPU of the server for a MB of output", used / (output / 1e6), "s", 0.1)
    async with servers.people(FORKS, 1) as (bombing,), servers.people("", 2) as (typing, _):
        quiet = await typing.type(_KEYS)
        await bombing.run()
        await bombing.until_output("on")
        busy = await typing.type(_KEYS)
        await bombing.stop()
    yield _beside("a bomb of forks", busy, quiet)
    async with servers.people(LOOPS, 1) as (many,), servers.people("", 2) as (typing, _):
        quiet = await typing.type(_KEYS)
        runs = []
        for _ in range(20):
            await many.run()
            runs.append(many.running)
        busy = await typing.type(_KEYS)
        for run in runs:
            await many.socket.send("stop", run=run)
    yield _beside("20 runs", busy, quiet)


def _beside(what: str, busy: list[float], quiet: list[float]) -> Row:
    """How much longer a key takes than just before."""
    ratio = quantile(busy, 0.95) / quantile(quiet, 0.95)
    return Row(f"ack of a key in {what} / quiet, p95", ratio, "x", 2.0)


async def kill(rounds: int, servers: Servers) -> AsyncIterator[Row]:
    """From the kill -9 of a server until nothing of its run is left."""
    took = list[float]()
    for _ in range(min(rounds, 5)):
        with servers.another() as server:
            room = server.create_room(initial_code=FORKS)
            async with ot_socket(server.room_url(room)) as socket:
                person = Person(socket, await socket.join("p"))
                await person.run()
                await person.until_output("on")
                left = Pidfds(descendants(server.process.pid))
                began = time.perf_counter()
                server.kill()
                await left.gone()
                took.append(1000 * (time.perf_counter() - began))
    yield Row("nothing left after kill -9 of the server, worst", max(took), "ms", 200)


async def idle(rounds: int, servers: Servers) -> AsyncIterator[Row]:
    """The cost of the warden and the prepared sandbox while nothing runs."""
    async with servers.people(HELLO, 1) as (person,):
        await person.run()
        await person.until_ended()
    seconds = min(rounds, 5)
    await asyncio.sleep(1)
    wardens = wardens_of(servers.pid)
    before = sum(map(cpu_of, wardens))
    await asyncio.sleep(seconds)
    yield Row("memory of the warden", sum(map(memory_of, wardens)) / _MIB, "MiB", 15)
    yield Row(f"CPU of the warden in {seconds} s", sum(map(cpu_of, wardens)) - before, "s", 0.0)


ROWS: dict[str, Callable[[int, Servers], AsyncIterator[Row]]] = {
    row.__name__: row for row in (first, room, stop, memory, flood, kill, idle)
}


async def measure(
    rows: Sequence[str], rounds: int, *, peers: bool, database_url: str = ""
) -> list[Row]:
    async with servers(peers=peers, database_url=database_url) as started:
        found = []
        for name in rows:
            found += [row async for row in ROWS[name](rounds, started)]
        return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.runs", description=__doc__)
    parser.add_argument("--row", action="append", choices=ROWS, help="default: all of them")
    parser.add_argument("--rounds", type=int, default=20, help="default: %(default)s")
    parser.add_argument("--no-peers", action="store_true", help="without jupyter_client")
    given = parser.parse_args()
    rows = asyncio.run(measure(given.row or [*ROWS], given.rounds, peers=not given.no_peers))
    sys.stdout.write(table(rows) + "\n")


if __name__ == "__main__":
    main()
