"""The rows of runs, in PostgreSQL. All times are the database's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct, json
from msgspec.structs import replace

from collab.changes.run import Options, Run
from collab.protocol import FileId, change_decoder
from collab.room.state import Entry
from collab.runs.programs import Ended, Written
from collab.runs.reports import Tally
from collab.store.connections import Connections

LOST_AFTER = 7.0
"""Seconds without a sign of life of the owner, after which a run is lost."""

PAGE = 100
"""Chunks of output read at once."""

INPUT, STDOUT, STDERR, PICTURE, TEST = range(5)
Part = tuple[int, str] | tuple[int, str, str]
"""A stream and a text. With input comes its author. The text of a picture is the path of the file
that has it, with its type; that of a test, a `Result` as JSON."""

_FIELDS = f"""revision, author, path, state, rung, waiting, reason, words, exit, cpu_ms,
    peak_bytes, bytes, dropped, started_at, ended_at,
    state <> 'ended' and seen_at < now() - interval '{LOST_AFTER} seconds' as silent,
    file, options, tests,
    (select count(*) from run_file f where f.room_id = run.room_id and f.revision = run.revision)
        as files"""  # noqa: S608
# What an owner writes comes back as it now is, so it need not be read to be told. Whoever owns a
# run already claims it once more where the database has not answered.
_CLAIM = f"""
insert into run (room_id, revision, owner, author, path, state, rung, waiting, cpu_ms,
    peak_bytes, bytes, dropped, started_at, seen_at, file, options, written)
values ($1, $2, $3, $4, '', 'starting', '', false, 0, 0, 0, false, now(), now(), $5, $6, 0)
on conflict (room_id, revision) do update set seen_at = now()
where run.owner = excluded.owner and run.state = 'starting'
returning {_FIELDS}
"""  # noqa: S608 - constants alone
_START = f"""
update run set path = $4, state = 'running', rung = $5, tests = $6, seen_at = now()
where room_id = $1 and revision = $2 and owner = $3 and state <> 'ended'
returning {_FIELDS}
"""  # noqa: S608 - constants alone
_WAIT = f"""
update run set waiting = $4
where room_id = $1 and revision = $2 and owner = $3 and state = 'running'
returning {_FIELDS}
"""  # noqa: S608 - constants alone
_END = f"""
update run set state = 'ended', waiting = false, reason = $4, words = $5, exit = $6, cpu_ms = $7,
    peak_bytes = $8, tests = $9, ended_at = now()
where room_id = $1 and revision = $2 and owner = $3 and state <> 'ended'
returning {_FIELDS}
"""  # noqa: S608 - constants alone
_LOSE = f"""
update run set state = 'ended', waiting = false, reason = 'lost', ended_at = now()
where state <> 'ended' and seen_at < now() - interval '{LOST_AFTER} seconds'
    and room_id = $1 and revision = $2
"""  # noqa: S608 - constants alone
_BEAT = """
update run set seen_at = now()
from unnest($2::uuid[], $3::bigint[]) as known (room_id, revision)
where run.room_id = known.room_id and run.revision = known.revision
    and run.owner = $1 and run.state <> 'ended'
returning run.room_id, run.revision, exists (
    select from run_input
    where run_input.room_id = run.room_id and run_input.revision = run.revision and not taken
) as typed
"""
# One statement, so that a run that was taken for lost gets no more output. Where it is there
# already, the database has not answered before.
_WRITE = f"""
with fence as (
    update run set bytes = bytes + $7
    where room_id = $1 and revision = $2 and owner = $3 and state <> 'ended'
    returning room_id, {_FIELDS}
), chunk as (
    insert into run_output (room_id, revision, n, at_ms, parts)
    select room_id, revision, $4::bigint, $5::bigint, $6::text from fence on conflict do nothing
)
select * from fence
"""  # noqa: S608 - constants alone
_KEEP = """
with fence as (
    update run set written = written + $7
    where room_id = $1 and revision = $2 and owner = $3 and state <> 'ended'
    returning room_id, revision
)
insert into run_file (room_id, revision, path, size, body)
select room_id, revision, $4::text, $5::bigint, $6::bytea from fence on conflict do nothing
"""
_FILES = """
select path, size, body is not null, substring(body for 16) from run_file
where room_id = $1 and revision = $2 order by path
"""
_FILE = """
select size, body from run_file where room_id = $1 and revision = $2 and path = $3
"""
_ONE = f"select {_FIELDS} from run where room_id = $1 and revision = $2"  # noqa: S608
_NEWEST = f"select {_FIELDS} from run where room_id = $1 order by revision desc limit $2"  # noqa: S608
_OUTPUT = f"""
select n, parts from run_output
where room_id = $1 and revision = $2 and n > $3 order by n limit {PAGE}
"""  # noqa: S608 - constants alone
_PROGRESS = f"""
select one.*, chunk.numbers, chunk.bodies from ({_ONE}) as one, (
    select array_agg(n order by n) as numbers, array_agg(parts order by n) as bodies
    from ({_OUTPUT}) as page
) as chunk
"""  # noqa: S608 - constants alone
_INPUT = """
insert into run_input (room_id, revision, client, seq, author, kind, body, at, taken)
values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), false) on conflict do nothing
"""
_TAKE = """
with taken as (
    update run_input set taken = true where room_id = $1 and revision = $2 and not taken
    returning at, author, kind, body
)
select author, kind, body from taken order by at
"""
_GIVE = """
insert into run_input (room_id, revision, client, seq, author, kind, body, at, taken)
values ($1, $2, '', 0, '', 'text', $3, clock_timestamp(), true),
    ($1, $2, '', 1, '', 'end', '', clock_timestamp(), true)
on conflict do nothing
"""
_TYPED = """
select author, kind, body from run_input where room_id = $1 and revision = $2 order by at, seq
"""
# Of a room that is a copy, only what came after it was copied is its own.
_ORPHANS = f"""
select entry.revision, entry.client, entry.seq, entry.author, entry.created_at, entry.change,
    entry.created_at < now() - interval '{LOST_AFTER} seconds' as old
from entry join room on room.id = entry.room_id
where room.id = $1 and entry.revision > room.head - 1000 and entry.change like '["run",%'
    and entry.created_at >= room.created_at
    and not exists (
        select from run where run.room_id = room.id and run.revision = entry.revision
    )
"""  # noqa: S608 - constants alone
_ACTIVE = "select revision from run where room_id = $1 and state <> 'ended'"
# The newest runs of a room keep their output, as many as fit.
_DROP = """
with kept as (
    select revision, row_number() over newest as place, sum(bytes + written) over newest as total
    from run where room_id = $1 and not dropped window newest as (order by revision desc)
), old as (
    update run set dropped = true from kept
    where run.room_id = $1 and run.revision = kept.revision and run.state = 'ended'
        and (place > $2 or (total > $3 and place > 1)
            or run.ended_at < now() - $4 * interval '1 day')
    returning run.revision
), input as (
    delete from run_input using old where room_id = $1 and run_input.revision = old.revision
), files as (
    delete from run_file using old where room_id = $1 and run_file.revision = old.revision
)
delete from run_output using old where room_id = $1 and run_output.revision = old.revision
"""


_options = json.Decoder(Options)
_tally = json.Decoder(Tally | None)
_decoder: json.Decoder[list[Part]] = json.Decoder(list[tuple[Any, ...]])


class Row(Struct, frozen=True):
    """A run as it is now."""

    revision: int
    author: str
    path: str
    state: str
    rung: str
    waiting: bool
    reason: str | None
    words: str | None
    exit: int | None
    cpu_ms: int
    peak_bytes: int
    bytes: int
    dropped: bool
    started_at: datetime
    ended_at: datetime | None
    silent: bool
    """Its owner gives no sign of life."""
    file: FileId | None
    """None, as its options, where a release has run it that did not keep them."""
    options: Options
    tests: Tally | None
    files: int
    """How many files it wrote."""

    @property
    def tally(self) -> Tally | None:
        """How its tests went so far; None where it runs none."""
        return self.tests or (None if self.options.tests is None else Tally())


Chunk = tuple[int, list[Part]]
"""The number of a chunk, and what was printed."""


class Listed(Struct, frozen=True):
    """A file that a run wrote. `beginning` are its first bytes, where it is kept."""

    path: str
    size: int
    kept: bool
    beginning: bytes | None


class Typed(Struct, frozen=True):
    """What somebody typed or asked."""

    author: str
    kind: str
    body: str


class RunStore:
    """Every call may raise LogUnavailable."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # Of an owner: each returns the run as it then is, None if it is not the owner's any more.

    async def claim(
        self, room_id: UUID, revision: int, owner: str, author: str, change: Run
    ) -> Row | None:
        """Become the owner of a run; None if another is."""
        # Its input is kept as what was given to it.
        options = json.encode(replace(change.options, stdin=None)).decode()
        return await self._row(_CLAIM, room_id, revision, owner, author, change.file, options)

    async def start(
        self, room_id: UUID, revision: int, owner: str, path: str, rung: str, tests: Tally | None
    ) -> Row | None:
        told = json.encode(tests).decode() if tests else None
        return await self._row(_START, room_id, revision, owner, path, rung, told)

    async def wait(self, room_id: UUID, revision: int, owner: str, *, waiting: bool) -> Row | None:
        return await self._row(_WAIT, room_id, revision, owner, waiting)

    async def write(
        self, room_id: UUID, revision: int, owner: str, n: int, at_ms: int, parts: list[Part]
    ) -> Row | None:
        """Keep a chunk of output."""
        size = sum(len(part[1].encode()) for part in parts)
        body = json.encode(parts).decode()
        return await self._row(_WRITE, room_id, revision, owner, n, at_ms, body, size)

    async def end(
        self,
        room_id: UUID,
        revision: int,
        owner: str,
        ended: Ended,
        words: str | None,
        tests: Tally | None = None,
    ) -> Row | None:
        how = (ended.reason, words, ended.exit, ended.cpu_ms, ended.peak)
        told = json.encode(tests).decode() if tests else None
        return await self._row(_END, room_id, revision, owner, *how, told)

    async def beat(
        self, owner: str, runs: Collection[tuple[UUID, int]]
    ) -> dict[tuple[UUID, int], bool]:
        """Give a sign of life for runs of an owner. Returns those that are still its own, and
        whether there is input for each."""
        rooms, revisions = [room for room, _ in runs], [revision for _, revision in runs]
        rows = await self._connections.fetch(_BEAT, owner, rooms, revisions)
        return {(row["room_id"], row["revision"]): row["typed"] for row in rows}

    async def keep(
        self, room_id: UUID, revision: int, owner: str, files: Sequence[Written]
    ) -> None:
        """Keep files that a run wrote."""
        for file in files:
            kept = len(file.body or b"")
            await self._connections.execute(
                _KEEP, room_id, revision, owner, file.path, file.size, file.body, kept
            )

    async def files(self, room_id: UUID, revision: int) -> list[Listed]:
        """The files that a run wrote, by path."""
        rows = await self._connections.fetch(_FILES, room_id, revision)
        return [Listed(*row) for row in rows]

    async def file(self, room_id: UUID, revision: int, path: str) -> Written | None:
        """One of them, with its bytes."""
        row = await self._connections.fetchrow(_FILE, room_id, revision, path)
        return Written(path, row["size"], row["body"]) if row else None

    async def output(self, room_id: UUID, revision: int, after: int) -> list[Chunk]:
        """The chunks of a run after a number, at most PAGE."""
        rows = await self._connections.fetch(_OUTPUT, room_id, revision, after)
        return [(row["n"], _decoder.decode(row["parts"])) for row in rows]

    async def chunks(self, room_id: UUID, revision: int, after: int = 0) -> AsyncIterator[Chunk]:
        """All chunks of a run after a number, as far as there are any now."""
        found = None
        while found is None or len(found) == PAGE:
            found = await self.output(room_id, revision, after)
            for chunk in found:
                after, _ = chunk
                yield chunk

    async def type(self, room_id: UUID, revision: int, client: str, seq: int, typed: Typed) -> bool:
        """Keep what somebody typed; False if it is kept already."""
        status = await self._connections.execute(
            _INPUT, room_id, revision, client, seq, typed.author, typed.kind, typed.body
        )
        return not status.endswith(" 0")

    async def give(self, room_id: UUID, revision: int, text: str) -> None:
        """Keep the input that a run has from the beginning."""
        await self._connections.execute(_GIVE, room_id, revision, text)

    async def typed(self, room_id: UUID, revision: int) -> list[Typed]:
        """All that was given or typed into a run, in order."""
        rows = await self._connections.fetch(_TYPED, room_id, revision)
        return [Typed(*row) for row in rows]

    async def take(self, room_id: UUID, revision: int) -> list[Typed]:
        """What was typed and not taken before, in order."""
        rows = await self._connections.fetch(_TAKE, room_id, revision)
        return [Typed(*row) for row in rows]

    async def one(self, room_id: UUID, revision: int) -> Row | None:
        """Read a run. If its owner gives no sign of life, it is marked as lost first."""
        row = await self._row(_ONE, room_id, revision)
        if row and row.silent:
            await self._lose(room_id, revision)
            row = await self._row(_ONE, room_id, revision)
        return row

    async def progress(
        self, room_id: UUID, revision: int, after: int
    ) -> tuple[Row | None, list[Chunk]]:
        """Read a run as `one` does, with its chunks after a number, at most PAGE."""
        found = await self._connections.fetchrow(_PROGRESS, room_id, revision, after)
        if found and found["silent"]:
            await self._lose(room_id, revision)
            found = await self._connections.fetchrow(_PROGRESS, room_id, revision, after)
        if found is None:
            return None, []
        bodies = map(_decoder.decode, found["bodies"] or ())
        return _row(found), [*zip(found["numbers"] or (), bodies, strict=True)]

    async def newest(self, room_id: UUID, most: int) -> list[Row]:
        """Read the runs of a room, the newest first."""
        return [_row(row) for row in await self._connections.fetch(_NEWEST, room_id, most)]

    async def active(self, room_id: UUID) -> list[int]:
        return [row["revision"] for row in await self._connections.fetch(_ACTIVE, room_id)]

    async def orphans(self, room_id: UUID) -> list[tuple[Entry, bool]]:
        """The entries of recent runs that nobody has claimed, and whether each is too old to be
        run."""
        rows = await self._connections.fetch(_ORPHANS, room_id)
        return [
            (
                Entry(
                    row["revision"],
                    row["client"],
                    row["seq"],
                    row["author"],
                    row["created_at"],
                    change_decoder.decode(row["change"]),
                ),
                row["old"],
            )
            for row in rows
        ]

    async def drop(self, room_id: UUID, runs: int, size: int, days: float) -> None:
        """Drop the output that is more than a room keeps."""
        await self._connections.execute(_DROP, room_id, runs, size, days)

    async def _lose(self, room_id: UUID, revision: int) -> None:
        await self._connections.execute(_LOSE, room_id, revision)

    async def _row(self, *statement: object) -> Row | None:
        row = await self._connections.fetchrow(*statement)
        return _row(row) if row else None


def _row(row: asyncpg.Record) -> Row:
    fields = {name: row[name] for name in Row.__struct_fields__}
    fields["options"] = _options.decode(fields["options"] or "{}")
    fields["tests"] = _tally.decode(fields["tests"] or "null")
    return Row(**fields)
