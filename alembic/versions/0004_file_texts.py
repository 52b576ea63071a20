"""The texts of files, beside the snapshots of rooms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_text",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name="fk_file_text_room_id_room", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "file", name="pk_file_text"),
    )
    op.add_column("snapshot", sa.Column("main", sa.Text(), nullable=True))


def downgrade() -> None:
    # A snapshot is a cache, and the release before does not read one that has texts beside it.
    op.execute("delete from snapshot where main is not null")
    op.drop_column("snapshot", "main")
    op.drop_table("file_text")
