"""Brings a database to the newest tables, one process at a time."""

from __future__ import annotations

import asyncio

from advanced_alchemy.base import orm_registry
from alembic import context
from sqlalchemy import Connection, text

from collab import options
from collab.access import account_tables
from collab.ai import tables as ai_tables
from collab.doors import tables as door_tables
from collab.git import tables as git_tables
from collab.history import tables as history_tables
from collab.runs import tables
from collab.store import models
from collab.store.engine import create_engine
from collab.talk import tables as talk_tables

_ADVISORY_LOCK = 0x636F6C6C6162  # "collab"

assert models.RoomModel.metadata is orm_registry.metadata
assert account_tables.AccountModel.metadata is orm_registry.metadata
assert ai_tables.AiUseModel.metadata is orm_registry.metadata
assert door_tables.MemberModel.metadata is orm_registry.metadata
assert git_tables.GitPinModel.metadata is orm_registry.metadata
assert history_tables.ChapterModel.metadata is orm_registry.metadata
assert tables.RunModel.metadata is orm_registry.metadata
assert talk_tables.TalkModel.metadata is orm_registry.metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=orm_registry.metadata,
        version_table="alembic_version",
        compare_type=True,
    )
    with context.begin_transaction():
        connection.execute(text(f"select pg_advisory_xact_lock({_ADVISORY_LOCK})"))
        context.run_migrations()


async def run_connected(database_url: str) -> None:
    engine = create_engine(database_url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
    finally:
        await engine.dispose()


database_url = context.config.attributes.get("database_url") or options.read([]).database_url
if database_url is None:
    raise SystemExit("Give the database as COLLAB_DATABASE_URL.")
if context.is_offline_mode():
    raise SystemExit("Migrations run against a database; there is no offline mode.")
asyncio.run(run_connected(database_url))
