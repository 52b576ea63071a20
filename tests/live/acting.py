"""A host on a log in memory, and sockets whose frames a test reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from collab.errors import LogUnavailable
from collab.live.addresses import Account
from collab.live.connection import Connection
from collab.live.doorbell import Doorbell
from collab.live.host import Host
from collab.live.hub import Hub
from collab.live.limits import ServerLimits
from collab.live.postgres_line import PostgresLine
from collab.live.traffic import Traffic
from collab.live.wire import Frame, Goodbye
from collab.protocol import AddFile, Join, Submit
from collab.room.plain import PlainSession
from collab.room.session import OtSession, Session
from collab.room.state import Entry
from tests.room.acting import NOW, edit
from tests.simulation.log import SimulatedLog
from tests.support.server import DEADLINE

ROOM = UUID(int=7)


class Socket:
    """The network's side of a connection: everything goes out at once."""

    def __init__(self, host: Host, session: Session) -> None:
        self.host = host
        self.session = session
        self.frames: list[str] = []
        self.closed: tuple[int, str] | None = None
        limits = host.room.limits
        assert isinstance(limits, ServerLimits)
        self.connection = Connection(
            self, self._write, session, Traffic(limits), Account(limits, 0)
        )
        self._running = asyncio.create_task(self.connection.run())

    def _write(self, frame: Frame | Goodbye) -> bool:
        if isinstance(frame, Frame):
            self.frames.append(frame.json.decode())
        return isinstance(frame, Frame)

    async def send_text(self, data: str) -> None:
        raise AssertionError("everything goes out at once")

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    async def submit(self, seq: int, revision: int, *components: int | str) -> None:
        await self.host.receive(self.session, Submit(seq, revision, edit(*components)))

    async def end(self) -> tuple[int, str] | None:
        """Wait until the host closes it, and leave, as the socket's task does."""
        async with asyncio.timeout(DEADLINE):
            await self._running
        self.host.leave(self.connection)
        return self.closed


async def come(host: Host, client: str, revision: int | None = None) -> Socket:
    """An OT client joins."""
    socket = Socket(host, OtSession(client, "person-" + client, client.title(), 0))
    join = Join(2, client * 16, client, client.title(), 0, revision)
    await host.join(socket.connection, join)
    return socket


async def come_plain(host: Host, client: str) -> Socket:
    socket = Socket(host, PlainSession(client, client, "Guest", 0))
    await host.join(socket.connection, None)
    return socket


def a_log(text: str = "") -> SimulatedLog:
    """A log that holds one room with one file."""
    log = SimulatedLog()
    log.create(ROOM)
    log.commit(ROOM, [Entry(1, "", 1, "", NOW, AddFile("main", "main.py", "python", text))])
    return log


@asynccontextmanager
async def a_hub(log: SimulatedLog, **limits: Any) -> AsyncIterator[Hub]:
    """A hub whose doorbell hears nobody."""
    hub = Hub(log, Doorbell(PostgresLine("postgresql://nowhere"), 10), ServerLimits(**limits))
    try:
        yield hub
    finally:
        await hub.close(1001, "", drain=1)


def lose_an_answer(log: SimulatedLog, monkeypatch: pytest.MonkeyPatch, *, arrives: bool) -> None:
    """Have the connection be lost in the next append, which `arrives` all the same, or does not."""
    append, lost = log.append, [True]

    async def losing(room_id: UUID, entries: list[Entry], access: int = 0) -> None:
        if lost:
            lost.pop()
            if arrives:
                await append(room_id, entries, access)
            raise LogUnavailable("the connection was lost")
        await append(room_id, entries, access)

    monkeypatch.setattr(log, "append", losing)
