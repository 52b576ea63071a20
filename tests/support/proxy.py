"""A link to a server that a test can stall, cut and mend."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class Proxy:
    """Relays TCP, in the loop it is entered in, from an address of its own to the one of `url`."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._writers: set[StreamWriter] = set()
        self._whole = True
        self._flowing = asyncio.Event()
        self._flowing.set()

    @property
    def url(self) -> str:
        host, port = self._server.sockets[0].getsockname()
        return f"http://{host}:{port}"

    def stall(self) -> None:
        """Hold back what the server says from now on. It still hears everything."""
        self._flowing.clear()

    def resume(self) -> None:
        """Let what was held back go on its way."""
        self._flowing.set()

    def cut(self) -> None:
        """Break every connection, lose what was held back, and let nobody in."""
        self._whole = False
        for writer in self._writers:
            writer.transport.abort()
        self._flowing.set()

    def mend(self) -> None:
        """Let connections in again."""
        self._whole = True

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.cut()
        self._server.close()
        await self._server.wait_closed()

    async def _relay(self, reader: StreamReader, writer: StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        try:
            far = await asyncio.open_connection(self._target.hostname, self._target.port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far[1]}
        self._writers |= ends
        await asyncio.gather(self._pump(reader, far[1]), self._pump(far[0], writer, down=True))
        self._writers -= ends

    async def _pump(
        self, reader: StreamReader, writer: StreamWriter, *, down: bool = False
    ) -> None:
        try:
            while data := await reader.read(65536):
                if down:
                    await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # cut, by the test or by an end of the link
        finally:
            writer.close()
