from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.contracts.log_contract import LogContract
from tests.simulation.log import SimulatedLog


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


def _room(log: SimulatedLog) -> UUID:
    room_id = uuid4()
    log.create(room_id)
    return room_id
