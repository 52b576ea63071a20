"""`/admin`."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, ValidationException
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import UNSET

from collab.access import admin
from collab.access.answers import RAISES, Conflict
from collab.access.asking import Asked, account_of, browser_of
from collab.access.ground import Refused
from collab.access.schemas import (
    AccountBody,
    AddAccount,
    AuditRow,
    ChangeAccount,
    LinkBody,
    RoomRow,
    Use,
)
from collab.access.service import Accounts


class AdminController(Controller):
    """Everything here needs the scope admin."""

    path = "/admin"
    tags = ("admin",)

    @get("/accounts", summary="List accounts", raises=RAISES)
    async def accounts(
        self, request: Asked, accounts: NamedDependency[Accounts], search: FromQuery[str] = ""
    ) -> list[AccountBody]:
        """List the accounts whose name or address has this text; at most 500, the newest first."""
        await account_of(request, "admin")
        return await admin.accounts(accounts.store, search)

    @post("/accounts", summary="Add an account", raises=[*RAISES, Conflict, ValidationException])
    async def add(
        self, request: Asked, accounts: NamedDependency[Accounts], data: JSONBody[AddAccount]
    ) -> LinkBody:
        """Make an account, even where nobody may sign up. Its owner sets a password with the
        link, within a day."""
        found = await browser_of(request, "admin")
        account = await accounts.add(data.name, data.email, found.who.id)
        secret = await accounts.letters.reset_link(account)
        return LinkBody(secret, f"#reset={secret}")

    @patch(
        "/accounts/{account:uuid}",
        summary="Disable an account, or make an admin",
        status_code=204,
        raises=[*RAISES, NotFoundException, Conflict],
    )
    async def change(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        account: FromPath[UUID],
        data: JSONBody[ChangeAccount],
    ) -> None:
        """Disable an account, which ends its sessions and tokens, or make it an admin. Nobody
        can do this to their own account."""
        found = await browser_of(request, "admin")
        if account == found.who.id:
            raise Refused(409, "own_account", "Another admin has to do this to your account.")
        if await accounts.store.one(account) is None:
            raise NotFoundException("There is no such account.")
        if data.disabled is not UNSET:
            await accounts.disable(account, found.who.id, disabled=data.disabled)
        if data.admin is not UNSET:
            await accounts.make_admin(account, found.who.id, admin=data.admin)

    @delete(
        "/accounts/{account:uuid}",
        summary="Delete an account",
        status_code=204,
        raises=[*RAISES, NotFoundException, Conflict],
    )
    async def erase(
        self, request: Asked, accounts: NamedDependency[Accounts], account: FromPath[UUID]
    ) -> None:
        """Delete an account for good. What it wrote stays, under the name "Former member"."""
        found = await browser_of(request, "admin")
        if account == found.who.id:
            raise Refused(409, "own_account", "Delete your own account on your own page.")
        if await accounts.store.one(account) is None:
            raise NotFoundException("There is no such account.")
        await accounts.delete(account)

    @post(
        "/accounts/{account:uuid}/reset",
        summary="Make a link that sets a password",
        raises=[*RAISES, NotFoundException],
    )
    async def reset(
        self, request: Asked, accounts: NamedDependency[Accounts], account: FromPath[UUID]
    ) -> LinkBody:
        """Make a link that sets a new password, for somebody without a confirmed address. It
        works once, within a day."""
        found = await browser_of(request, "admin")
        row = await accounts.store.one(account)
        if row is None or row.name is None:
            raise NotFoundException("There is no such account.")
        secret = await accounts.letters.reset_link(account)
        await accounts.store.note("made a reset link", found.who.id, account)
        return LinkBody(secret, f"#reset={secret}")

    @post("/invitations", summary="Invite somebody", raises=RAISES)
    async def invite(self, request: Asked, accounts: NamedDependency[Accounts]) -> LinkBody:
        """Make an invitation. Its link makes one account, within two weeks."""
        found = await browser_of(request, "admin")
        secret = await accounts.letters.invite(found.who.id)
        return LinkBody(secret, f"#invite={secret}")

    @get("/rooms", summary="List rooms", raises=RAISES)
    async def rooms(self, request: Asked, accounts: NamedDependency[Accounts]) -> list[RoomRow]:
        """List rooms, the one that was changed last first; at most 500. Their ids are keys, so
        they are not told."""
        await account_of(request, "admin")
        return await admin.rooms(accounts.store)

    @get("/use", summary="Tell how much there is", raises=RAISES)
    async def use(self, request: Asked, accounts: NamedDependency[Accounts]) -> Use:
        """Count accounts, sessions, rooms, changes, and the bytes of the database."""
        await account_of(request, "admin")
        return await admin.use(accounts.store)

    @get("/audit", summary="Read what was done to accounts", raises=RAISES)
    async def audit(self, request: Asked, accounts: NamedDependency[Accounts]) -> list[AuditRow]:
        """List the lines of the audit, the newest first; at most 500."""
        await account_of(request, "admin")
        return await admin.audit(accounts.store)
