"""`/me`: the own account."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.exceptions import (
    NotFoundException,
    TooManyRequestsException,
    ValidationException,
)
from litestar.openapi.spec import Example
from litestar.params import BodyKwarg, FromPath, FromQuery, JSONBody
from msgspec import UNSET

from collab.access.answers import RAISES, Conflict
from collab.access.asking import Asked, account_of, asking_of, browser_of
from collab.access.schemas import (
    ChangeMe,
    ChangePassword,
    DeleteMe,
    KnownBody,
    MakeToken,
    MeBody,
    MoveRoom,
    MyRoom,
    NewToken,
    SessionBody,
    me_body,
    session_body,
)
from collab.access.service import Accounts
from collab.errors import NotSignedIn
from collab.live.hub import Hub

_MAKE_TOKEN = BodyKwarg(
    examples=[
        Example(
            summary="To read and write rooms",
            value={"label": "CI", "scopes": ["read", "write"], "days": 90},
        )
    ]
)


class MeController(Controller):
    path = "/me"
    tags = ("accounts",)

    @get(summary="Tell who I am", raises=RAISES)
    async def me(self, request: Asked, accounts: NamedDependency[Accounts]) -> MeBody:
        """Tell who you are, with an account or as a guest. 401 when you are unknown."""
        who = await asking_of(request).who()
        account = await accounts.store.one(who.id) if who else None
        if who is None or account is None:
            raise NotSignedIn("not_signed_in", "Sign in first.")
        return me_body(account, who.scopes)

    @get("/known", summary="Tell whether I am known", raises=RAISES)
    async def known(self, request: Asked, accounts: NamedDependency[Accounts]) -> KnownBody:
        """Tell who you are as `/me` does, but null when you are unknown. For pages, to which
        that is no error."""
        who = await asking_of(request).who()
        account = await accounts.store.one(who.id) if who else None
        return KnownBody(me_body(account, who.scopes) if who and account else None)

    @post("/guest", summary="Be remembered as a guest", status_code=200, raises=RAISES)
    async def guest(self, request: Asked, accounts: NamedDependency[Accounts]) -> MeBody:
        """Set a cookie, so that what you open and own is still yours after signing up. Changes
        nothing for somebody who is known."""
        who = await asking_of(request).guest()
        if who is None:
            raise NotSignedIn("not_signed_in", "Pages of other sites are nobody here.")
        return await self._me(accounts, who.id, who.scopes)

    @patch(
        summary="Change my name or address",
        raises=[*RAISES, Conflict, ValidationException, TooManyRequestsException],
    )
    async def change(
        self, request: Asked, accounts: NamedDependency[Accounts], data: JSONBody[ChangeMe]
    ) -> MeBody:
        """Change the name or the address. A new address counts once you have opened the link
        that is sent to it."""
        found = await browser_of(request)
        if data.name is not UNSET:
            await accounts.rename(found.who.id, data.name)
        if data.email is not UNSET:
            await accounts.change_email(found.who.id, data.email)
        return await self._me(accounts, found.who.id, found.who.scopes)

    @put(
        "/password",
        summary="Change my password",
        status_code=204,
        raises=[*RAISES, ValidationException, TooManyRequestsException],
    )
    async def password(
        self, request: Asked, accounts: NamedDependency[Accounts], data: JSONBody[ChangePassword]
    ) -> None:
        """Set a new password. This ends every other session and all API tokens. Passkeys stay,
        unless you say so."""
        found = await browser_of(request)
        await accounts.change_password(
            found, data.old, data.password, drop_passkeys=data.drop_passkeys
        )

    @post(
        "/delete",
        summary="Delete my account",
        status_code=204,
        raises=[*RAISES, TooManyRequestsException],
    )
    async def erase(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        hub: NamedDependency[Hub],
        data: JSONBody[DeleteMe],
    ) -> None:
        """Delete your account for good. What you wrote stays in its rooms, under the name "Former
        member"."""
        found = await browser_of(request)
        account = await accounts.store.one(found.who.id)
        if account:
            await accounts.check_password(account, data.password)
            await accounts.delete(account.id)
        asking_of(request).forget()

    @get("/export", summary="Export all my data", raises=RAISES)
    async def export(
        self, request: Asked, accounts: NamedDependency[Accounts]
    ) -> Response[dict[str, object]]:
        """Export everything that is kept about you, without secrets. The texts of a room are in the
        room's own export."""
        found = await account_of(request)
        body = await accounts.export(found.who.id)
        name = {"content-disposition": 'attachment; filename="collab-account.json"'}
        return Response(body, headers=name)

    @get("/sessions", summary="List the browsers in which I am signed in", raises=RAISES)
    async def sessions(
        self, request: Asked, accounts: NamedDependency[Accounts]
    ) -> list[SessionBody]:
        """List your sessions, the one last seen first."""
        found = await account_of(request)
        rows = await accounts.store.sessions_of(found.who.id, "browser")
        return [session_body(row, found.who.session) for row in rows]

    @delete("/sessions", summary="Sign out everywhere", status_code=204, raises=RAISES)
    async def sign_out_everywhere(
        self, request: Asked, accounts: NamedDependency[Accounts]
    ) -> None:
        """End the sessions of all your browsers, this one too, and their sockets. API tokens
        stay."""
        found = await browser_of(request)
        await accounts.end_sessions(found.who.id, kind="browser")
        asking_of(request).forget()

    @delete(
        "/sessions/{session:uuid}",
        summary="Sign out one browser",
        status_code=204,
        raises=[*RAISES, NotFoundException],
    )
    async def end_session(
        self, request: Asked, accounts: NamedDependency[Accounts], session: FromPath[UUID]
    ) -> None:
        """End one session and its sockets."""
        found = await browser_of(request)
        if not await accounts.end_session(found.who.id, session, "browser"):
            raise NotFoundException("There is no such session.")
        if session == found.who.session:
            asking_of(request).forget()

    @get("/tokens", summary="List my API tokens", raises=RAISES)
    async def tokens(
        self, request: Asked, accounts: NamedDependency[Accounts]
    ) -> list[SessionBody]:
        """List your API tokens, without their secrets, which nobody knows."""
        found = await account_of(request)
        rows = await accounts.store.sessions_of(found.who.id, "token")
        return [session_body(row, found.who.session) for row in rows]

    @post("/tokens", summary="Make an API token", raises=[*RAISES, Conflict])
    async def make_token(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        data: Annotated[MakeToken, _MAKE_TOKEN],
    ) -> NewToken:
        """Make an API token. The token is told only now. `POST /auth/token` gives a JWT for it."""
        found = await browser_of(request)
        token, row = await accounts.make_token(found.who, data.label, data.scopes, data.days)
        return NewToken(token, session_body(row))

    @delete(
        "/tokens/{token:uuid}",
        summary="Revoke an API token",
        status_code=204,
        raises=[*RAISES, NotFoundException],
    )
    async def revoke_token(
        self, request: Asked, accounts: NamedDependency[Accounts], token: FromPath[UUID]
    ) -> None:
        """Revoke an API token. This also ends its JWTs and sockets."""
        found = await browser_of(request)
        if not await accounts.end_session(found.who.id, token, "token"):
            raise NotFoundException("There is no such token.")

    @get("/rooms", summary="List my rooms", raises=RAISES)
    async def rooms(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        hub: NamedDependency[Hub],
        search: FromQuery[str] = "",
        *,
        trashed: FromQuery[bool] = False,
    ) -> list[MyRoom]:
        """List the rooms that you have opened, the last one first; at most 200. Guests have a
        list, too."""
        who = await asking_of(request).who()
        if who is None:
            return []
        rooms = await accounts.rooms.of(who.id, search, trashed=trashed)
        return [
            MyRoom(
                room.id,
                room.title,
                room.opened_at,
                room.updated_at,
                room.trashed_at,
                hub.names(room.id),
            )
            for room in rooms
        ]

    @patch(
        "/rooms/{room_id:uuid}",
        summary="Move one of my rooms to the trash, or back",
        status_code=204,
        raises=[*RAISES, NotFoundException],
    )
    async def move_room(
        self,
        request: Asked,
        accounts: NamedDependency[Accounts],
        room_id: FromPath[UUID],
        data: JSONBody[MoveRoom],
    ) -> None:
        """It is your own list: the room stays for everybody else. What is in the trash leaves the
        list after some days."""
        who = await asking_of(request).who()
        if who is None or (who.kind == "account" and "account" not in who.scopes):
            raise NotSignedIn("not_signed_in", "Sign in first.")
        if not await accounts.rooms.move(who.id, room_id, trashed=data.trashed):
            raise NotFoundException("There is no such room among yours.")

    async def _me(self, accounts: Accounts, account: UUID, scopes: frozenset[str]) -> MeBody:
        found = await accounts.store.one(account)
        if found is None:
            raise NotSignedIn("not_signed_in", "Sign in first.")
        return me_body(found, scopes)
