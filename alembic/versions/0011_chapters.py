"""Chapters: a cache of a room's log, in which its past is read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chapter",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("bursts_before", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("bursts", sa.LargeBinary(), nullable=False),
        sa.Column("outline", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name="fk_chapter_room_id_room", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "number", name="pk_chapter"),
    )
    op.create_table(
        "chapter_file",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("components", sa.BigInteger(), nullable=False),
        sa.Column("operation", sa.LargeBinary(), nullable=False),
        sa.Column("painted", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("colours", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["room_id", "number"],
            ["chapter.room_id", "chapter.number"],
            name="fk_chapter_file_chapter",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("room_id", "file", "number", name="pk_chapter_file"),
    )


def downgrade() -> None:
    op.drop_table("chapter_file")
    op.drop_table("chapter")
