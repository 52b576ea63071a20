"""The messages that mention somebody with an account, in all rooms that they may read."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from collab.room.doors import Access, Door, may
from collab.store.connections import Connections

_MOST = 100
_LOOKED_AT = 500
"""Mentions that are read for a list. Those of rooms that the person may not read are left out."""
# The door and the role tell whether the person may still read the room.
_OF = """
select mention.room_id, message.number, opened.title, message.author,
    (extract(epoch from message.at) * 1000)::bigint, left(message.text, 280), message.thread,
    mention.seen_at is not null,
    room.access, room.open, room.owner, room.locked, member.role
from mention join message using (room_id, number) join talk using (room_id)
    join room on room.id = mention.room_id
    left join member on member.room_id = mention.room_id and member.who = mention.account_id
    left join opened on opened.room_id = mention.room_id
        and opened.account_id = mention.account_id
where mention.account_id = $1 and message.text is not null
    and (message.thread > 0 or message.number > talk.cleared)
order by message.at desc limit $2
"""
_SEE = """
update mention set seen_at = now() from message
where mention.account_id = $1 and mention.seen_at is null
    and message.room_id = mention.room_id and message.number = mention.number
    and extract(epoch from message.at) * 1000 < $2::bigint + 1
"""


class MentionBody(Struct, frozen=True):
    """A message that mentions the caller. `at` is in ms since 1970, `text` the beginning.

    `title` is the name of the room, and `thread` 0 in the chat.
    """

    room_id: UUID
    number: int
    title: str | None
    author: str
    at: int
    text: str
    thread: int
    seen: bool


class Mentions:
    """Every call may raise LogUnavailable."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def of(self, account: UUID) -> list[MentionBody]:
        """Return the mentions of somebody in rooms that they may read, the newest first."""
        found = []
        for row in await self._connections.fetch(_OF, account, _LOOKED_AT):
            *mention, access, open_, owner, locked, role = row
            members = {account: role} if role else {}
            now = Access(Door(access, open_, owner, locked), members)
            if may(now.role(account), "read"):
                found.append(MentionBody(*mention))
        return found[:_MOST]

    async def see(self, account: UUID, at: int) -> None:
        """Note that somebody has seen their mentions up to this time, in ms since 1970."""
        await self._connections.execute(_SEE, account, at)
