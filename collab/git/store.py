"""The rows of rooms as Git remotes, in PostgreSQL."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from collab.errors import LogUnavailable
from collab.git.committing import Made
from collab.git.cuts import Pin
from collab.git.deltas import apply_delta
from collab.git.graph import CommitRow
from collab.git.objects import ID
from collab.store.connections import Connections

_PIN_COLUMNS = "id, revision, pushed, base"
# The lock keeps the log from going on, so pins are made in the order of their revisions.
_PIN = """
with here as (
    select id, head from room where id = $1 for no key update
)
insert into git_pin (room_id, revision)
select id, head from here
where not exists (select from git_pin where room_id = $1 and revision = here.head)
returning id
"""
_PIN_PUSHED = """
with here as (
    select id, head from room where id = $1 for no key update
), pin as (
    insert into git_pin (room_id, revision, pushed, base) select id, head, $2, $3 from here
    where not exists (select from git_pin where room_id = $1 and pushed = $2)
    returning room_id, id
)
insert into git_pushed (room_id, pin, id, kind, length, data)
select pin.room_id, pin.id, one.*
from pin, unnest($4::bytea[], $5::bigint[], $6::bigint[], $7::bytea[]) as one
"""
# The same without a lock, so that nobody who only asks holds up who types.
_IS_PINNED = """
select exists (
    select from room join git_pin on git_pin.room_id = room.id and git_pin.revision = room.head
    where room.id = $1
)
"""
_IS_BEHIND = """
select exists (
    select from git_pin where room_id = $1 and case
        when pushed is null then revision > coalesce(
            (select max(revision) from git_commit where room_id = $1), 0
        )
        else not exists (
            select from git_commit where room_id = $1 and git_commit.id = git_pin.pushed
        )
    end
)
"""
_PINS = f"select {_PIN_COLUMNS} from git_pin where room_id = $1 and id > $2 order by id"  # noqa: S608 - constants alone
_LAST_PIN = "select max(id) from git_pin where room_id = $1"
_PUSHED = """
select id, kind, length, data from git_pushed where room_id = $1 and pin = $2 order by id
"""
_STATE = """
select number, state from git_commit where room_id = $1 and state is not null
order by number desc limit 1
"""
_GRAPH = """
select id, number, revision, parents, tree from git_commit where room_id = $1 order by number
"""
# Only behind the commit that the first one follows, so that two writers never make two chains.
_WRITE = """
with before as (
    select $2::bytea as id where $2 = '' or exists (
        select from git_commit where room_id = $1 and git_commit.id = $2
    )
), commits as (
    insert into git_commit (room_id, id, number, revision, parents, tree, state)
    select $1, one.* from before, unnest(
        $3::bytea[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bytea[], $8::bytea[]
    ) as one (id, number, revision, parents, tree, state)
    on conflict do nothing
)
insert into git_object (room_id, id, number, kind, length, base, data, asset)
select $1, one.* from before, unnest(
    $9::bytea[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bytea[], $14::bytea[],
    $15::text[]
) as one (id, number, kind, length, base, data, asset)
on conflict (room_id, id) do update set number = excluded.number where git_object.number = 0
"""
_WRITE_BESIDE = """
with commits as (
    insert into git_commit (room_id, id, number, revision, parents, tree)
    values ($1, $2, 0, null, $3, $4) on conflict do nothing
)
insert into git_object (room_id, id, number, kind, length, base, data, asset)
select $1, one.id, 0, kind, length, base, data, asset from unnest(
    $5::bytea[], $6::bigint[], $7::bigint[], $8::bytea[], $9::bytea[], $10::text[]
) as one (id, kind, length, base, data, asset)
on conflict do nothing
"""
_NAME = """
insert into git_tag (room_id, revision, entry, name)
select $1, one.* from unnest($2::bigint[], $3::bigint[], $4::text[]) as one (revision, entry, name)
on conflict (room_id, revision) do update set entry = excluded.entry, name = excluded.name
where git_tag.entry < excluded.entry
"""
_TAG = "update git_tag set commit = $3 where room_id = $1 and revision = $2"
_TAGS = "select revision, name, commit from git_tag where room_id = $1 order by entry"
_FORGET = """
update git_commit set state = null where room_id = $1 and number < $2 and state is not null
"""
_SIZES = """
select number, count(*) as objects, sum(length(data)) as bytes from git_object
where room_id = $1 and number > $2 and number <= $3 group by number order by number
"""
_COLUMNS = "id, kind, length, data, base, asset"
_OBJECTS = f"""
select {_COLUMNS} from git_object where room_id = $1 and number > $2 and number <= $3
"""  # noqa: S608 - constants alone
_CHAINS = f"""
with recursive chain as (
    select id, base from git_object where room_id = $1 and id = any($2::bytea[])
    union
    select below.id, below.base from chain join git_object as below
    on below.room_id = $1 and below.id = chain.base
)
select {_COLUMNS} from git_object where room_id = $1 and id in (select id from chain)
"""  # noqa: S608 - constants alone
_NUMBERS = "select id, number from git_object where room_id = $1 and id = any($2::bytea[])"
_KINDS = "select id, kind from git_object where room_id = $1 and id = any($2::bytea[])"
_MOST = 512 * 1024 * 1024
"""Bytes of an object."""
_STEPS = 1 << 40


class GitStore:
    """Every call may raise LogUnavailable."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # Pins, and what was pushed

    async def pin(self, room_id: UUID) -> bool:
        """Pin the head of a room. Returns whether it was not pinned before."""
        if await self._connections.fetchval(_IS_PINNED, room_id):
            return False
        return await self._connections.fetchval(_PIN, room_id) is not None

    async def pin_pushed(
        self, room_id: UUID, pushed: bytes, base: bytes, objects: Sequence[Made]
    ) -> None:
        """Pin the head of a room, which has what was pushed; once for each commit."""
        columns = [[made.id for made in objects], [made.kind for made in objects]]
        columns += [[made.length for made in objects], [made.data for made in objects]]
        await self._connections.execute(_PIN_PUSHED, room_id, pushed, base, *columns)

    async def pins(self, room_id: UUID, after: int) -> list[Pin]:
        rows = await self._connections.fetch(_PINS, room_id, after)
        return [Pin(*row) for row in rows]

    async def is_pinned(self, room_id: UUID) -> bool:
        return await self._connections.fetchval(_LAST_PIN, room_id) is not None

    async def is_behind(self, room_id: UUID) -> bool:
        """Tell whether there are pins that the commits may not reach yet."""
        behind: bool = await self._connections.fetchval(_IS_BEHIND, room_id)
        return behind

    async def pushed(self, room_id: UUID, pin: int) -> list[Made]:
        """Return the objects that came with a push, each of them whole."""
        rows = await self._connections.fetch(_PUSHED, room_id, pin)
        return [Made(*row) for row in rows]

    # Commits and objects

    async def state(self, room_id: UUID) -> tuple[int, bytes | None]:
        """Return the number of the last commit and what the next is made from."""
        row = await self._connections.fetchrow(_STATE, room_id)
        return (row["number"], row["state"]) if row else (0, None)

    async def graph(self, room_id: UUID) -> list[CommitRow]:
        """Return all commits, in the order of their numbers."""
        return [
            CommitRow(id_, number, revision, split_ids(parents), tree)
            for id_, number, revision, parents, tree in await self._connections.fetch(
                _GRAPH, room_id
            )
        ]

    async def write(
        self,
        room_id: UUID,
        before: bytes,
        commits: Sequence[CommitRow],
        objects: Sequence[tuple[int, Made]],
        state: bytes,
    ) -> None:
        """Write commits that follow `before`, and their objects by number. `state` is that of the
        last commit of `main` among them."""
        last = max((one for one in commits if one.revision is not None), key=lambda one: one.number)
        columns: list[list[Any]] = [
            [one.id for one in commits],
            [one.number for one in commits],
            [one.revision for one in commits],
            [b"".join(one.parents) for one in commits],
            [one.tree for one in commits],
            [state if one is last else None for one in commits],
            [made.id for _, made in objects],
            [number for number, _ in objects],
            [made.kind for _, made in objects],
            [made.length for _, made in objects],
            [made.base for _, made in objects],
            [made.data for _, made in objects],
            [made.asset for _, made in objects],
        ]
        await self._connections.execute(_WRITE, room_id, before, *columns)
        await self._connections.execute(_FORGET, room_id, last.number)

    # Versions

    async def name(self, room_id: UUID, names: Mapping[int, tuple[int, str]]) -> None:
        """Note names of revisions, with the entries that gave them. The last entry counts."""
        revisions, given = list(names), list(names.values())
        entries, words = [entry for entry, _ in given], [name for _, name in given]
        await self._connections.execute(_NAME, room_id, revisions, entries, words)

    async def tags(self, room_id: UUID) -> list[tuple[int, str, bytes | None]]:
        """Return the revisions that have a name, with it and the commit that is known of them, in
        the order in which they were named."""
        return [tuple(row) for row in await self._connections.fetch(_TAGS, room_id)]

    async def tag(self, room_id: UUID, revision: int, commit: bytes) -> None:
        """Note the commit of a version."""
        await self._connections.execute(_TAG, room_id, revision, commit)

    async def write_beside(self, room_id: UUID, row: CommitRow, objects: Sequence[Made]) -> None:
        """Write a commit that is not one of `main`, and what is in it."""
        columns: list[list[Any]] = [
            [made.id for made in objects],
            [made.kind for made in objects],
            [made.length for made in objects],
            [made.base for made in objects],
            [made.data for made in objects],
            [made.asset for made in objects],
        ]
        parents = b"".join(row.parents)
        await self._connections.execute(_WRITE_BESIDE, room_id, row.id, parents, row.tree, *columns)

    async def numbers(self, room_id: UUID, ids: Collection[bytes]) -> dict[bytes, int]:
        """Return the numbers of those of these objects that the room has."""
        rows = await self._connections.fetch(_NUMBERS, room_id, list(ids))
        return {row["id"]: row["number"] for row in rows}

    async def sizes(self, room_id: UUID, after: int, until: int) -> list[tuple[int, int, int]]:
        """Return by number how many objects there are, and their bytes."""
        rows = await self._connections.fetch(_SIZES, room_id, after, until)
        return [(row["number"], row["objects"], int(row["bytes"])) for row in rows]

    async def objects(self, room_id: UUID, after: int, until: int) -> list[Made]:
        """Return the objects with a number above `after` and up to `until`."""
        return _made(await self._connections.fetch(_OBJECTS, room_id, after, until))

    async def kinds(self, room_id: UUID, ids: Collection[bytes]) -> dict[bytes, int]:
        """Return the kinds of those of these objects that the room has."""
        rows = await self._connections.fetch(_KINDS, room_id, list(ids))
        return {row["id"]: row["kind"] for row in rows}

    async def load(self, room_id: UUID, ids: Collection[bytes]) -> dict[bytes, Made]:
        """Return objects with what their deltas are based on."""
        if not ids:
            return {}
        rows = await self._connections.fetch(_CHAINS, room_id, list(ids))
        return {made.id: made for made in _made(rows)}

    async def contents(self, room_id: UUID, ids: Collection[bytes]) -> dict[bytes, bytes]:
        """Return the content of objects that are no assets."""
        found = await self.load(room_id, ids)
        return await asyncio.to_thread(resolve, found, ids)


def resolve(found: Mapping[bytes, Made], ids: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the contents of objects, given what their deltas are based on.

    Raises LogUnavailable where one is missing.
    """
    contents: dict[bytes, bytes] = {}
    for id_ in ids:
        chain: list[Made] = []
        at: bytes | None = id_
        while at is not None and at not in contents:
            if (made := found.get(at)) is None or made.asset:
                raise LogUnavailable("an object of Git was deleted while it was read")
            chain.append(made)
            at = made.base
        data = contents[at] if at else b""
        for made in reversed(chain):
            inflated = zlib.decompress(made.data)
            data = apply_delta(data, inflated, _MOST, _STEPS)[0] if made.base else inflated
        contents[id_] = data
    return contents


def split_ids(ids: bytes) -> tuple[bytes, ...]:
    """Split ids that stand one after the other."""
    return tuple(ids[at : at + ID] for at in range(0, len(ids), ID))


def _made(rows: Iterable[Any]) -> list[Made]:
    return [Made(*row) for row in rows]
