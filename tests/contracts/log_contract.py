"""What every log of collab.room.log keeps, whoever keeps it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from collab.changes.name import SetName
from collab.changes.tree import AddAsset, AddFolder, Move, PutAsset, Remove, Restore
from collab.errors import NotStorable, RevisionTaken
from collab.protocol import AddFile, Change, Edit, Many, Origin, SetLanguage
from collab.room.fold import fold
from collab.room.log import PAGE, Log, read_room
from collab.room.snapshot import encode_snapshot
from collab.room.state import Entry, State
from ot import Operation

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)


def entry(
    revision: int,
    change: Change | None = None,
    *,
    client: str = "ana",
    seq: int = 0,
    person: str | None = None,
    origin: Origin | None = None,
) -> Entry:
    typed = Edit("main", Operation([revision - 2, "x"]))
    return Entry(revision, client, seq or revision, "Ana", NOW, change or typed, person, origin)


def add_file(text: str = "") -> Entry:
    return entry(1, AddFile("main", "main.py", "python", text))


class LogContract:
    """Subclasses give two fixtures: `log`, and `room_id`, a room in it without an entry."""

    async def test_entries_come_back_as_they_were_appended(self, log: Log, room_id: UUID) -> None:
        entries = [
            add_file("🪐\n"),
            entry(2, Edit("main", Operation(["a", -1, 1]))),
            entry(3, Edit("main", Operation([-1, "é\n🙂", 1])), client="bo", seq=2**53),
            entry(4, SetLanguage("main", "typescript")),
            entry(5, SetName("Überraschung 🎁")),
            entry(6, AddFolder("lib", "", "Bücher")),
            entry(7, AddFile("two", "two.md", None, "# 2", "lib")),
            entry(8, AddAsset("logo", "lib", "logo.png", "0f" * 32, 2**40)),
            entry(9, PutAsset("logo", "f0" * 32, 0)),
            entry(10, Move("two", "", "zwei.md")),
            entry(11, Many([Remove("lib"), Edit("two", Operation([3, "!"]))], "undo")),
            entry(12, Restore("lib", "", "lib_2")),
            entry(13, SetLanguage("two", None)),
        ]
        await log.append(room_id, entries[:1])
        await log.append(room_id, entries[1:])
        assert await log.since(room_id, 0) == entries
        assert await log.since(room_id, 2) == entries[2:]
        assert await log.since(room_id, 13) == []

    async def test_a_snapshot_and_the_entries_since_come_to_the_tree_of_the_log(
        self, log: Log, room_id: UUID
    ) -> None:
        blob = "0f" * 32
        changes: list[Change] = [
            AddFile("main", "main.py", "python", "🪐"),
            AddFolder("lib", "", "lib"),
            AddFile("two", "two.md", None, "# 2", "lib"),
            AddAsset("logo", "lib", "logo.png", blob, 9),
            Remove("lib"),
            Many([Move("two", "", "two.md"), Edit("two", Operation([3, "!"]))], "undo"),
            Restore("lib", "", "lib_2"),
            SetLanguage("two", "rust"),
        ]
        entries = [entry(revision, change) for revision, change in enumerate(changes, 1)]
        await log.append(room_id, entries)
        whole = await read_room(log, room_id)
        assert whole is not None
        for revision in range(1, len(entries) + 1):
            state = State()
            for one in entries[:revision]:
                fold(state, one)
            await log.save_snapshot(room_id, state)
            opened = await log.open(room_id)
            assert opened is not None
            assert opened.state.revision == revision
            for one in await log.since(room_id, revision):
                fold(opened.state, one)
            assert encode_snapshot(opened.state) == encode_snapshot(whole.state)

    async def test_the_person_and_the_origin_of_an_entry_come_back(
        self, log: Log, room_id: UUID
    ) -> None:
        entries = [
            add_file(),
            entry(2, person="p-ana", origin="pasted"),
            entry(3, person="p-ana"),
            entry(4, origin="typed"),
        ]
        await log.append(room_id, entries[:2])
        await log.append(room_id, entries[2:])
        assert await log.since(room_id, 0) == entries

    async def test_only_one_of_two_rivals_gets_a_revision(self, log: Log, room_id: UUID) -> None:
        await log.append(room_id, [add_file()])
        await log.append(room_id, [entry(2, client="ana")])
        with pytest.raises(RevisionTaken):
            await log.append(room_id, [entry(2, client="bo"), entry(3, client="bo")])
        assert [e.client for e in await log.since(room_id, 1)] == ["ana"]

    async def test_a_batch_beyond_the_head_is_not_taken(self, log: Log, room_id: UUID) -> None:
        with pytest.raises(RevisionTaken):
            await log.append(room_id, [entry(2)])
        assert await log.since(room_id, 0) == []

    async def test_nothing_is_applied_twice(self, log: Log, room_id: UUID) -> None:
        await log.append(room_id, [add_file(), entry(2, client="ana", seq=7)])
        with pytest.raises(NotStorable):
            await log.append(room_id, [entry(3, client="bo"), entry(4, client="ana", seq=7)])
        assert len(await log.since(room_id, 0)) == 2
        assert await log.heads([room_id]) == {room_id: 2}
        await log.append(room_id, [entry(3, client="bo", seq=7)])

    async def test_a_client_may_use_its_numbers_in_every_room(
        self, log: Log, room_id: UUID, another_room_id: UUID
    ) -> None:
        for known in (room_id, another_room_id):
            await log.append(known, [entry(1, add_file().change, client="ana", seq=1)])
        assert await log.last_seq(another_room_id, "ana") == 1

    async def test_the_last_seq_of_a_client_is_known(self, log: Log, room_id: UUID) -> None:
        assert await log.last_seq(room_id, "ana") == 0
        await log.append(room_id, [add_file(), entry(2, seq=5), entry(3, client="bo", seq=9)])
        assert await log.last_seq(room_id, "ana") == 5
        assert await log.last_seq(room_id, "bo") == 9

    async def test_who_arrives_is_told_its_last_seq_and_comes_after_those_before(
        self, log: Log, room_id: UUID
    ) -> None:
        await log.append(room_id, [add_file(), entry(2, seq=5)])
        arrivals = [await log.arrival(room_id, client) for client in ("ana", "bo", "ana", "ana")]
        assert [seq for seq, _ in arrivals] == [5, 0, 5, 5]
        numbers = [number for _, number in arrivals]
        assert numbers == sorted(set(numbers))

    async def test_heads_are_those_of_the_rooms_that_exist(
        self, log: Log, room_id: UUID, another_room_id: UUID
    ) -> None:
        await log.append(room_id, [add_file()])
        heads = await log.heads([room_id, another_room_id, uuid4()])
        assert heads == {room_id: 1, another_room_id: 0}
        assert await log.heads([]) == {}

    async def test_an_unknown_room_is_none(self, log: Log) -> None:
        assert await log.open(uuid4()) is None
        assert await read_room(log, uuid4()) is None

    async def test_a_room_opens_with_its_secret(
        self, log: Log, room_id: UUID, another_room_id: UUID
    ) -> None:
        first, second = await log.open(room_id), await log.open(another_room_id)
        assert first is not None
        assert second is not None
        assert first.secret != second.secret
        assert (first.snapshot, first.state.revision, first.state.files) == (0, 0, {})

    async def test_the_latest_snapshot_is_kept_and_an_older_one_is_not(
        self, log: Log, room_id: UUID
    ) -> None:
        await log.append(room_id, [add_file("🪐"), entry(2, Edit("main", Operation([1, "!"])))])
        earlier, later = await read_room(log, room_id), await read_room(log, room_id)
        assert earlier is not None
        assert later is not None
        await log.append(room_id, [entry(3, SetLanguage("main", "javascript"))])
        fold(later.state, (await log.since(room_id, 2))[0])
        await log.save_snapshot(room_id, later.state)
        await log.save_snapshot(room_id, earlier.state)
        opened = await log.open(room_id)
        assert opened is not None
        assert opened.snapshot == opened.state.revision == 3
        assert opened.state.updated_at == later.state.updated_at
        assert opened.state.wire() == later.state.wire()
        assert str(opened.state.main.text) == "🪐!"

    async def test_a_room_longer_than_a_page_is_read_whole(self, log: Log, room_id: UUID) -> None:
        entries = [add_file(), *(entry(n) for n in range(2, PAGE + 12))]
        await log.append(room_id, entries)
        assert await log.since(room_id, 0) == entries[:PAGE]
        opened = await read_room(log, room_id)
        assert opened is not None
        assert opened.state.revision == len(entries)
        assert str(opened.state.main.text) == "x" * (PAGE + 10)
