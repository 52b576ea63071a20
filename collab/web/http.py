"""Parses HTTP connections, and ends those that ask for nothing or take no answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from logging import ERROR, getLogger
from typing import Any

import h11
from h11._receivebuffer import ReceiveBuffer
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol

from collab.live import wire
from collab.live.held_writing import HeldWriting
from collab.live.resting import Resting
from collab.live.traffic import Traffic

_LOG = getLogger("collab.http")
# A peer's mistakes are told to the peer, not to the log.
_LOG.setLevel(ERROR)
_SLICE = 4096
"""Bytes parsed in one go: as many of the smallest chunks take some milliseconds."""
_BODY_SLICE = 65_536
"""Bytes parsed in one go of a body of known length, which parses as one piece."""
_LEFT = 65_536
"""Bytes of a body that are read after its answer, so that the connection can be used again."""
_ALONE = re.compile(rb"(?<!\r)\n|\r(?!\n)|\n[ \t]")
"""A line end of one character, and a line that goes on in the next: proxies disagree on both."""


class HttpProtocol(HeldWriting, H11Protocol):
    """Extends uvicorn's protocol: `timeout_keep_alive` limits the headers of every request.

    uvicorn waits without limit for the first byte and for the rest of the headers. Here data is
    parsed in slices, so that no connection takes others' time, and a peer that does not take its
    answer is not kept.
    """

    def __init__(self, traffic: Traffic, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.logger = _LOG
        self.conn = _Strict()
        self._traffic = traffic
        self._unparsed = bytearray()
        self._turn: asyncio.Handle | None = None
        self._left = _LEFT
        self._resting = Resting()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = _Flow(transport, self._unparsed, self._parse_soon)
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def data_received(self, data: bytes) -> None:
        # Without the first line of theirs. The timer ends with the request, in handle_events.
        if self._has_answered_early():
            self._left -= len(data)
            if self._left < 0:
                return
        self._unparsed += data
        if self._turn is None:
            self._parse()

    def handle_events(self) -> None:
        super().handle_events()
        cycle: Any = self.cycle  # None before the first request
        if cycle is not None:
            # Its task has not begun yet where the request is new.
            cycle.scope["extensions"] = {wire.EXTENSION: self._resting}

    def _parse_soon(self) -> None:
        if self._turn is None:
            self._turn = self.loop.call_soon(self._parse)

    def _parse(self) -> None:
        self._turn = None
        if self.transport.is_closing():
            self._unparsed.clear()
            return
        if self.flow.read_paused and self.cycle.more_body and not self.cycle.response_complete:
            return  # The application has not taken what came before; _Flow goes on when it does.
        known = self.conn.their_state is h11.SEND_BODY and self.cycle.more_body
        chunked = known and any(name == b"transfer-encoding" for name, _ in self.headers)
        size = _BODY_SLICE if known and not chunked else _SLICE
        piece = bytes(self._unparsed[:size])
        del self._unparsed[:size]
        self.conn.receive_data(piece)
        self.handle_events()
        if not self._unparsed:
            if not self.flow.read_paused and not self.transport.is_closing():
                self.transport.resume_reading()
            return
        self.transport.pause_reading()
        if self.transport.get_protocol() is not self:
            # It has become a WebSocket, and this was sent before that was known.
            self._unparsed.clear()
            return
        self._parse_soon()

    def _has_answered_early(self) -> bool:
        """Return whether incoming data is the rest of a body whose request was already answered."""
        return self.conn.our_state is h11.DONE and self.conn.their_state is h11.SEND_BODY

    def on_response_complete(self) -> None:
        self._left = _LEFT
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Tell the peer that it sent no valid HTTP, unless an answer is already under way."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection. A peer that has begun a request is told why."""
        begun, _ = self.conn.trailing_data
        if begun and not self.transport.is_closing():
            words = f"No whole request came within {self.timeout_keep_alive} s."
            self.transport.write(_TIMEOUT % (len(words), words.encode()))
        if self.transport.get_write_buffer_size():
            # It has not even taken the answer.
            self._abort_when_stuck(self.transport.get_write_buffer_size())
        super().timeout_keep_alive_handler()

    def _abort_when_stuck(self, before: int) -> None:
        """Abort the connection when the peer reads more slowly than the least rate."""
        seconds = self.timeout_keep_alive
        least = seconds * self._traffic.limits.least_rate

        def look() -> None:
            waits = self.transport.get_write_buffer_size()
            if waits > max(0, before - least):
                self.transport.abort()
            elif waits:
                self._abort_when_stuck(waits)

        self.loop.call_later(seconds, look)

    def shutdown(self) -> None:
        """End the connection of a stopping server. A peer that still sends a body is told."""
        cycle: Any = self.cycle  # None before the first request
        if cycle is None or cycle.response_complete:
            super().shutdown()
        elif cycle.more_body or self.flow.write_paused:
            if not cycle.response_started:
                words = b"The server is restarting; try again."
                self.transport.write(_RESTARTING % (len(words), words))
            cycle.disconnected = True
            cycle.message_event.set()
            self.flow.resume_writing()
            self.transport.close()
            self._resting.end()
        else:
            super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unparsed.clear()
        super().connection_lost(exc)
        self._resting.end()


class _Flow(FlowControl):
    """Reads no more of the network while something that was read is not parsed."""

    def __init__(
        self, transport: asyncio.Transport, unparsed: bytearray, parse: Callable[[], None]
    ) -> None:
        super().__init__(transport)
        self._unparsed = unparsed
        self._parse = parse

    def resume_reading(self) -> None:
        if self._unparsed:
            self.read_paused = False
            self._parse()
        else:
            super().resume_reading()


class _Strict(h11.Connection):
    """Rejects requests that a proxy might read differently."""

    def __init__(self) -> None:
        super().__init__(h11.SERVER)
        self._receive_buffer = _StrictBuffer()

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request):
            names = {name for name, _ in event.headers}
            if {b"content-length", b"transfer-encoding"} <= names:
                self._process_error(self.their_role)
                raise h11.RemoteProtocolError("Content-Length beside Transfer-Encoding")
        return event


class _StrictBuffer(ReceiveBuffer):
    """Returns the lines of a head or of trailers. Rejects line ends on which programs disagree."""

    def maybe_extract_lines(self) -> list[bytearray] | None:
        before = bytes(self)
        lines = super().maybe_extract_lines()
        if lines is not None and _ALONE.search(before, 0, len(before) - len(self)):
            raise h11.RemoteProtocolError("a line that does not end where it ends")
        return lines


_RESTARTING = (
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n\r\n%s"
)
_TIMEOUT = (
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n\r\n%s"
)
