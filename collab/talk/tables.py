"""The tables of talk. `collab.talk.store` writes them in plain SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from advanced_alchemy.base import DefaultBase
from advanced_alchemy.types import DateTimeUTC
from sqlalchemy import (
    BigInteger,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column


class TalkModel(DefaultBase):
    """The counters of a room. Every change of a message or thread takes the next `stamp`, and a
    new message the next number, `said`. Whoever changes anything locks this row until the commit,
    so stamps become visible in order.

    The chat up to the number `cleared` is gone. Messages are kept for `keep_days`, where the owner
    has said so, and never longer than the server keeps them."""

    __tablename__ = "talk"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    stamp: Mapped[int] = mapped_column(BigInteger)
    said: Mapped[int] = mapped_column(BigInteger)
    cleared: Mapped[int] = mapped_column(BigInteger, server_default="0")
    keep_days: Mapped[float | None] = mapped_column(Double)


class MessageModel(DefaultBase):
    """A message. A deleted one stays without text and words. So a client that missed the answer and
    sends again does not bring it back.

    `who` is derived from a secret of its author, `nonce` is chosen by the author's page. `thread`
    is the number of the first message of its thread, 0 in the chat. `mentions` is JSON. `reply` is
    the number of the message of the chat that it answers, or 0.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("room_id", "who", "nonce", name="uq_message_nonce"),
        Index("ix_message_stamp", "room_id", "stamp"),
        Index("ix_message_who", "room_id", "who", "at"),
        Index("ix_message_thread", "room_id", "thread", "number"),
        Index("ix_message_words", "words", postgresql_using="gin"),
    )

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    stamp: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    colour: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTimeUTC(timezone=True))
    text: Mapped[str | None] = mapped_column(Text)
    words: Mapped[Any | None] = mapped_column(TSVECTOR)
    thread: Mapped[int] = mapped_column(BigInteger)
    suggestion: Mapped[str | None] = mapped_column(Text)
    accepted_by: Mapped[str | None] = mapped_column(Text)
    mentions: Mapped[str] = mapped_column(Text)
    reply: Mapped[int] = mapped_column(BigInteger, server_default="0")
    edited_at: Mapped[datetime | None] = mapped_column(DateTimeUTC(timezone=True))
    deleted_at: Mapped[datetime | None] = mapped_column(DateTimeUTC(timezone=True))


class ThreadModel(DefaultBase):
    """A thread of comments on the text from `start_at` to `end_at` of a file at a revision.

    Its id is the number of its first message. A thread without messages is `deleted`.
    """

    __tablename__ = "thread"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    file: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(BigInteger)
    start_at: Mapped[int] = mapped_column(BigInteger)
    end_at: Mapped[int] = mapped_column(BigInteger)
    quote: Mapped[str] = mapped_column(Text)
    resolved_by: Mapped[str | None] = mapped_column(Text)
    deleted: Mapped[bool]


class ReactionModel(DefaultBase):
    """A reaction of somebody to a message."""

    __tablename__ = "reaction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["room_id", "number"],
            ["message.room_id", "message.number"],
            name="fk_reaction_message",
            ondelete="CASCADE",
        ),
    )

    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    who: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    author: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTimeUTC(timezone=True))


class ReadMarkModel(DefaultBase):
    """The last message that a person has read in a room."""

    __tablename__ = "read_mark"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    who: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class MentionModel(DefaultBase):
    """A message that mentions an account, and when its person saw it. Nobody else is told of these
    rows."""

    __tablename__ = "mention"
    __table_args__ = (
        ForeignKeyConstraint(
            ["room_id", "number"],
            ["message.room_id", "message.number"],
            name="fk_mention_message",
            ondelete="CASCADE",
        ),
        Index("ix_mention_message", "room_id", "number"),
    )

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seen_at: Mapped[datetime | None] = mapped_column(DateTimeUTC(timezone=True))
