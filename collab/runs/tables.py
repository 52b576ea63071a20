"""The tables of runs. `collab.runs.store` writes them in plain SQL."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from advanced_alchemy.base import DefaultBase
from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column


class RunModel(DefaultBase):
    """A run, whose id in its room is the revision of its entry.

    `owner` is the process that runs it, which writes `seen_at` again and again until the run has
    `ended`. `dropped` says that its output is not kept any more. `file` and `options` are those of
    its entry, `tests` the JSON of what its tests came to, and `written` the bytes of its files.
    """

    __tablename__ = "run"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    owner: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    rung: Mapped[str] = mapped_column(Text)
    waiting: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text)
    exit: Mapped[int | None] = mapped_column(BigInteger)
    cpu_ms: Mapped[int] = mapped_column(BigInteger)
    peak_bytes: Mapped[int] = mapped_column(BigInteger)
    bytes: Mapped[int] = mapped_column(BigInteger)
    dropped: Mapped[bool]
    started_at: Mapped[datetime] = mapped_column(DateTimeUTC(timezone=True))
    seen_at: Mapped[datetime] = mapped_column(DateTimeUTC(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTimeUTC(timezone=True))
    file: Mapped[str | None] = mapped_column(Text)
    options: Mapped[str | None] = mapped_column(Text)
    tests: Mapped[str | None] = mapped_column(Text)
    written: Mapped[int] = mapped_column(BigInteger, server_default="0")


class RunOutputModel(DefaultBase):
    """A chunk of the output of a run: the JSON of `[[stream, text], …]`."""

    __tablename__ = "run_output"
    __table_args__ = (
        ForeignKeyConstraint(
            ["room_id", "revision"],
            ["run.room_id", "run.revision"],
            name="fk_run_output_run",
            ondelete="CASCADE",
        ),
    )

    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    n: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[str] = mapped_column(Text)


class RunInputModel(DefaultBase):
    """What somebody typed into a run, or asked of it: `kind` is text, end or stop."""

    __tablename__ = "run_input"
    __table_args__ = (
        ForeignKeyConstraint(
            ["room_id", "revision"],
            ["run.room_id", "run.revision"],
            name="fk_run_input_run",
            ondelete="CASCADE",
        ),
    )

    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    client: Mapped[str] = mapped_column(Text, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    author: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTimeUTC(timezone=True))
    taken: Mapped[bool]


class RunFileModel(DefaultBase):
    """A file that a run wrote. `body` is missing where the file is too large to be kept."""

    __tablename__ = "run_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["room_id", "revision"],
            ["run.room_id", "run.revision"],
            name="fk_run_file_run",
            ondelete="CASCADE",
        ),
    )

    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
