"""A server of models for tests: it says what it is told to, however wrong, and tells who leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

_OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
FOREVER = b"<forever>"
"""In place of a piece: the last one again and again, until the client has gone."""
WAIT = b"<wait>"
"""In place of a piece: wait until the client has gone."""


class Model:
    """`say` gives the parts of the next answers; they are sent as they are."""

    def __init__(self) -> None:
        self.head = _OK
        self.say: list[bytes] = []
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.arrived = asyncio.Event()
        self.arrivals: asyncio.Queue[None] = asyncio.Queue()
        """Has one for each question that has come."""
        self.left = asyncio.Event()
        """Set when a client has gone before the answer had ended."""
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def says(self, *texts: str) -> Self:
        """Answer with these texts, in events of OpenAI's dialect."""
        self.say = [chat(text) for text in texts] + [b"data: [DONE]\n\n"]
        return self

    @property
    def prompts(self) -> str:
        """Everything that was asked, as one text."""
        return "\n".join(json.dumps(body, ensure_ascii=False) for *_, body in self.asked)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {
                key.lower(): value for key, _, value in (one.partition(": ") for one in lines)
            }
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            self.asked.append((first.split()[1], headers, body))
            self.arrived.set()
            self.arrivals.put_nowait(None)
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.left.set()
        finally:
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.head)
        last = b""
        for part in self.say:
            if part == WAIT:
                await reader.read()
                raise ConnectionResetError
            while part == FOREVER:
                writer.write(last)
                await writer.drain()
            writer.write(part)
            await writer.drain()
            last = part


@asynccontextmanager
async def model(port: int = 0) -> AsyncIterator[Model]:
    """Serve a model on this machine; on a free port unless one is named."""
    made = Model()
    server = await asyncio.start_server(made.serve, "127.0.0.1", port)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


def event(**data: object) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def line(**data: object) -> bytes:
    return json.dumps(data).encode() + b"\n"


def chat(text: str) -> bytes:
    return event(choices=[{"delta": {"content": text}}])
