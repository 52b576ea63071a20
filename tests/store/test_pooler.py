"""What asks for a pooler leaves nothing at the database."""

from __future__ import annotations

import asyncpg

from collab.store import pooler
from tests.support.database import eventually

ALONE = """
select count(*) = 2 from pg_stat_activity
where datname = current_database() and backend_type = 'client backend'
"""
"""The session that was asked about, and the one that asks this."""


async def test_the_session_that_is_in_the_way_of_the_other_is_ended(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        assert await pooler._keeps_its_session(connection, database_url)
        await eventually(database_url, ALONE)
    finally:
        await connection.close()
