"""Rooms as Git remotes: pins and what was pushed; commits and objects, which are a cache."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "git_pin",
        *_of_room("git_pin"),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("pushed", sa.LargeBinary(), nullable=True),
        sa.Column("base", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("room_id", "id", name="pk_git_pin"),
    )
    op.create_table(
        "git_pushed",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("pin", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("room_id", "pin", "id", name="pk_git_pushed"),
        sa.ForeignKeyConstraint(
            ["room_id", "pin"],
            ["git_pin.room_id", "git_pin.id"],
            name="fk_git_pushed_pin",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "git_commit",
        *_of_room("git_commit"),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.Column("parents", sa.LargeBinary(), nullable=False),
        sa.Column("tree", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("room_id", "id", name="pk_git_commit"),
    )
    op.create_index("ix_git_commit_number", "git_commit", ["room_id", "number"])
    op.create_table(
        "git_object",
        *_of_room("git_object"),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.LargeBinary(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("asset", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("room_id", "id", name="pk_git_object"),
    )
    op.create_index("ix_git_object_number", "git_object", ["room_id", "number"])
    for column in ("git_commit.state", "git_object.data", "git_pushed.data"):
        table, name = column.split(".")
        # It is compressed already.
        op.execute(f"alter table {table} alter column {name} set storage external")


def downgrade() -> None:
    for table in ("git_object", "git_commit", "git_pushed", "git_pin"):
        op.drop_table(table)


def _of_room(table: str) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    return sa.Column("room_id", sa.Uuid(), nullable=False), sa.ForeignKeyConstraint(
        ["room_id"], ["room.id"], name=f"fk_{table}_room_id_room", ondelete="CASCADE"
    )
