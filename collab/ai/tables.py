"""The tables of the domain. `collab.ai.store` reads and writes them in plain SQL."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from advanced_alchemy.base import DefaultBase
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column


class AiUseModel(DefaultBase):
    """The tokens that a person, a room or all servers have used in a day (UTC).

    The constraint is the budget: it holds on every server, however many ask at once.
    """

    __tablename__ = "ai_use"
    __table_args__ = (CheckConstraint("tokens <= most", name="budget"),)

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    who: Mapped[str] = mapped_column(Text, primary_key=True)
    tokens: Mapped[int] = mapped_column(BigInteger)
    most: Mapped[int] = mapped_column(BigInteger)


class AiRoomModel(DefaultBase):
    """A room's choice whether its text may be sent to a model. Without a row it may."""

    __tablename__ = "ai_room"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    allowed: Mapped[bool] = mapped_column(Boolean)


class AiPersonModel(DefaultBase):
    """A person's choice: the hosts and models that their text may be sent to. Null if they want
    none; no row if they were never asked."""

    __tablename__ = "ai_person"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    agreed_to: Mapped[str | None] = mapped_column(Text)
