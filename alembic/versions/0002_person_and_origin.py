"""Add the person behind an entry, and how its change came about; both are null in older entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entry", sa.Column("person", sa.Text(), nullable=True))
    op.add_column("entry", sa.Column("origin", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("entry", "origin")
    op.drop_column("entry", "person")
