"""An old database is upgraded while a server of the first release goes on writing into it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from msgspec import json

from collab.protocol import Edit, change_decoder, encoder
from collab.store import migrations
from ot import Document, Operation
from tests.support.clients import OtClient
from tests.support.database import fetch_value
from tests.support.server import DEADLINE, Server

ROOT = Path(__file__).parents[2]

# The statements of the first release.
_APPEND = """
with fence as (
    update room set head = head + 1, updated_at = now() where id = $1 and head = $2 returning id
)
insert into entry (room_id, revision, client, seq, author, created_at, change)
select id, $2::bigint + 1, 'old', $3, 'Old', now(), $4 from fence returning revision
"""
_SNAPSHOT = """
insert into snapshot (room_id, revision, state) values ($1, $2, $3)
on conflict (room_id) do update set revision = excluded.revision, state = excluded.state
where snapshot.revision < excluded.revision
"""
_SINCE = "select change from entry where room_id = $1 and revision > $2 order by revision"


class OldServer:
    """Does to the tables what a server of the first release does while somebody types."""

    def __init__(self, connection: asyncpg.Connection[asyncpg.Record], room_id: UUID) -> None:
        self.acknowledged: list[str] = []
        self.stopping = False
        self.snapshots = 0
        self._connection = connection
        self._room_id = room_id
        self._revision = 1
        self._text = Document("")
        self._more = asyncio.Event()

    async def run(self) -> None:
        """Type, one word after the other, each on what the log has by then."""
        seq = 0
        while not self.stopping:
            await self.read()
            seq += 1
            word = f"<old {seq}>"
            change = Edit("main", Operation([word, len(self._text)]))
            arguments = (self._room_id, self._revision, seq, encoder.encode(change).decode())
            if await self._connection.fetchval(_APPEND, *arguments):
                self.acknowledged.append(word)
                self._more.set()
            if seq % 20 == 0:
                await self._save()

    async def types(self, words: int) -> None:
        """Wait until so many more words are acknowledged."""
        wanted = len(self.acknowledged) + words
        async with asyncio.timeout(DEADLINE):
            while len(self.acknowledged) < wanted:
                self._more.clear()
                await self._more.wait()

    async def read(self) -> str:
        for (change,) in await self._connection.fetch(_SINCE, self._room_id, self._revision):
            edit = change_decoder.decode(change)
            assert isinstance(edit, Edit)
            self._text.apply(edit.operation)
            self._revision += 1
        return str(self._text)

    async def _save(self) -> None:
        await self.read()
        file = {"id": "main", "path": "main.py", "language": "python", "text": str(self._text)}
        state = {"revision": self._revision, "updated_at": 5, "files": {"main": file}}
        encoded = json.encode(state).decode()
        await self._connection.execute(_SNAPSHOT, self._room_id, self._revision, encoded)
        self.snapshots += 1


async def test_an_old_database_is_upgraded_while_people_type_and_nothing_is_lost(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLAB_DATABASE_URL", empty_database_url)
    await asyncio.to_thread(command.upgrade, Config(ROOT / "alembic.ini"), "0001")
    room_id = uuid4()
    room = "insert into room values ($1, 1, 'secret', now(), now()) returning id"
    await fetch_value(empty_database_url, room, room_id)
    first = """insert into entry values ($1, 1, '', 1, '', now(),
        '["add","main","main.py","python",""]') returning revision"""
    await fetch_value(empty_database_url, first, room_id)

    connection = await asyncpg.connect(empty_database_url)
    old = OldServer(connection, room_id)
    typing = asyncio.create_task(old.run())
    await old.types(30)
    await asyncio.to_thread(migrations.upgrade, empty_database_url)
    await old.types(30)

    with await asyncio.to_thread(Server, database_url=empty_database_url) as server:
        url = server.room_url(str(room_id))
        async with OtClient(url, "ann" * 8) as ann, OtClient(url, "bo" * 8) as bo:
            for number in range(20):
                await ann.type(f"<ann {number}>")
                await bo.type(f"<bo {number}>", at=len(bo.text))
                await old.types(3)
            for client in (ann, bo):
                await client.settled()
            old.stopping = True
            await typing
            text = await old.read()
            # News of a server that knows no doorbell of ours is found by the tick.
            for client in (ann, bo):
                await client.until(lambda one=client: one.text == text)  # type: ignore[misc]
    words = [*old.acknowledged, *(f"<{who} {n}>" for who in ("ann", "bo") for n in range(20))]
    assert [text.count(word) for word in words] == [1] * len(words)
    assert old.snapshots > 5

    # The next release, started anew, opens what both have left behind.
    with await asyncio.to_thread(Server, database_url=empty_database_url) as server:
        async with OtClient(server.room_url(str(room_id)), "cy" * 8) as cy:
            assert cy.text == text
    await connection.close()
