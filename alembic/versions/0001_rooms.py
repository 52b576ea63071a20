"""Rooms, the log and snapshots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_room"),
    )
    op.create_table(
        "entry",
        _room_id("entry"),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "revision", name="pk_entry"),
        sa.UniqueConstraint("room_id", "client", "seq", name="uq_entry_client_seq"),
    )
    op.create_table(
        "snapshot",
        _room_id("snapshot"),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", name="pk_snapshot"),
    )


def downgrade() -> None:
    op.drop_table("snapshot")
    op.drop_table("entry")
    op.drop_table("room")


def _room_id(table: str) -> sa.Column[object]:
    room = sa.ForeignKey("room.id", ondelete="CASCADE", name=f"fk_{table}_room_id_room")
    return sa.Column("room_id", sa.Uuid(), room, nullable=False)
