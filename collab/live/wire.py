"""Frames ready for the wire, written straight to the transport where that is possible.

What is told to a whole room is one message to many sockets. Through ASGI each costs a task switch
and half a dozen calls; written here, each costs a call. The bytes are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import frames

from collab.protocol import ServerMessage, encode

_EXTENSION = "collab.write"


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
    extensions = scope.get("extensions") or {}
    write: Write = extensions.get(_EXTENSION, {}).get("write", _never)
    return write


def _never(_frame: Frame | Goodbye) -> bool:
    return False


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own, which also lets the application write a ready frame."""

    parting = False

    async def run_asgi(self) -> None:
        self.scope["extensions"][_EXTENSION] = {"write": self.write}
        await super().run_asgi()

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
