"""A WebSocket limits what it takes from a flooding peer, on a network that the test holds."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from collab.live.limits import ServerLimits
from collab.live.traffic import Traffic
from collab.live.wire import WebSocketProtocol, charge
from tests.support.fuzz import frame, handshake
from tests.support.server import DEADLINE

PING, PONG, TEXT, MORE = 9, 10, 1, 0
SLICE = 4096


class Transport(asyncio.Transport):
    """Keeps what is written; takes it when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.reading = True
        self.resumed = asyncio.Event()
        self.closing = False

    def write(self, data: Any) -> None:
        self.written += data

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True
        self.resumed.set()

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = True


class Line:
    """A WebSocket whose application hears everything and says nothing."""

    def __init__(self, limits: ServerLimits) -> None:
        self.heard: list[Any] = []
        self.traffic = Traffic(limits)
        self.transport = Transport()
        config = uvicorn.Config(
            self._hear, interface="asgi3", lifespan="off", ws_ping_interval=None
        )
        config.load()
        self.protocol = WebSocketProtocol(self.traffic, config, ServerState(), {})
        self._takes = asyncio.Event()

    async def _hear(self, scope: Any, receive: Any, send: Any) -> None:
        charge(scope, self.traffic.addresses.account("192.0.2.1", 0))
        await receive()
        await send({"type": "websocket.accept"})
        await self._takes.wait()
        while (event := await receive())["type"] != "websocket.disconnect":
            self.heard.append(event)

    async def open(self, *, takes: bool = True) -> None:
        if takes:
            self._takes.set()
        self.protocol.connection_made(self.transport)
        self.protocol.data_received(handshake("/ws/x"))
        while b"\r\n\r\n" not in self.transport.written:  # noqa: ASYNC110
            await asyncio.sleep(0)
        self.transport.written = b""

    async def hear_on(self) -> None:
        """Let the application go on, and everything that does not wait for a clock."""
        self._takes.set()
        for _ in range(50):
            await asyncio.sleep(0)

    async def close(self) -> None:
        self.protocol.connection_lost(None)
        await self.hear_on()


async def test_frames_of_control_are_counted_before_they_are_handled() -> None:
    for opcode in (PING, PONG):
        line = Line(ServerLimits(frames=10))
        await line.open()
        # As many as uvloop reads in one go.
        line.protocol.data_received(frame(b"", opcode=opcode) * 40_000)
        await line.hear_on()
        assert len(line.transport.written) // len(b"\x8a\x00") <= SLICE // 6 + 1
        assert not line.transport.reading
        assert len(line.protocol._unparsed) > 200_000
        await line.close()


async def test_fragments_of_nothing_are_counted_too() -> None:
    line = Line(ServerLimits(frames=10))
    await line.open()
    line.protocol.data_received(frame(b"", opcode=TEXT, final=False))
    line.protocol.data_received(frame(b"", opcode=MORE, final=False) * 40_000)
    await line.hear_on()
    assert len(line.protocol.frames) <= SLICE // 6 + 2
    assert not line.transport.reading
    await line.close()


async def test_a_flood_that_is_allowed_lets_others_have_their_turn() -> None:
    line = Line(ServerLimits(frames=0, frames_per_address=0))
    await line.open()
    line.protocol.data_received(frame(b"", opcode=PING) * 40_000)
    assert len(line.transport.written) <= (SLICE // 6 + 1) * 2
    line.transport.resumed.clear()
    async with asyncio.timeout(DEADLINE):
        await line.transport.resumed.wait()
    assert line.transport.written == b"\x8a\x00" * 40_000
    await line.close()


async def test_no_ping_is_answered_into_a_full_buffer() -> None:
    line = Line(ServerLimits())
    await line.open()
    line.protocol.pause_writing()
    line.protocol.data_received(frame(b"p" * 125, opcode=PING) * 10)
    assert line.transport.written == b""
    line.protocol.resume_writing()
    line.protocol.data_received(frame(b"p", opcode=PING))
    assert line.transport.written == b"\x8a\x01p"
    await line.close()


async def test_no_more_is_parsed_than_the_application_takes() -> None:
    line = Line(ServerLimits(frames=0, frames_per_address=0))
    await line.open(takes=False)
    line.protocol.data_received(frame(b"{}", opcode=TEXT) * 20_000)
    await asyncio.sleep(0)
    assert line.protocol.queue.qsize() <= SLICE // 8 + 1
    assert not line.transport.reading
    line.transport.resumed.clear()
    await line.hear_on()
    async with asyncio.timeout(DEADLINE):
        await line.transport.resumed.wait()
    await line.hear_on()
    assert [event["text"] for event in line.heard] == ["{}"] * 20_000
    line.protocol.data_received(frame(b"{}", opcode=TEXT) * 20_000)
    assert not line.transport.reading, "it stops again, after it has gone on"
    await line.close()


async def test_what_an_unfinished_message_holds_is_counted_until_it_is_whole() -> None:
    line = Line(ServerLimits(text=1, held_per_address=1))
    most = line.traffic.limits.largest_message
    await line.open()
    half = frame(b"#" * (most // 2), opcode=TEXT)
    line.protocol.data_received(half[:-1])
    account = line.traffic.addresses.account("192.0.2.1", 0)
    assert account._held >= most // 2 - 1
    line.protocol.data_received(half[-1:])
    await line.hear_on()
    assert account._held == 0
    assert len(line.heard) == 1
    await line.close()


async def test_what_a_connection_held_is_not_held_when_it_is_lost() -> None:
    line = Line(ServerLimits())
    await line.open()
    line.protocol.data_received(frame(b"#" * 9000, opcode=TEXT)[:-1])
    account = line.traffic.addresses.account("192.0.2.1", 0)
    assert account._held > 8000
    await line.close()
    assert account._held == 0
