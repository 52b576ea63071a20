"""Runs: what was asked for, what their tests came to, and the files that they wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("file", sa.Text(), nullable=True))
    op.add_column("run", sa.Column("options", sa.Text(), nullable=True))
    op.add_column("run", sa.Column("tests", sa.Text(), nullable=True))
    written = sa.Column("written", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("run", written)
    op.create_table(
        "run_file",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["room_id", "revision"],
            ["run.room_id", "run.revision"],
            name="fk_run_file_run",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("room_id", "revision", "path", name="pk_run_file"),
    )


def downgrade() -> None:
    op.drop_table("run_file")
    for column in ("written", "tests", "options", "file"):
        op.drop_column("run", column)
