"""How fast the service is, beside what its own stack costs without it.

    uv run python -m tests.bench.service [--rounds N] [--seconds S] [--profile FILE]

In one run, with one driver: a bare relay, the same with a durable commit for each operation, and
Collab, which is always durable. Rounds take turns, and the table has the medians of the rounds.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Literal

import httpx
from msgspec import Struct, json

from collab.postgres import embedded
from tests.bench.drive import Load, Measured

RELAY, DURABLE, COLLAB = SERVERS = ("relay", "relay + commit", "collab")
START_TEXT = "def greet(name):\n    return f'Hello, {name}'\n\n\n" * 50


class Workload(Struct, frozen=True):
    """`rate` is keys a second and person."""

    name: str
    people: int
    rate: float


WORKLOADS = (Workload("2 people typing", 2, 10), Workload("20 people, 5 ops/s each", 20, 5))
Results = dict[tuple[Workload, str], list[Measured]]
"""By workload and server, a measurement for each round."""


class Server(Struct):
    """A process under load."""

    kind: Literal["relay", "collab"]
    pid: int
    address: str

    def room(self) -> str:
        """The WebSocket URL of a new room."""
        room_id = "bench"
        if self.kind == "collab":
            answer = httpx.post(f"{self.address}/rooms", json={"initial_code": START_TEXT})
            room_id = answer.raise_for_status().json()["roomId"]
        return f"ws{self.address.removeprefix('http')}/ws/{room_id}"


class Row(Struct, frozen=True):
    """A line of the table. Its target is `times` the durable relay, or at most `most`."""

    name: str
    value: Callable[[Measured], float]
    times: float | None = None
    most: float | None = None


ROWS = {
    WORKLOADS[0]: (
        Row("sent to own ack, p50 ms", lambda m: m.acknowledged[0], times=1.2),
        Row("sent to own ack, p95 ms", lambda m: m.acknowledged[1], times=1.2),
    ),
    WORKLOADS[1]: (
        Row("seen by others, p50 ms", lambda m: m.seen[0], times=1.2),
        Row("seen by others, p95 ms", lambda m: m.seen[1], times=1.5),
        Row("server CPU s per 1,000 ops", lambda m: m.cpu_per_1000_ops, most=0.8),
        Row("bytes down per delivery", lambda m: m.bytes_per_delivery, most=42),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.service", description=__doc__)
    parser.add_argument("--rounds", type=int, default=6, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=2.0, help="of typing, default: 2")
    parser.add_argument("--profile", type=Path, help="write a cProfile of collab; slows it")
    options = parser.parse_args()
    sys.stdout.write(table(run(options.rounds, options.seconds, options.profile)) + "\n")


def run(rounds: int, seconds: float, profile: Path | None = None) -> Results:
    """Measure every workload on every server, in turn, after a first round that does not count."""
    results: Results = {}
    with servers(profile) as started:
        for number in range(-1, rounds):
            for workload in WORKLOADS:
                for name, server in started.items():
                    duration = seconds if number >= 0 else min(1.0, seconds)
                    measured = _drive(server, workload, duration, seed=number)
                    if number >= 0:
                        results.setdefault((workload, name), []).append(measured)
    return results


@contextmanager
def servers(profile: Path | None = None) -> Iterator[dict[str, Server]]:
    """The three, on one embedded PostgreSQL of their own."""
    measure = ["-m", "cProfile", "-o", str(profile)] if profile else []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="collab-bench-")))
        data_dir = folder / "data"
        database = stack.enter_context(embedded.running(data_dir))

        def start(kind: Literal["relay", "collab"], *command: str) -> Server:
            return stack.enter_context(_running(kind, *command))

        collab = [*measure, "-m", "collab", "--port", "0", "--data-dir", str(data_dir)]
        yield {
            RELAY: start("relay", "-m", "tests.bench.relay"),
            DURABLE: start("relay", "-m", "tests.bench.relay", database.url),
            COLLAB: start("collab", *collab),
        }


@contextmanager
def _running(kind: Literal["relay", "collab"], *command: str) -> Iterator[Server]:
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline().split()
        if not line:
            raise RuntimeError(f"{' '.join(command)} did not start")
        yield Server(kind, process.pid, line[-1])
    finally:
        process.terminate()
        process.communicate()


def _drive(server: Server, workload: Workload, seconds: float, seed: int) -> Measured:
    load = Load(
        server.kind, server.room(), server.pid, workload.people, workload.rate, seconds, seed
    )
    driver = [sys.executable, "-m", "tests.bench.drive", json.encode(load).decode()]
    printed = subprocess.run(driver, stdout=subprocess.PIPE, check=True).stdout
    return json.decode(printed, type=Measured)


def table(results: Results) -> str:
    """Medians over the rounds, and Collab's ratio to each floor."""
    lines = [f"{'':30}{RELAY:>8}{DURABLE:>16}{COLLAB:>8}{'/ relay':>9}{'/ commit':>10}  target"]
    for workload, rows in ROWS.items():
        lines.append(workload.name)
        for row in rows:
            values = [median(map(row.value, results[workload, name])) for name in SERVERS]
            relay, durable, collab = values
            target = f"<= {row.most}" if row.most else f"<= {row.times} x commit"
            missed = collab > (row.most or (row.times or 0) * durable)
            lines.append(
                f"  {row.name:28}{relay:8.2f}{durable:16.2f}{collab:8.2f}"
                f"{collab / relay:9.2f}{collab / durable:10.2f}  {target}{missed * ': missed'}"
            )
    lost = sum(measured.lost for rounds in results.values() for measured in rounds)
    return "\n".join([*lines, f"deliveries lost or doubled: {lost}"])


if __name__ == "__main__":
    main()
