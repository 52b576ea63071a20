"""Sockets of people with accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.support.server import DEADLINE, Server
from tests.support.sockets import Socket

OT = Subprotocol("collab")


@asynccontextmanager
async def opened(
    server: Server,
    room_id: str,
    *,
    cookie: str = "",
    jwt: str = "",
    origin: str = "",
    ot: bool = True,
) -> AsyncIterator[Socket]:
    """A socket with these credentials, as a page of `origin` or a program opens it."""
    headers = {}
    if cookie:
        headers["cookie"] = cookie
    if jwt:
        headers["authorization"] = f"Bearer {jwt}"
    if origin:
        headers["origin"] = origin
    async with connect(
        server.room_url(room_id),
        subprotocols=[OT] if ot else None,
        additional_headers=headers,
        compression=None,
        open_timeout=DEADLINE,
    ) as connection:
        yield Socket(connection)


async def turned_away(socket: Socket) -> tuple[int, str]:
    """Wait until the server closes a socket. Returns the close code, and the code of the error that
    it told before."""
    while True:
        message = await socket.receive()
        if message["type"] == "error":
            return (await socket.closed())[0], message["code"]
