"""Keeps chapters in PostgreSQL. They are a cache: deleting them loses nothing."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from msgspec import MsgspecError, Struct, ValidationError, json

from collab.errors import LogUnavailable, NewerRelease
from collab.history.chapters import Burst, Runs, Summary, Summed
from collab.protocol import FileId, change_decoder
from collab.room.log import PAGE
from collab.room.snapshot import decode_snapshot
from collab.room.state import Entry, State
from collab.store.connections import Connections
from ot import Component, Operation, OperationError, paint

T = TypeVar("T")

_ENTRIES = """
select revision, client, seq, author, created_at, change, person, origin from entry
where room_id = $1 and revision > $2 and revision <= $3 order by revision limit $4
"""
# `_` in the id of a file stands for any character: what comes too much is left out later.
_OF_FILE = """
select revision, client, seq, author, created_at, change, person, origin from entry
where room_id = $1 and revision > $2 and revision <= $3
    and (change not like '["edit"%' or change like '["edit","' || $4 || '"%')
order by revision
"""
_OF_TREE = """
select revision, client, seq, author, created_at, change, person, origin from entry
where room_id = $1 and revision > $2 and revision <= $3 and change not like '["edit"%'
order by revision
"""
_HEAD = "select head from room where id = $1"
_COUNT = "select count(*) from chapter where room_id = $1 and number < $2"
_NUMBERS = "select number from chapter where room_id = $1 and number < $2"
_END = "select bursts_before, summary, bursts from chapter where room_id = $1 and number = $2"
_SUMMARIES = """
select summary from chapter where room_id = $1 and number >= $2 and number < $3
order by number
"""
_BURSTS = """
select bursts_before, summary, bursts from chapter where room_id = $1 and number < $2
    and bursts_before <= $4 and number >= coalesce((
        select max(number) from chapter where room_id = $1 and bursts_before <= $3
    ), 0)
order by number
"""
_OUTLINE = """
select outline from chapter where room_id = $1 and number < $2 and outline is not null
order by number desc limit 1
"""
_SAID = """
select width_bucket(at, $3::timestamptz[]) as stretch, count(*) as messages from message
where room_id = $1 and at > $2 and deleted_at is null group by stretch order by stretch
"""
_MADE_AT = "select created_at from entry where room_id = $1 and revision = $2"
_FORGET = "delete from chapter where room_id = $1"
_GROWN = """
select exists (select from chapter
    where room_id = $1 and number >= $2 and number < $3 and outline is not null)
"""
_FILE = """
with page as (
    select max(number) as number from chapter_file
    where room_id = $1 and file = $2 and number < $3 and text is not null
)
select one.number, components{}
from chapter_file as one left join page on one.number = page.number
where room_id = $1 and file = $2 and one.number < $3
    and one.number >= coalesce((select number from page), 0)
order by one.number
"""
_COMPONENTS = _FILE.format("")
_TEXT = _FILE.format(", text, operation")
_PAINTED = _FILE.format(", operation, painted, colours")
_BOTH = _FILE.format(", text, operation, painted, colours")
_ALL = """
with page as (
    select file, max(number) as number from chapter_file
    where room_id = $1 and number < $2 and text is not null group by file
)
select file, one.number, components, text, operation
from chapter_file as one left join page using (file)
where room_id = $1 and one.number < $2 and one.number >= coalesce(page.number, 0)
order by file, one.number
"""
_LENGTHS = """
select distinct on (file) file, operation from chapter_file
where room_id = $1 and number < $2 order by file, number desc
"""
_BETWEEN = """
select operation from chapter_file
where room_id = $1 and file = $2 and number >= $3 and number < $4 order by number
"""
_FILES = """
select distinct file from chapter_file where room_id = $1 and number >= $2 and number < $3
"""
# One statement, so that nobody sees a part of a chapter; of two writers one is passed over.
_WRITE = """
with written as (
    insert into chapter (room_id, number, bursts_before, summary, bursts, outline)
    values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning room_id
)
insert into chapter_file (room_id, file, number, components, operation, painted, text, colours)
select written.room_id, one.file, $2, one.components, one.operation, one.painted,
    one.text, one.colours
from written, unnest($7::bigint[], $8::text[], $9::bytea[], $10::bytea[], $11::bytea[],
    $12::bytea[]) as one (components, file, operation, painted, text, colours)
on conflict do nothing
"""

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_bursts = json.Decoder(list[Burst])
_components = json.Decoder(list[Component])
_paint = json.Decoder(str)
_runs = json.Decoder(Runs)


class FileChapter(Struct):
    """The edits of a text in one chapter; some chapters have `text` and `runs` at their end."""

    operation: Operation
    painted: Operation | None
    text: str | None
    runs: Runs | None


class End(Struct):
    """The number of bursts up to the end of a chapter, and the time of its last entry."""

    bursts: int
    at: int


class ChapterStore:
    """Reads and writes chapters, and reads the log for them. Everything may raise LogUnavailable.

    Chapter numbers are from 0; `before` is the first number that is left out.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    # The log

    async def head(self, room_id: UUID) -> int | None:
        """Read the last revision of a room; None if there is no such room."""
        head: int | None = await self._connections.fetchval(_HEAD, room_id)
        return head

    async def entries(self, room_id: UUID, after: int, until: int, most: int = PAGE) -> list[Entry]:
        return _entries(await self._connections.fetch(_ENTRIES, room_id, after, until, most))

    async def entries_of(self, room_id: UUID, file: FileId, after: int, until: int) -> list[Entry]:
        """Read the entries that may edit a text, and all that change the tree."""
        return _entries(await self._connections.fetch(_OF_FILE, room_id, after, until, file))

    async def entries_of_tree(self, room_id: UUID, after: int, until: int) -> list[Entry]:
        return _entries(await self._connections.fetch(_OF_TREE, room_id, after, until))

    async def made_at(self, room_id: UUID, revision: int) -> datetime:
        """Read when a revision was committed; 1970 for one before the first."""
        at: datetime | None = await self._connections.fetchval(_MADE_AT, room_id, revision)
        return at or _EVER

    async def said(
        self, room_id: UUID, after: int, ends: Sequence[datetime]
    ) -> list[tuple[int, int]]:
        """Count the messages in each stretch of time: `(number of the stretch, count)`.

        The first stretch begins with a revision; `ends` are in order. What came after the last end
        is in a stretch of its own.
        """
        begun = await self.made_at(room_id, after)
        rows = await self._connections.fetch(_SAID, room_id, begun, ends)
        return [(row["stretch"], row["messages"]) for row in rows]

    # Chapters

    async def count(self, room_id: UUID, before: int) -> int:
        """Count the chapters that are written."""
        number: int = await self._connections.fetchval(_COUNT, room_id, before)
        return number

    async def numbers(self, room_id: UUID, before: int) -> set[int]:
        """Read the numbers of the chapters that are written."""
        rows = await self._connections.fetch(_NUMBERS, room_id, before)
        return {row["number"] for row in rows}

    async def end(self, room_id: UUID, number: int) -> End:
        row = await self._connections.fetchrow(_END, room_id, number)
        if row is None:
            raise LogUnavailable("a chapter was deleted while it was read")
        bursts = len(_bursts.decode(zlib.decompress(row["bursts"])))
        return End(row["bursts_before"] + bursts, _summary(row["summary"]).last_at)

    async def summaries(self, room_id: UUID, first: int, before: int) -> list[Summed]:
        rows = await self._connections.fetch(_SUMMARIES, room_id, first, before)
        return await self._read(room_id, lambda: _summed(rows))

    async def bursts(
        self, room_id: UUID, before: int, least: int, most: int
    ) -> list[tuple[int, Summary, list[Burst]]]:
        """Read the bursts from one number to another: by chapter, with the number of its first."""
        rows = await self._connections.fetch(_BURSTS, room_id, before, least, most)
        return [
            (first, _summary(summary), _bursts.decode(zlib.decompress(bursts)))
            for first, summary, bursts in rows
        ]

    async def outline(self, room_id: UUID, before: int) -> State:
        """Read the tree at the end of a chapter, without texts."""
        packed = await self._connections.fetchval(_OUTLINE, room_id, before)
        return decode_snapshot(zlib.decompress(packed).decode()) if packed else State()

    async def has_grown(self, room_id: UUID, first: int, before: int) -> bool:
        """Tell whether these chapters have changed the tree."""
        grown: bool = await self._connections.fetchval(_GROWN, room_id, first, before)
        return grown

    async def file(
        self, room_id: UUID, file: FileId, before: int, *, text: bool = True, painted: bool
    ) -> list[FileChapter]:
        """Read the chapters of a text, from the last one that has the whole text.

        That chapter has its text where `text`, and its runs where `painted`.
        """
        statement = (_BOTH if text else _PAINTED) if painted else _TEXT
        rows = await self._connections.fetch(statement, room_id, file, before)
        return await self._read(room_id, lambda: _file_chapters(rows, whole=text, painted=painted))

    async def components(self, room_id: UUID, file: FileId, before: int) -> list[int]:
        """Read the number of components up to each of these chapters."""
        rows = await self._connections.fetch(_COMPONENTS, room_id, file, before)
        return [row["components"] for row in rows]

    async def all_files(self, room_id: UUID, before: int) -> dict[FileId, list[FileChapter]]:
        """Read these chapters of every text, without the authors."""
        rows = await self._connections.fetch(_ALL, room_id, before)

        def decode() -> dict[FileId, list[FileChapter]]:
            by_file = groupby(rows, lambda row: row["file"])
            return {
                file: _file_chapters([*found], whole=True, painted=False) for file, found in by_file
            }

        return await self._read(room_id, decode)

    async def lengths(self, room_id: UUID, before: int) -> dict[FileId, int]:
        """Read the length of each text at the end of a chapter, in code points."""
        rows = await self._connections.fetch(_LENGTHS, room_id, before)

        def decode() -> dict[FileId, int]:
            return {row["file"]: _operation(row["operation"]).target_length for row in rows}

        return await self._read(room_id, decode)

    async def _read(self, room_id: UUID, decode: Callable[[], T]) -> T:
        """Decode chapters. Those of another release are deleted; the next reader writes them anew.

        Raises LogUnavailable.
        """
        try:
            return await asyncio.to_thread(decode)
        except (MsgspecError, OperationError, UnicodeDecodeError) as error:
            await self._connections.execute(_FORGET, room_id)
            raise LogUnavailable("chapters of another release are left out") from error

    async def between(
        self, room_id: UUID, file: FileId, first: int, before: int
    ) -> list[Operation]:
        rows = await self._connections.fetch(_BETWEEN, room_id, file, first, before)
        return [_operation(row["operation"]) for row in rows]

    async def files(self, room_id: UUID, first: int, before: int) -> list[FileId]:
        """Read the files whose texts these chapters edit."""
        rows = await self._connections.fetch(_FILES, room_id, first, before)
        return [row["file"] for row in rows]

    async def write(
        self,
        room_id: UUID,
        number: int,
        bursts_before: int,
        summary: bytes,
        bursts: bytes,
        outline: bytes | None,
        files: Sequence[tuple[int, FileId, bytes, bytes, bytes | None, bytes | None]],
    ) -> None:
        columns: Collection[Any] = list(map(list, zip(*files, strict=True))) or [[]] * 6
        await self._connections.execute(
            _WRITE, room_id, number, bursts_before, summary, bursts, outline, *columns
        )


def pack(value: object) -> bytes:
    """Compress a value as JSON."""
    return zlib.compress(json.encode(value), 6)


def pack_text(text: str) -> bytes:
    return zlib.compress(text.encode(), 6)


def _file_chapters(rows: Sequence[Any], *, whole: bool, painted: bool) -> list[FileChapter]:
    found: list[FileChapter] = []
    for row in rows:
        operation = _operation(row["operation"])
        text = _text(row["text"]) if whole else None
        one = FileChapter(operation, None, text, None)
        if painted:
            one.painted = paint(operation, _paint.decode(zlib.decompress(row["painted"])))
            if row["colours"] is not None:
                one.runs = _runs.decode(zlib.decompress(row["colours"]))
        found.append(one)
    return found


def _text(packed: bytes | None) -> str | None:
    return None if packed is None else zlib.decompress(packed).decode()


def _operation(packed: bytes) -> Operation:
    return Operation(_components.decode(zlib.decompress(packed)))


def _summary(packed: bytes) -> Summary:
    return Summed.unpack(packed).summary


def _summed(rows: Sequence[Any]) -> list[Summed]:
    found = [Summed.unpack(row["summary"]) for row in rows]
    if not all(one.details for one in found):
        raise MsgspecError("a summary has no details")
    return found


def _entries(rows: Sequence[Any]) -> list[Entry]:
    try:
        return [
            Entry(number, client, seq, author, at, change_decoder.decode(change), person, origin)
            for number, client, seq, author, at, change, person, origin in rows
        ]
    except ValidationError as error:
        raise NewerRelease(f"a change cannot be read: {error}") from error
