"""Frames ready for the wire, written straight to the transport where that is possible.

What is told to a whole room is one message to many sockets. Through ASGI each costs a task switch
and half a dozen calls; written here, each costs a call. The bytes are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from logging import WARNING, getLogger
from typing import Any, NamedTuple

from litestar.exceptions import WebSocketDisconnect
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import frames

from collab.protocol import ServerMessage, encode

_EXTENSION = "collab.wire"
_LINGER = 10.0
"""Seconds that a peer has to take what was written before its end."""
_LOG = getLogger("collab.websockets")
_LOG.setLevel(WARNING)
# A peer's mistake; the connection is closed for it with 1007.
_LOG.addFilter(lambda record: not record.getMessage().startswith("Invalid UTF-8"))

GONE = (WebSocketDisconnect, ClientDisconnected)
"""What is raised to one who writes to a peer that is not there any more."""


class Frame(NamedTuple):
    """A message, encoded once for everybody: as JSON, and as it goes over TCP."""

    json: bytes
    wire: bytes


def frame(message: ServerMessage) -> Frame:
    json = encode(message)
    # A server's frames carry no mask of their own, so one serves all.
    return Frame(json, frames.Frame(frames.Opcode.TEXT, json).serialize(mask=False))


class Goodbye(NamedTuple):
    """A close frame after which we still hear what the peer says, until it has answered."""

    code: int
    reason: str


Write = Callable[[Frame | Goodbye], bool]
"""Writes a frame now, or says that it cannot."""


def writer(scope: Any) -> Write:
    """The way to write to the socket of an ASGI scope; a server other than ours has none."""
    write: Write = _extension(scope).get("write", _never)
    return write


def waiting(scope: Any) -> int:
    """Messages of the peer that have come and are not read yet, as far as it is known."""
    count: int = _extension(scope).get("waiting", int)()
    return count


def _extension(scope: Any) -> dict[str, Any]:
    extension: dict[str, Any] = (scope.get("extensions") or {}).get(_EXTENSION, {})
    return extension


def _never(_frame: Frame | Goodbye) -> bool:
    return False


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own, which also lets the application write a ready frame."""

    parting = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Theirs tell addresses of rooms and, when debugging, what is in the frames.
        self.logger = self.conn.logger = _LOG
        self.conn.debug = False

    async def run_asgi(self) -> None:
        self.scope["extensions"][_EXTENSION] = {
            "write": self.write,
            "waiting": self.queue.qsize,
        }
        await super().run_asgi()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(_LINGER, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self.handshake_initiated and self.conn.handshake_exc:
            # uvicorn takes larger headers than websockets does, whose answer it does not send.
            self.close_sent = self.handshake_complete = True
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    async def send(self, message: Any) -> None:
        """A broken frame, too, has ended a connection: nobody is there to be told more."""
        await self.writable.wait()
        if self.close_sent:
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.accept":
            # Kept for as long as the connection, by uvicorn and by websockets, and of no more use.
            self.request.headers.clear()
            del self.request, self.response

    def keepalive_timeout(self) -> None:
        """The pong did not come. While we do not read, that says nothing; else the link is dead,
        and what is written to it will not arrive."""
        if self.read_paused:
            self.schedule_ping()
        else:
            super().keepalive_timeout()
            self.transport.abort()

    def handle_parser_exception(self) -> None:
        """uvicorn takes it that a close frame was sent; where none could be, the link just ends."""
        if self.conn.close_sent:
            super().handle_parser_exception()
            return
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})
        self.transport.abort()

    def write(self, frame: Frame | Goodbye) -> bool:
        """Write a frame unless the transport is full, or gone, or has nothing more to say."""
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
        """The server stops; uvicorn would say goodbye, which must not be said twice."""
        if self.parting:
            self.queue.put_nowait({"type": "websocket.disconnect", "code": 1012})
            self.transport.close()
        else:
            super().shutdown()
