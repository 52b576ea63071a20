"""The attacks of hostile clients on a server."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from random import Random
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.support.clients import OtClient
from tests.support.fuzz import frame, handshake

_ATTACKER = "127.0.0.2"
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
            change = ["edit", "main", [f"{seq % 10}" * size, -size, TEXT - size]]
            message = {"type": "submit", "seq": seq, "revision": revision, "change": change}
            await socket.send(json.dumps(message))
            while not isinstance(told := json.loads(await socket.recv()), list):
                assert told["type"] == "checksum", told
            revision = told[0]
            due = max(due + size / 10_000_000, loop.time() - 1)
            await asyncio.sleep(due - loop.time())


async def _whole_texts(url: str, room: str) -> None:
    """Send, as a plain client may, two texts with nothing in common, one after the other."""
    random = Random(1)
    letters = bytes(b"ab\n"[n % 3] for n in range(256))
    texts = [random.randbytes(TEXT).translate(letters).decode() for _ in range(2)]
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


TEXT = 2_000_000
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
