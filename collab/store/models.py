"""The tables. The log's hot path writes them in plain SQL; see log.py."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from advanced_alchemy.base import DefaultBase
from advanced_alchemy.mixins import AuditColumns
from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column


class RoomModel(AuditColumns, DefaultBase):
    """A room: its id is a random UUID and the key to it.

    `head` is its last revision, and the fence that writers compare and set. `secret` is what
    client ids are derived with. `access` counts the changes of who may do what, and is the second
    fence that writers compare; `open`, `owner` and `locked` are the door: see `collab.room.doors`.
    """

    __tablename__ = "room"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    head: Mapped[int] = mapped_column(BigInteger)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    access: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    open: Mapped[str] = mapped_column(Text, server_default=text("'editor'"))
    owner: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    locked: Mapped[bool] = mapped_column(server_default=text("false"))


class EntryModel(DefaultBase):
    """One committed change. `change` is the JSON of PROTOCOL.md, byte for byte.

    `person` and `origin` may be null in entries of older releases. The entries that a room began
    with have the person who made it, and neither client nor author.
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
    """The latest snapshot of a room, a cache of the fold; `state` is JSON.

    `main` is the id of the main file, null where an older release has put the texts into the JSON.
    """

    __tablename__ = "snapshot"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)
    main: Mapped[str | None] = mapped_column(Text)


class FileTextModel(DefaultBase):
    """The text of a file as it was at the latest snapshot of its room, and a hash that names it."""

    __tablename__ = "file_text"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    file: Mapped[str] = mapped_column(Text, primary_key=True)
    hash: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class BlobModel(DefaultBase):
    """The bytes of an asset of a room, under the hex of their SHA-256. They never change.

    `unclaimed_since` is when they were last written, until the log is known to name them; then it
    is null. Bytes that the log does not name are deleted in time.
    """

    __tablename__ = "blob"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    hash: Mapped[str] = mapped_column(Text, primary_key=True)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
    unclaimed_since: Mapped[datetime | None] = mapped_column(
        DateTimeUTC(timezone=True), server_default=text("now()")
    )
