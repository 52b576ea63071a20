"""The floor: a bare WebSocket relay, with or without one durable commit for each message.

    python -m tests.bench.relay [DATABASE_URL]

Prints its address when ready. Everybody on one path is sent what anybody there sends, the sender
included. It is what the service's own stack costs before there is any service: uvicorn, its
sans-I/O WebSocket protocol and uvloop, driven as raw ASGI, and asyncpg.
"""

from __future__ import annotations

import socket
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import asyncpg
import uvicorn
import uvloop

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]

_TABLE = """
create table if not exists bench_relay (
    id bigint generated always as identity primary key, room text not null, message text not null
)
"""
_INSERT = "insert into bench_relay (room, message) values ($1, $2)"


class Relay:
    """The ASGI application."""

    def __init__(self, pool: Pool | None) -> None:
        self._pool = pool
        self._rooms: defaultdict[str, set[Send]] = defaultdict(set)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        path = scope["path"]
        room = self._rooms[path]
        await receive()
        await send({"type": "websocket.accept"})
        room.add(send)
        try:
            while (event := await receive())["type"] == "websocket.receive":
                if self._pool is not None:
                    await self._pool.execute(_INSERT, path, event["text"])
                frame = {"type": "websocket.send", "text": event["text"]}
                for member in tuple(room):
                    await member(frame)
        finally:
            room.discard(send)


async def main(database_url: str | None) -> None:
    pool = None
    if database_url is not None:
        pool = await asyncpg.create_pool(
            database_url, reset=_keep, server_settings={"synchronous_commit": "on"}
        )
        await pool.execute(_TABLE)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        Relay(pool),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        log_level="warning",
    )
    port = listening.getsockname()[1]
    print(f"ready at http://127.0.0.1:{port}", flush=True)  # noqa: T201
    await uvicorn.Server(config).serve(sockets=[listening])


async def _keep(_connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Spare the floor a second statement for each commit, as Collab does."""


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1] if len(sys.argv) > 1 else None))
