"""A server with limits of its own, in this process, and a clock that stands still."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import (
    asynccontextmanager,
)
from typing import Any

import httpx

from collab.live.limits import ServerLimits
from collab.settings import Settings
from tests.support.database import fill
from tests.support.here import serving
from tests.support.server import DEADLINE
from tests.support.sockets import Socket, ot_socket


class Here:
    """A server with limits of its own."""

    def __init__(self, address: str) -> None:
        self.url = f"http://{address}"

    async def room_url(self) -> str:
        """Create a room and return the address for its sockets."""
        async with httpx.AsyncClient(timeout=DEADLINE) as http:
            room_id = (await http.post(f"{self.url}/rooms")).json()["roomId"]
        return f"{self.url.replace('http', 'ws')}/ws/{room_id}"

    async def old_room_url(self, database_url: str) -> str:
        """Return the URL of a room with a past of 3000 entries."""
        room_url = await self.room_url()
        await fill(database_url, room_url.rpartition("/")[2], head=1, count=3000)
        return room_url

    @asynccontextmanager
    async def old_socket(self, database_url: str) -> AsyncIterator[Socket]:
        """A socket of a room with such a past, not joined yet."""
        async with ot_socket(await self.old_room_url(database_url)) as socket:
            yield socket

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[Socket]:
        """A socket of a new room, not joined yet."""
        async with ot_socket(await self.room_url()) as socket:
            yield socket


@asynccontextmanager
async def limited(database_url: str, **limits: Any) -> AsyncIterator[Here]:
    # All that comes, comes from one address, and the limits of a socket are tried alone.
    unlimited: dict[str, Any] = {"frames_per_address": 0, "bytes_per_address": 0}
    limits = unlimited | limits
    settings = Settings(port=0, database_url=database_url, limits=ServerLimits(**limits))
    async with serving(settings) as address:
        yield Here(address)


class Clock:
    """The clock by which sockets are slowed: it stands still but for their pauses.

    So how long somebody is not read is a matter of what it sent, on any machine. `paused` has the
    pauses of each socket, in seconds, by its port.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self._paused: dict[int, list[float]] = defaultdict(list)

    async def rest(self, scope: Any, seconds: float) -> None:
        self._paused[scope["client"][1]].append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def paused(self, socket: Socket) -> float:
        """The seconds that a socket was not read."""
        port: int = socket.connection.local_address[1]
        return sum(self._paused[port])


BREATH = 0.1
"""No pause is shorter: so much more than what is owed may be paused in the end."""


async def turned_away(socket: Socket) -> tuple[str, str]:
    """The code and the words of the error that stands before a close with 4429."""
    error = await socket.receive()
    assert error["type"] == "error", error
    assert await socket.closed() == (4429, error["message"])
    return error["code"], error["message"]
