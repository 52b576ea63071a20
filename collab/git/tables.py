"""The tables of rooms as Git remotes. `collab.git.store` writes them in plain SQL.

Pins and what was pushed are beside the log. Commits and objects are a cache: they follow from the
log, the pins and what was pushed.
"""

from __future__ import annotations

from uuid import UUID

from advanced_alchemy.base import DefaultBase
from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column


class GitPinModel(DefaultBase):
    """A revision that a fetch has seen, or that a push has come to: see `collab.git.cuts`."""

    __tablename__ = "git_pin"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    pushed: Mapped[bytes | None] = mapped_column(LargeBinary)
    base: Mapped[bytes | None] = mapped_column(LargeBinary)


class GitPushedModel(DefaultBase):
    """An object that came with a push, compressed."""

    __tablename__ = "git_pushed"
    __table_args__ = (
        ForeignKeyConstraint(
            ["room_id", "pin"],
            ["git_pin.room_id", "git_pin.id"],
            name="fk_git_pushed_pin",
            ondelete="CASCADE",
        ),
    )

    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    pin: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[int] = mapped_column(BigInteger)
    length: Mapped[int] = mapped_column(BigInteger)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class GitCommitModel(DefaultBase):
    """A commit. Those with a `revision` are the branch `main`, numbered from 1. Of the others,
    those that were pushed have the number of the commit that merges them, and those with the number
    0 are of a version that lies between two commits of `main`.

    `parents` are their ids, one after the other. `state` is in the last commits alone: from there
    the next one is made.
    """

    __tablename__ = "git_commit"
    __table_args__ = (Index("ix_git_commit_number", "room_id", "number"),)

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int | None] = mapped_column(BigInteger)
    parents: Mapped[bytes] = mapped_column(LargeBinary)
    tree: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[bytes | None] = mapped_column(LargeBinary)


class GitTagModel(DefaultBase):
    """The name of a version, which the entry `entry` gave to a revision.

    `commit` is the one with what the room was then, once a fetch has asked.
    """

    __tablename__ = "git_tag"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    entry: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    commit: Mapped[bytes | None] = mapped_column(LargeBinary)


class GitObjectModel(DefaultBase):
    """An object, as packs have it, with the number of the first commit of `main` that needs it; 0
    if none does."""

    __tablename__ = "git_object"
    __table_args__ = (Index("ix_git_object_number", "room_id", "number"),)

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[int] = mapped_column(BigInteger)
    length: Mapped[int] = mapped_column(BigInteger)
    base: Mapped[bytes | None] = mapped_column(LargeBinary)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    asset: Mapped[str | None] = mapped_column(Text)
