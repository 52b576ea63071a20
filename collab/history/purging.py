"""The command `collab purge`: nobody can read any more what a room was before a revision.

For a secret that somebody pasted. The room stays as it is and its revisions keep their numbers: the
first entry now makes all that was there at the revision, and the entries after it, up to there, do
nothing. This is the one place where entries of a log are changed, and only whoever has the database
can ask for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import UUID

import asyncpg
from msgspec import Struct

from collab.changes.name import SetName
from collab.changes.program import SetProgram
from collab.changes.tree import AddAsset, AddFolder, Remove
from collab.live.permits import parse_room_id
from collab.protocol import AddFile, Edit, Many, Single, change_decoder, encoder
from collab.room.fold import fold
from collab.room.state import Entry, State
from collab.store.reach import reach
from ot import Operation

_ENTRIES = """
select revision, client, seq, author, created_at, change, person, origin from entry
where room_id = $1 and revision <= $2 order by revision
"""
_BLANK = """
update entry set change = $3, origin = 'tool'
where room_id = $1 and revision > 1 and revision <= $2
"""
_SNAPSHOT = """
delete from file_text where room_id = $1
    and exists (select 1 from snapshot where room_id = $1 and revision < $2)
"""
_STATEMENTS = (
    _SNAPSHOT,
    "delete from snapshot where room_id = $1 and revision < $2",
    "delete from chapter where room_id = $1 and $2 > 0",
    "delete from run where room_id = $1 and revision <= $2",
    # Commits name those before them, so none of them stays.
    "delete from git_pin where room_id = $1 and $2 > 0",
    "delete from git_commit where room_id = $1 and $2 > 0",
    "delete from git_object where room_id = $1 and $2 > 0",
    "delete from git_tag where room_id = $1 and $2 > 0",
)
_BLOBS = """
delete from blob where room_id = $1 and not exists (
    select 1 from entry where entry.room_id = $1
        and change like '%"' || blob.hash || '"%'
)
"""


class Purged(Struct):
    """The outcome, and words for the person who asked."""

    done: bool
    words: str


def purge(database_url: str, room: str, before: str) -> Purged:
    """Make what a room was before a revision unreadable."""
    room_id = parse_room_id(room)
    if room_id is None:
        return Purged(False, f"collab: {room} is no id of a room")
    if not before.isdecimal() or int(before) < 2:
        return Purged(False, f"collab: --before {before}: it has to be a revision, at least 2")

    async def run() -> Purged:
        async with reach(database_url) as connection, connection.transaction():
            return await _purge(connection, room_id, int(before) - 1)

    return asyncio.run(run())


async def _purge(
    connection: asyncpg.Connection[asyncpg.Record], room_id: UUID, last: int
) -> Purged:
    # While this holds the row of the room, no server adds to its log.
    head = await connection.fetchval("select head from room where id = $1 for update", room_id)
    if head is None:
        return Purged(False, "collab: there is no such room")
    if last >= head:
        return Purged(False, f"collab: the room has {head} revisions; keep at least the last")
    state = State()
    async for row in connection.cursor(_ENTRIES, room_id, last):
        number, client, seq, author, at, change, person, origin = row
        decoded = change_decoder.decode(change)
        fold(state, Entry(number, client, seq, author, at, decoded, person, origin))
    made = encoder.encode(Many(list(_made(state)), "import")).decode()
    nothing = encoder.encode(Edit(state.main_id, Operation([len(state.main.text)]))).decode()
    await connection.execute(_BLANK, room_id, last, nothing)
    await connection.execute(
        "update entry set change = $2, origin = 'import' where room_id = $1 and revision = 1",
        room_id,
        made,
    )
    for statement in _STATEMENTS:
        await connection.execute(statement, room_id, last)
    await connection.execute(_BLOBS, room_id)
    return Purged(
        True,
        f"What the room was before revision {last + 1} is gone, for good. Its texts and files are "
        "as they were.\nLinks to earlier revisions show the room as of then; carets, comments and "
        "links to lines stay.\nVersions, runs and their output from before are gone. Messages are "
        "kept: delete what they quote.\nThe Git history begins anew: make clones again.\nPages "
        "that were offline since before read the room anew. Restart the servers that have the room "
        "in memory,\nand delete backups that hold the "
        "secret. A secret that others have seen has to be changed all the same.",
    )


def _made(state: State) -> Iterator[Single]:
    """Yield the changes that make an empty room equal to this one."""
    nodes = sorted(state.tree, key=lambda node: len(state.tree.above(node)))
    for node in nodes:
        place = state.tree[node]
        if place.is_folder:
            yield AddFolder(node, place.parent, place.name)
    for node, file in state.files.items():
        place = state.tree[node]
        yield AddFile(node, place.name, file.chosen, str(file.text), place.parent)
    for node, asset in state.assets.items():
        place = state.tree[node]
        yield AddAsset(node, place.parent, place.name, asset.blob, asset.size)
    for node in nodes:
        if state.tree[node].removed:
            yield Remove(node)
    if name := state.facts.get("name"):
        yield SetName(name)
    if program := state.facts.get("program"):
        yield SetProgram(program)
