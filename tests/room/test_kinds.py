"""Each kind of change: placed on what a batch has done so far, folded, and kept in snapshots."""

from __future__ import annotations

import json

import pytest

from collab.changes.name import SetName
from collab.changes.tree import Move
from collab.errors import Refusal
from collab.protocol import AddFile, Change, Joined, SetLanguage, encode
from collab.room.draft import Draft
from collab.room.fold import fold
from collab.room.kinds import KINDS, WAIT
from collab.room.room import Room
from collab.room.sealing import Waiting
from collab.room.snapshot import decode_snapshot, take_snapshot
from tests.room.acting import NOW, a_room, commit, edit, entry, joined, reopened, submit, told


def queue(room: Room, *changes: Change) -> None:
    """Have changes wait, as of clients that may submit any kind."""
    for number, change in enumerate(changes):
        room.queue[f"c{number}"] = Waiting(f"c{number}", 1, "", change, "", "typed")


def added(file: str, text: str = "") -> AddFile:
    return AddFile(file, f"{file}.py", "python", text)


def test_two_files_of_one_id_in_one_batch_do_not_replace_each_other() -> None:
    room = a_room()
    queue(room, added("two", "first"), added("two", "second"))
    assert [entry.client for entry in commit(room)] == ["c0"]
    assert list(room.queue) == ["c1"], "the second waits, since only the batch is in its way"
    assert commit(room) == []
    assert (room.queue, dict(room.refused)) == ({}, {"file_exists": 1})
    assert str(room.state.files["two"].text) == "first"


def test_a_batch_does_not_pass_the_limit_of_files() -> None:
    room = a_room(files=3)
    queue(room, added("a"), added("b"), added("c"))
    assert len(commit(room)) == 2
    assert list(room.state.files) == ["main", "a", "b"]
    assert commit(room) == []
    assert dict(room.refused) == {"too_many_files": 1}


def test_a_batch_does_not_pass_the_limit_of_a_text() -> None:
    room = a_room("1234", text=6)
    queue(room, edit(4, "5"), edit(4, "6"), edit(4, "7"))
    assert len(commit(room)) == 2
    assert commit(room) == []
    assert dict(room.refused) == {"text_too_large": 1}


def test_drafting_changes_nothing_that_is_committed() -> None:
    room = a_room("ab")
    queue(room, added("two"), edit(2, "c"), SetName("Two"), SetLanguage("main", "typescript"))
    before = take_snapshot(room.state)
    assert room.seal(NOW) == room.seal(NOW)
    assert take_snapshot(room.state) == before


@pytest.mark.parametrize("change", [edit("a", file="none"), SetLanguage("none", "python")])
def test_a_change_of_no_file_is_refused(change: Change) -> None:
    room = a_room()
    placed = KINDS[type(change)].place(change, Draft(room.state, room.limits))
    assert placed == Refusal("unknown_file", "There is no file none in this room.")


def test_what_waits_is_no_refusal() -> None:
    room = a_room()
    draft = Draft(room.state, room.limits)
    assert KINDS[AddFile].place(added("two"), draft) == added("two")
    assert KINDS[AddFile].place(added("two", "x"), draft) is WAIT


def test_a_language_is_an_open_name_and_none_is_that_of_the_name() -> None:
    room = a_room()
    ana = joined(room, "ana")
    submit(room, ana, 1, 1, SetLanguage("main", "cobol"))
    commit(room)
    assert room.state.language("main") == "cobol"
    submit(room, ana, 2, 2, SetLanguage("main", None))
    commit(room)
    assert room.state.language("main") == "python"
    submit(room, ana, 3, 3, Move("main", "", "main.rs"))
    commit(room)
    assert room.state.language("main") == "rust"


def test_the_main_file_is_the_first_that_was_added_however_they_are_kept() -> None:
    room = a_room("main text")
    room.read([entry(2, added("a", "another"))])
    room.state.files = {name: room.state.files[name] for name in ("a", "main")}
    again = reopened(room.state)
    assert list(again.files) == ["a", "main"]
    assert again.main_id == "main"
    assert str(again.main.text) == "main text"


def test_a_snapshot_is_the_state_it_was_made_of() -> None:
    room = a_room("text 🦦")
    room.read([entry(2, SetName("Orbit")), entry(3, added("two", "2"))])
    again = reopened(room.state)
    assert again.facts == {"name": "Orbit"}
    assert again.wire() == room.state.wire()
    assert (again.revision, again.updated_at) == (3, room.state.updated_at)
    fold(again, entry(4, edit(6, "!")))
    assert str(again.main.text) == "text 🦦!"


@pytest.mark.parametrize(
    ("fields", "facts"),
    [({}, {}), ({"name": None}, {}), ({"name": "Old"}, {"name": "Old"}), ({"newer": [1]}, {})],
)
def test_snapshots_of_other_releases_are_read(fields: object, facts: object) -> None:
    file = {"id": "main", "path": "main.py", "language": "python", "text": "hi"}
    form = {"revision": 1, "updated_at": 5, "files": {"main": file}} | fields  # type: ignore[operator]
    state = decode_snapshot(json.dumps(form))
    assert (state.facts, state.main_id, str(state.main.text)) == (facts, "main", "hi")


def test_a_fact_is_a_field_of_joined_and_of_a_snapshot() -> None:
    room = a_room("text")
    room.read([entry(2, SetName("Orbit"))])
    (answer,) = told(joined(room, "ana"), Joined)
    told_ = json.loads(encode(answer))
    assert (told_["name"], told_["files"][0]["text"]) == ("Orbit", "text")
    assert "facts" not in told_
    assert json.loads(take_snapshot(room.state).state)["name"] == "Orbit"
    (answer,) = told(joined(a_room(), "ana"), Joined)
    assert not {"name", "facts"} & json.loads(encode(answer)).keys()
