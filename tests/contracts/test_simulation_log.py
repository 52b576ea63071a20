from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from collab.errors import NotStorable
from collab.protocol import Edit
from ot import Operation
from tests.contracts.log_contract import LogContract, add_file, entry
from tests.simulation.log import UNSTORABLE, SimulatedLog


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
