"""Exports everything that is kept about a person, and erases it when they delete their account.

Erasing removes the author's name from entries of the log, from messages, from runs, and from lines
typed into a run; the texts stay. A room that the person owned has no owner afterwards.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from msgspec import json

from collab.access.store import AccountStore

FORMER = "Former member"
_ENTRIES = """
update entry set author = $2 from client_of
where client_of.account_id = $1 and entry.room_id = client_of.room_id
    and entry.client = client_of.client and entry.client <> '' and entry.author <> $2
"""
# A run has the revision of its entry, which tells whose it is.
_RUNS = """
update run set author = $2 from entry, client_of
where client_of.account_id = $1 and entry.room_id = client_of.room_id
    and entry.client = client_of.client and run.room_id = entry.room_id
    and run.revision = entry.revision
"""
_TYPED = """
select distinct run_input.room_id, run_input.revision, run_input.author
from run_input join client_of using (room_id, client)
where client_of.account_id = $1
"""
_INPUT = """
update run_input set author = $2 from client_of
where client_of.account_id = $1 and run_input.room_id = client_of.room_id
    and run_input.client = client_of.client
"""
# Messages have no client of the log. The public id, or the name in that room, tells whose they are.
_MESSAGES = """
update message set author = $2 from client_of
where client_of.account_id = $1 and message.room_id = client_of.room_id
    and message.person = client_of.person
"""
_ACCEPTED = """
update message set accepted_by = $2 from client_of
where client_of.account_id = $1 and message.room_id = client_of.room_id
    and accepted_by = client_of.name
"""
_REACTIONS = """
update reaction set author = $2 from client_of
where client_of.account_id = $1 and reaction.room_id = client_of.room_id
    and author = client_of.name
"""
_RESOLVED = """
update thread set resolved_by = $2 from client_of
where client_of.account_id = $1 and thread.room_id = client_of.room_id
    and resolved_by = client_of.name
"""
# What the owner of a room did to somebody begins with the person's id.
_AUDIT = """
update room_audit set who = nullif(who, $1), about = replace(about, $1::text, $2)
where who = $1 or starts_with(about, $1::text)
"""
# A cache, which is made again of the log.
_CHAPTERS = """
delete from chapter using client_of
where client_of.account_id = $1 and chapter.room_id = client_of.room_id
"""
# Commits have the names of their authors, and name those before them: all are made again.
_GIT = tuple(
    f"delete from {table} using client_of"  # noqa: S608 - constants alone
    f" where client_of.account_id = $1 and {table}.room_id = client_of.room_id"
    for table in ("git_pin", "git_commit", "git_object")
)
# What somebody wrote who opted out of AI stays out of it: it is now a nameless guest's, who has
# opted out and who nobody can be.
_GONE = """
with nameless as (
    insert into account (id, admin, created_at)
    select $2, false, now() from ai_person where account_id = $1 and agreed_to is null
    returning id
), clients as (
    insert into client_of (room_id, client, account_id)
    select room_id, client, nameless.id from client_of, nameless where account_id = $1
), silent as (
    insert into ai_person (account_id) select id from nameless
)
delete from account where id = $1
"""
_OWNED = "update room set owner = null, access = access + 1 where owner = $1"
_NAMED = (_INPUT, _RUNS, _ENTRIES, _MESSAGES, _ACCEPTED, _REACTIONS, _RESOLVED, _AUDIT)
_OUTPUT = "select n, parts from run_output where room_id = $1 and revision = $2"
_REWRITE = "update run_output set parts = $4 where room_id = $1 and revision = $2 and n = $3"
_EXPORTED = {
    "identities": "select issuer, subject, created_at from identity where account_id = $1",
    "passkeys": "select label, created_at, used_at from passkey where account_id = $1",
    "sessions": "select kind, label, scopes, created_at, seen_at, expires_at from session"
    " where account_id = $1",
    "rooms": "select room_id, title, opened_at, trashed_at from opened where account_id = $1",
    # Without copies that others have made of what they wrote.
    "clients": "select room_id, client, person, name from client_of"
    " where account_id = $1 and person is not null",
    "mentions": "select room_id, number, seen_at from mention where account_id = $1",
    "audit": "select at, what, network from audit where account_id = $1 or actor_id = $1",
}


async def erase(store: AccountStore, account: UUID) -> list[UUID]:
    """Delete an account, and its name wherever it wrote. Returns the sessions that have ended.

    Raises LogUnavailable. What was done by then stays done, and doing it again goes on.
    """
    # Nobody writes under the name any more, so what is erased stays erased.
    ended = await store.end_all(account)
    run = store.connections.execute
    for room_id, revision, author in await store.fetch(_TYPED, account):
        for n, parts in await store.fetch(_OUTPUT, room_id, revision):
            changed = [_without(part, author) for part in json.decode(parts)]
            await run(_REWRITE, room_id, revision, n, json.encode(changed).decode())
    for statement in _NAMED:
        await run(statement, account, FORMER)
    for statement in (_CHAPTERS, *_GIT, _OWNED):
        await run(statement, account)
    await run(_GONE, account, uuid4())
    await store.note("deleted an account", None, None)
    return ended


async def export(store: AccountStore, account: UUID) -> dict[str, object]:
    """Return everything that is kept about somebody, without secrets. Raises LogUnavailable."""
    found = await store.one(account)
    assert found
    body: dict[str, object] = {
        "account": {
            "id": found.id,
            "name": found.name,
            "email": found.email,
            "email_confirmed": found.email_confirmed,
            "admin": found.admin,
            "created_at": found.created_at,
        }
    }
    for name, query in _EXPORTED.items():
        body[name] = [dict(row) for row in await store.fetch(query, account)]
    return body


def _without(part: list[Any], author: str) -> list[Any]:
    """Take the author's name out of a line that was typed into a run."""
    return [*part[:2], FORMER] if len(part) == 3 and part[2] == author else part
