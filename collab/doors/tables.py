"""The tables of doors. `collab.doors.store` writes them, and the log reads `member`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from advanced_alchemy.base import DefaultBase
from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import BigInteger, ForeignKey, Identity, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

_TIME = DateTimeUTC(timezone=True)


class MemberModel(DefaultBase):
    """The role of a person in a room, whatever its door; "none" for one who was removed."""

    __tablename__ = "member"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    who: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(_TIME, server_default=text("now()"))


class LinkModel(DefaultBase):
    """A link that gives a role. `secret` is the SHA-256 of the secret in it; `most` is how often it
    may be used, null for any number."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("room_id", "secret", name="uq_link_room_id_secret"),)

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    role: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(_TIME, server_default=text("now()"))
    expires_at: Mapped[datetime | None] = mapped_column(_TIME)
    most: Mapped[int | None] = mapped_column(BigInteger)
    uses: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    revoked_at: Mapped[datetime | None] = mapped_column(_TIME)


class WaitingModel(DefaultBase):
    """Somebody who asks to be let into a room, or for a higher role. `turned_away_at` is null while
    nobody has answered."""

    __tablename__ = "waiting"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    who: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(_TIME, server_default=text("now()"))
    turned_away_at: Mapped[datetime | None] = mapped_column(_TIME)


class RoomAuditModel(DefaultBase):
    """One change of who may do what: by whom, what, and about whom or what, in few words."""

    __tablename__ = "room_audit"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(_TIME, server_default=text("now()"))
    room_id: Mapped[UUID | None] = mapped_column(index=True)
    who: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
