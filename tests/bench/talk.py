"""Measure what talk costs those who type. Each figure is beside its peer, measured in turns.

uv run python -m tests.bench.talk
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from statistics import median, quantiles

import asyncpg

from tests.bench.floods import flooding
from tests.bench.measured import serving
from tests.support.server import Server
from tests.support.sockets import Socket, ot_socket
from tests.support.talk import Talker, talking

ROUNDS = 400
FLOODS = 6
PAUSE = 0.25
"""Seconds before each message of a conversation: faster is a flood, which is slowed down. What is
compared with a message comes after the same pause: after one, all that is awaited has gone to
sleep, and any answer takes longer."""
MANY = 100_000
THREADS = 100
PAIRS = 8
FILL = """
insert into message (room_id, number, stamp, who, nonce, person, author, colour, at, text, words,
    thread, mentions)
select $1::uuid, n, n, 'who' || n % 7, 'nonce' || n, 'p', 'Ann', 1, now() - (200000 - n) * interval
    '1 minute', 'message number ' || n, to_tsvector('simple', 'message number ' || n), 0, '[]'
from generate_series(1, $2::bigint) as n
"""


class Typist:
    """Somebody who types at the end of the text, and waits for each acknowledgement."""

    def __init__(self, socket: Socket, joined: dict[str, object]) -> None:
        self.socket = socket
        self.number = joined["number"]
        self.revision = int(str(joined["revision"]))
        self.length = 0
        self.seq = 0

    async def type(self) -> float:
        """Type a letter. Returns the milliseconds until it is saved."""
        self.seq += 1
        edit = [*([self.length] if self.length else []), "x"]
        began = time.perf_counter()
        await self.socket.submit(self.seq, self.revision, "edit", "main", edit)
        while True:
            message = json.loads(await self.socket.connection.recv())
            if isinstance(message, list):
                self.revision = message[0] + len(message) - 2
                if any(entry[0] == self.number for entry in message[1:]):
                    break
        self.length += 1
        return 1000 * (time.perf_counter() - began)


async def in_turns(
    one: Callable[[], Awaitable[float]], other: Callable[[], Awaitable[float]], rounds: int
) -> tuple[list[float], list[float]]:
    """The times of both. Each comes first every other time, as what comes second may gain by it."""
    measures = (one, other)
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(2 * rounds):
        which = (number + number // 2) % 2
        times[which].append(await measures[which]())
    return times


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def told(what: str, one: float, other: float, target: float) -> None:
    sys.stdout.write(
        f"{what:58} {one:8.2f} ms {other:8.2f} ms  {other / one:5.2f}x  (at most {target}x)\n"
    )


async def flooded(server: Server) -> None:
    """The acknowledgement of an edit in a room in which the same people are silent, and then flood
    the chat."""
    room_id = server.create_room(initial_code="")
    url = server.room_url(room_id)
    quiet: list[float] = []
    loud: list[float] = []
    kept = refused = 0
    async with ot_socket(url) as socket:
        typist = Typist(socket, await socket.join("typist"))
        for _ in range(50):
            await typist.type()
        for turn in range(FLOODS):
            async with flooding("chat", url, f"loud{turn}") as flood:
                quiet += [await typist.type() for _ in range(ROUNDS // 2)]
                await flood.begin()
                loud += [await typist.type() for _ in range(ROUNDS // 2)]
                counts = await flood.end()
            kept, refused = kept + counts[0], refused + counts[1]
    told("ack of an edit, p95: people silent, flooding the chat", p95(quiet), p95(loud), 1.1)
    sys.stdout.write(f"  the flood: {kept} messages kept, {refused} refused\n")


async def across(one: Server, other: Server) -> None:
    """How soon an edit and a message are seen on another server. Several pairs of people take part,
    because one person may say only 20 messages a minute."""
    edits: list[float] = []
    says: list[float] = []
    for pair in range(PAIRS):
        first, second = await _across(one, other, f"ann{pair}")
        edits += first
        says += second
    told("seen on another server, median: an edit, a message", median(edits), median(says), 1.3)


async def _across(one: Server, other: Server, name: str) -> tuple[list[float], list[float]]:
    room_id = one.create_room(initial_code="")
    async with (
        talking(one.room_url(room_id), name) as ann,
        talking(other.room_url(room_id), "bo") as bo,
        ot_socket(one.room_url(room_id)) as typing,
        ot_socket(other.room_url(room_id)) as seeing,
    ):
        typist = Typist(typing, await typing.join("typist"))
        await seeing.join("seer")

        async def edit() -> float:
            await asyncio.sleep(PAUSE)
            began = time.perf_counter()
            task = asyncio.create_task(typist.type())
            while not isinstance(json.loads(await seeing.connection.recv()), list):
                pass
            took = time.perf_counter() - began
            await task
            return 1000 * took

        async def say() -> float:
            await asyncio.sleep(PAUSE)
            began = time.perf_counter()
            before = len(bo.messages)
            task = asyncio.create_task(ann.try_to_say("x"))
            await bo.until_told(lambda: len(bo.messages) > before)
            took = time.perf_counter() - began
            await task
            return 1000 * took

        return await in_turns(edit, say, 18)


async def joins(server: Server) -> None:
    empty = server.create_room(initial_code="x")
    full = server.create_room(initial_code="x")
    connection = await asyncpg.connect(server.database_url)
    await connection.execute(FILL, full, MANY)
    await connection.execute("insert into talk values ($1, $2, $2)", full, MANY)
    # Now, and not by itself while people join.
    await connection.execute("vacuum analyze message")
    await connection.close()

    async def join(room_id: str) -> float:
        async with ot_socket(server.room_url(room_id)) as socket:
            began = time.perf_counter()
            await socket.join("ann")
            return 1000 * (time.perf_counter() - began)

    async def listen(room_id: str) -> float:
        async with ot_socket(server.room_url(room_id)) as socket:
            talker = Talker(socket, await socket.join("ann"), "secret-of-somebody")
            began = time.perf_counter()
            await talker.listen()
            return 1000 * (time.perf_counter() - began)

    first, second = await in_turns(lambda: join(empty), lambda: join(full), 1000)
    told(f"join, median: empty, of {MANY} messages", median(first), median(second), 1.05)
    first, second = await in_turns(lambda: listen(empty), lambda: listen(full), 60)
    told("the newest page after it, median", median(first), median(second), 3.0)


async def threads(server: Server) -> None:
    rooms = [server.create_room(initial_code="") for _ in range(2)]
    connection = await asyncpg.connect(server.database_url)
    await connection.execute(FILL, rooms[1], THREADS)
    await connection.execute("update message set thread = number where room_id = $1", rooms[1])
    await connection.execute("insert into talk values ($1, $2, $2)", rooms[1], THREADS)
    await connection.execute(
        "insert into thread select $1::uuid, n, 'main', 1, 0, 0, '', null, false"
        " from generate_series(1, $2::bigint) as n",
        rooms[1],
        THREADS,
    )
    await connection.close()
    urls = [server.room_url(room_id) for room_id in rooms]
    async with (
        talking(urls[0], "bo"),
        talking(urls[1], "bo"),
        ot_socket(urls[0]) as one,
        ot_socket(urls[1]) as other,
    ):
        typists = [Typist(socket, await socket.join("typist")) for socket in (one, other)]
        first, second = await in_turns(typists[0].type, typists[1].type, 2 * ROUNDS)
    told(f"a commit, median: alone, with {THREADS} threads", median(first), median(second), 1.05)


async def main() -> None:
    # All people here have one address, and nobody waits for a limit of theirs.
    options = ("--limit-talk-per-address=1000000",)
    with serving(*options) as one, Server(*options, database_url=one.database_url) as other:
        await flooded(one)
        await across(one, other)
        await joins(one)
        await threads(one)


if __name__ == "__main__":
    asyncio.run(main())
