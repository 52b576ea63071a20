"""Checksums of texts: when clients are told them, and when they may read the texts."""

from __future__ import annotations

from collab.protocol import (
    AddFile,
    Checksum,
    Entries,
    Error,
    Joined,
    Read,
    SetLanguage,
    Text,
)
from collab.room.room import Room
from collab.room.session import Session
from ot import checksum
from tests.room.acting import a_room, commit, edit, entry, joined, plain, submit, told


def grow(room: Room, count: int = 1) -> None:
    """So many entries, each a letter more at the start of the main file."""
    for _ in range(count):
        length = len(room.state.main.text)
        room.read([entry(room.revision + 1, edit("a", length))])


def sums(session: Session) -> list[tuple[int, dict[str, int]]]:
    return [(message.revision, message.files) for message in told(session, Checksum)]


def test_who_joins_is_told_what_every_text_comes_to() -> None:
    room = a_room("123456789")
    room.read([entry(2, AddFile("b", "b.py", "python", "é😀"))])
    (answer,) = told(joined(room, "ana"), Joined)
    assert answer.checksums == {"main": 0xCBF43926, "b": checksum("é😀")}
    room.read([entry(3, edit(-9, "x"))])
    (answer,) = told(joined(room, "ana", revision=2), Joined)
    assert answer.checksums == {"main": checksum("x"), "b": checksum("é😀")}


def test_checksums_follow_every_so_many_entries() -> None:
    room = a_room("-", checksum_every=3)
    grow(room)
    ana = joined(room, "ana")
    grow(room, 6)
    assert [m.revision for m in ana.outbox if isinstance(m, Entries)] == [3, 4, 5, 6, 7, 8]
    assert sums(ana) == [(3, {"main": checksum("aa-")}), (6, {"main": checksum("aaaaa-")})]


def test_a_checksum_has_the_revision_of_the_last_entry_told_before() -> None:
    room = a_room(checksum_every=2)
    ana, bo = joined(room, "ana"), joined(room, "bo")
    ana.outbox.clear()
    submit(room, ana, 1, 1, edit("a"))
    submit(room, bo, 1, 1, edit("b"))
    commit(room)
    entries, message = ana.outbox
    assert isinstance(entries, Entries)
    assert entries.revision + len(entries.entries) - 1 == 3
    assert message == Checksum(3, {"main": checksum("ba")})


def test_when_the_room_is_idle_only_texts_that_changed_are_told_and_once() -> None:
    room = a_room()
    room.read([entry(2, AddFile("b", "b.py", "python", ""))])
    room.tell_checksums()
    ana = joined(room, "ana")
    grow(room)
    room.read([entry(4, SetLanguage("b", "typescript"))])
    room.tell_checksums()
    room.tell_checksums()
    assert sums(ana) == [(4, {"main": checksum("a")})]


def test_a_text_that_has_become_what_it_was_is_told_again() -> None:
    room = a_room("a")
    ana = joined(room, "ana")
    room.read([entry(2, edit(1, "b")), entry(3, edit(1, -1))])
    room.tell_checksums()
    assert sums(ana) == [(3, {"main": checksum("a")})]


def test_plain_clients_are_told_no_checksums() -> None:
    room = a_room(checksum_every=1)
    session = plain(room, "bo")
    grow(room)
    room.tell_checksums()
    assert sums(session) == []


def test_who_reads_is_told_the_text_at_the_head() -> None:
    room = a_room("hello")
    ana = joined(room, "ana")
    grow(room)
    room.receive(ana, Read("main"))
    assert told(ana, Text) == [Text("main", 2, "ahello")]


def test_what_is_not_there_cannot_be_read() -> None:
    room = a_room()
    ana = joined(room, "ana")
    room.receive(ana, Read("other"))
    (error,) = told(ana, Error)
    assert (error.code, error.seq) == ("unknown_file", None)


def test_a_file_that_was_added_and_never_edited_is_summed_too() -> None:
    room = a_room()
    room.tell_checksums()
    ana = joined(room, "ana")
    room.read([entry(2, AddFile("b", "b.py", "python", "é😀"))])
    room.tell_checksums()
    assert sums(ana) == [(2, {"b": checksum("é😀")})]
