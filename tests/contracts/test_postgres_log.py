from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from collab.doors.store import Doors
from collab.errors import LogError, LogUnavailable, NotStorable
from collab.room.doors import Open
from collab.store import log as store
from tests.contracts.log_contract import LogContract, add_file, entry
from tests.support.database import hindered, new_room

ERRORS: dict[str, type[LogError]] = {
    "08006": LogUnavailable,  # a connection was lost
    "22021": NotStorable,  # a character that the database's encoding does not have
    "23514": NotStorable,  # a constraint
    "25006": LogUnavailable,  # a server that only reads: another will be the primary
    "40001": LogUnavailable,  # a conflict of transactions
    "42501": LogUnavailable,  # a right that was taken away
    "53100": LogUnavailable,  # the disk is full
    "54000": NotStorable,  # a limit of the program
    "55P03": LogUnavailable,  # a lock that was not to be had in time
    "57014": LogUnavailable,  # a statement that took too long
    "57P01": LogUnavailable,  # a shutdown
    "P0001": NotStorable,  # a trigger of the operator's says no
    "XX000": LogUnavailable,  # PostgreSQL is wrong
}


class PostgresDoorkeeper:
    def __init__(self, log: store.PostgresLog) -> None:
        self._connections = log.connections
        self._doors = Doors()
        self._doors.begin(log.connections)
        self._owners: dict[UUID, UUID] = {}

    async def person(self) -> UUID:
        who = uuid4()
        await self._connections.execute(
            "insert into account (id, admin, created_at) values ($1, false, now())", who
        )
        return who

    async def open(self, room_id: UUID, opening: Open, *, locked: bool = False) -> int:
        owner = await self._owner(room_id)
        number = await self._doors.regulate(room_id, owner, opening, locked)
        assert number
        return number

    async def set_role(self, room_id: UUID, who: UUID, role: str) -> int:
        owner = await self._owner(room_id)
        number = await self._doors.set_role(room_id, owner, who, role, None, 10)
        assert number
        return number

    async def _owner(self, room_id: UUID) -> UUID:
        if room_id not in self._owners:
            self._owners[room_id] = owner = await self.person()
            await self._connections.execute(
                "update room set owner = $2 where id = $1", room_id, owner
            )
        return self._owners[room_id]


class TestPostgresLog(LogContract):
    @pytest_asyncio.fixture
    async def log(self, database_url: str) -> AsyncIterator[store.PostgresLog]:
        async with store.connected(database_url, statement_timeout=10) as log:
            yield log

    @pytest.fixture
    def room_id(self, database_url: str) -> UUID:
        return new_room(database_url)

    @pytest.fixture
    def another_room_id(self, database_url: str) -> UUID:
        return new_room(database_url)

    @pytest.fixture
    def doorkeeper(self, log: store.PostgresLog) -> PostgresDoorkeeper:
        return PostgresDoorkeeper(log)

    async def test_what_the_database_cannot_hold_is_not_storable(
        self, log: store.PostgresLog, room_id: UUID
    ) -> None:
        unstorable = entry(2, client="a\0b")
        with pytest.raises(NotStorable):
            await log.append(room_id, [add_file(), unstorable])
        assert await log.since(room_id, 0) == []

    async def test_what_is_about_the_entry_is_not_storable_and_what_may_pass_is_unavailable(
        self, log: store.PostgresLog, room_id: UUID, database_url: str
    ) -> None:
        secret = "what was typed"
        for sqlstate, expected in ERRORS.items():
            fault = f"raise exception '{secret}' using errcode = '{sqlstate}', detail = new.change"
            async with hindered(database_url, str(room_id), fault):
                with pytest.raises(LogError) as caught:
                    await log.append(room_id, [add_file(secret)])
            assert (sqlstate, type(caught.value)) == (sqlstate, expected)
            assert secret not in str(caught.value)
        await log.append(room_id, [add_file(secret)])
