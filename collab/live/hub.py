"""Keeps the rooms that are in memory in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from logging import getLogger
from uuid import UUID

from collab.errors import LogUnavailable, PeerError, Restarting
from collab.live.doorbell import Doorbell
from collab.live.host import Host
from collab.live.limits import ServerLimits
from collab.room.between import Here, News
from collab.room.log import Log, read_room
from collab.telemetry import metrics

_LOG = getLogger(__name__)


class Hub:
    """Opens a room when the first socket comes, and forgets it after the last one went."""

    def __init__(self, log: Log, doorbell: Doorbell, limits: ServerLimits) -> None:
        self.limits = limits
        self._log = log
        self._doorbell = doorbell
        self._hosts: dict[UUID, Host] = {}
        self._opening: dict[UUID, asyncio.Task[bool]] = {}
        self._missed = asyncio.Event()
        self._closing = False

    @asynccontextmanager
    async def room(self, room_id: UUID, *, linger: float = 0) -> AsyncIterator[Host | None]:
        """Hold a room alive, and for `linger` seconds more; None if there is no such room.

        Raises LogUnavailable, Restarting, and PeerError when this process is full.
        """
        host = await self._hold(room_id)
        try:
            yield host
        finally:
            if host is not None:
                if linger:
                    asyncio.get_running_loop().call_later(linger, host.release)
                else:
                    host.release()

    async def tick(self, seconds: float) -> None:
        """Ask the log for the heads of all open rooms with one query, again and again.

        Sooner, when rings may have been lost.
        """
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._missed.wait()
            self._missed.clear()
            if not self._hosts:
                continue
            try:
                heads = await self._log.heads(self._hosts)
            except LogUnavailable as error:
                _LOG.warning("the slow tick waits for the log: %s", error)
                continue
            for room_id, revision in heads.items():
                self.rung(room_id, revision)

    # From the doorbell

    def rung(self, room_id: UUID, revision: int) -> None:
        if host := self._hosts.get(room_id):
            host.heard(revision)

    def missed(self) -> None:
        self._missed.set()

    def told(self, process: str, room_id: UUID, news: News) -> None:
        if host := self._hosts.get(room_id):
            host.hear(process, news)

    def roll_called(self, process: str, *, ends: bool) -> None:
        for host in list(self._hosts.values()):
            host.call_roll(process, ends=ends)

    def lost(self, process: str) -> None:
        for host in list(self._hosts.values()):
            host.forget(process)

    def roll(self) -> Iterator[tuple[UUID, Here]]:
        for room_id, host in list(self._hosts.items()):
            for here in host.roll():
                yield room_id, here

    async def close(self, code: int, reason: str, *, drain: float) -> None:
        """Let nobody in any more. Each room commits what it has received, for at most `drain`
        seconds, and closes its sockets; one whose commits hang keeps no other waiting."""
        self._closing = True
        hosts = list(self._hosts.values())
        await asyncio.gather(*(host.close(code, reason, drain=drain) for host in hosts))

    async def _hold(self, room_id: UUID) -> Host | None:
        while True:
            if self._closing:
                raise Restarting
            if host := self._hosts.get(room_id):
                host.holders += 1
                return host
            opening = self._opening.get(room_id)
            if opening is None:
                if len(self._hosts) + len(self._opening) >= (most := self.limits.rooms):
                    words = f"This server is full: the limit is {most} open rooms. Try again later."
                    raise PeerError("server_full", words, close=4429)
                opening = self._opening[room_id] = asyncio.create_task(self._open(room_id))
            if not await asyncio.shield(opening):
                return None

    async def _open(self, room_id: UUID) -> bool:
        try:
            opened = await read_room(self._log, room_id)
            if opened is not None:
                self._hosts[room_id] = Host(
                    room_id, opened, self.limits, self._log, self._doorbell, self._ended
                )
                metrics.ROOMS.inc()
            return opened is not None
        finally:
            del self._opening[room_id]

    def _ended(self, host: Host) -> None:
        metrics.ROOMS.dec()
        if self._hosts.get(host.room_id) is host:
            del self._hosts[host.room_id]


def parse_room_id(text: str) -> UUID | None:
    """Parse a room id from an address. None if it is no UUID."""
    try:
        room_id = UUID(text)
    except ValueError:
        return None
    return room_id if str(room_id) == text.lower() else None
