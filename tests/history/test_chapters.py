"""Chapters are a cache: whatever becomes of them, the past is the fold of the log."""

from __future__ import annotations

import asyncio
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
import pytest_asyncio

from collab.changes.tree import AddFolder, Move, Remove, Restore
from collab.changes.version import NameVersion, Revert, TakeBack
from collab.errors import LogUnavailable
from collab.history import going_back, heat, painted
from collab.history.chapters import CHAPTER, colour_of, person_of
from collab.history.differing import differences
from collab.history.going_back import restoring, standing, taking_back
from collab.history.historian import Historian, Written
from collab.history.stepping import step
from collab.history.store import ChapterStore
from collab.protocol import AddFile, Change, Edit, Many
from collab.room.fold import fold
from collab.room.state import Entry, State
from collab.store import log as store
from ot import Operation, paint
from tests.support.database import new_room

PEOPLE = ["ann", "bo", "cy"]
FILES = ["main", "a", "b"]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
LENGTH = 3 * CHAPTER + 437


class Story:
    """A room in which three people write in three files, and what it was at each revision."""

    def __init__(self, seed: int, length: int = LENGTH) -> None:
        self.rng = Random(seed)
        self.entries: list[Entry] = []
        self.state = State()
        self.texts: list[dict[str, str]] = [{}]
        self.authors: dict[str, list[str]] = {}
        self.at = BEGIN
        self.add(AddFile("main", "main.py", None, "begin"))
        self.add(AddFolder("lib", "", "lib"))
        self.add(AddFile("a", "a.py", None, "", "lib"))
        self.add(AddFile("b", "b.py", None, "text of b", "lib"))
        while len(self.entries) < length:
            self.add(self.change())

    def change(self) -> Change:
        chance = self.rng.random()
        if chance < 0.003:
            return Move("a", self.rng.choice(["", "lib"]), self.rng.choice(["a.py", "c.py"]))
        if chance < 0.006:
            return Remove("b") if self.rng.random() < 0.5 else Restore("b", "lib", "b.py")
        if chance < 0.008:
            return NameVersion(f"Version {len(self.entries)}")
        return self.edit(self.rng.choice(FILES))

    def edit(self, file: str) -> Edit:
        text, rng = self.texts[-1][file], self.rng
        at = rng.randrange(len(text) + 1)
        deleted = min(rng.choice([0, 0, 0, 3]), len(text) - at)
        inserted = "".join(rng.choices("abc \n🪐", k=rng.randint(1, 3)))
        return Edit(file, Operation.patch(len(text), at, deleted, inserted))

    def add(self, change: Change, person: str | None = None) -> None:
        person = person or self.rng.choice(PEOPLE)
        self.at += timedelta(seconds=self.rng.choice([1, 1, 1, 90]))
        revision = len(self.entries) + 1
        entry = Entry(revision, person, revision, person, self.at, change, person, "typed")
        self.entries.append(entry)
        self._follow(change, person)
        fold(self.state, entry)
        self.texts.append({id_: str(file.text) for id_, file in self.state.files.items()})

    def _follow(self, change: Change, person: str) -> None:
        """The author of each character, one character after the other."""
        if isinstance(change, AddFile):
            self.authors[change.file] = [person] * len(change.text)
        elif isinstance(change, Edit):
            before, after = self.authors[change.file], []
            for c in change.operation.components:
                if isinstance(c, str):
                    after += [person] * len(c)
                else:
                    after += before[: max(c, 0)]
                    before = before[abs(c) :]
            self.authors[change.file] = after


class Room:
    """A room of the database with a story in it."""

    def __init__(self, log: store.PostgresLog, room_id: UUID) -> None:
        self.log = log
        self.id = room_id
        self.historian = self.another()

    def another(self) -> Historian:
        """The historian of another process."""
        historian = Historian()
        historian.begin(ChapterStore(self.log.connections))
        return historian

    async def write(self, story: Story) -> None:
        written = await self.log.heads([self.id])
        for start in range(written[self.id].revision, len(story.entries), 500):
            await self.log.append(self.id, story.entries[start : start + 500])

    async def tells(self, story: Story, revisions: list[int]) -> None:
        for revision in revisions:
            for file in FILES:
                expected = story.texts[revision].get(file, "")
                assert await self.historian.text(self.id, file, revision) == expected
            expected_texts = {one: text for one, text in story.texts[revision].items() if text}
            texts = await self.historian.texts(self.id, revision)
            assert {one: text for one, text in texts.items() if text} == expected_texts
            lengths = await self.historian.lengths(self.id, revision)
            assert {one: length for one, length in lengths.items() if length} == {
                one: len(text) for one, text in expected_texts.items()
            }
        head = len(story.entries)
        for file in FILES:
            found = await self.historian.written(self.id, file, head)
            assert by_whom(found) == story.authors[file]
            assert found.text == story.texts[head][file]


def by_whom(found: Written) -> list[str]:
    assert sum(count for _, count in found.runs) == len(found.text), "runs sum to the length"
    return [found.bursts[number][1] for number, count in found.runs for _ in range(count)]


@pytest.fixture
def room_id(database_url: str) -> UUID:
    return new_room(database_url)


@pytest_asyncio.fixture
async def room(database_url: str, room_id: UUID) -> AsyncIterator[Room]:
    async with store.connected(database_url, statement_timeout=20) as log:
        yield Room(log, room_id)


@pytest.fixture(scope="module")
def story() -> Story:
    return Story(1)


@pytest.mark.parametrize("most", [painted._MOST_COMPONENTS, 400])
async def test_the_text_and_its_authors_at_any_revision_are_those_of_the_fold(
    room: Room, story: Story, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(painted, "_MOST_COMPONENTS", most)  # with few, chapters have whole texts
    await room.write(story)
    some = [0, 1, 4, CHAPTER - 1, CHAPTER, CHAPTER + 1, 2 * CHAPTER, LENGTH]
    revisions = [*some, *Random(2).sample(range(LENGTH), 12)]
    await room.tells(story, revisions)
    await room.log.connections.execute("delete from chapter where number = 1")
    await room.tells(story, revisions)
    await room.log.connections.execute("delete from chapter")
    await room.tells(story, revisions)


async def test_processes_that_write_at_once_and_one_that_dies_leave_whole_chapters(
    room: Room, story: Story
) -> None:
    await room.write(story)
    dying = asyncio.create_task(room.another().ready(room.id, LENGTH))
    await asyncio.sleep(0)  # it has begun
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    others = [room.another().ready(room.id, LENGTH) for _ in range(3)]
    assert await asyncio.gather(*others) == [3, 3, 3]
    await room.tells(story, [CHAPTER + 7, LENGTH - 1])


async def test_chapters_of_another_release_are_written_anew(room: Room, story: Story) -> None:
    await room.write(story)
    await room.historian.ready(room.id, LENGTH)
    other = zlib.compress(b'[5,"a"]')
    await room.log.connections.execute("update chapter_file set painted = $1", other)
    with pytest.raises(LogUnavailable):
        await room.historian.written(room.id, "main", LENGTH)
    await room.tells(story, [LENGTH])


async def test_chapters_that_are_deleted_and_rebuilt_between_crashes_tell_the_same(
    room: Room, story: Story
) -> None:
    await room.write(story)
    rng = Random(8)
    execute = room.log.connections.execute
    for _ in range(6):
        dying = asyncio.create_task(room.another().ready(room.id, LENGTH))
        for _ in range(rng.randrange(60)):
            await asyncio.sleep(0)  # it comes so far
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)
        await room.tells(story, [rng.randrange(LENGTH)])
        await execute("delete from chapter where number = $1", rng.randrange(3))
        if rng.random() < 0.3:
            await execute("delete from chapter")


async def test_a_tree_at_any_revision_is_that_of_the_fold(room: Room, story: Story) -> None:
    await room.write(story)
    state = State()
    wanted = {5, CHAPTER, CHAPTER + 3, 2500, LENGTH}
    for entry in story.entries:
        fold(state, entry)
        if entry.revision in wanted:
            tree = (await room.historian.tree(room.id, entry.revision)).tree
            assert {one: tree[one] for one in tree} == {one: state.tree[one] for one in state.tree}


async def test_a_difference_applied_to_one_text_is_the_other(room: Room, story: Story) -> None:
    await room.write(story)
    rng = Random(3)
    for _ in range(8):
        start, end = sorted(rng.sample(range(4, LENGTH), 2))
        found = await differences(room.historian, room.id, start, end)
        for file in FILES:
            before, after = story.texts[start][file], story.texts[end][file]
            one = next((one for one in found if one.id == file), None)
            if one and one.before and one.path:
                assert (one.operation or Operation([len(before)])).apply(before) == after
            elif one is None and before != after:
                assert file == "b", "only a removed file may be left out"


async def test_a_step_either_way_leads_to_the_text_and_its_authors(
    room: Room, story: Story
) -> None:
    await room.write(story)
    rng = Random(4)
    pairs = [rng.sample(range(4, LENGTH), 2) for _ in range(8)]
    for start, end in [*pairs, (LENGTH - 9, LENGTH), (LENGTH, LENGTH - 9), (9, 9)]:
        for file in FILES:
            before = await room.historian.written(room.id, file, start)
            after = await room.historian.written(room.id, file, end)
            found = await step(room.historian, room.id, file, start, end)
            if found is None:
                assert (before.text, before.runs) == (after.text, after.runs)
                continue
            assert found.operation.apply(before.text) == after.text
            colours = [number for number, count in found.runs for _ in range(count)]
            step_painted = paint(found.operation, "".join(map(colour_of, colours)))
            of_before = "".join(colour_of(number) * count for number, count in before.runs)
            of_after = "".join(colour_of(number) * count for number, count in after.runs)
            assert step_painted.apply(of_before) == of_after
            assert set(found.written.bodies(found.runs)) == set(colours)


async def test_a_tree_is_the_same_where_nothing_was_done_to_it(room: Room, story: Story) -> None:
    await room.write(story)
    kinds = AddFile | AddFolder | Move | Remove | Restore
    grown = [entry.revision for entry in story.entries if isinstance(entry.change, kinds)]
    for at in (*Random(6).sample(grown, 6), *grown[-2:]):
        assert not await room.historian.is_tree_same(room.id, at - 1, at)
    for earlier, later in pairwise(grown[-12:]):
        assert await room.historian.is_tree_same(room.id, earlier, later - 1)
        assert not await room.historian.is_tree_same(room.id, earlier, later)


@pytest.mark.parametrize("revision", [4, 700, CHAPTER, 2600, LENGTH - 1])
async def test_a_restore_brings_back_tree_and_texts_with_their_ids_and_authors(
    room: Room, revision: int
) -> None:
    story = Story(revision)
    await room.write(story)
    before = await room.historian.written(room.id, "main", revision)
    draft = await restoring(room.historian, room.id, standing(story.state), revision, None)
    then = await room.historian.tree(room.id, revision)
    story.add(Many(draft.parts, Revert(revision)) if draft.parts else NameVersion("x"), "dee")
    await room.write(story)
    living = [file for file in FILES if then.tree.is_living(file)]
    assert {file: story.texts[-1][file] for file in living} == {
        file: story.texts[revision][file] for file in living
    }
    places = {file: story.state.tree[file] for file in living}
    assert places == {file: then.tree[file] for file in living}
    after = await room.historian.written(room.id, "main", len(story.entries))
    strangers = sum(one != "dee" for one in by_whom(after))
    assert strangers >= 0.9 * len(by_whom(after)), "text that comes back keeps its author"
    assert by_whom(before), "there was something to bring back"


@pytest.mark.parametrize("since", [0, 900, 2 * CHAPTER + 5])
async def test_taking_back_leaves_nothing_of_the_person_and_all_of_the_others(
    room: Room, since: int
) -> None:
    story = Story(since, length=2 * CHAPTER + 300)
    await room.write(story)
    draft = await taking_back(room.historian, room.id, standing(story.state), "bo", since)
    work = going_back.work_of(story.entries[since:], "bo")
    assert work == {e.revision for e in story.entries[since:] if person_of(e) == "bo"}
    for file, operation in draft.edits.items():
        head = await room.historian.written(room.id, file, len(story.entries))
        runs = [
            (burst, person)
            for number, count in head.runs
            for burst, person, _ in [head.bursts[number]]
            for _ in range(count)
        ]
        position = 0
        for c in operation.components:
            if isinstance(c, int):
                for burst, person in runs[position : position + abs(c)]:
                    own = person == "bo" and burst.first > since
                    whole = burst.first > since or burst.last <= since
                    assert not whole or own == (c < 0), "the person's characters go, and no others"
                position += abs(c)


async def test_undoing_twice_is_undoing_once(room: Room) -> None:
    story = Story(9, length=300)
    await room.write(story)
    draft = await taking_back(room.historian, room.id, standing(story.state), "bo", 10)
    story.add(Many(draft.parts, TakeBack("bo", 10)), "bo")
    await room.write(story)
    again = await taking_back(room.historian, room.id, standing(story.state), "bo", 10)
    assert again.parts == []


async def test_a_chapter_is_a_tenth_of_its_log(room: Room, story: Story) -> None:
    await room.write(story)
    await room.historian.ready(room.id, LENGTH)
    fetch = room.log.connections.fetchval
    size = await fetch("select sum(pg_column_size(c.*)) from chapter c")
    size += await fetch("select sum(pg_column_size(c.*)) from chapter_file c")
    assert size < 267 * 3 * CHAPTER / 10 * 2, "history's own tables are small"


@pytest.mark.parametrize("finely", [True, False])
async def test_everybody_s_work_is_counted_once(room: Room, story: Story, *, finely: bool) -> None:
    await room.write(story)
    names = heat.Names()
    summaries = await room.historian.summaries(room.id, 0, LENGTH)
    rows = heat.rows_of(summaries, names, 0, LENGTH, finely=finely)
    counted: dict[str, int] = {}
    for bucket in heat.in_buckets(rows, 0, LENGTH, 7):
        for did in bucket.people:
            person = names.people[did.who].person
            counted[person] = counted.get(person, 0) + did.entries
    assert counted == Counter(person_of(entry) for entry in story.entries)
    given = [entry for entry in story.entries if isinstance(entry.change, NameVersion)]
    assert [mark.entry for mark in heat.sized(heat.named(summaries), rows, names)] == [
        entry.revision for entry in given
    ]


async def test_who_asks_while_another_waits_waits_too() -> None:
    inside: list[int] = []
    together: list[list[int]] = []
    arrived = asyncio.Event()
    late: list[asyncio.Task[int]] = []

    class Store(ChapterStore):
        """Has no chapter until it is asked a second time, by one at a time."""

        asked = 0

        async def count(self, room_id: UUID, before: int) -> int:
            if late:
                arrived.set()
            return 0

        async def numbers(self, room_id: UUID, before: int) -> set[int]:
            self.asked += 1
            who = self.asked
            inside.append(who)
            if who == 2:
                late.append(asyncio.create_task(historian.ready(room, CHAPTER)))
                await arrived.wait()
            for _ in range(9):  # turns of the loop, in which whoever may would come in
                await asyncio.sleep(0)
            together.append([*inside])
            inside.remove(who)
            return {0}

    historian, room = Historian(), UUID(int=1)
    historian.begin(Store.__new__(Store))
    await asyncio.gather(*(historian.ready(room, CHAPTER) for _ in range(2)))
    await asyncio.gather(*late)
    assert together == [[1], [2], [3]]
