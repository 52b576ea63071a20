"""Rows about load: how long a key takes, and how much of everything it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median

from msgspec import Struct

from tests.bench.drive import Measured
from tests.bench.service_servers import COLLAB, DURABLE, Server, Servers

LATE = 100.0
"""Milliseconds of p95 from which on a room has too many people."""


class Options(Struct):
    """The length and the size of a run. The fields are those of the command line."""

    rounds: int = 3
    warm_up: bool = True
    """A first round, which does not count."""
    seconds: float = 2.0
    crowd: tuple[int, ...] = (50, 100, 150, 200, 300, 450, 600)
    rooms: int = 50
    in_each: tuple[int, ...] = (6, 10, 14, 18, 24)
    revisions: int = 50_000
    ages: tuple[int, ...] = (1, 10_000, 100_000)
    live: tuple[int, ...] = (1, 100, 1000)
    connections: int = 400


class Line(Struct):
    """One line of a table: values by column. `met` says whether Collab meets the target."""

    label: str
    values: dict[str, float | str]
    target: str = ""
    met: bool | None = None


class Section(Struct):
    title: str
    columns: Sequence[str]
    lines: list[Line]


Value = Callable[[Measured], float]


class Goal(Struct):
    """A value that is read off a measurement, and Collab's goal for it: `times` the durable
    relay's value, or at most `most`.
    """

    label: str
    value: Value
    times: float | None = None
    most: float | None = None

    def line(self, measured: dict[str, list[Measured]]) -> Line:
        """Medians of the rounds."""
        values = {name: median(map(self.value, rounds)) for name, rounds in measured.items()}
        most, target = self.most, f"<= {self.most:g}" if self.most is not None else ""
        if self.times is not None:
            most, target = self.times * values[DURABLE], f"<= {self.times:g} x commit"
        met = None if most is None else values[COLLAB] <= most
        return Line(self.label, dict(values), target, met)


LOST = Goal("deliveries lost or doubled", lambda m: m.lost, most=0)


def two(servers: Servers, options: Options) -> Iterator[Section]:
    """2 people typing, 10 keys a second each"""
    yield _measure(
        two,
        servers,
        options,
        lambda server, seed: server.load(2, 10, options.seconds, seed),
        [
            Goal("sent to own ack, p50 ms", lambda m: m.acknowledged[0], times=1.2),
            Goal("sent to own ack, p95 ms", lambda m: m.acknowledged[1], times=1.2),
            LOST,
        ],
    )


def twenty(servers: Servers, options: Options) -> Iterator[Section]:
    """20 people in a room, 5 keys a second each"""
    yield _measure(
        twenty,
        servers,
        options,
        lambda server, seed: server.load(20, 5, options.seconds, seed),
        [
            Goal("seen by others, p50 ms", lambda m: m.seen[0], times=1.2),
            Goal("seen by others, p95 ms", lambda m: m.seen[1], times=1.5),
            Goal("server CPU s per 1,000 ops", lambda m: m.cpu_per_1000_ops, most=0.8),
            Goal("bytes down per delivery", lambda m: m.bytes_per_delivery, most=42),
            LOST,
        ],
    )


def rooms(servers: Servers, options: Options) -> Iterator[Section]:
    """many rooms, 5 keys a second each, people added to all until p95 is over 100 ms"""

    def load(server: Server, people: int) -> Measured:
        urls = [server.room() for _ in range(options.rooms)]
        return server.load(people, 5, options.seconds, urls=urls)

    fitted, late = _grow(servers, options.in_each, load)
    ops = {name: 5 * options.rooms * people for name, (people, _) in fitted.items()}
    yield Section(
        f"{options.rooms} rooms, 5 keys a second each, people added until p95 is over {LATE:g} ms",
        list(servers.running),
        [
            Line("keys a second", dict(ops), "> all", ops[COLLAB] >= max(ops.values())),
            *_grown(fitted, late),
        ],
    )


def crowd(servers: Servers, options: Options) -> Iterator[Section]:
    """one room, 5 keys a second each, people added until p95 from key to others is over 100 ms"""
    fitted, late = _grow(
        servers,
        options.crowd,
        lambda server, people: server.load(people, 5, 2 * options.seconds),
    )
    most = fitted[COLLAB][0]
    goal = min(450, *options.crowd) if len(options.crowd) > 1 else options.crowd[0]
    goal = 450 if 450 in options.crowd else goal
    yield Section(
        str(crowd.__doc__),
        list(servers.running),
        [
            Line(
                f"people, of {', '.join(map(str, options.crowd))}",
                {name: people for name, (people, _) in fitted.items()},
                f">= {goal}",
                most >= goal,
            ),
            *_grown(fitted, late),
        ],
    )


Fitted = dict[str, tuple[int, Measured | None]]
"""By server, the most people that were not too many, and what was measured with them."""


def _grow(
    servers: Servers, steps: Sequence[int], load: Callable[[Server, int], Measured]
) -> tuple[Fitted, dict[str, Measured]]:
    """Add people to each server until they are too many; the second is what is measured then."""
    fitted: Fitted = {}
    late: dict[str, Measured] = {}
    for name, server in servers.running.items():
        fitted[name] = (0, None)
        for people in steps:
            measured = load(server, people)
            if measured.seen[1] > LATE or measured.lost:
                late[name] = measured
                break
            fitted[name] = (people, measured)
    return fitted, late


def _grown(fitted: Fitted, late: dict[str, Measured]) -> list[Line]:
    def of(value: Value) -> dict[str, float | str]:
        return {name: value(m) if m else "-" for name, (_, m) in fitted.items()}

    return [
        Line("  then seen, p50 ms", of(lambda m: m.seen[0])),
        Line("  then seen, p95 ms", of(lambda m: m.seen[1])),
        Line("  deliveries a second", of(lambda m: m.deliveries_per_second)),
        Line("  bytes down per delivery", of(lambda m: m.bytes_per_delivery)),
        Line("  server CPU s per 1,000 ops", of(lambda m: m.cpu_per_1000_ops)),
        Line("  server busy, share of a core", of(lambda m: m.server_busy)),
        Line("  driver busy, share of a core", of(lambda m: m.driver_busy)),
        Line("with the next: seen, p95 ms", {name: m.seen[1] for name, m in late.items()}),
        Line("  server busy, share of a core", {n: m.server_busy for n, m in late.items()}),
        Line("  driver busy, share of a core", {n: m.driver_busy for n, m in late.items()}),
    ]


def slow(servers: Servers, options: Options) -> Iterator[Section]:
    """20 people in a room, and one more who asks for the text 100 times and reads none of it"""
    text = "x = 1\n" * 17_000
    columns = ("without", "with")
    rounds: dict[str, list[Measured]] = {column: [] for column in columns}
    for number in range(-options.warm_up, options.rounds):
        for column in columns:
            measured = servers.collab.load(
                20,
                5,
                options.seconds,
                number,
                urls=[servers.collab.room(text)],
                stalled=column == "with",
            )
            if number >= 0:
                rounds[column].append(measured)

    def of(value: Value) -> dict[str, float | str]:
        return {column: median(map(value, rounds[column])) for column in columns}

    yield Section(
        str(slow.__doc__),
        columns,
        [
            Line("seen by others, p50 ms", of(lambda m: m.seen[0])),
            Line("seen by others, p95 ms", of(lambda m: m.seen[1])),
            Line("server CPU s per 1,000 ops", of(lambda m: m.cpu_per_1000_ops)),
            Line("deliveries lost or doubled", of(lambda m: m.lost)),
        ],
    )


def _measure(
    row: Callable[..., object],
    servers: Servers,
    options: Options,
    load: Callable[[Server, int], Measured],
    goals: Sequence[Goal],
) -> Section:
    """Every server in turn, round by round, after a first round that does not count."""
    measured: dict[str, list[Measured]] = {name: [] for name in servers.running}
    for number in range(-options.warm_up, options.rounds):
        for name, server in servers.running.items():
            found = load(server, number)
            if number >= 0:
                measured[name].append(found)
    lines = [goal.line(measured) for goal in goals]
    return Section(str(row.__doc__), list(servers.running), lines)
