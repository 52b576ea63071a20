"""Talk: mentions of accounts, replies, and for how long a room keeps messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("talk", sa.Column("cleared", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("talk", sa.Column("keep_days", sa.Double(), nullable=True))
    op.add_column(
        "message", sa.Column("reply", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_table(
        "mention",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name="fk_mention_account_id_account",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["room_id", "number"],
            ["message.room_id", "message.number"],
            name="fk_mention_message",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "room_id", "number", name="pk_mention"),
    )
    op.create_index("ix_mention_message", "mention", ["room_id", "number"])


def downgrade() -> None:
    op.drop_table("mention")
    op.drop_column("message", "reply")
    op.drop_column("talk", "keep_days")
    op.drop_column("talk", "cleared")
