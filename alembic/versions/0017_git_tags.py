"""Rooms as Git remotes: the names of versions are tags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "git_tag",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("commit", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("room_id", "revision", name="pk_git_tag"),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name="fk_git_tag_room_id_room", ondelete="CASCADE"
        ),
    )
    # A cache, which is made again of the log, and then with tags.
    op.execute("delete from git_commit")
    op.execute("delete from git_object")


def downgrade() -> None:
    op.drop_table("git_tag")
