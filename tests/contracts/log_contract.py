"""The contract of collab.room.log that every log keeps."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID, uuid4

import pytest

from collab.changes.name import SetName
from collab.changes.tree import AddAsset, AddFolder, Move, PutAsset, Remove, Restore
from collab.errors import NotStorable, RevisionTaken
from collab.protocol import AddFile, Change, Edit, Many, Origin, SetLanguage
from collab.room.doors import OUT, Door
from collab.room.doors import Open as Opening
from collab.room.fold import fold
from collab.room.log import PAGE, Head, Log, read_room, read_texts
from collab.room.snapshot import edited, take_snapshot
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


def as_told(state: State) -> object:
    """All that clients are told of a room."""
    tree = (state.wire(), state.wire_folders(), state.wire_assets())
    return (state.revision, state.updated_at, state.size, state.facts, state.checksums(), tree)


class Doorkeeper(Protocol):
    """Changes who may do what in a room, as its owner does. Each change returns its number."""

    async def person(self) -> UUID:
        """Make somebody who can be a member."""

    async def open(self, room_id: UUID, opening: Opening, *, locked: bool = False) -> int:
        """Set the door of a room."""

    async def set_role(self, room_id: UUID, who: UUID, role: str) -> int:
        """Make somebody a member with this role."""


class LogContract:
    """Subclasses give these fixtures: `log`; `room_id` and `another_room_id`, rooms in it without
    an entry; and `doorkeeper`, for the access of its rooms."""

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
            await log.save_snapshot(room_id, take_snapshot(state))
            opened = await log.open(room_id)
            assert opened is not None
            assert opened.state.revision == revision
            for one in await log.since(room_id, revision):
                fold(opened.state, one)
            await read_texts(log, room_id, opened.state)
            assert as_told(opened.state) == as_told(whole.state)

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
        assert await log.heads([room_id]) == {room_id: Head(2, 0)}
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
        assert [one.seq for one in arrivals] == [5, 0, 5, 5]
        numbers = [one.number for one in arrivals]
        assert numbers == sorted(set(numbers))

    async def test_heads_are_those_of_the_rooms_that_exist(
        self, log: Log, room_id: UUID, another_room_id: UUID
    ) -> None:
        await log.append(room_id, [add_file()])
        heads = await log.heads([room_id, another_room_id, uuid4()])
        assert heads == {room_id: Head(1, 0), another_room_id: Head(0, 0)}
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
        await log.save_snapshot(room_id, take_snapshot(later.state))
        await log.save_snapshot(room_id, take_snapshot(earlier.state))
        opened = await log.open(room_id)
        assert opened is not None
        assert opened.snapshot == opened.state.revision == 3
        assert opened.state.updated_at == later.state.updated_at
        assert opened.state.wire() == later.state.wire()
        assert str(opened.state.main.text) == "🪐!"

    async def test_only_the_main_text_comes_with_a_snapshot_and_others_when_they_are_asked_for(
        self, log: Log, room_id: UUID
    ) -> None:
        entries = [
            add_file("🪐"),
            *(entry(n, AddFile(f"f{n}", f"f{n}.md", None, f"text {n}")) for n in range(2, 6)),
        ]
        await log.append(room_id, entries)
        whole = await read_room(log, room_id)
        assert whole is not None
        await log.save_snapshot(room_id, take_snapshot(whole.state))
        await log.append(room_id, [entry(6, Edit("f3", Operation([6, "!"])))])
        opened = await read_room(log, room_id)
        assert opened is not None
        assert opened.state.absent() == ["f2", "f3", "f4", "f5"]
        assert len(opened.state.files["f3"].text) == 7
        assert edited(opened.state) == ["f3"]
        await read_texts(log, room_id, opened.state, ["f3", "f5", "nowhere"])
        assert opened.state.absent() == ["f2", "f4"]
        texts = [str(opened.state.files[file].text) for file in ("main", "f3", "f5")]
        assert texts == ["🪐", "text 3!", "text 5"]

    async def test_a_snapshot_writes_the_texts_that_have_changed_and_keeps_the_others(
        self, log: Log, room_id: UUID
    ) -> None:
        two = entry(2, AddFile("two", "two.md", None, "second"))
        await log.append(room_id, [add_file("first"), two])
        opened = await read_room(log, room_id)
        assert opened is not None
        first = take_snapshot(opened.state)
        await log.save_snapshot(room_id, first)
        assert first.texts.keys() == {"main", "two"}
        again = await log.open(room_id)
        assert again is not None
        fold(again.state, entry(3, Edit("main", Operation([5, "!"]))))
        second = take_snapshot(again.state)
        await log.save_snapshot(room_id, second)
        assert {id_: kept.text for id_, kept in second.texts.items()} == {"main": "first!"}
        kept = await log.texts(room_id, ["main", "two", "none"])
        assert {id_: one.text for id_, one in kept.items()} == {"main": "first!", "two": "second"}

    async def test_a_text_that_a_later_snapshot_has_replaced_is_what_the_log_says(
        self, log: Log, room_id: UUID
    ) -> None:
        two = entry(2, AddFile("two", "two.md", None, "ab"))
        await log.append(room_id, [add_file(), two])
        opened = await read_room(log, room_id)
        assert opened is not None
        await log.save_snapshot(room_id, take_snapshot(opened.state))
        behind, at_head = await log.open(room_id), await log.open(room_id)
        assert behind is not None
        assert at_head is not None
        edits = [
            entry(3, Edit("two", Operation([1, "x", 1]))),
            entry(4, Edit("two", Operation([-1, 2]))),
        ]
        await log.append(room_id, edits)
        for one in edits:
            fold(at_head.state, one)
            fold(opened.state, one)
        await log.save_snapshot(room_id, take_snapshot(opened.state))
        fold(behind.state, edits[0])
        for state, text in ((at_head.state, "xb"), (behind.state, "axb")):
            await read_texts(log, room_id, state)
            assert str(state.files["two"].text) == text

    async def test_a_room_longer_than_a_page_is_read_whole(self, log: Log, room_id: UUID) -> None:
        entries = [add_file(), *(entry(n) for n in range(2, PAGE + 12))]
        await log.append(room_id, entries)
        assert await log.since(room_id, 0) == entries[:PAGE]
        opened = await read_room(log, room_id)
        assert opened is not None
        assert opened.state.revision == len(entries)
        assert str(opened.state.main.text) == "x" * (PAGE + 10)

    # The fence of access

    async def test_what_was_judged_before_a_change_of_access_is_not_taken(
        self, log: Log, room_id: UUID, doorkeeper: Doorkeeper
    ) -> None:
        await log.append(room_id, [add_file()])
        assert await doorkeeper.open(room_id, "viewer") == 1
        for access in (0, 2):
            with pytest.raises(RevisionTaken):
                await log.append(room_id, [entry(2)], access)
            with pytest.raises(RevisionTaken):
                await log.append(room_id, [entry(2), entry(3)], access)
        assert await log.since(room_id, 1) == []
        # It is as before, and those who judge must read that anew all the same.
        assert await doorkeeper.open(room_id, "editor") == 2
        with pytest.raises(RevisionTaken):
            await log.append(room_id, [entry(2)])
        await log.append(room_id, [entry(2)], 2)
        assert await log.since(room_id, 1) == [entry(2)]

    async def test_the_role_of_a_member_counts_as_a_change_of_access(
        self, log: Log, room_id: UUID, doorkeeper: Doorkeeper
    ) -> None:
        await log.append(room_id, [add_file()])
        who = await doorkeeper.person()
        for number, role in enumerate(["editor", "viewer", OUT], 1):
            assert await doorkeeper.set_role(room_id, who, role) == number
            with pytest.raises(RevisionTaken):
                await log.append(room_id, [entry(2)], number - 1)
        assert await log.heads([room_id]) == {room_id: Head(1, 3)}

    async def test_of_many_rooms_at_once_only_those_whose_access_has_changed_are_refused(
        self, log: Log, room_id: UUID, another_room_id: UUID, doorkeeper: Doorkeeper
    ) -> None:
        for known in (room_id, another_room_id):
            await log.append(known, [add_file()])
        await doorkeeper.open(room_id, "editor")
        # The last ones of each room wait, and go as one statement.
        clients = ["ann", "bo", "cy"]
        refused, others = (
            [log.append(known, [entry(2, client=client)]) for client in clients]
            for known in (room_id, another_room_id)
        )
        appends = [append for pair in zip(refused, others, strict=True) for append in pair]
        ends = [type(end) for end in await asyncio.gather(*appends, return_exceptions=True)]
        assert ends[::2] == [RevisionTaken] * 3
        assert ends[1::2].count(type(None)) == 1
        assert await log.heads([room_id, another_room_id]) == {
            room_id: Head(1, 1),
            another_room_id: Head(2, 0),
        }

    async def test_nothing_is_committed_after_a_change_of_access_has_returned(
        self, log: Log, room_id: UUID, doorkeeper: Doorkeeper
    ) -> None:
        await log.append(room_id, [add_file()])
        typed = asyncio.Event()

        async def type_on() -> None:
            with suppress(RevisionTaken):
                for revision in range(2, 1000):
                    await log.append(room_id, [entry(revision)])
                    typed.set()

        typing = asyncio.create_task(type_on())
        await typed.wait()
        await doorkeeper.open(room_id, "viewer")
        committed = (await log.heads([room_id]))[room_id].revision
        await typing
        assert (await log.heads([room_id]))[room_id].revision == committed > 1

    async def test_the_access_of_a_room_is_read_with_its_number_and_for_those_asked_for(
        self, log: Log, room_id: UUID, doorkeeper: Doorkeeper
    ) -> None:
        ann, bo = await doorkeeper.person(), await doorkeeper.person()
        await doorkeeper.set_role(room_id, ann, "viewer")
        await doorkeeper.set_role(room_id, bo, OUT)
        number = await doorkeeper.open(room_id, "none", locked=True)
        opened = await log.open(room_id)
        assert opened
        for access in (
            await log.access(room_id, [ann, uuid4()]),
            (await log.arrival(room_id, "ann", ann)).access,
        ):
            assert access
            assert (access.door, access.members) == (opened.door, {ann: "viewer"})
        both = await log.access(room_id, [ann, bo])
        assert both
        assert (both.role(ann), both.role(bo), both.is_out(bo)) == ("viewer", None, True)
        door = Door(number, "none", opened.door.owner, locked=True)
        assert (opened.door, number) == (door, 3)
        assert await log.access(uuid4(), [ann]) is None
