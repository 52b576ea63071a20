"""The command `collab user`, for whoever runs the server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from collab.access.admin import accounts as listed
from collab.access.ground import Refused
from collab.access.names import key_of
from collab.access.options import AccessLimits, AccessOptions
from collab.access.rooms import OpenedRooms
from collab.access.service import Accounts
from collab.access.sessions import Sessions
from collab.access.store import AccountStore
from collab.access.who import Watch
from collab.listening import url
from collab.settings import Settings
from collab.store import log
from collab.store.attempts import Attempts


def manage(settings: Settings, action: str, name: str = "") -> tuple[bool, str]:
    """Do one thing to the accounts of a database, whose tables are there.

    Returns whether it could be done, and words.
    """

    async def run() -> tuple[bool, str]:
        async with _accounts(settings) as accounts:
            return await _manage(accounts, settings, action, name)

    return asyncio.run(run())


async def _manage(
    accounts: Accounts, settings: Settings, action: str, name: str
) -> tuple[bool, str]:
    if action == "list":
        return True, await _list(accounts)
    try:
        if action == "add":
            account = await accounts.add(name, None, None)
            return True, await _reset(accounts, settings, account, name)
    except Refused as error:
        return False, f"collab: {error}"
    found = await accounts.store.named(key_of(name))
    if found is None:
        return False, f"collab: There is no account {name}."
    if action == "admin":
        await accounts.make_admin(found.id, None, admin=True)
        return True, f"{found.name} is an admin now."
    await accounts.store.note("made a reset link", None, found.id)
    return True, await _reset(accounts, settings, found.id, found.name or "")


async def _reset(accounts: Accounts, settings: Settings, account: UUID, name: str) -> str:
    secret = await accounts.letters.reset_link(account)
    base = accounts.options.url or f"{url(settings.host, settings.port)}{settings.base_path}"
    return f"{name} sets a password within a day at {base.rstrip('/')}/#reset={secret}"


async def _list(accounts: Accounts) -> str:
    rows = await listed(accounts.store, "")
    lines = [
        f"{row.name}{'  admin' if row.admin else ''}{'  disabled' if row.disabled else ''}"
        for row in rows
    ]
    return "\n".join(lines) or "There is no account."


@asynccontextmanager
async def _accounts(settings: Settings) -> AsyncIterator[Accounts]:
    assert settings.database_url
    options = settings.options("access", AccessOptions)
    accounts = Accounts(
        options, settings.options("limit_access", AccessLimits), Watch(), OpenedRooms()
    )
    timeout = settings.statement_timeout
    async with log.connected(settings.database_url, statement_timeout=timeout) as postgres:
        sessions = Sessions(postgres.connections, options.session_days, options.guest_days)
        store = AccountStore(postgres.connections, sessions)
        accounts.begin(store, Attempts(postgres.connections))
        yield accounts
        accounts.passwords.close()
