"""Frames ready for the wire, written straight to the transport where that is possible.

A message to a whole room goes to many sockets. Through ASGI each socket costs a task switch and
half a dozen calls; written here, each costs one call. The bytes are the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from logging import WARNING, getLogger
from typing import Any, NamedTuple

from litestar.exceptions import WebSocketDisconnect
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import frames

from collab.errors import PeerError
from collab.live.addresses import Account
from collab.live.held_writing import HeldWriting
from collab.live.inbox import Gate, Inbox
from collab.live.intake import Intake
from collab.live.resting import Resting
from collab.live.traffic import Traffic
from collab.protocol import ServerMessage, encode

EXTENSION = "collab.wire"
"""The name of our extension of an ASGI scope: the connection itself, in which one can `rest`."""
_SLICE = 4096
"""Bytes parsed in one go. Parsing as many bytes of the smallest frames takes some milliseconds."""
_TURN = 32
"""The number of frames or messages after which others have their turn."""
_FRAGMENT = 64
"""Bytes that a fragment costs besides its content."""
_FAREWELL = 1.0
"""Seconds that a peer, which is not read any more, has to receive why it is turned away."""
_LINGER = 10.0
"""Seconds that a peer has to receive what was written before the end."""
_LOG = getLogger("collab.websockets")
_LOG.setLevel(WARNING)

GONE = (WebSocketDisconnect, ClientDisconnected)
"""The exceptions of writing to a peer that has gone."""


class Frame(NamedTuple):
    """A message, encoded once for everybody: as JSON, and as it goes over TCP."""

    json: bytes
    wire: bytes


def frame(message: ServerMessage) -> Frame:
    json = encode(message)
    # A server's frames carry no mask of their own, so one frame serves all sockets.
    return Frame(json, frames.Frame(frames.Opcode.TEXT, json).serialize(mask=False))


class Goodbye(NamedTuple):
    """A close frame after which we still read what the peer says, until it has answered."""

    code: int
    reason: str


Write = Callable[[Frame | Goodbye], bool]
"""Writes a frame now, or returns False."""


def writer(scope: Any) -> Write:
    """Return the function that writes to the socket of an ASGI scope. On other servers it only
    refuses."""
    protocol = _protocol(scope)
    return protocol.write if protocol else _never


def waiting(scope: Any) -> int:
    """Return the number of the peer's messages that have come and are not read yet."""
    protocol = _protocol(scope)
    return protocol.waiting() if protocol else 0


def charge(scope: Any, account: Account) -> None:
    """Charge the account of an address for bytes that come through the socket of an ASGI scope."""
    if protocol := _protocol(scope):
        protocol.charge(account)


async def rest(scope: Any, seconds: float) -> None:
    """Wait this many seconds, or until the connection of an ASGI scope has ended."""
    connection = _extension(scope)
    await (connection.rest if connection else asyncio.sleep)(seconds)


def turn_away(scope: Any, error: PeerError) -> None:
    """Have the application of an ASGI scope turn its peer away, and read nothing more of it."""
    if protocol := _protocol(scope):
        protocol.turn_away(error)


def _extension(scope: Any) -> Any:
    return (scope.get("extensions") or {}).get(EXTENSION)


def _protocol(scope: Any) -> WebSocketProtocol | None:
    found = _extension(scope)
    return found if isinstance(found, WebSocketProtocol) else None


def _never(_frame: Frame | Goodbye) -> bool:
    return False


class WebSocketProtocol(HeldWriting, WebSocketsSansIOProtocol):
    """Extends uvicorn's protocol: the application writes ready frames, and reading has limits.

    Incoming bytes are parsed in slices, and no further than to the next message that the
    application has not taken. Frames of every kind are counted, control frames too.
    """

    # Our attributes are in slots: with them the dictionary of the others would be twice as large.
    __slots__ = (
        "_deadline",
        "_failed",
        "_fragments",
        "_frames_seen",
        "_intake",
        "_pause",
        "_resting",
        "_taken",
        "_traffic",
        "_unparsed",
        "parting",
    )

    def __init__(self, traffic: Traffic, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.queue: Any = Inbox()
        self.writable: Any = Gate()
        # The loggers of the libraries tell addresses of rooms and, when debugging, the contents of
        # frames.
        self.logger = self.conn.logger = _LOG
        self.conn.debug = False
        self._traffic = traffic
        self._intake = Intake(traffic.limits, self.loop.time())
        self._unparsed = bytearray()
        self._pause: asyncio.Handle | None = None
        self._frames_seen = 0
        self._fragments = 0
        self._taken = 0
        self._failed = False
        self._deadline: asyncio.TimerHandle | None = None
        self._resting = Resting()
        self.parting = False

    async def run_asgi(self) -> None:
        extensions: dict[str, Any] = self.scope["extensions"]
        extensions[EXTENSION] = self
        await super().run_asgi()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(_LINGER, self.transport.abort)

    # Reading

    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            self._shake_hands(data)
        elif not self._failed:
            self._unparsed += data
            if self._pause is None:
                self._parse()

    def _shake_hands(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc and not self.close_sent:
            # uvicorn accepts larger headers than websockets does, and does not send the answer of
            # websockets.
            self.close_sent = self.handshake_complete = True
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    async def receive(self) -> Any:
        message = await self.queue.get()
        if not self.queue.empty():
            self._taken += 1
            if self._taken % _TURN == 0:
                await asyncio.sleep(0)
        elif self.read_paused and self._pause is None:
            if self._unparsed:
                self._parse()
            elif self._may_parse():
                self._read_on()
        return message

    def _parse(self) -> None:
        """Parse bytes that have come, until a message waits or the peer is to be slowed."""
        self._pause = None
        wait: float | None = None
        while self._unparsed and wait is None and self._may_parse():
            piece = bytes(self._unparsed[:_SLICE])
            del self._unparsed[:_SLICE]
            self._frames_seen = 0
            super().data_received(piece)
            if self._failed or self.transport.is_closing():
                self._forget()
                return
            wait = self._count(len(piece))
        if wait is not None:
            self._pause = self.loop.call_later(wait, self._parse)
        if self._pause or not self._may_parse():
            self._pause_reading()
        else:
            self._read_on()
        self._measure()

    def _read_on(self) -> None:
        """Read more from the peer, which has sent nothing else so far."""
        self._intake.wait(self.loop.time())
        self._resume_reading()

    def _may_parse(self) -> bool:
        return (self.handshake_complete and self.queue.empty()) or self.close_sent

    def _count(self, size: int) -> float | None:
        """Charge the peer for a slice. Returns the seconds to wait before the next, or None."""
        try:
            wait = self._intake.count(self._frames_seen, size, self.loop.time())
        except PeerError as error:
            self._fail(error)
            return None
        # After many frames others have their turn.
        return wait or (0.0 if self._frames_seen > _TURN else None)

    def charge(self, account: Account) -> None:
        """Charge the peer's address too from here on. The application knows the address."""
        self._intake.account = account
        self._measure()

    def _measure(self) -> None:
        """Report the bytes in memory, and watch over an unfinished message."""
        if self._failed:
            return
        coming = len(self.conn.reader.buffer) + self._fragments
        begun = bool(coming or self.frames)
        held = len(self._unparsed) + coming + _FRAGMENT * len(self.frames)
        try:
            self._intake.hold(held, coming, self.loop.time(), begun=begun)
        except PeerError as error:
            self._fail(error)
            return
        if begun and self._deadline is None:
            self._deadline = self.loop.call_later(self._intake.within, self._look_at_unfinished)

    def _look_at_unfinished(self) -> None:
        """Turn the peer away when its unfinished message is late although we read it."""
        self._deadline = None
        try:
            wait = self._intake.late(self.loop.time(), excused=self.read_paused)
        except PeerError as error:
            self._fail(error)
            return
        if wait:
            self._deadline = self.loop.call_later(wait, self._look_at_unfinished)

    def _fail(self, error: PeerError) -> None:
        """Have the application turn the peer away, and read nothing more."""
        self._failed = True
        # We do not hear the peer's answer to our close frame.
        self.close_timeout = _FAREWELL
        self._forget()
        fault: Any = {"type": "websocket.receive", "fault": error}
        self.queue.put_nowait(fault)

    def turn_away(self, error: PeerError) -> None:
        """Have the application turn the peer away, unless it does so already."""
        if not (self._failed or self.close_sent):
            self._fail(error)
            self._resting.end()  # a slowed peer is turned away at once, too

    def _forget(self) -> None:
        """Drop the bytes that are no whole message yet."""
        self._unparsed.clear()
        self.conn.reader.buffer.clear()
        self.frames = []
        self._fragments = 0
        self._intake.let_go()
        for timer in (self._pause, self._deadline):
            if timer:
                timer.cancel()
        self._pause = self._deadline = None

    async def rest(self, seconds: float) -> None:
        """Wait this many seconds, or until the connection has ended."""
        await self._resting.rest(seconds)

    def waiting(self) -> int:
        """Return the number of messages that have come and are not read yet."""
        count: int = self.queue.qsize()
        return count + bool(self._unparsed)

    def _pause_reading(self) -> None:
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def _resume_reading(self) -> None:
        if self.read_paused and not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    def handle_events(self) -> None:
        self._frames_seen += len(self.conn.events)
        super().handle_events()

    def handle_text(self, event: frames.Frame) -> None:
        self._fragments = len(event.data)
        super().handle_text(event)

    def handle_bytes(self, event: frames.Frame) -> None:
        self._fragments = len(event.data)
        super().handle_bytes(event)

    def handle_cont(self, event: frames.Frame) -> None:
        self._fragments += len(event.data)
        super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        """Pass a message to the application. uvicorn's method logs invalid UTF-8 and closes without
        words."""
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        self._fragments = 0
        self._intake.finish()
        if self.close_sent or self._failed:
            return
        message: Any = {"type": "websocket.receive", "bytes": data}
        if self.curr_msg_data_type == "text":
            try:
                message = {"type": "websocket.receive", "text": data.decode()}
            except UnicodeDecodeError:
                self._fail(PeerError("malformed", "A message is UTF-8.", close=1007))
                return
        self.queue.put_nowait(message)
        self._pause_reading()

    def handle_ping(self) -> None:
        """Answer a ping, unless the peer does not read the answers."""
        pongs = b"".join(self.conn.data_to_send())
        if pongs and self.writable.is_set():
            self.transport.write(pongs)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)
        self._resting.end()

    # Writing

    async def send(self, message: Any) -> None:
        """Send a message. Raises ClientDisconnected once the connection is closing, as after a
        broken frame."""
        await self.writable.wait()
        if self.close_sent:
            raise ClientDisconnected
        if self._unparsed or self._pause:
            # The peer's answer to a close frame would come only after all these bytes.
            self.close_timeout = _FAREWELL
        await super().send(message)
        if message["type"] == "websocket.accept":
            # uvicorn and websockets would keep these as long as the connection, and need them no
            # more.
            self.request.headers.clear()
            del self.request, self.response
            if self._unparsed and self._pause is None:
                self._parse()

    def keepalive_timeout(self) -> None:
        """Abort when no pong came. While we do not read, a missing pong says nothing. Otherwise the
        link is dead, and what is written to it will not arrive."""
        if self.read_paused:
            self.schedule_ping()
        else:
            super().keepalive_timeout()
            self.transport.abort()

    def handle_parser_exception(self) -> None:
        """Abort if no close frame could be sent, because uvicorn assumes that one was sent."""
        self._failed = True
        if self.conn.close_sent:
            super().handle_parser_exception()
            return
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})
        self.transport.abort()

    def write(self, frame: Frame | Goodbye) -> bool:
        """Write a frame. Returns False if the transport is full, is gone, or has sent a close
        frame."""
        done = self.close_sent or self.parting or self.transport.is_closing()
        if done or not self.writable.is_set():
            return False
        if isinstance(frame, Goodbye):
            self.parting = True
            self.stop_keepalive()
            self.conn.send_close(*frame)
            self.transport.write(b"".join(self.conn.data_to_send()))
        else:
            self.transport.write(frame.wire)
        return True

    def shutdown(self) -> None:
        """End the socket of a stopping server, without a second close frame where one was sent."""
        self._resting.end()
        if self.parting:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": 1012})
            self.transport.close()
        else:
            super().shutdown()
