"""Measures how fast the service is, beside the cost of its stack without it, and beside its peers.

    uv run python -m tests.bench.service [--row ROW]… [--rounds N] [--seconds S] [--no-peers]
                                         [--against COMMIT] [--profile FILE]

In one run, with one driver: a bare relay, the same with a durable commit for each operation,
Collab, which is always durable, and ShareDB and Hocuspocus, in memory and on the same PostgreSQL.
Rounds take turns, and the table has the medians of the rounds.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import service_life, service_rows
from tests.bench.service_rows import Line, Options, Section
from tests.bench.service_servers import COLLAB, DURABLE, RELAY, Servers, servers

ROWS: dict[str, Callable[[Servers, Options], Iterator[Section]]] = {
    row.__name__: row
    for row in (
        service_rows.two,
        service_rows.twenty,
        service_rows.crowd,
        service_rows.rooms,
        service_rows.slow,
        service_life.kill,
        service_life.join,
        service_life.missed,
        service_life.idle,
        service_life.age,
        service_life.many,
    )
}


def main() -> None:
    default = Options()
    parser = argparse.ArgumentParser(
        prog="tests.bench.service",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="rows:\n" + "\n".join(f"  {name:8}{row.__doc__}" for name, row in ROWS.items()),
    )
    parser.add_argument("--row", action="append", choices=ROWS, help="default: all of them")
    parser.add_argument("--rounds", type=int, default=default.rounds, help="default: %(default)s")
    parser.add_argument(
        "--seconds", type=float, default=default.seconds, help="of typing, default: %(default)s"
    )
    parser.add_argument(
        "--crowd",
        type=lambda text: tuple(map(int, text.split(","))),
        default=default.crowd,
        help="people in one room, step by step, default: " + ",".join(map(str, default.crowd)),
    )
    parser.add_argument("--no-peers", action="store_true", help="only the floors and Collab")
    parser.add_argument("--against", metavar="COMMIT", help="Collab at this commit, too")
    parser.add_argument("--profile", type=Path, help="write a cProfile of collab; slows it")
    given = parser.parse_args()
    options = Options(rounds=given.rounds, seconds=given.seconds, crowd=given.crowd)
    peers = "none" if given.no_peers else "install"
    with servers(given.profile, peers=peers, against=given.against) as started:
        for name in given.row or ROWS:
            began = time.monotonic()
            for section in ROWS[name](started, options):
                say(table(section, given.against))
            say(f"  ({name}: {time.monotonic() - began:.0f} s)\n")
        for words in started.missing:
            say(f"not measured: {words}")


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def table(section: Section, against: str | None = None) -> str:
    """A section as text, with Collab's ratio to each floor and to another commit."""
    beside = [RELAY, DURABLE, *([against] if against else [])]
    floors = [name for name in beside if name in section.columns]
    widths = {name: max(8, len(name) + 2) for name in section.columns}
    heads = [f"{name:>{widths[name]}}" for name in section.columns]
    heads += [f"{'/ ' + name.removeprefix('relay + '):>10}" for name in floors]
    lines = [section.title, f"{'':40}{''.join(heads)}  target"]
    for line in section.lines:
        cells = [f"{_shown(line.values.get(name, '')):>{widths[name]}}" for name in section.columns]
        cells += [f"{_ratio(line, name):>10}" for name in floors]
        missed = ": missed" if line.met is False else ""
        lines.append(f"  {line.label:38}{''.join(cells)}  {line.target}{missed}".rstrip())
    return "\n".join(lines)


def _shown(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if type(value) is int or value >= 1000 else f"{value:.2f}"


def _ratio(line: Line, floor: str) -> str:
    ours, theirs = line.values.get(COLLAB, ""), line.values.get(floor, "")
    if isinstance(ours, str) or isinstance(theirs, str) or not theirs:
        return ""
    return f"{ours / theirs:.2f}"


if __name__ == "__main__":
    main()
