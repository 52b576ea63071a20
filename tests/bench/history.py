"""Measure how fast the past of a room is read: python -m tests.bench.history

Times are wall times, which need a quiet machine. Beside each is "own": the processor time of this
process alone, without the database, which a busy machine changes little.

A file of a megabyte with 50,000 revisions: typing, with a jump now and then, or edits at uniformly
random places by 20 people, which is the worst for a history.
"""

from __future__ import annotations

import asyncio
import gc
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from uuid import UUID

from msgspec import Struct, json

from collab.history.chapters import CHAPTER, GRANULE, Details, Summary, Summed, Who
from collab.history.differing import differences
from collab.history.heat import Names, in_buckets, marks_of, rows_of
from collab.history.heat import rows as rows_in
from collab.history.historian import Historian
from collab.history.store import ChapterStore, pack
from collab.live.addresses import Addresses
from collab.live.asker import Asker
from collab.live.doorbell import Doorbell
from collab.live.extension import Extension, Extensions
from collab.live.host import Host, Visitor
from collab.live.hub import Hub
from collab.live.limits import ServerLimits
from collab.live.postgres_line import PostgresLine
from collab.postgres import embedded
from collab.protocol import AddFile, Change, Edit
from collab.room.kinds import KINDS
from collab.room.state import Entry
from collab.store import log as store
from collab.store import migrations
from ot import Operation
from tests.bench.engine_install import PEERS, node_peers
from tests.bench.measured import Row, table
from tests.support.database import new_room

LENGTH = 1_000_000
REVISIONS = 50_000
CHAPTERS = 1000
ACKS = 4000
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = "def area(radius): return 3.14159 * radius ** 2  # of a circle\n"


def story(*, scattered: bool) -> list[Entry]:
    rng = Random(1)
    text = (WORDS * (LENGTH // len(WORDS) + 1))[:LENGTH]
    entries: list[Entry] = []
    length, place = LENGTH, 0

    def add(change: Change) -> None:
        number = len(entries) + 1
        person = f"person-{rng.randrange(20)}"
        at = BEGIN + timedelta(seconds=number)
        entries.append(Entry(number, person, number, person, at, change, person, "typed"))

    add(AddFile("main", "main.py", None, text))
    while len(entries) < REVISIONS:
        if scattered or rng.random() < 0.02:
            place = rng.randrange(length)
        if rng.random() < 0.2 and place:
            operation = Operation.patch(length, place - 1, 1)
            place -= 1
        else:
            operation = Operation.patch(length, place, 0, rng.choice("abcdefgh "))
            place += 1
        add(Edit("main", operation))
        length = operation.target_length
    return entries


def of_yjs(entries: list[Entry], where: list[int]) -> list[float]:
    """The ms that Yjs takes for the text at each of these revisions, of the same edits."""
    first = entries[0].change
    assert isinstance(first, AddFile)
    patches = [patch_of(entry.change) for entry in entries[1:]]
    given = {"text": first.text, "patches": patches, "wanted": [at - 1 for at in where]}
    environment = node_peers()
    node = shutil.which("node", path=environment["PATH"]) or "node"
    command = [node, str(PEERS / "history.mjs")]
    done = subprocess.run(
        command, input=json.encode(given), env=environment, check=True, capture_output=True
    )
    found = json.decode(done.stdout)
    lengths = [len(first.text) if at == 1 else _length(entries[at - 1].change) for at in where]
    assert found["lengths"] == lengths, "the texts are those of the log"
    times: list[float] = found["times"]
    return times


def patch_of(change: Change) -> tuple[int, int, str]:
    assert isinstance(change, Edit)
    place, deleted, inserted = 0, 0, ""
    for index, c in enumerate(change.operation.components):
        if isinstance(c, str):
            inserted += c
        elif c < 0:
            deleted -= c
        elif index == 0:
            place = c
    return place, deleted, inserted


def _length(change: Change) -> int:
    assert isinstance(change, Edit)
    return change.operation.target_length


class Took(Struct, frozen=True):
    """The ms that something took: median and 95th percentile, and that of its processor time."""

    middle: float
    high: float
    own: float

    def rows(self, name: str, most_middle: float, most_high: float) -> list[Row]:
        return [
            Row(f"{name}, p50", self.middle, "ms", most_middle),
            Row(f"{name}, p95", self.high, "ms", most_high),
            Row(f"{name}, p95, own", self.own, "ms", most_high),
        ]


async def timed(times: int, act: Callable[[int], Awaitable[object]]) -> Took:
    gc.collect()
    gc.freeze()  # as the server does
    took: list[float] = []
    own: list[float] = []
    for number in range(times):
        begun, worked = time.perf_counter(), time.process_time()
        await act(number)
        took.append((time.perf_counter() - begun) * 1000)
        own.append((time.process_time() - worked) * 1000)
    return Took(median(took), quantiles(took, n=20)[-1], quantiles(own, n=20)[-1])


async def measure(database_url: str, room_id: UUID, *, scattered: bool) -> list[Row]:
    kind = "random" if scattered else "typed"
    entries = await asyncio.to_thread(story, scattered=scattered)
    rows: list[Row] = []
    async with store.connected(database_url, statement_timeout=60) as log:
        for start in range(0, REVISIONS, 1000):
            await log.append(room_id, entries[start : start + 1000])
        historian = Historian()
        historian.begin(ChapterStore(log.connections))
        begun, worked = time.perf_counter(), time.process_time()
        await historian.ready(room_id, REVISIONS)
        per = (time.perf_counter() - begun) / REVISIONS * 1e6
        own = (time.process_time() - worked) / REVISIONS * 1e6
        rows.append(Row(f"{kind}: historian, a revision", per, "µs", 50))
        rows.append(Row(f"{kind}: historian, a revision, own", own, "µs", 50))
        size = 0
        for of in ("chapter", "chapter_file"):
            size += await log.connections.fetchval(
                f"select sum(pg_column_size(c.*)) from {of} c where room_id = $1",
                room_id,
            )
        rows.append(Row(f"{kind}: its tables, bytes a revision", size / REVISIONS, "B", 26.7))
        rng = Random(2)
        where = [rng.randrange(1, REVISIONS) for _ in range(100)]
        text = await timed(100, lambda n: historian.text(room_id, "main", where[n]))
        yjs = median(await asyncio.to_thread(of_yjs, entries, where[:20]))
        rows += text.rows(f"{kind}: text at any revision", yjs / 2, 50)
        rows.append(Row(f"{kind}: the same, Yjs createDocFromSnapshot, p50", yjs, "ms", yjs))
        written = await timed(
            60, lambda n: historian.written(room_id, "main", where[n], whole=False)
        )
        rows += written.rows(f"{kind}: who wrote it at any revision", 100, 100)

        async def difference(_number: int) -> None:
            await differences(historian, room_id, REVISIONS - 5000, REVISIONS, "main")

        took = await timed(20, difference)
        rows += took.rows(f"{kind}: difference of 5,000 edits", 150, 150)

        async def heat(_number: int) -> None:
            summaries = await historian.summaries(room_id, 0, REVISIONS)
            rows = rows_of(summaries, Names(), 0, REVISIONS)
            in_buckets(rows, 0, REVISIONS, 300)

        took = await timed(20, heat)
        rows += took.rows(f"{kind}: heat bar of 50,000 revisions", 50, 50)
    return rows


async def measure_heat(database_url: str, room_id: UUID) -> list[Row]:
    """The heat bar of a room of a million revisions, whose chapters 20 people have written."""
    rng = Random(3)
    people = [Who(f"person-{n}", f"Person {n}") for n in range(20)]
    async with store.connected(database_url, statement_timeout=60) as log:
        historian = Historian()
        historian.begin(ChapterStore(log.connections))
        for number in range(CHAPTERS):
            last = (number + 1) * CHAPTER
            heat = [
                (number * CHAPTER // GRANULE + granule, who, 4, 4, 1)
                for granule in range(CHAPTER // GRANULE)
                for who in rng.sample(range(20), 5)
            ]
            at = [(number * CHAPTER // GRANULE + n, last) for n in range(CHAPTER // GRANULE)]
            totals = [(who, 50, 50, 12) for who in range(20)]
            details = zlib.compress(json.encode(Details(heat, at)), 6)
            summed = Summed(Summary(people, [], totals, last, last), details)
            await historian.store.write(room_id, number, 0, summed.pack(), pack([]), None, [])
        head = CHAPTERS * CHAPTER
        await log.connections.execute("update room set head = $2 where id = $1", room_id, head)

        async def bar(_number: int) -> None:
            names = Names()
            summaries = await historian.summaries(room_id, 0, head)
            marks_of(summaries, names, 0, head)
            done = await rows_in(historian, room_id, summaries, names, (0, head), finely=False)
            in_buckets(done, 0, head, 300)

        return (await timed(20, bar)).rows("heat bar of 1,000,000 revisions", 50, 50)


async def measure_acks(database_url: str, room_ids: Sequence[UUID]) -> list[Row]:
    """The cost of the historian for people who type: two rooms, of which one has none, take
    turns."""
    async with (
        store.connected(database_url, statement_timeout=60) as log,
        AsyncExitStack() as stack,
    ):
        historian = Historian()
        historian.begin(ChapterStore(log.connections))
        follows = Extension(kinds=frozenset(KINDS), committed=historian.committed)
        limits = ServerLimits()
        account = Addresses(limits).account("127.0.0.1", 0)
        visitor = Visitor(Asker("Ann", "ann"), "typed", account)
        hosts: list[Host] = []
        for room_id, extensions in zip(room_ids, ([], [follows]), strict=True):
            doorbell = Doorbell(PostgresLine(database_url), 10)
            hub = Hub(log, doorbell, limits, Extensions(extensions))
            stack.push_async_callback(hub.close, 1001, "", drain=1)
            host = await stack.enter_async_context(hub.room(room_id))
            assert host is not None
            hosts.append(host)
        took: list[list[float]] = [[], []]
        for _ in range(ACKS // 50):
            for host, times in zip(hosts, took, strict=True):
                for _ in range(50):
                    state = host.room.state
                    change = Edit("main", Operation(["x", len(state.main.text)]))
                    begun = time.perf_counter()
                    await host.visit(visitor, state.revision, change, lambda _: None)
                    times.append((time.perf_counter() - begun) * 1000)
        await historian.close()
    without, with_one = took
    share = median(with_one) / median(without)
    high = quantiles(with_one, n=20)[-1] / quantiles(without, n=20)[-1]
    return [
        Row("acknowledgement with a historian / without, p50", share, "x", 1.03),
        Row("acknowledgement with a historian / without, p95", high, "x", 1.03),
    ]


def begun_room(database_url: str) -> UUID:
    """A room with an empty file."""
    room_id = new_room(database_url)

    async def begin() -> None:
        async with store.connected(database_url, statement_timeout=60) as log:
            change = AddFile("main", "main.py", None, "")
            await log.append(room_id, [Entry(1, "", 1, "", BEGIN, change)])

    asyncio.run(begin())
    return room_id


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="collab-history-") as folder,
        embedded.running(Path(folder) / "data") as database,
    ):
        migrations.upgrade(database.url)
        rows: list[Row] = []
        for scattered in (False, True):
            room_id = new_room(database.url)
            rows += asyncio.run(measure(database.url, room_id, scattered=scattered))
        rows += asyncio.run(measure_heat(database.url, new_room(database.url)))
        both = [begun_room(database.url) for _ in range(2)]
        rows += asyncio.run(measure_acks(database.url, both))
        sys.stdout.write(table(rows) + "\n")


if __name__ == "__main__":
    main()
