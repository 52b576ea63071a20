"""The public id and the name of each client of an account, so that they are found when it goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("client_of", sa.Column("person", sa.Text(), nullable=True))
    op.add_column("client_of", sa.Column("name", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("client_of", "name")
    op.drop_column("client_of", "person")
