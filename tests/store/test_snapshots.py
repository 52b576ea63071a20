"""Opening a room costs its text, not its age."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import httpx
import pytest_asyncio

from collab.live.limits import ServerLimits
from collab.room.log import read_room
from collab.room.state import Entry
from collab.settings import Settings
from collab.store.connections import Connections
from collab.store.log import PostgresLog
from tests.support.clients import OtClient
from tests.support.database import eventually, fetch_value, fill
from tests.support.here import serving
from tests.support.server import DEADLINE, Server

EVERY = ServerLimits().snapshot_every


class CountingLog(PostgresLog):
    """The log, and how many entries were read from it."""

    count = 0

    async def since(self, room_id: UUID, revision: int) -> list[Entry]:
        entries = await super().since(room_id, revision)
        self.count += len(entries)
        return entries


@pytest_asyncio.fixture
async def log(shared_server: Server) -> AsyncIterator[CountingLog]:
    async with asyncpg.create_pool(shared_server.database_url, min_size=1, max_size=1) as pool:
        yield CountingLog(Connections(pool))


async def test_an_old_room_is_opened_from_its_snapshot_and_what_came_after(
    shared_server: Server, log: CountingLog
) -> None:
    room_id = shared_server.create_room(initial_code="")
    await fill(shared_server.database_url, room_id, head=1, count=5000)
    await read_room(log, UUID(room_id))
    assert log.count == 5001
    async with OtClient(shared_server.room_url(room_id), "ann") as ann:
        await ann.type("🦦")
        await ann.settled()
    await eventually(
        shared_server.database_url,
        f"select revision = 5002 from snapshot where room_id = '{room_id}'",
    )
    await fill(shared_server.database_url, room_id, head=5002, count=EVERY // 2)
    log.count = 0
    opened = await read_room(log, UUID(room_id))
    assert opened
    assert opened.state.revision == 5002 + EVERY // 2
    assert str(opened.state.main.text) == "x" * (EVERY // 2) + "🦦" + "x" * 5000
    assert log.count <= EVERY


async def test_a_snapshot_from_before_rooms_had_names_is_read(
    shared_server: Server, log: CountingLog
) -> None:
    room_id = shared_server.create_room(initial_code="hi")
    state = '{"revision": 1, "updated_at": 0, "files": {"main": '
    state += '{"id": "main", "path": "main.py", "language": "python", "text": "hi"}}}'
    insert = f"insert into snapshot (room_id, revision, state) values ('{room_id}', 1, $1)"
    await fetch_value(shared_server.database_url, insert, state)
    opened = await read_room(log, UUID(room_id))
    assert opened
    assert log.count == 0
    assert (opened.state.facts, str(opened.state.main.text)) == ({}, "hi")


async def test_a_room_that_is_typed_in_is_never_far_from_its_snapshot(database_url: str) -> None:
    limits = ServerLimits(snapshot_every=10)
    settings = Settings(port=0, database_url=database_url, limits=limits)
    async with serving(settings) as address, httpx.AsyncClient(timeout=DEADLINE) as http:
        room = (await http.post(f"http://{address}/rooms")).json()
        async with OtClient(f"ws://{address}/ws/{room['roomId']}", "ann") as ann:
            for _ in range(60):
                await ann.type("a")
                await ann.settled()
        head = ann.revision
    snapshot = await fetch_value(database_url, "select revision from snapshot")
    assert head - limits.snapshot_every < snapshot <= head


async def test_a_room_that_everybody_leaves_is_kept_as_they_left_it(database_url: str) -> None:
    settings = Settings(port=0, database_url=database_url)
    async with serving(settings) as address, httpx.AsyncClient(timeout=DEADLINE) as http:
        room_id = (await http.post(f"http://{address}/rooms")).json()["roomId"]
        url = f"ws://{address}/ws/{room_id}"
        for letter in "ab":
            async with OtClient(url, letter) as one:
                await one.type(letter)
                await one.settled()
            left_at = f"select revision = {one.revision} from snapshot"
            await eventually(database_url, left_at)
