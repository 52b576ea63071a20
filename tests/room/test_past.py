"""The past of a room carries over any distance what entry by entry would."""

from __future__ import annotations

from random import Random

from collab.changes.name import SetName
from collab.protocol import (
    AddFile,
    Caret,
    Change,
    Edit,
    Entries,
    Joined,
    Presence,
    SetLanguage,
    Submit,
)
from collab.room.past import Past
from collab.room.state import Entry, Limits
from collab.room.stretches import since
from ot import Operation, transform
from tests.room.acting import a_room, commit, edit, entry, joined, told


def typing(count: int, start: int = 2) -> list[Entry]:
    """Entries that each put an "x" at the end of a file that was empty before entry 2."""
    return [entry(n, edit(n - 2, "x") if n > 2 else edit("x")) for n in range(start, start + count)]


def test_an_edit_and_a_caret_any_distance_behind_arrive_where_one_by_one_they_would() -> None:
    rng = Random(1)
    past, length = Past(0), 5
    edits: list[Operation | None] = []
    for revision in range(1, 300):
        if rng.random() < 0.2:
            past.append(entry(revision, SetLanguage("main", "python")))
            edits.append(None)
            continue
        at = rng.randint(0, length)
        gone = rng.randint(0, min(2, length - at))
        operation = Operation([at, -gone, rng.choice(["", "ab"]), length - at - gone])
        past.append(entry(revision, Edit("main", operation)))
        edits.append(operation)
        length = operation.target_length
    lengths = [5]
    for made in edits:
        lengths.append(lengths[-1] if made is None else made.target_length)
    for behind in (0, 1, 7, 60, 298):
        revision = 299 - behind
        submitted = Operation([2, "new", lengths[revision] - 2])
        position = 2
        expected = submitted
        for past_edit in edits[revision:]:
            if past_edit is not None:
                expected = transform(past_edit, expected)[1]
                position = past_edit.map(position)
        assert past.carry(Edit("main", submitted), revision) == Edit("main", expected)
        caret = past.carry_caret(Caret("main", revision, [(2, 2)]))
        assert caret == Caret("main", 299, [(position, position)])


def test_of_names_that_were_missed_the_last_comes() -> None:
    past = Past(0)
    changes: list[Change] = [edit("a"), SetName("One"), edit(1, "b"), SetName("Two"), edit(2, "c")]
    for n, change in enumerate(changes, 1):
        past.append(entry(n, change))
    assert since(past, 0, "me", most=4) == [(5, [edit("abc"), SetName("Two")])]


def test_what_others_did_comes_as_one_and_the_own_entry_by_itself() -> None:
    past = Past(0)
    changes: list[Change] = [
        AddFile("main", "main.py", "python", "ab"),
        edit(2, "c"),
        SetLanguage("main", "javascript"),
        edit("own ", 3),
        edit(4, "x", 3),
        SetLanguage("main", "python"),
        edit(8, "y"),
        SetLanguage("main", "typescript"),
    ]
    for n, change in enumerate(changes, 1):
        past.append(entry(n, change, client="me" if n == 4 else "else"))
    assert since(past, 0, "me", most=7) == [
        (3, changes[:3]),
        ("me", 4, "main", Operation(["own ", 3])),
        (4, [edit(4, "x", 3, "y"), SetLanguage("main", "typescript")]),
    ]
    assert since(past, 6, "me", most=7) == [
        ("else", 7, "main", Operation([8, "y"])),
        ("else", 8, SetLanguage("main", "typescript")),
    ]


def test_it_can_be_lengthened_backwards() -> None:
    room = a_room(tail=1)
    entries = typing(5)
    room.read(entries)
    assert room.past.oldest == 5
    room.past.lengthen(entries[1:])
    assert room.past.oldest == 2
    assert since(room.past, 2, "", 99) == [e.wire() for e in entries[1:]]
    assert room.past.carry(edit("a", 1), 2) == edit("a", 5)


def test_one_trimmed_while_older_entries_were_read_takes_none_of_them() -> None:
    room = a_room(tail=1)
    room.read(typing(5))
    room.past.lengthen(typing(2))
    assert room.past.oldest == 5


def test_what_was_asked_for_stays_until_there_is_too_much() -> None:
    room = a_room(tail=1, remembered=6)
    entries = typing(9)
    room.read(entries[:5])
    room.past.lengthen(entries[:4])
    room.read(entries[5:6])
    assert room.past.oldest == 1
    with room.past.kept():
        room.read(entries[6:7])
        assert room.past.oldest == 1
    room.read(entries[7:8])
    assert room.past.oldest == 8
    room.read(entries[8:])
    assert room.past.oldest == 8
    assert room.past.carry(edit("a", 7), 8) == edit("a", 9)


def test_a_room_at_rest_keeps_one_entry_and_still_takes_what_was_made_before() -> None:
    room = a_room()
    ana = joined(room, "ana")
    entries = typing(9)
    room.read(entries)
    room.receive(ana, Presence(2, "main", [(1, 1)]))
    with room.past.kept():
        room.rest()
        assert room.past.oldest == 0
    room.rest()
    assert room.past.oldest == 9
    assert ana.caret == Caret("main", 10, [(1, 1)])
    assert room.past.carry(edit("a", 8), 9) == edit("a", 9)
    room.past.lengthen(entries)
    assert room.past.carry(edit(1, "a"), 2) == edit(1, "a", 8)


def test_large_texts_that_were_pasted_are_not_kept_for_long() -> None:
    room = a_room(past_text=100)
    room.read([entry(2, edit("x" * 50)), entry(3, edit("y" * 50, 50))])
    assert room.past.oldest == 0, "so much and no more is kept"
    room.read([entry(4, edit("z" * 40, 100))])
    assert room.past.oldest == 3
    assert room.past.carry(edit("a", 100), 3) == edit("a", 140)
    room.read([entry(5, edit("w" * 400, 140))])
    assert room.past.oldest == 4


def test_who_is_far_behind_is_caught_up_in_one_stretch_and_heard() -> None:
    room = a_room(steps=10)
    room.read(typing(50))
    ana = joined(room, "ana", revision=10)
    (answer,) = told(ana, Joined)
    assert answer.entries == [(41, [edit(9, "x" * 41)])]
    room.receive(ana, Submit(1, 10, edit("ana ", 9)))
    room.receive(ana, Presence(10, "main", [(9, 9)]))
    commit(room)
    (entries,) = told(ana, Entries)
    assert entries.entries == [(ana.number, 1, "main", Operation(["ana ", 50]))]


def test_the_limits_of_a_room_keep_its_past_short() -> None:
    limits = Limits()
    assert limits.steps < limits.tail < limits.remembered
