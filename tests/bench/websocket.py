"""The client's half of a WebSocket, with nothing but what a benchmark needs: it must cost less
than the servers it measures. Frames of any size, no fragments, no extensions."""

from __future__ import annotations

import asyncio
from typing import Literal, cast
from urllib.parse import urlsplit

_TEXT, _BINARY, _CLOSE, _PING = 0x1, 0x2, 0x8, 0x9


class WebSocket(asyncio.Protocol):
    """Connects, and then gives `opened` and each message to its subclass."""

    subprotocol: str | None = None
    kind: Literal["text", "binary"] = "text"

    def __init__(self, url: str) -> None:
        self.bytes = 0
        self._url = urlsplit(url)
        self._received = b""
        self._shaken = False

    @property
    def address(self) -> tuple[str, int]:
        assert self._url.hostname
        assert self._url.port
        return self._url.hostname, self._url.port

    def opened(self) -> None:
        raise NotImplementedError

    def message(self, data: bytes) -> None:
        raise NotImplementedError

    def closed(self) -> None:
        """The connection is gone."""

    def send(self, data: bytes) -> None:
        # Masked, as it must be, with zeros: what is sent is what goes over the wire.
        opcode = _TEXT if self.kind == "text" else _BINARY
        self.transport.write(_frame(opcode, data))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        lines = [
            f"GET {self._url.path or '/'} HTTP/1.1",
            f"Host: {self._url.netloc}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        if self.subprotocol:
            lines.append(f"Sec-WebSocket-Protocol: {self.subprotocol}")
        self.transport.write("\r\n".join([*lines, "", ""]).encode())

    def connection_lost(self, _error: Exception | None) -> None:
        self.closed()

    def data_received(self, data: bytes) -> None:
        self.bytes += len(data)
        data = self._received + data if self._received else data
        at = 0
        if not self._shaken:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._received = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(data[:end].decode())
            self._shaken = True
            at = end + 4
            self.opened()
        size = len(data)
        while size - at >= 2:
            opcode, length, start = data[at] & 0xF, data[at + 1], at + 2
            if length >= 126:
                wide = 2 if length == 126 else 8
                start += wide
                length = int.from_bytes(data[at + 2 : start])
            if size < start + length:
                break
            at = start + length
            if opcode in (_TEXT, _BINARY):
                self.message(data[start:at])
            elif opcode == _PING:
                self.transport.write(_frame(0xA, data[start:at]))
            elif opcode == _CLOSE:
                self.transport.close()
        self._received = data[at:]


def _frame(opcode: int, data: bytes) -> bytes:
    length = len(data)
    if length < 126:
        head = bytes((0x80 | opcode, 0x80 | length))
    elif length < 65536:
        head = bytes((0x80 | opcode, 0x80 | 126)) + length.to_bytes(2)
    else:
        head = bytes((0x80 | opcode, 0x80 | 127)) + length.to_bytes(8)
    return head + bytes(4) + data
