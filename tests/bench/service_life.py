"""Rows about life: a server killed, a large room joined, connections that say nothing, old rooms,
many rooms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import websockets
from msgspec import json
from websockets.typing import Subprotocol

from collab.protocol import SUBPROTOCOL, VERSION
from tests.bench import timed
from tests.bench.drive import connect, leave
from tests.bench.people import PEOPLE, CollabPerson, Person, Room
from tests.bench.service_rows import Line, Options, Section
from tests.bench.service_servers import (
    COLLAB,
    HOCUSPOCUS_PG,
    SHAREDB_PG,
    START_TEXT,
    Server,
    Servers,
)
from tests.support.clients import OtClient
from tests.support.server import Server as CollabServer

LETTERS = "xzqwkjbcpsvy"
"""None of which is in the first text."""
LARGE = 100_000
"""Letters of a large room."""
JOINS = 5
SOCKET = Subprotocol(SUBPROTOCOL)

_AGE = """
insert into entry (room_id, revision, client, seq, author, created_at, change)
select $1, n, 'age', n, 'Age', now(), case when n % 2 = 0
    then '["edit","main",["x",' || $3::int || ']]' else '["edit","main",[-1,' || $3::int || ']]' end
from generate_series(2, $2::bigint) n
"""


def kill(servers: Servers, options: Options) -> Iterator[Section]:
    """kill -9 while 12 people type, 10 keys a second each"""
    names = [name for name in (COLLAB, SHAREDB_PG, HOCUSPOCUS_PG) if name in servers.running]
    lines = [
        Line("acknowledged keys", {}),
        Line("  of them lost", {}, target="0"),
        Line("keys there twice", {}, target="0"),
    ]
    for name in names:
        found = asyncio.run(_kill_one(servers.running[name], options.seconds))
        for line, value in zip(lines, found, strict=True):
            line.values[name] = value
    wrong = asyncio.run(_come_back(servers.collab, options.seconds))
    lines.append(
        Line("after all came back: missing, doubled", {COLLAB: f"{wrong[0]}, {wrong[1]}"}, "0, 0")
    )
    for line in lines[1:]:
        line.met = line.values[COLLAB] in (0, "0, 0")
    yield Section(str(kill.__doc__), names, lines)


async def _kill_one(server: Server, seconds: float) -> tuple[int, int, int]:
    """Return how many keys were acknowledged, how many of those are lost, and how many doubled.

    Everybody has a letter. Who has one operation in flight has as many letters in the end as were
    acknowledged, or those in flight as well.
    """
    room = Room(server.room())
    people: list[Person] = []
    for number, letter in enumerate(LETTERS):
        person = PEOPLE[server.kind](f"p{number}", room, 1)
        person.letter = letter
        people.append(person)
        await connect(person)
    rng = Random(1)
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        await asyncio.sleep(rng.uniform(0, 2 / (10 * len(people))))
        rng.choice(people).press()
    server.kill()
    await asyncio.sleep(0.2)  # what is on its way arrives
    server.start()
    witness = PEOPLE[server.kind]("witness", Room(room.url), 2)
    await connect(witness)
    there = {person: witness.text.count(person.letter) for person in people}
    await leave(witness, *people)
    lost = sum(max(0, person.settled - count) for person, count in there.items())
    doubled = sum(max(0, count - person.typed) for person, count in there.items())
    return sum(person.settled for person in people), lost, doubled


async def _come_back(server: Server, seconds: float) -> tuple[int, int]:
    """People who reconnect and send again, as PROTOCOL.md says: keys that are missing or doubled
    when all is settled."""
    url = server.room("")
    people = [OtClient(url, f"p{number}") for number in range(4)]
    for person in people:
        await person.connect()
    typed: list[str] = []

    async def type_for(person: OtClient, duration: float) -> None:
        deadline = time.perf_counter() + duration
        while time.perf_counter() < deadline:
            typed.append(f"<{len(typed)}>")
            await person.type(typed[-1])
            await asyncio.sleep(0.02)

    typing = asyncio.gather(*(type_for(person, seconds) for person in people))
    await asyncio.sleep(seconds / 2)
    server.kill()
    server.start()
    for person in people:
        await person.disconnected()
        await person.connect()
    await typing
    for person in people:
        await person.settled()
    text = people[0].text
    for person in people[1:]:
        await person.reaches(people[0].revision)
    async with OtClient(url, "witness") as witness:
        text = witness.text
    for person in people:
        await person.lose_connection()
    missing = sum(token not in text for token in typed)
    return missing, sum(text.count(token) > 1 for token in typed)


def join(servers: Servers, options: Options) -> Iterator[Section]:
    """joining a room of 100,000 letters"""
    text = "x = 1\n" * (LARGE // 6)
    url = servers.collab.room(text)
    _run(_grow(servers.database_url, url, options.revisions, len(text)))
    _run(_settle(servers.database_url, url))
    cold = asyncio.run(_join(url))
    warm = sorted(asyncio.run(_join_often(url)))[JOINS // 2]
    columns = ("not in memory", "in memory")

    def line(label: str, at: int, most: float) -> Line:
        values = (cold[at], warm[at])
        return Line(
            label, dict(zip(columns, values, strict=True)), f"<= {most:g}", max(values) <= most
        )

    yield Section(
        f"joining a room of {LARGE:,} letters and {options.revisions:,} revisions",
        columns,
        [line("ms", 0, 100), line("bytes, of those of the text as JSON", 1, 1.1)],
    )


def missed(servers: Servers, options: Options) -> Iterator[Section]:
    """somebody joins from revision 1 while others ping"""
    columns = ("nobody joins", "the first", "the next")
    text = "x = 1\n" * (LARGE // 6)
    url, other = servers.collab.room(text), servers.collab.room()
    _run(_grow(servers.database_url, url, options.revisions, len(text)))
    _run(_settle(servers.database_url, url))
    found = asyncio.run(_come_from_long_ago(url, other))
    longest = _longest_callbacks(servers.database_url, options.revisions, text)
    yield Section(
        f"joining from revision 1 of {options.revisions:,} while others ping",
        columns,
        [
            Line("longest ping of others, ms", _row(columns, [one.ping for one in found])),
            Line(
                "ms until it is told what it missed",
                _row(columns[1:], [one.took for one in found[1:]]),
            ),
            Line(
                "longest callback of the server, ms of processor time",
                _row(columns, longest),
                "<= 5",
                max(longest) <= 5,
            ),
        ],
    )


def _row(columns: Sequence[str], values: Sequence[float]) -> dict[str, float | str]:
    return dict(zip(columns, values, strict=True))


def _longest_callbacks(database_url: str, revisions: int, text: str) -> list[float]:
    """Return the longest times of one step of the server's loop, on a server that `timed` runs."""
    with TemporaryDirectory(prefix="collab-bench-") as folder:
        notes = Path(folder) / "notes"
        with CollabServer(
            database_url=database_url,
            environment={"COLLAB_TIMED": str(notes)},
            module="tests.bench.timed",
        ) as server:
            url, other = (
                server.room_url(server.create_room(initial_code=code)) for code in (text, "")
            )
            _run(_grow(database_url, url, revisions, len(text)))
            _run(_settle(database_url, url))
            found = asyncio.run(_come_from_long_ago(url, other))
            noted = timed.read(notes)
            return [1000 * timed.longest(noted, one.began, one.ended).took for one in found]


class _Joining(NamedTuple):
    """The longest ping of others meanwhile and what the joiner waited, in ms; and when it was."""

    ping: float
    took: float
    began: float
    ended: float


async def _come_from_long_ago(url: str, other: str) -> list[_Joining]:
    """Measure what a person in another room notices, first while nobody joins, then while two
    clients join, one after the other.
    """
    found: list[_Joining] = []
    pings: list[float] = []
    answered = asyncio.Event()

    async def ping(client: OtClient) -> None:
        while True:
            began = time.perf_counter()
            await client.answered()
            pings.append(1000 * (time.perf_counter() - began))
            answered.set()

    async with OtClient(other, "o" * 16) as client, OtClient(url, "s" * 16):
        pinging = asyncio.create_task(ping(client))
        for joiner in (None, "first", "next"):
            pings.clear()
            began, took = time.monotonic(), 0.0
            if joiner is None:
                await asyncio.sleep(1)
            else:
                took = await _join_from_long_ago(url, joiner)
            answered.clear()
            await answered.wait()  # the ping that was on its way meanwhile
            found.append(_Joining(max(pings), took, began, time.monotonic()))
        pinging.cancel()
    return found


async def _join_from_long_ago(url: str, name: str) -> float:
    key = f"{name:-<16}"
    who = {"key": key, "person": name, "name": name, "colour": 0}
    join = {"type": "join", "protocol": VERSION, "revision": 1, **who}
    limit = 64 * 1024 * 1024
    async with websockets.connect(url, subprotocols=[SOCKET], max_size=limit) as socket:
        began = time.perf_counter()
        await socket.send(json.encode(join).decode())
        answer = json.decode(await socket.recv())
        assert answer["type"] == "joined", answer
        return 1000 * (time.perf_counter() - began)


async def _join(url: str) -> tuple[float, float]:
    """Milliseconds from connecting to the text, and how many times the bytes of its JSON came."""
    began = time.perf_counter()
    person = CollabPerson("joiner", Room(url), 1)
    await connect(person)
    took = 1000 * (time.perf_counter() - began)
    await leave(person)
    return took, person.bytes / len(json.encode(person.text))


async def _join_often(url: str) -> list[tuple[float, float]]:
    stayer = CollabPerson("stayer", Room(url), 1)
    await connect(stayer)
    joins = [await _join(url) for _ in range(JOINS)]
    await leave(stayer)
    return joins


async def _grow(database_url: str, url: str, revisions: int, length: int) -> None:
    """Give a new room a past: a letter, and its deletion, again and again."""
    room_id = UUID(url.rpartition("/")[2])
    connection = await asyncpg.connect(database_url)
    try:
        # What is even inserts, so the last must be odd for the text to be as it was.
        last = revisions // 2 * 2 + 1
        await connection.execute(_AGE, room_id, last, length)
        await connection.execute("update room set head = $2 where id = $1", room_id, last)
        await connection.execute("analyze entry")
    finally:
        await connection.close()


async def _settle(database_url: str, url: str) -> None:
    """Have the room opened once, and wait until its snapshot is kept and it is forgotten."""
    room_id = UUID(url.rpartition("/")[2])
    person = CollabPerson("opener", Room(url), 1)
    await connect(person)
    person.press()
    connection = await asyncpg.connect(database_url)
    try:
        async with asyncio.timeout(60):
            while person.settled == 0:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await leave(person)
            head = person.revision
            question = "select revision from snapshot where room_id = $1"
            while await connection.fetchval(question, room_id) != head:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await connection.close()


def idle(servers: Servers, options: Options) -> Iterator[Section]:
    """connections that say nothing, in rooms of 50"""
    values: dict[str, float | str] = {}
    for name, server in servers.running.items():
        server.load(50, 1, 0.2, hold=True)
        urls = [server.room() for _ in range(max(1, options.connections // 50))]
        values[name] = server.load(50, 1, 1, urls=urls, hold=True).memory
    met = float(values[COLLAB]) <= 25
    line = Line("kB of the server's memory each", values, "<= 25", met)
    yield Section(str(idle.__doc__), list(servers.running), [line])


def age(servers: Servers, options: Options) -> Iterator[Section]:
    """10 people in a room of so many revisions, 5 keys a second each"""
    columns = {f"{revisions:,}": revisions for revisions in options.ages}
    urls: dict[str, str] = {}
    for column, revisions in columns.items():
        urls[column] = url = servers.collab.room()
        if revisions > 1:
            _run(_grow(servers.database_url, url, revisions, len(START_TEXT)))
        _run(_settle(servers.database_url, url))
    yield _flat(str(age.__doc__), servers, options, {c: (u, []) for c, u in urls.items()})


def many(servers: Servers, options: Options) -> Iterator[Section]:
    """10 people in one of so many rooms, 5 keys a second each; somebody silent in the others"""
    others = [servers.collab.room() for _ in range(max(options.live) - 1)]
    cases = {f"{live:,}": (servers.collab.room(), others[: live - 1]) for live in options.live}
    yield _flat(str(many.__doc__), servers, options, cases)


def _flat(
    title: str, servers: Servers, options: Options, cases: dict[str, tuple[str, list[str]]]
) -> Section:
    """Return the cost of a key in each case: flat, if the last is at most 1.25 times the first."""
    rounds: dict[str, list[tuple[float, float]]] = {column: [] for column in cases}
    for number in range(-options.warm_up, options.rounds):
        for column, (url, others) in cases.items():
            measured = servers.collab.load(
                10, 5, options.seconds, number, urls=[url], others=others
            )
            if number >= 0:
                rounds[column].append((measured.acknowledged[0], measured.cpu_per_1000_ops))
    lines = [
        Line(label, {column: median(found[at] for found in rounds[column]) for column in cases})
        for at, label in enumerate(("sent to own ack, p50 ms", "server CPU s per 1,000 ops"))
    ]
    for line in lines:
        first, *_, last = (float(value) for value in line.values.values())
        line.target, line.met = "flat: <= 1.25 x", last <= 1.25 * first
    return Section(title, list(cases), lines)


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)
