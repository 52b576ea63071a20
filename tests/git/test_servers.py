"""Several servers that make the commits of one room at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import asyncpg

from collab.git.repository import Repositories
from collab.git.store import GitStore
from collab.protocol import AddFile, Change, Edit
from collab.room.state import Entry
from collab.store import log as store
from ot import Operation
from tests.support.database import eventually, new_room


class Typist:
    """Somebody who types in one room, and pauses now and then."""

    def __init__(self, log: store.PostgresLog, room_id: UUID, rng: Random) -> None:
        self._log = log
        self._room_id = room_id
        self._rng = rng
        self._at = datetime(2026, 1, 1, tzinfo=UTC)
        self._revision = self._length = 0

    async def type(self, count: int) -> None:
        entries = []
        for _ in range(count):
            self._revision += 1
            self._at += timedelta(seconds=self._rng.choice([1, 1, 1, 900]))
            change: Change = AddFile("main", "main.py", None, "")
            if self._revision > 1:
                change = Edit("main", Operation(["x", self._length]))
                self._length += 1
            number = self._revision
            entries.append(Entry(number, "c", number, "Ada", self._at, change, "ada", "typed"))
        await self._log.append(self._room_id, entries)


async def test_what_was_told_stays_and_all_servers_tell_the_same(database_url: str) -> None:
    room_id = await asyncio.to_thread(new_room, database_url)
    rng = Random(1)
    async with store.connected(database_url, statement_timeout=60) as log:
        typist = Typist(log, room_id, rng)
        await typist.type(1)
        servers = [Repositories() for _ in range(3)]
        for server in servers:
            server.begin(GitStore(log.connections), log, log.blobs)
        told: dict[bytes, None] = {}

        async def fetch(server: Repositories) -> list[bytes]:
            await server.store.pin(room_id)
            return list((await server.brought_up(room_id)).commits)

        for _ in range(25):
            typing = asyncio.create_task(typist.type(rng.randrange(1, 30)))
            graphs = await asyncio.gather(*map(fetch, servers))
            await typing
            longest = max(graphs, key=len)
            assert list(told) == longest[: len(told)]
            for graph in graphs:
                assert graph == longest[: len(graph)]
            told = dict.fromkeys(longest)
        assert len(told) > 50


async def test_a_pin_waits_for_what_is_about_to_be_committed(database_url: str) -> None:
    """Else it could come after a later one that somebody was told of, and change what was told."""
    room_id = await asyncio.to_thread(new_room, database_url)
    async with store.connected(database_url, statement_timeout=60) as log:
        git = GitStore(log.connections)
        other = await asyncpg.connect(database_url)
        async with other.transaction():
            await other.execute("update room set head = 1 where id = $1", room_id)
            pin = asyncio.create_task(git.pin(room_id))
            locks = "select exists (select from pg_locks where not granted)"
            waits = asyncio.create_task(eventually(database_url, locks))
            await asyncio.wait([pin, waits], return_when=asyncio.FIRST_COMPLETED)
            assert not pin.done()
        await other.close()
        assert await pin
        assert [one.revision for one in await git.pins(room_id, 0)] == [1]
        assert not await git.pin(room_id)
