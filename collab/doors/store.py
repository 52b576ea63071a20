"""Changes of who may do what, in PostgreSQL. Each is one statement, with its line in `room_audit`.

What takes something away from somebody counts the room's `access` up in the same statement. From
its commit on no append that was judged before it is taken: see `collab.store.appends`. What only
the owner may do says so in the statement, too, so a former owner's late request does nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from collab.errors import NotStorable
from collab.room.doors import OUT, Open, Role
from collab.store.attempts import Attempts
from collab.store.connections import Connections

_REGULATED = """
with changed as (
    update room set access = access + 1{sets} where id = $1 and owner = $2{only} returning access
), noted as (
    insert into room_audit (room_id, who, action, about) select $1, $2, $3, $4 from changed
){more}
select access from changed
"""
_DOOR = _REGULATED.format(
    sets=", open = coalesce($5, open), locked = coalesce($6, locked)", only="", more=""
)
_MEMBER = _REGULATED.format(
    sets="",
    only=" and owner <> $5 and (exists (select from member where room_id = $1 and who = $5)"
    " or (select count(*) from member where room_id = $1) < $8)",
    more=""", member_now as (
    insert into member (room_id, who, role, name) select $1, $5::uuid, $6, $7 from changed
    on conflict (room_id, who) do update
    set role = excluded.role, name = coalesce(excluded.name, member.name)
), let_in as (
    delete from waiting using changed where room_id = $1 and who = $5
)""",
)
_FORGET = _REGULATED.format(
    sets="",
    only=" and exists (select from member where room_id = $1 and who = $5)",
    more=", gone as (delete from member using changed where room_id = $1 and who = $5)",
)
_HAND_OVER = _REGULATED.format(
    sets=", owner = $5",
    only=" and exists (select from member where room_id = $1 and who = $5 and role <> 'none')",
    more=""", gone as (
    delete from member using changed where room_id = $1 and who = $5
), stays as (
    insert into member (room_id, who, role, name) select $1, $2, 'editor', $6 from changed
    on conflict (room_id, who) do update set role = excluded.role
)""",
)
_LEAVE = """
with gone as (
    delete from member where room_id = $1 and who = $2 and role <> 'none' returning who
), changed as (
    update room set access = access + 1 from gone where room.id = $1 returning access
), noted as (
    insert into room_audit (room_id, who, action, about) select $1, $2, 'leave', '' from changed
)
select access from changed
"""
_MEMBERS = """
select account.id as who, 'owner' as role, account.name, room.created_at as since
from room join account on account.id = room.owner where room.id = $1
union all (
    select member.who, member.role, coalesce(account.name, member.name), member.since
    from member join account on account.id = member.who
    where room_id = $1 order by member.since, member.who
)
"""
_MAKE_LINK = """
with noted as (
    insert into room_audit (room_id, who, action, about)
    select id, $2, 'link', $4 from room where id = $1 and owner = $2
    and (select count(*) from link where room_id = $1 and revoked_at is null) < $8
    returning room_id
)
insert into link (room_id, id, secret, role, expires_at, most)
select room_id, $3::uuid, $5, $4, now() + $6 * interval '1 second', $7 from noted
returning expires_at
"""
_LINKS = """
select id, role, made_at, expires_at, most, uses from link
where room_id = $1 and revoked_at is null order by made_at, id
"""
_REVOKE = """
with revoked as (
    update link set revoked_at = now() from room
    where room.id = $1 and owner = $2 and room_id = $1 and link.id = $3 and revoked_at is null
    returning link.id
)
insert into room_audit (room_id, who, action, about)
select $1, $2, 'revoke link', id::text from revoked returning true
"""
_HOLDS = """room_id = $1 and secret = $2 and revoked_at is null
    and (expires_at is null or expires_at > now()) and (most is null or uses < most)"""
_LINK = f"select role from link where {_HOLDS}"  # noqa: S608 - constants alone
_ENDLESS_LINK = f"{_LINK} and most is null"
# The row of the link is locked until the commit, so of two who come for the last use one is in.
_USE = f"""
with used as (
    update link set uses = uses + 1 where {_HOLDS} returning link.id, role
), changed as (
    update room set access = access + 1 from used where room.id = $1 returning access
), member_now as (
    insert into member (room_id, who, role, name) select $1, $3::uuid, role, $4 from used
    on conflict (room_id, who) do update
    set role = excluded.role, name = coalesce(excluded.name, member.name)
    where member.role <> 'none'
), let_in as (
    delete from waiting using used where room_id = $1 and who = $3
), noted as (
    insert into room_audit (room_id, who, action, about)
    select $1, $3, 'use link', id::text from used
)
select access from changed
"""  # noqa: S608 - constants alone
_ASK = """
insert into waiting (room_id, who, name)
select $1, $2, $3 where exists (select from waiting where room_id = $1 and who = $2)
or (select count(*) from waiting where room_id = $1) < $4
on conflict (room_id, who) do update set name = excluded.name
where waiting.turned_away_at is null
returning since
"""
_WAITING = """
select waiting.who, coalesce(account.name, waiting.name) as name, waiting.since
from waiting join account on account.id = waiting.who
where room_id = $1 and turned_away_at is null order by waiting.since, waiting.who
"""
_STATE = "select turned_away_at is null from waiting where room_id = $1 and who = $2"
_NAME = "select name from waiting where room_id = $1 and who = $2"
_TURN_AWAY = """
with turned as (
    update waiting set turned_away_at = now() from room
    where room.id = $1 and owner = $2 and room_id = $1 and who = $3 and turned_away_at is null
    returning who
)
insert into room_audit (room_id, who, action, about)
select $1, $2, 'turn away', who::text from turned returning true
"""


class Member(Struct, frozen=True):
    """A person with a role in a room, or one who was removed: then the role is "none"."""

    who: UUID
    role: str
    name: str | None
    since: datetime


class Link(Struct, frozen=True):
    """A link that gives a role, without its secret. `uses` of `most` are used up."""

    id: UUID
    role: str
    made_at: datetime
    expires_at: datetime | None
    most: int | None
    uses: int


class Waiter(Struct, frozen=True):
    """Somebody who waits to be let in, or for a higher role."""

    who: UUID
    name: str
    since: datetime


class Doors:
    """Every call may raise LogUnavailable. Those that return the number of an access return None
    where nothing was changed: the caller does not own the room, or what is meant is not there."""

    _connections: Connections
    attempts: Attempts

    def begin(self, connections: Connections) -> None:
        """Take the connections to the database; before that nothing else is called."""
        self._connections = connections
        self.attempts = Attempts(connections)

    async def regulate(
        self, room: UUID, owner: UUID, open_: Open | None, locked: bool | None
    ) -> int | None:
        """Set the door, and lock or unlock it; None leaves either as it is."""
        about = " ".join(
            words
            for words in (open_ and f"open: {open_}", locked is not None and f"locked: {locked}")
            if words
        )
        return await self._changed(_DOOR, room, owner, "door", about, open_, locked)

    async def members(self, room: UUID) -> list[Member]:
        rows = await self._connections.fetch(_MEMBERS, room)
        return [Member(*row) for row in rows]

    async def set_role(
        self, room: UUID, owner: UUID, who: UUID, role: Role | str, name: str | None, most: int
    ) -> int | None:
        """Make somebody a member with this role, or remove them with `OUT`."""
        action = "remove" if role == OUT else "member"
        about = f"{who} {role}"
        return await self._changed(_MEMBER, room, owner, action, about, who, role, name, most)

    async def named(self, name: str) -> UUID | None:
        """Return the account of a name, written as it writes it itself."""
        found: UUID | None = await self._connections.fetchval(
            "select id from account where name = $1 and name_key is not null", name
        )
        return found

    async def forget(self, room: UUID, owner: UUID, who: UUID) -> int | None:
        """Take a member's role away, or let a removed person come again."""
        return await self._changed(_FORGET, room, owner, "forget", str(who), who)

    async def hand_over(self, room: UUID, owner: UUID, to: UUID, name: str | None) -> int | None:
        """Make a member the owner; the one of before is an editor then."""
        return await self._changed(_HAND_OVER, room, owner, "owner", str(to), to, name)

    async def leave(self, room: UUID, who: UUID) -> int | None:
        return await self._changed(_LEAVE, room, who)

    async def make_link(
        self,
        room: UUID,
        owner: UUID,
        role: Role,
        seconds: int | None,
        most: int | None,
        limit: int,
    ) -> tuple[UUID, str, datetime | None] | None:
        """Returns the id, the secret, which is told once, and when it expires."""
        id_, secret = uuid4(), secrets.token_urlsafe(32)
        row = await self._connections.fetchrow(
            _MAKE_LINK, room, owner, id_, role, _digest(secret), seconds, most, limit
        )
        return (id_, secret, row["expires_at"]) if row else None

    async def links(self, room: UUID) -> list[Link]:
        return [Link(*row) for row in await self._connections.fetch(_LINKS, room)]

    async def revoke(self, room: UUID, owner: UUID, link: UUID) -> bool:
        return bool(await self._connections.fetchval(_REVOKE, room, owner, link))

    async def link_role(self, room: UUID, secret: str) -> Role | None:
        """Return the role that a link gives now; None where it gives none."""
        role: Role | None = await self._connections.fetchval(_LINK, room, _digest(secret))
        return role

    async def endless_link_role(self, room: UUID, secret: str) -> Role | None:
        """Return the role that a link gives now, if it may be used any number of times."""
        role: Role | None = await self._connections.fetchval(_ENDLESS_LINK, room, _digest(secret))
        return role

    async def use_link(self, room: UUID, secret: str, who: UUID, name: str | None) -> int | None:
        """Make somebody a member by a link, and count the use."""
        return await self._changed(_USE, room, _digest(secret), who, name)

    async def ask(self, room: UUID, who: UUID, name: str, most: int) -> bool:
        """Have somebody wait. Returns False where they were turned away or too many wait."""
        return await self._connections.fetchval(_ASK, room, who, name, most) is not None

    async def waiting(self, room: UUID) -> list[Waiter]:
        return [Waiter(*row) for row in await self._connections.fetch(_WAITING, room)]

    async def waits(self, room: UUID, who: UUID) -> bool | None:
        """Tell whether somebody waits; False once they were turned away, None if they do not
        ask."""
        found: bool | None = await self._connections.fetchval(_STATE, room, who)
        return found

    async def name_of(self, room: UUID, who: UUID) -> str | None:
        """Return the name that somebody who waits has given."""
        name: str | None = await self._connections.fetchval(_NAME, room, who)
        return name

    async def turn_away(self, room: UUID, owner: UUID, who: UUID) -> bool:
        return bool(await self._connections.fetchval(_TURN_AWAY, room, owner, who))

    async def _changed(self, statement: str, *arguments: Any) -> int | None:
        try:
            number: int | None = await self._connections.fetchval(statement, *arguments)
        except NotStorable:
            return None  # there is nobody of that id
        return number


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
