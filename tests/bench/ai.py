"""Measure what a model's answers cost beyond the model: the first piece, those who type, and the
end.

uv run python -m tests.bench.ai

The model is a process of its own, which says its first piece at once, and more every tenth of a
second. It tells when its client had gone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles

from tests.ai.conftest import Person
from tests.bench.measured import Row, serving, table
from tests.bench.talk import Typist
from tests.support.server import Server
from tests.support.sockets import ot_socket

WHY = {"question": "Why is x one?"}
_LEAVE = "Who leaves early?"
STREAMS = 50
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
_PIECE = b'data: {"choices": [{"delta": {"content": "It is fine. "}}]}\n\n'
_EVERY = 0.1


def _model(told: Connection) -> None:
    """Serve on a free port. Tells the port, then when a client had gone whose question asks it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split()[0])
        tells = _LEAVE.encode() in await reader.readexactly(length)
        gone = asyncio.create_task(_gone(reader))
        writer.write(_HEAD)
        while not gone.done():
            writer.write(_PIECE)
            await asyncio.wait([gone], timeout=_EVERY)
        if tells:
            told.send(time.monotonic())
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


async def _gone(reader: asyncio.StreamReader) -> None:
    with suppress(ConnectionError):
        await reader.read()


@contextmanager
def modelling() -> Iterator[tuple[int, Connection]]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_model, args=(theirs,))
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        process.terminate()
        process.join()


def _readers(told: Connection, port: int, head: bytes, body: bytes) -> None:
    """Ask fifty times, and read all answers as they come. Tells when each has begun."""

    async def read(begun: asyncio.Semaphore) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head + b"content-length: %d\r\n\r\n" % len(body) + body)
        await reader.readuntil(b'"type":"text"')
        begun.release()
        while await reader.read(65_536):
            pass

    async def main() -> None:
        begun = asyncio.Semaphore(0)
        reading = [asyncio.create_task(read(begun)) for _ in range(STREAMS)]
        for _ in reading:
            await begun.acquire()
        told.send("begun")
        await asyncio.wait(reading)

    asyncio.run(main())


@asynccontextmanager
async def answers_come(server: Server, person: Person, room: str) -> AsyncIterator[None]:
    """Have fifty answers come in another process, until the block ends."""
    port = int(server.url.rpartition(":")[2])
    cookie = person.headers["cookie"]
    head = f"POST {room}/ai/ask HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncookie: {cookie}\r\n"
    head += "content-type: application/json\r\n"
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_readers, args=(theirs, port, head.encode(), json.dumps(WHY).encode())
    )
    process.start()
    try:
        await asyncio.to_thread(ours.recv)
        yield
    finally:
        process.kill()
        process.join()


@asynccontextmanager
async def asker(server: Server) -> AsyncIterator[Person]:
    person = Person(server.url.removeprefix("http://"))
    await person.agree()
    try:
        yield person
    finally:
        await person.close()


async def first_pieces(server: Server, port: int, rounds: int) -> list[Row]:
    """From the question to the first piece: of the model alone, and through the server."""

    async def alone() -> float:
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n")
        await reader.readuntil(_PIECE)
        took = time.perf_counter() - began
        writer.close()
        return took

    own, answers, completions = [], [], []
    async with asker(server) as ann:
        files = {f"part{number}.py": "def part(x):\n    return x\n" * 100 for number in range(10)}
        room = await ann.room("x = 1\n" * 200, **files)
        file = (await ann.files(room))["main.py"]
        about = {"file": file, "revision": 1, "start": 0, "end": 5}
        typed = {"file": file, "code": "x = 1\ny", "cursorPosition": 7, "language": "python"}
        for _ in range(rounds):
            own.append(await alone())
            answers.append(await _through(ann, f"{room}/ai/ask", WHY | {"place": about}))
            completions.append(await _through(ann, f"{room}/ai/complete", typed))
    own, answers, completions = own[5:], answers[5:], completions[5:]
    more = 1000 * (median(answers) - median(own))
    most = 1000 * (_p95(answers) - _p95(own))
    ghost = 1000 * (median(completions) - median(own))
    return [
        Row("first piece of the model alone, median", 1000 * median(own), "ms", float("inf")),
        Row("beyond it: of an answer about a room, median", more, "ms", 10),
        Row("beyond it: of an answer about a room, p95", most, "ms", 10),
        Row("beyond it: of a completion, median", ghost, "ms", 10),
    ]


async def _through(person: Person, path: str, body: object) -> float:
    """Ask as `alone` does, over a connection of its own: a client library would take its share."""
    name, _, port = person.address.partition(":")
    text = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nhost: {person.address}\r\ncontent-length: {len(text)}\r\n"
    head += "content-type: application/json\r\nconnection: close\r\n"
    head += f"cookie: {person.headers['cookie']}\r\n\r\n"
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(name, int(port))
    writer.write(head.encode() + text)
    await reader.readuntil(b'"type":"text"')
    took = time.perf_counter() - began
    writer.close()
    return took


async def typing(server: Server, rounds: int) -> list[Row]:
    """The acknowledgement of an edit, without answers and while fifty come, in turns."""
    quiet: list[float] = []
    loud: list[float] = []
    busy: list[float] = []
    room_id = server.create_room(initial_code="")
    async with asker(server) as ann, ot_socket(server.room_url(room_id)) as socket:
        room = await ann.room("x = 1\n" * 200)
        typist = Typist(socket, await socket.join("typist"))
        for _ in range(50):
            await typist.type()
        for _ in range(4):
            quiet += [await typist.type() for _ in range(rounds)]
            async with answers_come(server, ann, room):
                before = cpu_of(server)
                began = time.perf_counter()
                loud += [await typist.type() for _ in range(rounds)]
                busy.append((cpu_of(server) - before) / (time.perf_counter() - began))
    name = f"ack of an edit, p95: {STREAMS} answers come / none"
    return [
        Row("ack of an edit, p95, no answer comes", _p95(quiet), "ms", float("inf")),
        Row(name, _p95(loud) / _p95(quiet), "x", 1.2),
        Row("the same, median", median(loud) / median(quiet), "x", 1.2),
        Row("the server is busy meanwhile", 100 * median(busy), "%", float("inf")),
    ]


def cpu_of(server: Server) -> float:
    """Return the seconds for which a server has been busy."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def leaving(server: Server, told: Connection, rounds: int) -> list[Row]:
    """From the moment a page leaves to the end of its answer at the model."""
    took = []
    async with asker(server) as ann:
        room = await ann.room()
        for _ in range(rounds):
            async with ann.stream(f"{room}/ai/ask", {"question": _LEAVE}) as lines:
                assert "begin" in await anext(lines)
                assert "text" in await anext(lines)
                left = time.monotonic()
            took.append(await asyncio.to_thread(told.recv) - left)
    return [
        Row("an answer ends at the model after its page left, p95", 1000 * _p95(took), "ms", 20)
    ]


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]


async def measure(rounds: int) -> list[Row]:
    with modelling() as (port, told):
        os.environ.pop("COLLAB_AI_KEY", None)
        options = ["--ai=openai", f"--ai-url=http://127.0.0.1:{port}", "--ai-model=tiny"]
        limits = {
            "at-once": 2 * STREAMS,
            "at-once-person": 2 * STREAMS,
            "tokens-person": 0,
            "tokens-room": 0,
            "tokens-server": 0,
        }
        options += [f"--limit-ai-{name}={most}" for name, most in limits.items()]
        with serving(*options, "--ai-hosts=127.0.0.1", "--completion-servers=0") as server:
            rows = await first_pieces(server, port, rounds)
            rows += await typing(server, 2 * rounds)
            rows += await leaving(server, told, rounds)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    rows = asyncio.run(measure(parser.parse_args().rounds))
    sys.stdout.write(f"{table(rows)}\n")


if __name__ == "__main__":
    main()
