from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from collab.errors import NotStorable
from collab.store import log as store
from tests.contracts.log_contract import LogContract, add_file, entry
from tests.support.database import execute


class TestPostgresLog(LogContract):
    @pytest_asyncio.fixture
    async def log(self, database_url: str) -> AsyncIterator[store.PostgresLog]:
        async with store.connected(database_url, statement_timeout=10) as log:
            yield log

    @pytest.fixture
    def room_id(self, database_url: str) -> UUID:
        return _room(database_url)

    @pytest.fixture
    def another_room_id(self, database_url: str) -> UUID:
        return _room(database_url)

    async def test_what_the_database_cannot_hold_is_not_storable(
        self, log: store.PostgresLog, room_id: UUID
    ) -> None:
        unstorable = entry(2, client="a\0b")
        with pytest.raises(NotStorable):
            await log.append(room_id, [add_file(), unstorable])
        assert await log.since(room_id, 0) == []


def _room(database_url: str) -> UUID:
    room_id = uuid4()
    secret = secrets.token_hex(16)
    execute(
        database_url,
        "insert into room (id, head, secret, created_at, updated_at) "
        f"values ('{room_id}', 0, '\\x{secret}', now(), now())",
    )
    return room_id
