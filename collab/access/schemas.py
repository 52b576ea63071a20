"""The bodies of requests and answers about accounts. Times are milliseconds since 1970."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from collab.access.store import Account, SessionRow

Password = Annotated[
    str,
    Meta(min_length=1, max_length=1024, description="8 to 256 characters."),
]
NameOf = Annotated[str, Meta(min_length=1, max_length=320)]
Email = Annotated[str, Meta(min_length=3, max_length=254)]
Secret = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\A[A-Za-z0-9_-]+\Z")]
Scope = Literal["read", "write", "account", "admin"]
SignUpWay = Literal["open", "invited", "domains", "closed"]
Label = Annotated[str, Meta(min_length=1, max_length=100)]


DropPasskeys = Annotated[bool, Meta(description="Whether the passkeys are removed, too.")]


class SignUp(Struct, frozen=True):
    """A new account."""

    name: Annotated[
        str, Meta(min_length=1, max_length=40, description="Others see it. No two have the same.")
    ]
    password: Password
    email: Annotated[
        Email | None, Meta(description="Where a new password can be asked for. Optional.")
    ] = None
    invitation: Annotated[Secret | None, Meta(description="Where sign-up needs one.")] = None


class SignIn(Struct, frozen=True):
    """The name of an account, or its confirmed e-mail address, and the password."""

    name: NameOf
    password: Password


class GetToken(Struct, frozen=True):
    """An API token, as `POST /me/tokens` has told it."""

    token: Annotated[str, Meta(min_length=1, max_length=100)]


class TokenBody(Struct, frozen=True):
    """A JWT to be shown as `Authorization: Bearer`."""

    token: str
    expires_in: Annotated[int, Meta(description="Seconds.")]
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme


class AskReset(Struct, frozen=True):
    """The account whose password is to be set anew."""

    name: NameOf


class Reset(Struct, frozen=True):
    """The secret of a link, and the new password."""

    secret: Secret
    password: Password
    drop_passkeys: DropPasskeys = False


class Confirm(Struct, frozen=True):
    """The secret of a link."""

    secret: Secret


class MeBody(Struct, frozen=True):
    """Somebody who is known: with an account, or a guest."""

    id: UUID
    kind: Literal["account", "guest"]
    name: str | None = None
    email: str | None = None
    email_confirmed: bool = False
    password: Annotated[bool, Meta(description="Whether there is one to sign in with.")] = False
    admin: bool = False
    scopes: list[str] = []
    created_at: int = 0


class KnownBody(Struct):
    """The caller; null if the caller is unknown."""

    me: MeBody | None


class ChangeMe(Struct, frozen=True):
    """What is given is changed."""

    name: Annotated[str, Meta(min_length=1, max_length=40)] | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET


class ChangePassword(Struct, frozen=True):
    """Every other session and all API tokens end."""

    password: Password
    old: Annotated[str, Meta(max_length=1024, description="Not needed where there is none.")] = ""
    drop_passkeys: DropPasskeys = False


class DeleteMe(Struct, frozen=True):
    """The password once more, where the account has one."""

    password: Annotated[str, Meta(max_length=1024)] = ""


class SessionBody(Struct, frozen=True):
    """A browser that is signed in, or an API token."""

    id: UUID
    label: str
    created_at: int
    seen_at: int
    expires_at: int
    scopes: list[str] = []
    current: Annotated[bool, Meta(description="It is the one that asks.")] = False


class MakeToken(Struct, frozen=True):
    """A new API token."""

    label: Label
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=4)]
    days: Annotated[float, Meta(gt=0, le=3660)] = 90.0


class NewToken(Struct, frozen=True):
    """An API token, which is told only now."""

    token: str
    session: SessionBody


class MyRoom(Struct, frozen=True):
    """A room that somebody has opened."""

    room_id: UUID
    title: str | None
    opened_at: int
    updated_at: int
    trashed_at: int | None
    people: Annotated[list[str], Meta(description="Who is in there now.")]


class MoveRoom(Struct, frozen=True):
    """Move a room into the trash of the own rooms, or out of it."""

    trashed: bool


class AuthWays(Struct, frozen=True):
    """The ways to sign up and in that this server offers."""

    sign_up: SignUpWay
    domains: list[str]
    mails: bool
    issuers: Annotated[list[str], Meta(description="Names of OpenID Connect issuers.")]
    passkeys: bool


class AccountBody(Struct, frozen=True):
    """An account as an admin sees it."""

    id: UUID
    name: str | None
    email: str | None
    admin: bool
    disabled: bool
    confirmed: bool
    created_at: int
    seen_at: int | None
    rooms: int


class ChangeAccount(Struct, frozen=True):
    """What is given is changed."""

    disabled: bool | UnsetType = UNSET
    admin: bool | UnsetType = UNSET


class AddAccount(Struct, frozen=True):
    """A new account, whose owner sets a password with the link."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    email: Email | None = None


class LinkBody(Struct, frozen=True):
    """The secret of a link, told only now, and the fragment of the page's address that uses it."""

    secret: str
    fragment: str


class RoomRow(Struct, frozen=True):
    """A room as an admin sees it. The id is the key to a room, so only its start is told."""

    start: str
    title: str | None
    revision: int
    created_at: int
    updated_at: int


class Use(Struct, frozen=True):
    """The numbers of accounts, sessions, rooms and changes, and the size of the database."""

    accounts: int
    guests: int
    sessions: int
    tokens: int
    rooms: int
    changes: int
    bytes: Annotated[int, Meta(description="Of the database.")]


class AuditRow(Struct, frozen=True):
    """A line of the audit. Somebody who was deleted is null."""

    id: int
    at: int
    actor: str | None
    account: str | None
    what: str
    network: str


def millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def session_body(row: SessionRow, current: UUID | None = None) -> SessionBody:
    return SessionBody(
        row.id,
        row.label,
        millis(row.created_at),
        millis(row.seen_at),
        millis(row.expires_at),
        row.scopes.split(),
        current=row.id == current,
    )


def me_body(account: Account, scopes: frozenset[str]) -> MeBody:
    return MeBody(
        account.id,
        "guest" if account.name is None else "account",
        account.name,
        account.email,
        account.email_confirmed,
        account.password is not None,
        account.admin,
        sorted(scopes),
        millis(account.created_at),
    )
