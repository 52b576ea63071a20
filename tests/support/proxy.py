"""A link to a server that a test can stall, cut, tear and mend, and that may say things twice."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

Says = Callable[[bytes], bytes]
"""The fate of a message."""
Flows = Callable[[], Awaitable[None]]
"""Resolves when what one end says may go on."""


class Proxy:
    """Relays TCP, in the loop it is entered in, from an address of its own to the one of `url`,
    which may be unix:///of/a/socket.

    With `stutters`, each WebSocket message to the server but the first of a connection arrives
    twice, and then the one before it again. With `most_bytes`, a WebSocket frame to the server that
    has more breaks its connection, as it does at some gateways.
    """

    def __init__(self, url: str, *, stutters: bool = False, most_bytes: int | None = None) -> None:
        self._target = urlsplit(url)
        self._stutters = stutters
        self._most_bytes = most_bytes
        self.broken = 0
        """The number of connections that had a frame that was too large."""
        self._writers: set[StreamWriter] = set()
        self._whole = True
        self._left: int | None = None
        """Bytes that may still pass, where that is limited."""
        self._down = asyncio.Event()
        self._up = asyncio.Event()
        self._answers_to = b""
        self.resume()

    @property
    def url(self) -> str:
        host, port = self._server.sockets[0].getsockname()
        return f"http://{host}:{port}"

    def room_url(self, room_id: str) -> str:
        """Return the address for the sockets of a room."""
        return f"{self.url.replace('http', 'ws', 1)}/ws/{room_id}"

    def stall(self, *, both: bool = False, answers_to: bytes = b"") -> None:
        """Hold back what the server says from now on. Unless `both`, it still hears everything.

        With `answers_to`, only connections are held back that have said this since.
        """
        self._answers_to = answers_to
        self._down.clear()
        if both:
            self._up.clear()

    def resume(self) -> None:
        """Let what was held back go on its way."""
        self._down.set()
        self._up.set()

    def cut(self) -> None:
        """Break every connection, lose what was held back, and let nobody in."""
        self._whole = False
        for writer in self._writers:
            writer.transport.abort()
        self.resume()

    def tear(self, after: int) -> None:
        """Cut in the middle of what is being said: when so many bytes more have passed."""
        self._left = after

    def mend(self) -> None:
        """Let connections in again."""
        self._whole = True
        self._left = None

    @property
    def is_cut(self) -> bool:
        return not self._whole

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

    async def _dial(self) -> tuple[StreamReader, StreamWriter]:
        if self._target.scheme == "unix":
            return await asyncio.open_unix_connection(self._target.path)
        return await asyncio.open_connection(self._target.hostname, self._target.port)

    async def _relay(self, reader: StreamReader, writer: StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        try:
            far = await self._dial()
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far[1]}
        self._writers |= ends
        says: Says = _Stutter().hear if self._stutters else _as_it_is
        if self._most_bytes is not None:
            says = _Gateway(self._most_bytes).hear
        asks = asyncio.Event()

        def hears(data: bytes) -> bytes:
            if self._answers_to and self._answers_to in data:
                asks.set()
            return says(data)

        async def may_ask() -> None:
            await self._up.wait()

        async def may_answer() -> None:
            if asks.is_set() or not self._answers_to:
                await self._down.wait()

        await asyncio.gather(
            self._pump(reader, far[1], may_ask, hears),
            self._pump(far[0], writer, may_answer, _as_it_is),
        )
        self._writers -= ends

    async def _pump(
        self, reader: StreamReader, writer: StreamWriter, flows: Flows, says: Says
    ) -> None:
        try:
            while data := await reader.read(65536):
                await flows()
                writer.write(self._share(says(data)))
                await writer.drain()
                if self._left == 0:
                    self.cut()
        except _TooLarge:
            self.broken += 1
            writer.transport.abort()
        except OSError:
            pass  # cut, by the test or by an end of the link
        finally:
            writer.close()

    def _share(self, data: bytes) -> bytes:
        """As much of it as may pass."""
        if self._left is None:
            return data
        data = data[: self._left]
        self._left -= len(data)
        return data


class _Frames:
    """Takes what a WebSocket client says apart: its request, then frame by frame.

    Other HTTP connections are passed on as they are.
    """

    def __init__(self) -> None:
        self._heard = b""
        self._greeted = False
        self._upgraded = True

    def hear(self, data: bytes) -> bytes:
        """Take data that arrived, and return the data to pass on."""
        if not self._upgraded:
            return data
        self._heard += data
        said = b""
        if not self._greeted:
            request, end, self._heard = self._heard.partition(b"\r\n\r\n")
            self._greeted = bool(end)
            if not end:
                self._heard = request
                return b""
            said = request + end
            self._upgraded = b"upgrade: websocket" in request.lower()
            if not self._upgraded:
                return said + self._heard
        while frame := self._next():
            said += self._say(frame)
        return said

    def _say(self, frame: bytes) -> bytes:
        raise NotImplementedError

    def _check(self, length: int) -> None:
        """See how long the next frame is going to be."""

    def _next(self) -> bytes:
        """The next whole frame, as a client sends it: masked."""
        if len(self._heard) < 2:
            return b""
        length, extended = self._heard[1] & 0x7F, 0
        if length > 125:
            extended = 2 if length == 126 else 8
            if len(self._heard) < 2 + extended:
                return b""
            length = int.from_bytes(self._heard[2 : 2 + extended], "big")
        self._check(length)
        size = 2 + extended + 4 + length
        if len(self._heard) < size:
            return b""
        frame, self._heard = self._heard[:size], self._heard[size:]
        return frame


class _Stutter(_Frames):
    """Repeats the WebSocket messages of one connection; see Proxy."""

    def __init__(self) -> None:
        super().__init__()
        self._before: bytes | None = None

    def _say(self, frame: bytes) -> bytes:
        before = self._before
        self._before = b"" if before is None else frame
        return frame if before is None else frame + frame + before


class _TooLarge(Exception):
    """A frame is larger than a gateway takes."""


class _Gateway(_Frames):
    """Breaks a connection at a frame of more than so many bytes; see Proxy."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self._most_bytes = most_bytes

    def _say(self, frame: bytes) -> bytes:
        return frame

    def _check(self, length: int) -> None:
        if length > self._most_bytes:
            raise _TooLarge


def _as_it_is(data: bytes) -> bytes:
    return data
