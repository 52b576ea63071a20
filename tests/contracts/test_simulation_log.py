from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from collab.errors import NotStorable
from collab.protocol import Edit
from collab.room.doors import Access, Door, Open
from ot import Operation
from tests.contracts.log_contract import LogContract, add_file, entry
from tests.simulation.log import UNSTORABLE, SimulatedLog


class SimulatedDoorkeeper:
    def __init__(self, log: SimulatedLog) -> None:
        self._log = log
        self._access: dict[UUID, Access] = {}

    async def person(self) -> UUID:
        return uuid4()

    async def open(self, room_id: UUID, opening: Open, *, locked: bool = False) -> int:
        return self._regulate(room_id, door=Door(open=opening, locked=locked))

    async def set_role(self, room_id: UUID, who: UUID, role: str) -> int:
        members = self._access.get(room_id, Access(Door())).members
        return self._regulate(room_id, members={**members, who: role})

    def _regulate(self, room_id: UUID, **changed: object) -> int:
        access = replace(self._access.get(room_id, Access(Door())), **changed)
        self._access[room_id] = access
        return self._log.regulate(room_id, access)


class TestSimulatedLog(LogContract):
    @pytest.fixture
    def log(self) -> SimulatedLog:
        return SimulatedLog()

    @pytest.fixture
    def room_id(self, log: SimulatedLog) -> UUID:
        return _room(log)

    @pytest.fixture
    def another_room_id(self, log: SimulatedLog) -> UUID:
        return _room(log)

    @pytest.fixture
    def doorkeeper(self, log: SimulatedLog) -> SimulatedDoorkeeper:
        return SimulatedDoorkeeper(log)

    async def test_what_it_cannot_hold_is_not_storable(
        self, log: SimulatedLog, room_id: UUID
    ) -> None:
        unstorable = entry(2, Edit("main", Operation([UNSTORABLE])))
        with pytest.raises(NotStorable):
            await log.append(room_id, [add_file(), unstorable])
        assert await log.since(room_id, 0) == []


def _room(log: SimulatedLog) -> UUID:
    room_id = uuid4()
    log.create(room_id)
    return room_id
