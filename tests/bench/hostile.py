"""What honest people notice while one address attacks: `uv run python -m tests.bench.hostile`.

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
import itertools
import json
import multiprocessing
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from collab.postgres import embedded
from collab.store import migrations
from tests.bench import timed
from tests.support.clients import OtClient
from tests.support.fuzz import frame, handshake
from tests.support.server import Server

_ATTACKER = "127.0.0.2"
_PEOPLE = 5
_KEYS_A_SECOND = 10
_JOIN = {"type": "join", "protocol": 3, "person": "p", "name": "A", "colour": 0}

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _connect(url: str) -> Streams:
    at = urlsplit(url)
    return await asyncio.open_connection(at.hostname, at.port, local_addr=(_ATTACKER, 0))


async def _socket(url: str, room: str, key: str = "") -> Streams:
    """A WebSocket of a room; joined when a key is given."""
    reader, writer = await _connect(url)
    right = handshake(f"/ws/{room}")
    if key:
        line = b"Sec-WebSocket-Protocol: collab\r\n\r\n"
        right = right[:-2] + line
    writer.write(right)
    await reader.readuntil(b"\r\n\r\n")
    if key:
        writer.write(frame(json.dumps(_JOIN | {"key": key.ljust(16, "_")}).encode(), opcode=1))
    return reader, writer


async def _pour(writer: asyncio.StreamWriter, data: bytes, a_second: int) -> None:
    """Write the same again and again, so many bytes a second, while the peer takes it."""
    with suppress(ConnectionError):
        while True:
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(len(data) / a_second)


async def _drain(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        while await reader.read(65_536):
            pass


async def _flood(url: str, room: str, data: bytes, *, reads: bool = True, key: str = "") -> None:
    while True:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            reader, writer = await _socket(url, room, key)
            tasks = [_pour(writer, data, 4_000_000), *([_drain(reader)] if reads else [])]
            await asyncio.gather(*tasks)
        await asyncio.sleep(0.1)


async def _pings(url: str, room: str) -> None:
    await _flood(url, room, frame(b"", opcode=9) * 10_000)


async def _pongs(url: str, room: str) -> None:
    await _flood(url, room, frame(b"", opcode=10) * 10_000)


async def _fragments(url: str, room: str) -> None:
    await _flood(url, room, frame(b"", opcode=0, final=False) * 10_000)


async def _unread_pings(url: str, room: str) -> None:
    await _flood(url, room, frame(b"p" * 125, opcode=9) * 500, reads=False)


async def _post(url: str, path: str, size: int, sent: int) -> None:
    while True:
        with suppress(ConnectionError):
            reader, writer = await _connect(url)
            head = f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Length: {size}\r\n\r\n"
            writer.write(head.encode() + b" " * sent)
            await writer.drain()
            await _drain(reader)
        await asyncio.sleep(0.2)


async def _unfinished_bodies(url: str, _room: str) -> None:
    await asyncio.gather(*(_post(url, "/rooms", 12_500_000, 12_400_000) for _ in range(40)))


async def _large_questions(url: str, _room: str) -> None:
    await asyncio.gather(*(_post(url, "/autocomplete", 12_000_000, 12_000_000) for _ in range(2)))


async def _large_messages(url: str, room: str) -> None:
    head = b"\x81\xff" + (12_000_000).to_bytes(8) + b"\0\0\0\0"

    async def one() -> None:
        while True:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                reader, writer = await _socket(url, room)
                writer.write(head + b" " * 11_900_000)
                await _drain(reader)
            await asyncio.sleep(0.2)

    await asyncio.gather(*(one() for _ in range(20)))


async def _who_never_reads(url: str, room: str) -> None:
    async def one(number: int) -> None:
        question = frame(b'{"type":"read","file":"main"}', opcode=1)
        while True:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                _, writer = await _socket(url, room, f"deaf{number}")
                await _pour(writer, question, 300)
            await asyncio.sleep(0.2)

    await asyncio.gather(*(one(number) for number in range(30)))


@asynccontextmanager
async def _joining(url: str, room: str, key: str) -> AsyncIterator[ClientConnection]:
    """A WebSocket whose other side takes its time; its join is sent and not answered yet."""
    async with connect(
        f"{url.replace('http', 'ws', 1)}/ws/{room}",
        subprotocols=[Subprotocol("collab")],
        compression=None,
        max_size=None,
        local_addr=(_ATTACKER, 0),
    ) as socket:
        await socket.send(json.dumps(_JOIN | {"key": key.ljust(16, "_")}))
        yield socket


async def _writer(url: str, room: str) -> None:
    """Replace much of the text again and again, each time when the last change is saved."""
    async with _joining(url, room, "writer") as socket:
        revision = json.loads(await socket.recv())["revision"]
        size = 250_000
        loop = asyncio.get_running_loop()
        due = loop.time()
        for seq in itertools.count(1):
            change = ["edit", "main", [f"{seq % 10}" * size, -size, _TEXT - size]]
            message = {"type": "submit", "seq": seq, "revision": revision, "change": change}
            await socket.send(json.dumps(message))
            while not isinstance(told := json.loads(await socket.recv()), list):
                assert told["type"] == "checksum", told
            revision = told[0]
            due = max(due + size / 10_000_000, loop.time() - 1)
            await asyncio.sleep(due - loop.time())


async def _whole_texts(url: str, room: str) -> None:
    """What a plain client may send: texts that have nothing in common, one after the other."""
    random = Random(1)
    letters = bytes(b"ab\n"[n % 3] for n in range(256))
    texts = [random.randbytes(_TEXT).translate(letters).decode() for _ in range(2)]
    messages = [json.dumps({"type": "code_update", "code": text}) for text in texts]
    at = f"{url.replace('http', 'ws', 1)}/ws/{room}"
    async with connect(at, compression=None, max_size=None, local_addr=(_ATTACKER, 0)) as socket:
        hearing = asyncio.create_task(_hear(socket))
        while not hearing.done():
            for message in messages:
                await socket.send(message)


async def _plain_audience(url: str, room: str) -> None:
    """Letters, one after the other, of which many plain clients are sent the whole text."""
    at = f"{url.replace('http', 'ws', 1)}/ws/{room}"

    async def hear() -> None:
        while True:
            with suppress(ConnectionClosed):
                async with connect(
                    at, compression=None, max_size=None, local_addr=(_ATTACKER, 0)
                ) as socket:
                    await _hear(socket)
            await asyncio.sleep(0.2)

    async def write() -> None:
        async with OtClient(at, "writer") as writer:
            while True:
                await writer.type("\n")
                await writer.settled()

    await asyncio.gather(write(), *(hear() for _ in range(20)))


async def _hear(socket: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass


async def _many_parts(url: str, room: str) -> None:
    """Messages of 12 MB that would be a million objects."""

    async def one(key: str, part: str) -> None:
        text = part * (12_000_000 // len(part))
        change = f'["edit","main",[{text}1]]'
        message = f'{{"type":"submit","seq":1,"revision":1,"change":{change}}}'
        async with _joining(url, room, key) as socket:
            hearing = asyncio.create_task(_hear(socket))
            while not hearing.done():
                await socket.send(message)

    parts = ["1.5e300,", "[],"]
    await asyncio.gather(*(one(f"parts{n}", part) for n, part in enumerate(parts)))


async def _bodies_of_parts(url: str, _room: str) -> None:
    async def one(part: bytes) -> None:
        body = b'{"initial_code": [' + part * (12_000_000 // len(part)) + b"1]}"
        head = f"POST /rooms HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n\r\n"
        while True:
            with suppress(ConnectionError):
                reader, writer = await _connect(url)
                writer.write(head.encode() + body)
                await reader.readuntil(b"\r\n\r\n")
                writer.close()

    await asyncio.gather(*(one(part) for part in (b"1,", b"1.5e300,", b"[],", b'"a",')))


_TEXT = 2_000_000
"""Code points in the attacked room."""
Attack = Callable[[str, str], Awaitable[None]]
ATTACKS: dict[str, Attack] = {
    "empty pings, 4 MB/s": _pings,
    "empty pongs, 4 MB/s": _pongs,
    "empty fragments, 4 MB/s": _fragments,
    "pings whose answers are not read": _unread_pings,
    "40 unfinished bodies of 12 MB": _unfinished_bodies,
    "20 unfinished messages of 12 MB": _large_messages,
    "questions of 12 MB": _large_questions,
    "30 sockets that never read": _who_never_reads,
    "one writer, 10 MB/s": _writer,
    "whole texts of 2 MB, plain": _whole_texts,
    "letters, told to 20 plain clients": _plain_audience,
    "messages of a million parts": _many_parts,
    "bodies of a million parts": _bodies_of_parts,
}


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
    attacked = await asyncio.to_thread(server.create_room, initial_code="x" * _TEXT)
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
