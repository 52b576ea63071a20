"""The tables. The log's hot path writes them in plain SQL; see log.py."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from advanced_alchemy.base import DefaultBase
from advanced_alchemy.mixins import AuditColumns
from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column


class RoomModel(AuditColumns, DefaultBase):
    """A room: its id is a random UUID and the key to it.

    `head` is its last revision, and the fence that writers compare and set. `secret` is what
    client ids are derived with.
    """

    __tablename__ = "room"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    head: Mapped[int] = mapped_column(BigInteger)
    secret: Mapped[bytes] = mapped_column(LargeBinary)


class EntryModel(DefaultBase):
    """One committed change. `change` is the JSON of PROTOCOL.md, byte for byte.

    `person` and `origin` are null in entries that were written before there were these columns.
    """

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("room_id", "client", "seq", name="uq_entry_client_seq"),)

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    client: Mapped[str] = mapped_column(Text)
    seq: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTimeUTC(timezone=True))
    change: Mapped[str] = mapped_column(Text)
    person: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(Text)


class SnapshotModel(DefaultBase):
    """The latest snapshot of a room, a cache of the fold; `state` is JSON."""

    __tablename__ = "snapshot"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)


class BlobModel(DefaultBase):
    """The bytes of an asset of a room, under the hex of their SHA-256. They never change."""

    __tablename__ = "blob"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
