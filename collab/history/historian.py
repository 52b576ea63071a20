"""Writes chapters behind the head of a room, and reads the past of rooms from them.

A chapter is a function of the log, so any process may write it, any number of times. One statement
writes a chapter, so a process that dies leaves a whole chapter or none. The entries after the last
chapter are read from the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from logging import getLogger
from uuid import UUID
from weakref import WeakValueDictionary

from msgspec import Struct

from collab.changes.version import Revert, TakeBack
from collab.errors import LogError
from collab.history.chapters import (
    CHAPTER,
    Burst,
    Chapter,
    Summary,
    Summed,
)
from collab.history.painted import (
    colours_of,
    components_since,
    inherited,
    packed,
    runs_of,
    text_of,
)
from collab.history.schemas import BlameBody, BurstBody
from collab.history.store import ChapterStore, pack, pack_text
from collab.live.extension import OpenRoom
from collab.live.tasks import Tasks
from collab.protocol import FileId, Many
from collab.room.outline import grow, is_of_tree, operations
from collab.room.snapshot import take_snapshot
from collab.room.state import Entry, State
from ot import Operation

_LOG = getLogger(__name__)
_MOST_BROUGHT_BACK = 50
"""For so many restores in a chapter, earlier texts are read to find the first authors."""


class Written(Struct):
    """A text, and the burst that wrote each part of it: `(number of a burst, characters)`."""

    text: str
    runs: list[tuple[int, int]]
    bursts: dict[int, tuple[Burst, str, str]]
    """Each burst with its person and the name at that time."""

    def bodies(self, runs: Sequence[tuple[int, int]] | None = None) -> dict[int, BurstBody]:
        """Return the bursts of these runs, or of all, for an answer."""
        wanted = self.bursts if runs is None else {number for number, _ in runs}
        return {number: _burst_body(*self.bursts[number]) for number in wanted}


class Historian:
    """Knows the past of every room, for one process."""

    def __init__(self) -> None:
        self._locks = WeakValueDictionary[UUID, asyncio.Lock]()
        """Those that are held or waited for."""
        self._tasks = Tasks(_LOG, "a chapter failed by a mistake of ours")

    def begin(self, store: ChapterStore) -> None:
        self.store = store

    async def close(self) -> None:
        await self._tasks.close()

    def committed(self, room: OpenRoom, entries: Sequence[Entry]) -> None:
        """Write the chapters that these entries have completed."""
        first, last = entries[0].revision, entries[-1].revision
        if (first - 1) // CHAPTER != last // CHAPTER:
            self._tasks.spawn(self._follow(room.room_id, last))

    async def _follow(self, room_id: UUID, revision: int) -> None:
        with suppress(LogError):  # who wants to read these chapters writes them
            await self.ready(room_id, revision)

    # Reading

    async def head(self, room_id: UUID) -> int | None:
        """Return the last revision of a room; None if there is no such room."""
        return await self.store.head(room_id)

    async def tree(self, room_id: UUID, revision: int) -> State:
        """Read the tree at a revision, without texts."""
        before = await self.ready(room_id, revision)
        outline = await self.store.outline(room_id, before)
        for entry in await self.store.entries_of_tree(room_id, before * CHAPTER, revision):
            grow(outline, entry.change)
        outline.revision = revision
        made_at = await self.store.made_at(room_id, revision)
        outline.updated_at = int(made_at.timestamp() * 1000)
        return outline

    async def text(self, room_id: UUID, file: FileId, revision: int) -> str:
        """Read a text at a revision; empty before the file was added."""
        before = await self.ready(room_id, revision)
        chapters = await self.store.file(room_id, file, before, painted=False)
        tail = await self._of_file(room_id, file, before * CHAPTER, revision)
        return await asyncio.to_thread(text_of, chapters, tail)

    async def texts(self, room_id: UUID, revision: int) -> dict[FileId, str]:
        """Read all texts at a revision, those of removed files too."""
        before = await self.ready(room_id, revision)
        chapters = await self.store.all_files(room_id, before)
        tails = await self._of_files(room_id, before * CHAPTER, revision)

        def texts() -> dict[FileId, str]:
            files = chapters.keys() | tails.keys()
            return {one: text_of(chapters.get(one, []), tails.get(one, [])) for one in files}

        return await asyncio.to_thread(texts)

    async def lengths(self, room_id: UUID, revision: int) -> dict[FileId, int]:
        """Read the length of each text at a revision, in code points."""
        before = await self.ready(room_id, revision)
        lengths = await self.store.lengths(room_id, before)
        tails = await self._of_files(room_id, before * CHAPTER, revision)
        return lengths | {file: tail[-1].target_length for file, tail in tails.items()}

    async def written(
        self, room_id: UUID, file: FileId, revision: int, *, whole: bool = True
    ) -> Written:
        """Read a text at a revision, and who wrote it. Unless `whole`, the text is left out."""
        before = await self.ready(room_id, revision)
        chapters = await self.store.file(room_id, file, before, text=whole, painted=True)
        tail = await self.tail(room_id, revision)
        text = ""
        if whole:
            text = await asyncio.to_thread(text_of, chapters, tail.composed(file, painted=False))
        found = await asyncio.to_thread(runs_of, chapters, tail.composed(file, painted=True))
        by_burst = list(zip(found.numbers, found.counts, strict=True))
        numbers = set(found.numbers)
        parts = [(tail.bursts_before, tail.summary, tail.bursts)]
        if numbers and (least := min(numbers)) < tail.bursts_before:
            most = max(number for number in numbers if number < tail.bursts_before)
            parts += await self.store.bursts(room_id, before, least, most)
        known = {
            first + at: (burst, *_names(summary, burst.who))
            for first, summary, bursts in parts
            for at, burst in enumerate(bursts)
            if first + at in numbers
        }
        return Written(text, by_burst, known)

    async def blame(
        self, room_id: UUID, tree: State, file: FileId, *, whole: bool = False
    ) -> BlameBody:
        """Read who wrote a text at the revision of `tree`, for an answer."""
        written = await self.written(room_id, file, tree.revision, whole=whole)
        text = written.text if whole else None
        return BlameBody(tree.revision, file, tree.path(file), written.runs, written.bodies(), text)

    async def between(self, room_id: UUID, file: FileId, start: int, end: int) -> list[Operation]:
        """List operations that lead from one revision of a text to a later one."""
        first, before = -(-start // CHAPTER), await self.ready(room_id, end)
        if first >= before:
            return await self._of_file(room_id, file, start, end)
        return [
            *await self._of_file(room_id, file, start, first * CHAPTER),
            *await self.store.between(room_id, file, first, before),
            *await self._of_file(room_id, file, before * CHAPTER, end),
        ]

    async def changed(self, room_id: UUID, start: int, end: int) -> list[FileId]:
        """List the files whose texts somebody edited from one revision to a later one."""
        first, before = -(-start // CHAPTER), await self.ready(room_id, end)
        stretches = [(start, end)]
        found: dict[FileId, None] = {}
        if first < before:
            stretches = [(start, first * CHAPTER), (before * CHAPTER, end)]
            found = dict.fromkeys(await self.store.files(room_id, first, before))
        for after, until in stretches:
            for entry in await self.all_entries(room_id, after, until):
                found.update(dict.fromkeys(file for file, _ in operations(entry.change)))
        return list(found)

    async def is_tree_same(self, room_id: UUID, start: int, end: int) -> bool:
        """Tell whether nobody changed the tree from one revision to a later one."""
        first, before = -(-start // CHAPTER), await self.ready(room_id, end)
        stretches = [(start, end)]
        if first < before:
            if await self.store.has_grown(room_id, first, before):
                return False
            stretches = [(start, first * CHAPTER), (before * CHAPTER, end)]
        for after, until in stretches:
            found = await self.store.entries_of_tree(room_id, after, until)
            if any(is_of_tree(entry.change) for entry in found):
                return False
        return True

    async def summaries(self, room_id: UUID, start: int, end: int) -> list[Summed]:
        """Read the summaries of the chapters in a stretch, and of the entries since."""
        before = await self.ready(room_id, end)
        found = await self.store.summaries(room_id, start // CHAPTER, before)
        tail = await self.tail(room_id, end)
        return [*found, tail.end()]

    async def tail(self, room_id: UUID, revision: int) -> Chapter:
        """Read the entries after the last whole chapter, up to a revision, as a chapter."""
        before = await self.ready(room_id, revision)
        chapter = await self._begin(room_id, before)
        entries = await self.store.entries(room_id, before * CHAPTER, revision, CHAPTER)
        await self._read(room_id, chapter, entries)
        return chapter

    async def all_entries(self, room_id: UUID, after: int, until: int) -> list[Entry]:
        found: list[Entry] = []
        while after < until:
            page = await self.store.entries(room_id, after, until)
            if not page:
                break
            found += page
            after = page[-1].revision
        return found

    async def _of_file(
        self, room_id: UUID, file: FileId, after: int, until: int
    ) -> list[Operation]:
        if after >= until:
            return []
        entries = await self.store.entries_of(room_id, file, after, until)
        return [
            operation
            for entry in entries
            for found, operation in operations(entry.change)
            if found == file
        ]

    async def _of_files(
        self, room_id: UUID, after: int, until: int
    ) -> dict[FileId, list[Operation]]:
        """List the edits of each text after one revision up to another one of the same chapter."""
        found: dict[FileId, list[Operation]] = {}
        for entry in await self.store.entries(room_id, after, until, CHAPTER):
            for file, operation in operations(entry.change):
                found.setdefault(file, []).append(operation)
        return found

    # Writing

    async def ready(self, room_id: UUID, revision: int) -> int:
        """Write the missing chapters that end at a revision or before. Returns how many there are.

        The revision must be committed.
        """
        wanted = revision // CHAPTER
        if not wanted:
            return 0
        if await self.store.count(room_id, wanted) == wanted:
            return wanted
        async with self._locks.setdefault(room_id, asyncio.Lock()):
            there = await self.store.numbers(room_id, wanted)
            for number in range(wanted) if len(there) < wanted else ():
                if number not in there:
                    await self._write(room_id, number)
        return wanted

    async def _begin(self, room_id: UUID, number: int) -> Chapter:
        """Make an empty chapter that follows those before it."""
        outline = await self.store.outline(room_id, number)
        bursts = last_at = 0
        if number:
            end = await self.store.end(room_id, number - 1)
            bursts, last_at = end.bursts, end.at
        return Chapter(outline, bursts, number * CHAPTER, last_at)

    async def _read(
        self, room_id: UUID, chapter: Chapter, entries: Sequence[Entry], *, deep: bool = True
    ) -> None:
        """Add entries to a chapter.

        Entries that restore text get the colours of its first authors, unless `deep` is false.
        """
        plain: list[Entry] = []
        left = _MOST_BROUGHT_BACK if deep else 0

        def add() -> None:
            for entry in plain:
                chapter.add(entry)
            plain.clear()

        for entry in entries:
            change = entry.change
            brings_back = isinstance(change, Many) and isinstance(change.cause, Revert | TakeBack)
            if brings_back and left:
                left -= 1
                await asyncio.to_thread(add)
                chapter.add(entry, await self._brought_back(room_id, chapter, entry))
            else:
                plain.append(entry)
        await asyncio.to_thread(add)

    async def _brought_back(
        self, room_id: UUID, chapter: Chapter, entry: Entry
    ) -> dict[FileId, str]:
        """Find the first authors of the texts that an entry restores, as colours by file.

        A text counts as brought back where the text of then has it at its place.
        """
        assert isinstance(entry.change, Many)
        cause = entry.change.cause
        assert isinstance(cause, Revert | TakeBack)
        of = cause.revision if isinstance(cause, Revert) else cause.since
        colours: dict[FileId, str] = {}
        if of >= entry.revision:
            return colours  # a client has made this up
        for file, operation in operations(entry.change):
            then, painted = await self._in(room_id, chapter, file, of)
            now, _ = await self._in(room_id, chapter, file, entry.revision - 1)
            colours[file] = await asyncio.to_thread(
                inherited, operation, operation.apply(now), then, painted
            )
        return colours

    async def _in(
        self, room_id: UUID, chapter: Chapter, file: FileId, revision: int
    ) -> tuple[str, str]:
        """Read a text and its colours at a revision before the end of an unfinished chapter."""
        begun = chapter.began // CHAPTER
        if revision < chapter.began:
            begun = revision // CHAPTER
            chapter = await self._begin(room_id, begun)
            entries = await self.store.entries(room_id, begun * CHAPTER, revision, CHAPTER)
            await self._read(room_id, chapter, entries, deep=False)
        chapters = await self.store.file(room_id, file, begun, painted=True)
        text = text_of(chapters, chapter.composed(file, painted=False, until=revision))
        runs = runs_of(chapters, chapter.composed(file, painted=True, until=revision))
        return text, colours_of(runs)

    async def _write(self, room_id: UUID, number: int) -> None:
        chapter = await self._begin(room_id, number)
        start = number * CHAPTER
        entries = await self.store.entries(room_id, start, start + CHAPTER, CHAPTER)
        assert len(entries) == CHAPTER, "the chapter is complete"
        await self._read(room_id, chapter, entries)
        files = []
        for file in chapter.steps:
            operation, painted = await asyncio.to_thread(chapter.whole, file)
            before = await self.store.components(room_id, file, number)
            components, whole = components_since(before, operation), None
            if not components:
                whole = await self.store.file(room_id, file, number, painted=True)
            row = await asyncio.to_thread(packed, file, operation, painted, whole)
            files.append((components, *row))
        outline = None
        if chapter.grown:
            outline = pack_text(take_snapshot(chapter.outline).state)
        await self.store.write(
            room_id,
            number,
            chapter.bursts_before,
            chapter.end().pack(),
            pack(chapter.bursts),
            outline,
            files,
        )


def _burst_body(burst: Burst, person: str, name: str) -> BurstBody:
    return BurstBody(person, name, burst.first, burst.last, burst.at, burst.until, burst.origin)


def _names(summary: Summary, who: int) -> tuple[str, str]:
    person = summary.people[who]
    return person.person, person.name
