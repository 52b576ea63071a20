"""The tables of chapters, a cache of the log. `collab.history.store` writes them in plain SQL."""

from __future__ import annotations

from uuid import UUID

from advanced_alchemy.base import DefaultBase
from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column


class ChapterModel(DefaultBase):
    """A thousand revisions of a room: chapter 0 has revisions 1 to 1000.

    `summary`, `bursts` and `outline` are compressed JSON. `outline` is the tree at the end of the
    chapter, null where the chapter has not changed it.
    """

    __tablename__ = "chapter"

    room_id: Mapped[UUID] = mapped_column(
        ForeignKey("room.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    bursts_before: Mapped[int] = mapped_column(BigInteger)
    summary: Mapped[bytes] = mapped_column(LargeBinary)
    bursts: Mapped[bytes] = mapped_column(LargeBinary)
    outline: Mapped[bytes | None] = mapped_column(LargeBinary)


class ChapterFileModel(DefaultBase):
    """The edits of a text in a chapter, as one operation. `painted` colours what they insert.

    `text` and `colours` are the text at the end of the chapter, and the runs of who wrote it, in
    some chapters alone; `components` is how many components came since such a one.
    """

    __tablename__ = "chapter_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["room_id", "number"],
            ["chapter.room_id", "chapter.number"],
            name="fk_chapter_file_chapter",
            ondelete="CASCADE",
        ),
    )

    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    components: Mapped[int] = mapped_column(BigInteger)
    operation: Mapped[bytes] = mapped_column(LargeBinary)
    painted: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    colours: Mapped[bytes | None] = mapped_column(LargeBinary)
