"""Reads the rows that an admin sees: accounts, rooms, how much there is, and the audit."""

from __future__ import annotations

from collab.access.schemas import AccountBody, AuditRow, RoomRow, Use, millis
from collab.access.store import AccountStore

_MOST = 500
_ACCOUNTS = f"""
select account.id, name, email, admin, disabled_at is not null as disabled,
    confirmed_at is not null as confirmed, created_at,
    (select max(seen_at) from session where session.account_id = account.id) as seen_at,
    (select count(*) from opened where opened.account_id = account.id) as rooms
from account
where name is not null
    and ($1 = '' or strpos(lower(name), lower($1)) > 0
        or strpos(lower(coalesce(email, '')), lower($1)) > 0)
order by created_at desc, id limit {_MOST}
"""  # noqa: S608 - constants alone
_ROOMS = f"""
select left(room.id::text, 8) as start,
    (select title from opened where room_id = room.id and title is not null limit 1) as title,
    head, room.created_at, coalesce(entry.created_at, room.created_at) as updated_at
from room left join entry on entry.room_id = room.id and entry.revision = room.head
order by updated_at desc limit {_MOST}
"""  # noqa: S608 - constants alone
_USE = """
select (select count(*) from account where name is not null),
    (select count(*) from account where name is null),
    (select count(*) from session where kind = 'browser' and expires_at > now()),
    (select count(*) from session where kind = 'token' and expires_at > now()),
    (select count(*) from room), (select coalesce(sum(head), 0)::bigint from room),
    pg_database_size(current_database())
"""
_AUDIT = f"""
select audit.id, at, actor.name, account.name, what, network
from audit left join account as actor on actor.id = actor_id
left join account on account.id = account_id
order by audit.id desc limit {_MOST}
"""  # noqa: S608 - constants alone


async def accounts(store: AccountStore, query: str) -> list[AccountBody]:
    return [
        AccountBody(
            row["id"],
            row["name"],
            row["email"],
            row["admin"],
            row["disabled"],
            row["confirmed"],
            millis(row["created_at"]),
            millis(row["seen_at"]) if row["seen_at"] else None,
            row["rooms"],
        )
        for row in await store.fetch(_ACCOUNTS, query)
    ]


async def rooms(store: AccountStore) -> list[RoomRow]:
    return [
        RoomRow(start, title, head, millis(created), millis(updated))
        for start, title, head, created, updated in await store.fetch(_ROOMS)
    ]


async def use(store: AccountStore) -> Use:
    (row,) = await store.fetch(_USE)
    return Use(*row)


async def audit(store: AccountStore) -> list[AuditRow]:
    return [
        AuditRow(id_, millis(at), actor, account, what, network)
        for id_, at, actor, account, what, network in await store.fetch(_AUDIT)
    ]
