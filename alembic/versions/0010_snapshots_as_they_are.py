"""Snapshots are stored as they are: compressing one took longer than writing it."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table snapshot alter column state set storage external")


def downgrade() -> None:
    op.execute("alter table snapshot alter column state set storage extended")
