"""A text that nobody looks at is a length and edits, and is the same text once it is wanted."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.changes.tree import Move, Remove
from collab.protocol import (
    AddFile,
    Change,
    Checksum,
    Entries,
    Join,
    Joined,
    Read,
    SetLanguage,
    Text,
)
from collab.room.fold import fold
from collab.room.pump import Pump
from collab.room.room import Room
from collab.room.session import OtSession, Session
from collab.room.snapshot import decode_snapshot, edited, hash_of, take_snapshot
from collab.room.state import Entry, Limits, State
from collab.room.texts import Absent, KeptText
from collab.room.texts import Text as RoomText
from collab.room.wishes import Texts, Work
from ot import Operation, OperationError, checksum
from tests.room.acting import NOW, a_room, commit, edit, entry, submit, told

FILES = ["main", "a", "b"]
Kept = dict[str, KeptText]


def added(file: str, text: str = "") -> AddFile:
    return AddFile(file, f"{file}.py", None, text)


def reopened(*files: tuple[str, str]) -> tuple[Room, Kept]:
    """A room of these texts as another process opens it, and what the log keeps of it."""
    room = a_room("main text")
    for file, text in files:
        room.read([entry(room.revision + 1, added(file, text))])
    snapshot = take_snapshot(room.state)
    state = decode_snapshot(snapshot.state)
    state.supply({"main": snapshot.texts["main"]})
    return Room(state, Limits()), dict(snapshot.texts)


def come(room: Room, client: str, holds: list[str] | None, revision: int | None = None) -> Session:
    session = OtSession(client, client, client, 0)
    room.join(session, revision, holds=holds)
    return session


def supply(room: Room, kept: Kept, work: Work | None = None) -> list[str]:
    """Have the pump do what there is to do. Returns the files that it read the texts of."""
    pump = Pump(room, 1000, lambda: NOW)
    work = work or pump.work()
    read: list[str] = []
    answer = None
    while True:
        try:
            wish = work.send(answer)
        except StopIteration:
            return read
        assert isinstance(wish, Texts)
        read += wish.files
        answer = {file: kept[file] for file in wish.files}


def test_a_room_opens_with_the_lengths_of_its_texts() -> None:
    room, _ = reopened(("a", "abc"), ("b", ""))
    assert room.state.absent() == ["a", "b"]
    assert [len(file.text) for file in room.state.files.values()] == [9, 3, 0]
    assert room.state.size == 12
    assert room.state.files["a"].text.checksum == checksum("abc")
    with pytest.raises(Absent):
        str(room.state.files["a"].text)


def test_changes_are_judged_and_committed_without_the_text() -> None:
    room, kept = reopened(("a", "abc"))
    ana = come(room, "ana", ["main"])
    ana.outbox.clear()
    submit(room, ana, 1, 2, edit(3, "!", file="a"))
    commit(room)
    submit(room, ana, 2, 3, edit(3, "?", file="a"))
    assert [e.change for e in commit(room)] == []
    assert room.state.absent() == ["a"]
    assert len(room.state.files["a"].text) == 4
    with pytest.raises(OperationError):
        room.state.files["a"].text.edit(Operation([9]))
    room.state.supply(kept)
    assert str(room.state.files["a"].text) == "abc!"


def test_a_text_of_another_version_is_not_taken() -> None:
    room, _ = reopened(("a", "abc"))
    other = "abd"
    room.state.supply({"a": KeptText(hash_of(other), other)})
    assert room.state.absent() == ["a"]


def test_a_client_is_told_the_tree_and_the_texts_of_what_it_holds() -> None:
    room, kept = reopened(("a", "abc"), ("b", "bcd"))
    assert room.unready(["a", "none"], texts=True) == ["a"]
    assert supply(room, kept, Pump(room, 9, lambda: NOW).supply(["a"])) == ["a"]
    (answer,) = told(come(room, "ana", ["a", "none"]), Joined)
    assert isinstance(answer.files, list)
    names = [(file.id, file.name, file.text or None) for file in answer.files]
    assert names == [("main", "main.py", None), ("a", "a.py", "abc"), ("b", "b.py", None)]
    assert answer.checksums == {"a": checksum("abc")}
    (answer,) = told(come(room, "bo", ["main"]), Joined)
    assert answer.checksums == {"main": checksum("main text")}


def test_a_client_that_comes_back_needs_no_text_but_its_checksum() -> None:
    room, _ = reopened(("a", "abc"))
    assert room.unready(["a"], texts=False) == []
    (answer,) = told(come(room, "ana", ["a"], room.revision), Joined)
    assert answer.checksums == {"a": checksum("abc")}
    room.read([entry(3, edit(3, "!", file="a"))])
    assert room.unready(["a"], texts=False) == ["a"]


def test_another_file_is_read_once_and_told_to_those_who_asked_and_are_there() -> None:
    room, kept = reopened(("a", "abc"))
    ana, bo, cy = (come(room, client, []) for client in ("ana", "bo", "cy"))
    for session in (ana, bo, cy):
        session.outbox.clear()
        room.receive(session, Read("a"))
    room.leave(cy)
    room.read([entry(3, edit(3, "!", file="a"))])
    assert supply(room, kept) == ["a"]
    for session in (ana, bo):
        kinds = [type(message) for message in session.outbox]
        assert kinds[-2:] == [Entries, Text]
        assert told(session, Text) == [Text("a", 3, "abc!")]
    assert told(cy, Text) == []
    assert room.asked == []


def test_stretches_have_no_edits_of_files_that_are_not_held() -> None:
    room, kept = reopened(("a", "abc"))
    room.read([entry(3, edit(3, "!", file="a")), entry(4, edit(9, "?")), entry(5, added("b"))])
    room.limits = room.people.limits = Limits(steps=1)
    (answer,) = told(come(room, "ana", ["main"], 2), Joined)
    assert answer.entries == [(3, [added("b"), edit(9, "?")])]
    supply(room, kept, Pump(room, 9, lambda: NOW).supply())
    (answer,) = told(come(room, "bo", None, 2), Joined)
    assert answer.entries == [(3, [added("b"), edit(3, "!", file="a"), edit(9, "?")])]


def test_texts_leave_memory_when_they_are_kept_and_nobody_holds_them() -> None:
    room, kept = reopened(("a", "abc"), ("b", "bcd"), ("c", "cde"))
    ana = come(room, "ana", ["main"])
    supply(room, kept, Pump(room, 9, lambda: NOW).supply())
    room.receive(ana, Read("a"))
    room.read([entry(5, edit(3, "!", file="b"))])
    room.rest()
    assert room.state.absent() == ["c"]
    with room.pinned(["b"]):
        room.keep(take_snapshot(room.state))
        assert room.state.absent() == ["c"]
    room.rest()
    assert room.state.absent() == ["b", "c"]
    room.leave(ana)
    room.rest()
    assert room.state.absent() == ["a", "b", "c"]
    assert str(room.state.main.text) == "main text"


def test_a_text_that_was_edited_while_its_snapshot_was_saved_stays_in_memory() -> None:
    room, kept = reopened(("a", "abc"))
    supply(room, kept, Pump(room, 9, lambda: NOW).supply())
    room.read([entry(3, edit(3, "!", file="a"))])
    snapshot = take_snapshot(room.state)
    room.read([entry(4, edit(4, "?", file="a"))])
    room.keep(snapshot)
    assert room.state.absent() == []
    assert edited(room.state) == ["a"]
    assert str(room.state.files["a"].text) == "abc!?"


def test_a_snapshot_waits_for_the_texts_that_are_edited_while_others_are_loaded() -> None:
    room, kept = reopened(("a", "one"), ("b", "two"))
    room.read([entry(room.revision + 1, edit(3, "!", file="a"))])
    work = Pump(room, 1000, lambda: NOW).supply_edited()
    assert next(work) == Texts(["a"])
    room.read([entry(room.revision + 1, edit(3, "?", file="b"))])
    assert work.send({"a": kept["a"]}) == Texts(["b"])
    with pytest.raises(StopIteration):
        work.send({"b": kept["b"]})
    assert {one.text for one in take_snapshot(room.state).texts.values()} == {"one!", "two?"}


def test_who_types_in_a_file_holds_it_and_is_told_its_checksum() -> None:
    room, kept = reopened(("a", "abc"))
    ana, bo = come(room, "ana", ["a"], room.revision), come(room, "bo", ["main"])
    supply(room, kept, Pump(room, 9, lambda: NOW).supply())
    submit(room, ana, 1, 2, edit(3, "!", file="a"))
    commit(room)
    bo.outbox.clear()
    room.keep(take_snapshot(room.state))
    room.tell_checksums()
    assert told(ana, Checksum)[-1].files == {"a": checksum("abc!")}
    assert [sum_.files for sum_ in told(bo, Checksum)] == [{"a": checksum("abc!")}]


def test_a_client_may_name_the_files_it_holds() -> None:
    assert Join(3, "k" * 16, "p", "Ana", 0).holds is None
    assert Join(3, "k" * 16, "p", "Ana", 0, holds=[]).holds == []


@given(st.integers(0, 2**32))
def test_a_state_that_is_read_lazily_is_the_fold_of_the_log(seed: int) -> None:
    """fold(snapshot + tail) = fold(log), with texts supplied and released at any time."""
    rng = Random(seed)
    whole, lazy = State(), State()
    kept: Kept = {}
    revision = 0

    def happens() -> Entry:
        nonlocal revision
        revision += 1
        if revision <= len(FILES):
            return entry(revision, added(FILES[revision - 1], rng.choice(["", "x😀\ny"])))
        file = rng.choice(FILES)
        length = len(whole.files[file].text)
        at = rng.randint(0, length)
        gone = rng.randint(0, min(2, length - at))
        word = rng.choice(["", "a", "é😀"])
        parts: list[int | str] = [at, word, -gone, length - at - gone]
        return entry(revision, edit(*(part for part in parts if part), file=file))

    for _ in range(60):
        one = happens()
        fold(whole, one)
        fold(lazy, one)
        match rng.randrange(8):
            case 0:
                lazy.supply(kept)
                snapshot = take_snapshot(lazy)
                kept |= snapshot.texts
                lazy = decode_snapshot(snapshot.state)
            case 1:
                lazy.supply(
                    {file: kept[file] for file in FILES[: rng.randrange(4)] if file in kept}
                )
            case 2:
                lazy.supply(kept)
                snapshot = take_snapshot(lazy)
                kept |= snapshot.texts
                for file, text in snapshot.texts.items():
                    lazy.files[file].text.keep(text)
                for text_file in lazy.files.values():
                    text_file.text.release()
        assert [len(f.text) for f in lazy.files.values()] == [
            len(f.text) for f in whole.files.values()
        ]
    lazy.supply(kept)
    assert lazy.wire() == whole.wire()
    assert lazy.checksums() == whole.checksums()
    assert (lazy.size, lazy.revision) == (whole.size, whole.revision)


def test_a_text_keeps_its_checksum_when_it_leaves_memory() -> None:
    text = RoomText("abc")
    assert not text.is_kept
    text.release()
    assert text.is_here
    text.keep(KeptText(hash_of("abc"), "abc"))
    text.release()
    assert (text.is_here, text.is_summed, text.checksum) == (False, True, checksum("abc"))
    text.edit(Operation([3, "!"]))
    assert not text.is_summed


@pytest.mark.parametrize(
    "change",
    [
        Move("a", "", "z.py"),
        Remove("a"),
        SetLanguage("a", "rust"),
        edit(3, "!", file="a"),
    ],
)
def test_a_snapshot_has_what_was_done_to_a_file_since_the_one_before(change: Change) -> None:
    room, kept = reopened(("a", "one"))
    supply(room, kept, Pump(room, 1000, lambda: NOW).supply(["a"]))
    room.keep(take_snapshot(room.state))
    room.read([entry(room.revision + 1, change)])
    supply(room, kept, Pump(room, 1000, lambda: NOW).supply(["a"]))
    again = decode_snapshot(take_snapshot(room.state).state)
    assert (again.wire([]), again.checksums([])) == (room.state.wire([]), {})
    assert len(again.files["a"].text) == len(room.state.files["a"].text)
