"""The rows of accounts, in PostgreSQL. All times are the database's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from msgspec import Struct

from collab.access.sessions import Sessions, digest
from collab.errors import NotStorable
from collab.store.connections import Connections

_ACCOUNT = """
select id, name, email, email_key is not null as email_confirmed, password, admin, created_at,
    confirmed_at is not null as confirmed, disabled_at
from account
"""
# A guest who signs up becomes the account, so that everything of the guest's is the account's.
_ADOPT = """
update account set name = $2, name_key = $3, email = $4, password = $5, admin = $6,
    confirmed_at = case when $7 then now() end, created_at = now()
where id = $1 and name_key is null
"""
_MAKE = """
insert into account (id, name, name_key, email, password, admin, confirmed_at, created_at)
values ($1, $2, $3, $4, $5, $6, case when $7 then now() end, now())
"""
_CONFIRM = """
update account set email = $2, email_key = $3, confirmed_at = coalesce(confirmed_at, now())
where id = $1
"""
_TICKET = """
insert into ticket (secret, kind, account_id, body, created_at, expires_at)
values ($1, $2, $3, $4, now(), now() + $5 * interval '1 second')
"""
_USE_TICKET = """
delete from ticket where secret = $1 and kind = $2 and expires_at > now()
returning account_id, body
"""
_SEE_TICKET = """
select account_id, body from ticket where secret = $1 and kind = $2 and expires_at > now()
"""
_SESSIONS = """
select id, kind, label, scopes, created_at, seen_at, expires_at from session
where account_id = $1 and kind = $2 and expires_at > now() order by seen_at desc, id
"""
_END_ALL = """
delete from session where account_id = $1 and ($2::text is null or kind = $2)
and id is distinct from $3 returning id
"""
# Of a guest who signs in to an account that is there already.
_ABSORB = """
insert into opened (account_id, room_id, title, opened_at, trashed_at)
select $2, room_id, title, opened_at, trashed_at from opened where account_id = $1
on conflict do nothing
"""
_ABSORB_CLIENTS = """
insert into client_of (room_id, client, account_id, person, name)
select room_id, client, $2, person, name from client_of where account_id = $1 on conflict do nothing
"""
_ABSORB_MENTIONS = """
insert into mention (account_id, room_id, number, seen_at)
select $2, room_id, number, seen_at from mention where account_id = $1 on conflict do nothing
"""
# Who opted out has opted out, also with the account.
_ABSORB_AI = """
insert into ai_person (account_id, agreed_to)
select $2, agreed_to from ai_person where account_id = $1
on conflict (account_id) do update set agreed_to = null where excluded.agreed_to is null
"""
# A room that somebody else is in reads anew who may do what, since `access` has gone on.
_ABSORB_ROOMS = "update room set owner = $2, access = access + 1 where owner = $1"
_ABSORB_ROLES = """
with moved as (
    insert into member (room_id, who, role, name, since)
    select room_id, $2, role, name, since from member where who = $1
    on conflict (room_id, who) do update set role = excluded.role where excluded.role = 'none'
    returning room_id
)
update room set access = access + 1 from moved where room.id = moved.room_id
"""
_SWEEP = (
    "delete from ticket where expires_at < now()",
    "delete from session where expires_at < now()",
    "delete from audit where at < now() - interval '365 days'",
    # Who wants nothing sent to a model still wants so when their cookie has expired.
    """delete from account where confirmed_at is null and name_key is not null
        and disabled_at is null and created_at < now() - interval '7 days' and not exists(
            select from ai_person where account_id = account.id and agreed_to is null
        )""",
    """delete from account where name_key is null and id in (
        select account.id from account left join session on session.account_id = account.id
        where account.name_key is null and session.id is null and not exists(
            select from ai_person where account_id = account.id and agreed_to is null
        ) limit 1000
    )""",
)


class Account(Struct, frozen=True):
    """A row of an account with a name, or of a guest."""

    id: UUID
    name: str | None
    email: str | None
    email_confirmed: bool
    password: str | None
    admin: bool
    created_at: datetime
    confirmed: bool
    disabled_at: datetime | None


class SessionRow(Struct, frozen=True):
    """A session as its owner sees it."""

    id: UUID
    kind: str
    label: str
    scopes: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class Ticket(Struct, frozen=True):
    """The purpose of a secret that works once."""

    account: UUID | None
    body: str


class Taken(Exception):
    """Another account has this name or this address."""


class AccountStore:
    """Reads and writes the rows of accounts. Every call may raise LogUnavailable."""

    def __init__(self, connections: Connections, sessions: Sessions) -> None:
        self.connections = connections
        self.sessions = sessions

    async def one(self, account: UUID) -> Account | None:
        return await self._account("where id = $1", account)

    async def named(self, key: str) -> Account | None:
        """The account of a name or of a confirmed address, as these are compared."""
        column = "email_key" if "@" in key else "name_key"
        return await self._account(f"where {column} = $1", key)

    async def make(
        self,
        name: str,
        key: str,
        *,
        email: str | None = None,
        password: str | None = None,
        admin: bool = False,
        confirmed: bool = True,
        guest: UUID | None = None,
    ) -> UUID:
        """Make an account, of a guest where there is one. Raises Taken."""
        rest = (name, key, email, password, admin, confirmed)
        try:
            if guest and await self._changed(_ADOPT, guest, *rest):
                await self.end_all(guest)  # whoever has the guest's cookie has no account by it
                return guest
            account = uuid4()
            await self.connections.execute(_MAKE, account, *rest)
        except NotStorable as error:
            raise Taken from error
        return account

    async def confirm_email(self, account: UUID, email: str, key: str) -> None:
        """Note that an address is somebody's. Raises Taken."""
        try:
            await self.connections.execute(_CONFIRM, account, email, key)
        except NotStorable as error:
            raise Taken from error

    async def rename(self, account: UUID, name: str, key: str) -> None:
        """Raises Taken."""
        try:
            await self.connections.execute(
                "update account set name = $2, name_key = $3 where id = $1", account, name, key
            )
        except NotStorable as error:
            raise Taken from error

    async def drop_email(self, account: UUID) -> None:
        await self.connections.execute(
            "update account set email = null, email_key = null where id = $1", account
        )

    async def set_password(
        self, account: UUID, password: str, *, before: str | None = None
    ) -> None:
        """Set what is kept of a password. With `before`, only if that is what is kept."""
        await self.connections.execute(
            "update account set password = $2"
            " where id = $1 and ($3::text is null or password = $3)",
            account,
            password,
            before,
        )

    async def drop_passkeys(self, account: UUID) -> None:
        await self.connections.execute("delete from passkey where account_id = $1", account)

    async def set_admin(self, account: UUID, *, admin: bool) -> None:
        await self.connections.execute(
            "update account set admin = $2 where id = $1", account, admin
        )

    async def set_disabled(self, account: UUID, *, disabled: bool) -> None:
        """Disable an account, which ends its sessions, or enable it."""
        await self.connections.execute(
            "update account set disabled_at = case when $2 then now() end where id = $1",
            account,
            disabled,
        )
        if disabled:
            await self.end_all(account)

    # Sessions

    async def sessions_of(self, account: UUID, kind: str) -> list[SessionRow]:
        rows = await self.connections.fetch(_SESSIONS, account, kind)
        return [SessionRow(*row) for row in rows]

    async def end(self, account: UUID, session: UUID, kind: str) -> bool:
        """End a session of somebody; False where there is none such."""
        query = "delete from session where id = $2 and account_id = $1 and kind = $3"
        return await self._changed(query, account, session, kind)

    async def end_all(
        self, account: UUID, *, kind: str | None = None, but: UUID | None = None
    ) -> list[UUID]:
        """End the sessions of somebody, of one kind or all. Returns which."""
        ended: list[UUID] = []
        # Again, because a session of before may just have made an API token.
        while rows := await self.connections.fetch(_END_ALL, account, kind, but):
            ended += (row["id"] for row in rows)
        return ended

    # Tickets

    async def give_ticket(
        self, secret: str, kind: str, account: UUID | None, body: str, seconds: float
    ) -> None:
        await self.connections.execute(_TICKET, digest(secret), kind, account, body, seconds)

    async def use_ticket(self, secret: str, kind: str) -> Ticket | None:
        """Take a ticket, which then is used up."""
        row = await self.connections.fetchrow(_USE_TICKET, digest(secret), kind)
        return Ticket(*row) if row else None

    async def see_ticket(self, secret: str, kind: str) -> Ticket | None:
        """Look at a ticket that stays."""
        row = await self.connections.fetchrow(_SEE_TICKET, digest(secret), kind)
        return Ticket(*row) if row else None

    async def drop_tickets(self, account: UUID, kind: str) -> None:
        await self.connections.execute(
            "delete from ticket where account_id = $1 and kind = $2", account, kind
        )

    # Issuers

    async def identified(self, issuer: str, subject: str) -> UUID | None:
        """The account of a subject of an issuer."""
        account: UUID | None = await self.connections.fetchval(
            "select account_id from identity where issuer = $1 and subject = $2", issuer, subject
        )
        return account

    async def identify(self, issuer: str, subject: str, account: UUID) -> None:
        """Have a subject of an issuer sign in to an account."""
        await self.connections.execute(
            "insert into identity (issuer, subject, account_id, created_at)"
            " values ($1, $2, $3, now()) on conflict do nothing",
            issuer,
            subject,
            account,
        )

    # The rest

    async def absorb(self, guest: UUID, account: UUID) -> None:
        """Give everything of a guest to an account, and forget the guest."""
        for statement in ABSORB:
            await self.connections.execute(statement, guest, account)
        await self.connections.execute(
            "delete from account where id = $1 and name_key is null", guest
        )

    async def note(
        self, what: str, actor: UUID | None, account: UUID | None, network: str = ""
    ) -> None:
        """Write a line of the audit."""
        await self.connections.execute(
            "insert into audit (at, actor_id, account_id, what, network)"
            " values (now(), $1, $2, $3, $4)",
            actor,
            account,
            what,
            network,
        )

    async def sweep(self) -> None:
        """Forget what has expired, and guests who cannot come back."""
        for statement in _SWEEP:
            await self.connections.execute(statement)

    async def fetch(self, query: str, *arguments: Any) -> Sequence[Any]:
        return await self.connections.fetch(query, *arguments)

    async def _account(self, where: str, key: Any) -> Account | None:
        row = await self.connections.fetchrow(_ACCOUNT + where, key)
        return Account(*row) if row else None

    async def _changed(self, *statement: object) -> bool:
        return not (await self.connections.execute(*statement)).endswith(" 0")


ABSORB = (
    _ABSORB,
    _ABSORB_CLIENTS,
    _ABSORB_MENTIONS,
    _ABSORB_AI,
    _ABSORB_ROOMS,
    _ABSORB_ROLES,
)
"""Statements that give what is a guest's, $1, to an account, $2."""
