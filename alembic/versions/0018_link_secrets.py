"""Doors: the secret of a link is unique in its room, so that every key of a room begins with it."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint("uq_link_room_id_secret", "link", ["room_id", "secret"])
    op.drop_constraint("uq_link_secret", "link")


def downgrade() -> None:
    op.create_unique_constraint("uq_link_secret", "link", ["secret"])
    op.drop_constraint("uq_link_room_id_secret", "link")
