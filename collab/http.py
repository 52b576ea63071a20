"""HTTP connections, which are there to ask for something."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


class HttpProtocol(H11Protocol):
    """uvicorn's own, with `timeout_keep_alive` for every request until its headers are there.

    uvicorn waits for the first byte for ever, and once there is one for the others.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def data_received(self, data: bytes) -> None:
        # Without the first line of theirs. The timer ends with the request, in handle_events.
        self.conn.receive_data(data)
        self.handle_events()

    def timeout_keep_alive_handler(self) -> None:
        """Close; with words for who has begun to ask."""
        begun, _ = self.conn.trailing_data
        if begun and not self.transport.is_closing():
            words = f"No whole request came within {self.timeout_keep_alive} s."
            self.transport.write(_TIMEOUT % (len(words), words.encode()))
        super().timeout_keep_alive_handler()


_TIMEOUT = (
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n\r\n%s"
)
