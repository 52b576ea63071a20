"""The database on plain tables and on tables in 16 parts by room, in turns, all in one run.

uv run python -m tests.bench.partitions
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from statistics import median
from uuid import UUID

import httpx

from collab.store import log as store
from tests.bench.measured import serving
from tests.bench.talk import Typist, in_turns, told
from tests.contracts.log_contract import add_file, entry
from tests.support.database import new_room, run
from tests.support.partitions import partition
from tests.support.server import DEADLINE, Server
from tests.support.sockets import ot_socket

ROUNDS = 400
FEWER = 100
ROOMS = 20
PAGE = 1000
MOST = 1.05


class Tables:
    """One of the two databases, and a server on it."""

    def __init__(self, server: Server, log: store.PostgresLog, http: httpx.AsyncClient) -> None:
        self._server, self._log, self._http = server, log, http
        self._rooms: list[UUID] = []
        self._heads: dict[UUID, int] = {}

    async def begin(self, typist: Typist) -> None:
        self._typist = typist
        url = self._server.database_url
        self._rooms = [await asyncio.to_thread(new_room, url) for _ in range(ROOMS)]
        self._heads = dict.fromkeys(self._rooms, 0)
        await asyncio.gather(*(self._append(room) for room in self._rooms))
        entries = [entry(revision) for revision in range(2, PAGE + 1)]
        for at in range(0, len(entries), 100):
            await self._log.append(self._rooms[0], entries[at : at + 100])
        self._heads[self._rooms[0]] = PAGE

    async def _append(self, room: UUID) -> None:
        self._heads[room] += 1
        head = self._heads[room]
        await self._log.append(room, [entry(head) if head > 1 else add_file()])

    async def append(self) -> None:
        await self._append(self._rooms[1])

    async def append_to_all(self) -> None:
        await asyncio.gather(*(self._append(room) for room in self._rooms[1:]))

    async def read(self) -> None:
        assert len(await self._log.since(self._rooms[0], 0)) == PAGE

    async def arrive(self) -> None:
        await self._log.arrival(self._rooms[1], "ana")

    async def ask_for_heads(self) -> None:
        assert len(await self._log.heads(self._rooms)) == ROOMS

    async def make(self) -> None:
        answer = await self._http.post("/rooms", json={"initial_code": "x"})
        assert answer.status_code == 201

    async def join(self) -> None:
        async with ot_socket(self._server.room_url(str(self._rooms[1]))) as socket:
            await socket.join("ann")

    async def type(self) -> None:
        await self._typist.type()


ROWS: tuple[tuple[str, Callable[[Tables], Awaitable[None]], int], ...] = (
    ("append of an entry", Tables.append, ROUNDS),
    (f"appends to {ROOMS - 1} rooms at once", Tables.append_to_all, FEWER),
    (f"{PAGE} entries read", Tables.read, FEWER),
    ("what a join asks the log", Tables.arrive, ROUNDS),
    (f"the heads of {ROOMS} rooms", Tables.ask_for_heads, ROUNDS),
    ("POST /rooms", Tables.make, FEWER),
    ("join, from dialling to joined", Tables.join, FEWER),
    ("a letter until it is saved", Tables.type, ROUNDS),
)


async def main() -> None:
    with serving() as plain:
        await run(plain.database_url, "create database parted")
        url = plain.database_url.replace("/collab?", "/parted?")
        with Server(database_url=url) as made:
            made.terminate()
            await partition(url)
            made.start()
            await _compare(plain, made)


async def _compare(*servers: Server) -> None:
    async with AsyncExitStack() as stack:
        both: list[Tables] = []
        for server in servers:
            connected = store.connected(server.database_url, statement_timeout=10)
            log = await stack.enter_async_context(connected)
            client = httpx.AsyncClient(base_url=server.url, timeout=DEADLINE)
            http = await stack.enter_async_context(client)
            tables = Tables(server, log, http)
            room_id = await asyncio.to_thread(server.create_room, initial_code="")
            socket = await stack.enter_async_context(ot_socket(server.room_url(room_id)))
            await tables.begin(Typist(socket, await socket.join("typist")))
            both.append(tables)
        for what, do, rounds in ROWS:

            async def one(of: int, do: Callable[[Tables], Awaitable[None]] = do) -> float:
                began = time.perf_counter()
                await do(both[of])
                return 1000 * (time.perf_counter() - began)

            first, second = await in_turns(lambda: one(0), lambda: one(1), rounds)
            told(f"{what}, median: plain, in parts", median(first), median(second), MOST)


if __name__ == "__main__":
    asyncio.run(main())
