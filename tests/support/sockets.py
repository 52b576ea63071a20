"""A WebSocket to a room, frame by frame, as PROTOCOL.md has them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from collab.protocol import VERSION
from tests.support.server import DEADLINE


class Socket:
    """Sends and receives messages; each must come before the deadline.

    Checksums come in their own time: who waits for something else does not hear them.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, kind: str, **fields: object) -> None:
        await self.send_raw(json.dumps({"type": kind, **fields}))

    async def send_raw(self, frame: str | bytes) -> None:
        await self.connection.send(frame)

    async def receive(self) -> Any:
        while _is_checksum(message := await self._next()):
            pass
        return message

    async def checksum(self) -> Any:
        """The next one; nothing may come before."""
        message = await self._next()
        assert _is_checksum(message), message
        return message

    async def _next(self) -> Any:
        async with asyncio.timeout(DEADLINE):
            return json.loads(await self.connection.recv())

    async def closed(self) -> tuple[int, str]:
        """The code and the reason the server closes with; nothing may come before."""
        with pytest.raises(ConnectionClosed) as caught:
            await self.receive()
        assert caught.value.rcvd, "the connection was lost"
        return caught.value.rcvd.code, caught.value.rcvd.reason

    async def at_last_closed(self) -> int:
        """The code the server closes with, whatever comes before."""
        with suppress(ConnectionClosed):
            while True:
                await self.receive()
        return (await self.closed())[0]

    async def nothing_more(self) -> None:
        """Nothing is on its way to an OT client but the answer to this question."""
        await self.send("ping")
        assert await self.receive() == {"type": "pong"}

    # The OT protocol

    async def join(self, key: str, **fields: object) -> Any:
        """Join as the person `key` names, and give the answer."""
        await self.send("join", **person(key), **fields)
        joined = await self.receive()
        assert joined["type"] == "joined", joined
        return joined

    async def submit(self, seq: int, revision: int, *change: object) -> None:
        await self.send("submit", seq=seq, revision=revision, change=change)


def _is_checksum(message: Any) -> bool:
    return isinstance(message, dict) and message["type"] == "checksum"


def person(key: str) -> dict[str, object]:
    """The fields of a join that depend on who it is."""
    return {"protocol": VERSION, "key": key.ljust(16, "_"), "person": key, "name": key, "colour": 0}


@asynccontextmanager
async def ot_socket(room_url: str) -> AsyncIterator[Socket]:
    """A socket that speaks the OT protocol; not joined yet."""
    async with connect(
        room_url, subprotocols=[Subprotocol("collab")], compression=None, max_size=None
    ) as connection:
        assert connection.subprotocol == "collab"
        yield Socket(connection)


@asynccontextmanager
async def plain_socket(room_url: str) -> AsyncIterator[Socket]:
    """A socket that speaks as the first clients did."""
    async with connect(room_url, compression=None, max_size=None) as connection:
        assert connection.subprotocol is None
        yield Socket(connection)


async def mistake(socket: Socket) -> tuple[str, str]:
    """The code and the words of an error that the socket lives through."""
    error = await socket.receive()
    assert error["type"] == "error", error
    await socket.nothing_more()
    return error["code"], error["message"]
