"""Since when bytes of assets wait for an entry of the log that names them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is there already is looked up in the log once, as if it had been written now.
    since = sa.DateTime(timezone=True)
    op.add_column(
        "blob",
        sa.Column("unclaimed_since", since, nullable=True, server_default=sa.text("now()")),
    )


def downgrade() -> None:
    op.drop_column("blob", "unclaimed_since")
