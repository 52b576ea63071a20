"""Talk: messages, threads of comments, reactions, and how far people have read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _room(table: str) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    return sa.Column("room_id", sa.Uuid(), nullable=False), sa.ForeignKeyConstraint(
        ["room_id"], ["room.id"], name=f"fk_{table}_room_id_room", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "talk",
        *_room("talk"),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", name="pk_talk"),
    )
    op.create_table(
        "message",
        *_room("message"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("colour", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("words", TSVECTOR(), nullable=True),
        sa.Column("thread", sa.BigInteger(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.Column("accepted_by", sa.Text(), nullable=True),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("room_id", "number", name="pk_message"),
        sa.UniqueConstraint("room_id", "who", "nonce", name="uq_message_nonce"),
    )
    op.create_index("ix_message_stamp", "message", ["room_id", "stamp"])
    op.create_index("ix_message_who", "message", ["room_id", "who", "at"])
    op.create_index("ix_message_thread", "message", ["room_id", "thread", "number"])
    op.create_index("ix_message_words", "message", ["words"], postgresql_using="gin")
    op.create_table(
        "thread",
        *_room("thread"),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "id", name="pk_thread"),
    )
    op.create_table(
        "reaction",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id", "number"],
            ["message.room_id", "message.number"],
            name="fk_reaction_message",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("room_id", "number", "who", "name", name="pk_reaction"),
    )
    op.create_table(
        "read_mark",
        *_room("read_mark"),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "who", name="pk_read_mark"),
    )


def downgrade() -> None:
    for table in ("read_mark", "reaction", "thread", "message", "talk"):
        op.drop_table(table)
