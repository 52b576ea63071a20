"""A link to a server that is far away: everything takes half a round trip each way."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class Far:
    """Relays TCP from its own address to the one of `url`, over a link of `round_trip` seconds.

    As with a real link, a connection takes a round trip before it can say anything. The link has
    no limit in bytes.
    """

    def __init__(self, url: str, round_trip: float) -> None:
        self._target = urlsplit(url)
        self._round_trip = round_trip
        self._relays: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        host, port = self._server.sockets[0].getsockname()
        return f"http://{host}:{port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._server.close()
        for relay in self._relays:
            relay.cancel()
        await asyncio.gather(*self._relays, return_exceptions=True)

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        relay = asyncio.create_task(self._relay(reader, writer))
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)

    async def _relay(self, reader: StreamReader, writer: StreamWriter) -> None:
        connected = asyncio.get_running_loop().time() + self._round_trip
        try:
            far = await asyncio.open_connection(self._target.hostname, self._target.port)
            await asyncio.gather(
                self._carry(reader, far[1], connected), self._carry(far[0], writer, connected)
            )
        except OSError:
            writer.close()

    async def _carry(self, reader: StreamReader, writer: StreamWriter, connected: float) -> None:
        """Each piece arrives half a round trip after it was sent, however many are on the way."""
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def arrive() -> None:
            while True:
                due, data = await pieces.get()
                await asyncio.sleep(due - loop.time())
                if not data:
                    break
                writer.write(data)
            writer.close()

        arriving = asyncio.create_task(arrive())
        data = b"some"
        try:
            while data:
                try:
                    data = await reader.read(65536)
                except OSError:
                    data = b""
                pieces.put_nowait((max(loop.time(), connected) + self._round_trip / 2, data))
            await arriving
        finally:
            arriving.cancel()
