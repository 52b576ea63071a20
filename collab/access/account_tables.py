"""The tables of accounts. `collab.access` writes them in plain SQL.

Secrets are here only as SHA-256 of 256 random bits, or as argon2id of a password.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from advanced_alchemy.base import DefaultBase
from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

_TIME = DateTimeUTC(timezone=True)


class AccountModel(DefaultBase):
    """A person. A guest is one without a name, who can come back with the cookie alone.

    `name_key` is the name as it is compared, `email_key` an address that was confirmed as it is
    compared. `confirmed_at` is null where the account waits for the confirmation of its address.
    """

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(Text)
    name_key: Mapped[str | None] = mapped_column(Text, unique=True)
    email: Mapped[str | None] = mapped_column(Text)
    email_key: Mapped[str | None] = mapped_column(Text, unique=True)
    password: Mapped[str | None] = mapped_column(Text)
    admin: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(_TIME)
    confirmed_at: Mapped[datetime | None] = mapped_column(_TIME)
    disabled_at: Mapped[datetime | None] = mapped_column(_TIME)


class SessionModel(DefaultBase):
    """A browser that is signed in (`kind` browser), a guest's (guest), or an API token (token).

    `secret` is the SHA-256 of the cookie or token, `key` the public key that verifies the JWTs of
    a token. A session that was ended has no row.
    """

    __tablename__ = "session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    scopes: Mapped[str] = mapped_column(Text)
    key: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(_TIME)
    seen_at: Mapped[datetime] = mapped_column(_TIME)
    expires_at: Mapped[datetime] = mapped_column(_TIME)


class IdentityModel(DefaultBase):
    """A subject of an OpenID Connect issuer that signs in to an account."""

    __tablename__ = "identity"

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(_TIME)


class PasskeyModel(DefaultBase):
    """A passkey of an account."""

    __tablename__ = "passkey"

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    label: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(_TIME)
    used_at: Mapped[datetime | None] = mapped_column(_TIME)


class TicketModel(DefaultBase):
    """A secret that works once: to reset a password, confirm an address, accept an invitation, or
    come back from an issuer. `secret` is its SHA-256, `body` the JSON of what it is for."""

    __tablename__ = "ticket"

    secret: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(_TIME)
    expires_at: Mapped[datetime] = mapped_column(_TIME)


class AttemptModel(DefaultBase):
    """The number of tries in a stretch of time. The key is the SHA-256 of who tried what."""

    __tablename__ = "attempt"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    since: Mapped[datetime] = mapped_column(_TIME, primary_key=True)
    tries: Mapped[int] = mapped_column(BigInteger)


class AuditModel(DefaultBase):
    """A line of the audit: what was done to which account, and by whom. A deleted person is
    null."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(_TIME)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(Text)
    network: Mapped[str] = mapped_column(Text)


class OpenedModel(DefaultBase):
    """A room that somebody has opened, for the list of own rooms; `title` is the room's name."""

    __tablename__ = "opened"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    title: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(_TIME)
    trashed_at: Mapped[datetime | None] = mapped_column(_TIME)


class ClientOfModel(DefaultBase):
    """A client that has written in a room, and its person, so that an author's name can be erased,
    and that nothing of somebody who opted out is sent to a model.

    `person` is the public id that the client joined with, and `name` the latest name. They are null
    in a copy of a room, where the entries that it begins with may be of no client ("").
    """

    __tablename__ = "client_of"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    client: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    person: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
