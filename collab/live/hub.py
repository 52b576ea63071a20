"""Keeps the rooms that are in memory in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from logging import getLogger
from uuid import UUID

from collab.errors import LogUnavailable, PeerError, Restarting
from collab.live.doorbell import Doorbell
from collab.live.extension import NOTHING, Extensions
from collab.live.host import Host
from collab.live.limits import ServerLimits
from collab.live.permits import may_read, read_permit
from collab.live.who import Who
from collab.protocol import DomainMessage
from collab.room.between import Here, News
from collab.room.doors import ROLES, Door
from collab.room.log import Log, read_room
from collab.room.people import no_access
from collab.room.session import Session
from collab.telemetry import metrics

_LOG = getLogger(__name__)


WAITING = "waiting"
"""The topic of notices about those who wait to be let into a room."""


class Hub:
    """Opens a room when the first socket comes, and forgets it after the last one went."""

    def __init__(
        self,
        log: Log,
        doorbell: Doorbell,
        limits: ServerLimits,
        extensions: Extensions = NOTHING,
    ) -> None:
        self.limits = limits
        self.extensions = extensions
        self._log = log
        self._doorbell = doorbell
        self._hosts: dict[UUID, Host] = {}
        self._opening: dict[UUID, asyncio.Task[bool]] = {}
        self._missed = asyncio.Event()
        self._closing = False

    @asynccontextmanager
    async def room(self, room_id: UUID, *, linger: float = 0) -> AsyncIterator[Host | None]:
        """Hold a room in memory, and for `linger` seconds more; None if there is no such room.

        Raises LogUnavailable, Restarting, and PeerError when this process is full.
        """
        host = await self.hold(room_id)
        try:
            yield host
        finally:
            if host is not None:
                if linger:
                    asyncio.get_running_loop().call_later(linger, host.release)
                else:
                    host.release()

    async def hold(self, room_id: UUID) -> Host | None:
        """Hold a room in memory until `release` of the host; None if there is no such room.

        Raises LogUnavailable, Restarting, and PeerError when this process is full.
        """
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

    async def tick(self, seconds: float) -> None:
        """Ask the log for the heads of all open rooms with one query, again and again.

        Asks sooner when rings may have been lost.
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
                await self.extensions.tick(list(self._hosts))
            except LogUnavailable as error:
                _LOG.warning("the slow tick waits for the log: %s", error)
                continue
            for room_id, head in heads.items():
                self.rung(room_id, *head)

    async def lets_in(self, room_id: UUID, who: Who | None) -> bool:
        """Tell whether somebody may learn that a room is there, by the same single question to the
        log whether it is or not. There is none for a room in memory that lets everybody in, or
        has let this person in: the join reads the role anyway.

        Raises PeerError where the room lets people ask, and LogUnavailable.
        """
        host = self._hosts.get(room_id)
        if host and may_read(who) and (self.is_open(room_id) or host.has_let_in(who)):
            return True
        permit = await read_permit(self._log, str(room_id), who)
        if permit is None:
            return False
        if permit.role is None:
            raise no_access(permit.access.door, is_out=permit.access.is_out(permit.who))
        return True

    def is_open(self, room_id: UUID) -> bool:
        """Tell whether a room is in memory here, and lets everybody in as far as that is known."""
        host = self._hosts.get(room_id)
        return host is not None and host.room.door.open in ROLES

    def changed(self, room_id: UUID, access: int) -> None:
        """Note that this process has changed who may do what in a room, and tell the others."""
        self.rung(room_id, 0, access)
        self._doorbell.ring(room_id, 0, access)

    def knock(self, room_id: UUID) -> None:
        """Note that the list of those who wait has changed, and tell the others."""
        self.knocked(room_id)
        self.notice(room_id, WAITING)

    async def all_know(self) -> bool:
        """Tell whether every server process is sure to know of access: see `Doorbell`."""
        return await self._doorbell.all_know()

    def door(self, room_id: UUID) -> Door | None:
        """Return the door of a room as far as this process knows; None if it is not in memory."""
        host = self._hosts.get(room_id)
        return host.room.door if host else None

    def notice(self, room_id: UUID, topic: str, about: str = "") -> None:
        """Have `noticed` called in every other process, whether it has the room or not."""
        self._doorbell.notice(room_id, topic, about)

    def tell(self, room_id: UUID, sessions: Iterable[Session], message: DomainMessage) -> None:
        """Tell some of the sessions of a room in this process."""
        if host := self._hosts.get(room_id):
            host.tell(sessions, message)

    def tell_everybody(self, room_id: UUID, message: DomainMessage) -> None:
        """Tell the OT clients of a room that are connected to this process."""
        if host := self._hosts.get(room_id):
            host.tell_everybody(message)

    def is_agent(self, room_id: UUID, client: str) -> bool:
        """Tell whether a client in a room that is in memory here, in any process, is an agent."""
        host = self._hosts.get(room_id)
        found = host.room.people.find(client) if host else None
        return bool(found and found.agent)

    def dismiss(self, room_id: UUID, client: str, code: int, words: str) -> bool:
        """Close the socket of a client that is connected to this process. Returns whether one
        was."""
        host = self._hosts.get(room_id)
        return host.dismiss(client, code, words) if host else False

    def names(self, room_id: UUID) -> list[str]:
        """Return the names of those who are in a room that is in memory here, in any process."""
        host = self._hosts.get(room_id)
        people = host.room.people if host else None
        here = [*people.sessions.values(), *people.elsewhere.values()] if people else []
        # The tabs of one person are one.
        return sorted({each.person: each.name for each in here}.values())

    # From the doorbell

    def rung(self, room_id: UUID, revision: int, access: int) -> None:
        if host := self._hosts.get(room_id):
            host.heard(revision, access)

    def knocked(self, room_id: UUID) -> None:
        """Tell the owners connected here that the list of those who wait has changed."""
        if host := self._hosts.get(room_id):
            host.knocked()

    def noticed(self, room_id: UUID, topic: str, about: str) -> None:
        self.extensions.noticed(room_id, topic, about)

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
        """Admit nobody any more, and close every room.

        Each room commits what it has received, for at most `drain` seconds, and closes its sockets.
        A room whose commits hang keeps no other waiting.
        """
        self._closing = True
        self.extensions.closing()
        hosts = list(self._hosts.values())
        await asyncio.gather(*(host.close(code, reason, drain=drain) for host in hosts))

    async def _open(self, room_id: UUID) -> bool:
        try:
            opened = await read_room(self._log, room_id)
            if opened is not None:
                self._hosts[room_id] = Host(
                    room_id,
                    opened,
                    self.limits,
                    self._log,
                    self._doorbell,
                    self._ended,
                    self.extensions,
                )
                metrics.ROOMS.inc()
                self.extensions.opened(self._hosts[room_id])
            return opened is not None
        finally:
            del self._opening[room_id]

    def _ended(self, host: Host) -> None:
        metrics.ROOMS.dec()
        if self._hosts.get(host.room_id) is host:
            del self._hosts[host.room_id]
