"""The rooms that somebody has opened, and whose clients wrote there."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from logging import getLogger
from typing import Any
from uuid import UUID

from msgspec import Struct

from collab.errors import LogError, NotStorable
from collab.live.extension import OpenRoom
from collab.live.who import Who
from collab.room.session import Session
from collab.store.connections import Connections

_LOG = getLogger(__name__)
_MOST = 200
_NAME = "name"
"""The fact that is a room's name. Not every room has one."""
_CLIENT = """
insert into client_of (room_id, client, account_id, person, name) values ($2, $3, $1, $4, $5)
on conflict (room_id, client, account_id) do update
set person = excluded.person, name = excluded.name
"""
# One statement: who came, whose client it is, and what the room is called now.
_OPENED = f"""
with client as ({_CLIENT}), named as (
    update opened set title = $6
    where room_id = $2 and account_id <> $1 and title is distinct from $6
)
insert into opened (account_id, room_id, title, opened_at) values ($1, $2, $6, now())
on conflict (account_id, room_id) do update
set title = excluded.title, opened_at = excluded.opened_at, trashed_at = null
"""  # noqa: S608 - constants alone
_TITLE = "update opened set title = $2 where room_id = $1 and title is distinct from $2"
_OF = f"""
select opened.room_id, title,
    (extract(epoch from opened_at) * 1000)::bigint,
    (extract(epoch from greatest(room.created_at, (
        select created_at from entry where entry.room_id = room.id and revision = room.head
    ))) * 1000)::bigint,
    (extract(epoch from trashed_at) * 1000)::bigint
from opened join room on room.id = opened.room_id
where account_id = $1 and (trashed_at is not null) = $3
    and ($2 = '' or strpos(lower(coalesce(title, '')), lower($2)) > 0)
order by opened_at desc, room_id limit {_MOST}
"""  # noqa: S608 - constants alone
_MOVE = """
update opened set trashed_at = case when $3 then coalesce(trashed_at, now()) end
where account_id = $1 and room_id = $2
"""
_SWEEP = "delete from opened where trashed_at < now() - $1 * interval '1 day'"


class Row(Struct, frozen=True):
    """A room of somebody. Times in milliseconds since 1970."""

    id: UUID
    title: str | None
    opened_at: int
    updated_at: int
    trashed_at: int | None


class OpenedRooms:
    """Writes down who opens which room, and whose client it is. A client's first change waits until
    that is written, so whoever wrote a text is always known."""

    def __init__(self) -> None:
        self._writing: set[asyncio.Task[None]] = set()

    def begin(self, connections: Connections) -> None:
        """Take the database, once the server has one."""
        self._connections = connections

    async def of(self, account: UUID, query: str, *, trashed: bool) -> list[Row]:
        """List the rooms of somebody whose title has this text, the last opened first.

        Raises LogUnavailable.
        """
        rows = await self._connections.fetch(_OF, account, query, trashed)
        return [Row(*row) for row in rows]

    async def move(self, account: UUID, room_id: UUID, *, trashed: bool) -> bool:
        """Move a room to the trash or back; False where it is not among theirs."""
        status = await self._connections.execute(_MOVE, account, room_id, trashed)
        return not status.endswith(" 0")

    async def sweep(self, days: float) -> None:
        """Forget what was in the trash for so long."""
        await self._connections.execute(_SWEEP, days)

    async def joined(self, room: OpenRoom, session: Session, who: Who | None) -> None:
        """Note that somebody has come into a room. Nothing is kept of those who are unknown.

        Raises LogUnavailable.
        """
        if who:
            title = room.facts.get(_NAME)
            client, person, name = session.client, session.person, session.name
            await _noted(
                self._connections.execute(
                    _OPENED, who.id, room.room_id, client, person, name, title
                )
            )

    def parted(self, room: OpenRoom, _session: Session, who: Who | None) -> None:
        """Note how a room is called, since somebody may have named it meanwhile."""
        if who:
            title = room.facts.get(_NAME)
            self._soon(self._connections.execute(_TITLE, room.room_id, title))

    async def visited(self, room: OpenRoom, visit: Session, who: UUID) -> None:
        """Note whose client it is that changes a room without a socket. Raises LogUnavailable."""
        await _noted(
            self._connections.execute(
                _CLIENT, who, room.room_id, visit.client, visit.person, visit.name
            )
        )

    async def close(self) -> None:
        if self._writing:
            await asyncio.wait(self._writing, timeout=2)

    def _soon(self, work: Coroutine[Any, Any, Any]) -> None:
        async def write() -> None:
            try:
                await _noted(work)
            except LogError as error:
                _LOG.info("how a room is called could not be noted: %s", error)

        task = asyncio.create_task(write())
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)


async def _noted(work: Coroutine[Any, Any, Any]) -> None:
    """Wait until something is noted. Raises LogUnavailable."""
    try:
        await work
    except NotStorable as error:  # the room or the account has just been deleted
        _LOG.info("who opens a room could not be noted: %s", error)
