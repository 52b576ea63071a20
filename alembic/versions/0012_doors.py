"""Access: the door of each room, members, links, those who wait, and a record of changes.

Rooms of before are open to edit and have no owner, which is what the defaults say.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")


def upgrade() -> None:
    zero = sa.text("0")
    op.add_column("room", sa.Column("access", sa.BigInteger(), nullable=False, server_default=zero))
    open_ = sa.Column("open", sa.Text(), nullable=False, server_default=sa.text("'editor'"))
    op.add_column("room", open_)
    op.add_column("room", sa.Column("owner", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_room_owner_account", "room", "account", ["owner"], ["id"], ondelete="SET NULL"
    )
    op.create_index("ix_room_owner", "room", ["owner"])
    locked = sa.Column("locked", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    op.add_column("room", locked)
    op.create_table(
        "member",
        *_of_room("member"),
        *_of_account("member"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        _at("since"),
        sa.PrimaryKeyConstraint("room_id", "who", name="pk_member"),
    )
    op.create_index("ix_member_who", "member", ["who"])
    op.create_table(
        "link",
        *_of_room("link"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        _at("made_at"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("uses", sa.BigInteger(), nullable=False, server_default=zero),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("room_id", "id", name="pk_link"),
        sa.UniqueConstraint("secret", name="uq_link_secret"),
    )
    op.create_table(
        "waiting",
        *_of_room("waiting"),
        *_of_account("waiting"),
        sa.Column("name", sa.Text(), nullable=False),
        _at("since"),
        sa.Column("turned_away_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("room_id", "who", name="pk_waiting"),
    )
    op.create_table(
        "room_audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _at("at"),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_room_audit"),
    )
    op.create_index("ix_room_audit_room_id", "room_audit", ["room_id"])


def downgrade() -> None:
    for table in ("room_audit", "waiting", "link", "member"):
        op.drop_table(table)
    for column in ("locked", "owner", "open", "access"):
        op.drop_column("room", column)


def _of_room(table: str) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    return sa.Column("room_id", sa.Uuid(), nullable=False), sa.ForeignKeyConstraint(
        ["room_id"], ["room.id"], name=f"fk_{table}_room_id_room", ondelete="CASCADE"
    )


def _of_account(table: str) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    return sa.Column("who", sa.Uuid(), nullable=False), sa.ForeignKeyConstraint(
        ["who"], ["account.id"], name=f"fk_{table}_who_account", ondelete="CASCADE"
    )


def _at(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=_NOW)
