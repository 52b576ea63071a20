"""The bytes of assets that no entry names are deleted in time, and no others."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from collab.changes.tree import AddAsset
from collab.room.state import Entry
from collab.room.tree import ROOT
from collab.store.log import connected
from tests.support.database import fetch_value, new_room, run

HASHES = "select string_agg(hash, ' ' order by hash) from blob where room_id = $1"
LATER = "update blob set unclaimed_since = unclaimed_since - interval '2 hours'"
HOUR = 3600.0


async def test_bytes_that_no_entry_names_are_deleted_in_time_and_others_never(
    database_url: str,
) -> None:
    room_id = await asyncio.to_thread(new_room, database_url)
    async with connected(database_url, statement_timeout=60) as log:
        named, _ = await log.blobs.write(room_id, b"named")
        await log.blobs.write(room_id, b"refused")
        again, _ = await log.blobs.write(room_id, b"written again")
        change = AddAsset("a", ROOT, "a.bin", named, 5)
        entry = Entry(1, "", 1, "", datetime.now(UTC), change)
        await log.append(room_id, [entry])

        await log.blobs.sweep(HOUR)
        assert len((await fetch_value(database_url, HASHES, room_id)).split()) == 3
        await run(database_url, LATER)
        # A program is about to name these.
        assert await log.blobs.write(room_id, b"written again") == (again, False)
        await log.blobs.sweep(HOUR)
        left = " ".join(sorted([named, again]))
        assert await fetch_value(database_url, HASHES, room_id) == left
        await run(database_url, LATER)
        await log.blobs.sweep(HOUR)
        assert await fetch_value(database_url, HASHES, room_id) == named
