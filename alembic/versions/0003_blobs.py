"""The bytes of assets, beside the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name="fk_blob_room_id_room", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("room_id", "hash", name="pk_blob"),
    )
    # Most assets are compressed already, and a slice of what is not compressed is read alone.
    op.execute("alter table blob alter column bytes set storage external")


def downgrade() -> None:
    op.drop_table("blob")
