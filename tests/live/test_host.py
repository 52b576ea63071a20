"""The memory that a living room keeps."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from collab.live.doorbell import Doorbell
from collab.live.hub import Hub
from collab.live.limits import ServerLimits
from collab.live.postgres_line import PostgresLine
from collab.protocol import Presence
from collab.room.session import OtSession
from collab.store import log
from tests.support.database import fill
from tests.support.server import DEADLINE, Server


async def test_a_past_that_was_read_for_somebody_is_forgotten_though_nobody_types(
    shared_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.live.idleness._LULL", 0.01)
    monkeypatch.setattr("collab.live.idleness._REST", 0.01)
    url = shared_server.database_url
    room_id = shared_server.create_room(initial_code="")
    await fill(url, room_id, head=1, count=2000)
    async with log.connected(url, statement_timeout=10) as postgres:
        hub = Hub(postgres, Doorbell(PostgresLine(url), 10), ServerLimits())
        async with hub.room(UUID(room_id)) as host:
            assert host
            await host.receive(OtSession("ann", "ann", "Ann", 0), Presence(1, None, []))
            async with asyncio.timeout(DEADLINE):
                while len(host.room.past.entries) != 1:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        await hub.close(1001, "", drain=1)
