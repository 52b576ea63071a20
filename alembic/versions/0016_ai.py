"""AI: what was used of each day's budget, rooms that allow it or not, and what people agreed to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ai_use",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "who", name="pk_ai_use"),
        sa.CheckConstraint("tokens <= most", name="ck_ai_use_budget"),
    )
    op.create_table(
        "ai_room",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", name="pk_ai_room"),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name="fk_ai_room_room_id_room", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "ai_person",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_to", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name="pk_ai_person"),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name="fk_ai_person_account_id_account",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    for table in ("ai_person", "ai_room", "ai_use"):
        op.drop_table(table)
