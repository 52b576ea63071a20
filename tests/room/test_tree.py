"""The tree of a room: what comes of changes that two people make at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from collab.changes.tree import AddAsset, AddFolder, Move, PutAsset, Remove, Restore
from collab.errors import Refusal
from collab.protocol import AddFile, Change, Many, Refused, SetLanguage
from collab.room.building import Builder
from collab.room.draft import Draft
from collab.room.kinds import KINDS
from collab.room.names import key_of, spare_name, wrong_name
from collab.room.past import Past
from collab.room.room import Room
from collab.room.sealing import Waiting
from collab.room.snapshot import take_snapshot
from collab.room.stretches import since
from tests.room.acting import a_room, commit, edit, entry, joined, reopened, submit, told

BLOB = "0123456789abcdef" * 4
LIB = AddFolder("lib", "", "lib")
MAIN = {"main.py": "main"}


def file(id_: str, name: str, parent: str = "", text: str = "") -> AddFile:
    return AddFile(id_, name, None, text, parent)


def a_tree(*changes: Change, **limits: int) -> Room:
    """A room with the file main.py, after changes that are committed one by one."""
    room = a_room("text", **limits)
    for change in changes:
        assert do(room, change) != []
    return room


def do(room: Room, *changes: Change) -> list[Change]:
    """Have changes of different people in one batch. Returns what is committed."""
    for number, change in enumerate(changes):
        room.queue[f"c{number}"] = Waiting(f"c{number}", room.revision, "", change, "", "typed")
    return [entry.change for entry in commit(room)]


def paths(room: Room) -> dict[str, str]:
    """The living nodes, and where they are."""
    tree = room.state.tree
    return {tree.path(node): node for node in tree if tree.is_living(node)}


def refusal(room: Room, change: Change) -> str | None:
    placed = KINDS[type(change)].place(change, Draft(room.state, room.limits))
    return placed.code if isinstance(placed, Refusal) else None


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        (file("a", "u.py"), file("b", "u.py"), {**MAIN, "u.py": "a", "u_2.py": "b"}),
        (file("a", "u.py"), file("b", "U.PY"), {**MAIN, "u.py": "a", "U_2.PY": "b"}),
        (file("a", "é"), AddFolder("b", "", "e\u0301"), {**MAIN, "é": "a", "é_2": "b"}),
        (AddFolder("a", "", "MAIN.py"), Remove("main"), {"MAIN_2.py": "a"}),
        (Remove("main"), file("a", "main.py"), {"main.py": "a"}),
        (Remove("main"), Remove("main"), {}),
        (Remove("main"), Move("main", "", "b.py"), {}),
        (Move("main", "", "b.py"), Move("main", "", "c.py"), {"c.py": "main"}),
        (Move("main", "", "b.py"), file("a", "main.py"), {"b.py": "main", "main.py": "a"}),
        (Move("main", "", "MAIN.PY"), edit(4, "!"), {"MAIN.PY": "main"}),
    ],
)
def test_two_changes_of_one_batch(first: Change, second: Change, after: dict[str, str]) -> None:
    room = a_tree()
    assert len(do(room, first, second)) == 2
    assert paths(room) == after


@pytest.mark.parametrize("together", [True, False])
def test_what_is_put_into_a_folder_that_is_removed_meanwhile_is_above_it(together: bool) -> None:
    room = a_tree(LIB, AddFolder("in", "lib", "in"))
    batches: Sequence[Sequence[Change]] = [[Remove("lib")], [file("a", "a.py", "in")]]
    if together:
        batches = [[change for batch in batches for change in batch]]
    for batch in batches:
        do(room, *batch)
    assert paths(room) == {"main.py": "main", "a.py": "a"}


def test_a_file_that_is_moved_out_of_a_removed_folder_is_rescued_and_one_renamed_is_not() -> None:
    room = a_tree(LIB, file("a", "a.py", "lib"), file("b", "b.py", "lib"), Remove("lib"))
    do(room, Move("a", "lib", "renamed.py"), Move("b", "", "b.py"))
    assert paths(room) == {"main.py": "main", "b.py": "b"}
    do(room, Restore("lib", "", "lib"))
    assert paths(room)["lib/renamed.py"] == "a"


def test_an_edit_of_a_removed_file_comes_back_with_it() -> None:
    room = a_tree(Remove("main"))
    do(room, edit(4, "!"))
    do(room, Restore("main", "", "main.py"))
    assert str(room.state.files["main"].text) == "text!"


def test_what_is_restored_gets_a_free_name_in_a_living_folder() -> None:
    room = a_tree(LIB, file("a", "a.py", "lib"), Remove("a"), Remove("lib"), file("b", "a.py"))
    assert do(room, Restore("a", "lib", "a.py")) == [Restore("a", "", "a_2.py")]
    assert do(room, Restore("a", "", "elsewhere.py")) == [Restore("a", "", "a_2.py")]


def test_a_folder_cannot_be_moved_into_itself_and_one_of_two_that_would_be_waits() -> None:
    room = a_tree(LIB, AddFolder("in", "lib", "in"), AddFolder("o", "", "o"))
    assert refusal(room, Move("lib", "in", "lib")) == "into_itself"
    assert refusal(room, Move("lib", "lib", "lib")) == "into_itself"
    assert do(room, Move("lib", "o", "lib"), Move("o", "in", "o")) == [Move("lib", "o", "lib")]
    assert list(room.queue) == ["c1"], "only the batch is in its way"
    assert commit(room) == []
    assert dict(room.refused) == {"into_itself": 1}


def test_an_unknown_parent_and_one_that_is_a_file_stand_for_what_is_above_them() -> None:
    room = a_tree(LIB, file("a", "a.py", "lib"), file("b", "b.py", "nowhere"))
    do(room, file("c", "c.py", "a"))
    assert {"b.py", "lib/c.py"} < paths(room).keys()


@pytest.mark.parametrize(
    ("limits", "change", "code"),
    [
        ({"files": 3}, file("x", "x.py"), "too_many_files"),
        ({}, file("a", "x.py"), "file_exists"),
        ({}, file("lib", "x.py"), "file_exists"),
        ({}, Move("nowhere", "", "x"), "unknown_file"),
        ({}, Remove("nowhere"), "unknown_file"),
        ({}, Restore("nowhere", "", "x"), "unknown_file"),
        ({}, SetLanguage("lib", "python"), "unknown_file"),
        ({}, edit("x", file="lib"), "unknown_file"),
        ({}, PutAsset("a", BLOB, 1), "unknown_file"),
        ({"depth": 2}, AddFolder("x", "lib", "x"), None),
        ({"depth": 2}, Move("deep", "lib", "deep"), "too_deep"),
        ({"path": 16}, file("x", "x" * 13, "lib"), "path_too_long"),
        ({"path": 16}, Move("lib", "", "l" * 12), "path_too_long"),
        ({"text": 4}, file("x", "x.py", text="12345"), "text_too_large"),
        ({"room": 10}, file("x", "x.py", text="1234567"), "room_too_large"),
        ({"room": 10}, edit(4, "1234567"), "room_too_large"),
        ({"room": 10}, edit(4, "123456"), None),
        ({"asset": 8}, AddAsset("x", "", "x.png", BLOB, 9), "asset_too_large"),
        ({"room": 12}, AddAsset("x", "", "x.png", BLOB, 9), "room_too_large"),
        ({}, file("x", "a/b"), "bad_name"),
        ({}, Move("main", "", "con"), "bad_name"),
        ({}, AddFolder("x", "", "n" * 256), "bad_name"),
        ({"name": 16}, AddFolder("x", "", "n" * 17), "bad_name"),
    ],
)
def test_limits_and_what_makes_no_sense_are_refused(
    limits: dict[str, int], change: Change, code: str | None
) -> None:
    changes: list[Change] = [LIB, file("a", "a.py", "lib")]
    if isinstance(change, Move) and change.id == "deep":
        changes += [AddFolder("deep", "", "deep"), AddFolder("er", "deep", "er")]
    room = a_tree(*changes, **limits)
    assert refusal(room, change) == code


def test_a_hundred_files_of_one_name_are_counted_through() -> None:
    room = a_tree(*(file(f"n{number}", "new.py") for number in range(100)))
    assert {"new.py", "new_2.py", "new_100.py"} < paths(room).keys()


def test_many_changes_are_all_made_or_none() -> None:
    room = a_tree(files=4)
    ana = joined(room, "ana")
    adds = [LIB, file("a", "a.py", "lib"), Move("main", "lib", "main.py"), edit(4, "!")]
    submit(room, ana, 1, 1, Many(adds, "import"))  # type: ignore[arg-type]
    assert len(commit(room)) == 1
    assert paths(room) == {"lib": "lib", "lib/a.py": "a", "lib/main.py": "main"}
    more = Many([file("b", "b.py"), Remove("main"), file("c", "c.py")], "import")
    submit(room, ana, 2, 2, more)
    ana.outbox.clear()
    assert commit(room) == []
    assert [refused.code for refused in told(ana, Refused)] == ["too_many_files"]
    assert "b.py" not in paths(room)
    assert "lib/main.py" in paths(room)


def test_many_that_cannot_be_spoil_nothing_for_the_others_of_their_batch() -> None:
    room = a_tree(LIB, AddFolder("o", "", "o"))
    wrong = Many([file("x", "a.py"), Move("lib", "o", "lib"), Move("o", "lib", "o")], "git")
    assert do(room, file("a", "a.py"), wrong, file("b", "a.py")) == [
        file("a", "a.py"),
        file("b", "a_2.py"),
    ]
    assert [waiting.change for waiting in room.queue.values()] == [wrong]
    assert commit(room) == []
    assert dict(room.refused) == {"into_itself": 1}, "its own parts are in its way"


def test_an_edit_among_many_is_carried_and_carries_like_any_other() -> None:
    room = a_tree()
    ana, bo = joined(room, "ana"), joined(room, "bo")
    submit(room, ana, 1, 1, Many([edit("a", 4), AddFolder("f", "", "f")], "replace"))
    submit(room, bo, 1, 1, edit(4, "b"))
    commit(room)
    assert str(room.state.main.text) == "atextb"
    submit(room, ana, 2, 1, Many([edit("A", 4)], "replace"))
    submit(room, bo, 2, 1, edit(4, "B"))
    commit(room)
    assert str(room.state.main.text) == "AatextBb"


def test_a_stretch_leaves_out_what_later_changes_undo_and_comes_to_the_same() -> None:
    room = a_tree()
    start = room.revision
    done: list[Change] = [
        LIB,
        Many([file("a", "a.py", "lib", "x"), edit(4, "!")], "import"),
        Move("a", "lib", "b.py"),
        Move("lib", "", "library"),
        Remove("a"),
        Restore("a", "", "c.py"),
        AddAsset("logo", "lib", "logo.png", BLOB, 9),
        PutAsset("logo", BLOB[::-1], 7),
        Remove("a"),
        Move("a", "lib", "d.py"),
    ]
    for change in done:
        do(room, change)
    ((count, changes),) = since(room.past, start, "who-was-away", 1)  # type: ignore[misc]
    assert count == 10
    assert changes == [
        LIB,
        file("a", "a.py", "lib", "x"),
        Move("lib", "", "library"),
        AddAsset("logo", "lib", "logo.png", BLOB, 9),
        PutAsset("logo", BLOB[::-1], 7),
        Remove("a"),
        Move("a", "lib", "d.py"),
        edit(4, "!"),
    ]
    other = a_tree()
    for number, change in enumerate(changes, 2):
        other.read([entry(number, change)])
    assert other.state.wire() == room.state.wire()
    assert other.state.wire_folders() == room.state.wire_folders()
    assert other.state.wire_assets() == room.state.wire_assets()


def test_a_snapshot_has_the_tree_and_goes_on() -> None:
    room = a_tree(LIB, file("a", "a.py", "lib", "x"), AddAsset("l", "lib", "l.png", BLOB, 9))
    do(room, Remove("lib"), SetLanguage("a", "rust"))
    again = reopened(room.state)
    assert again.wire() == room.state.wire()
    assert again.wire_folders() == room.state.wire_folders()
    assert again.wire_assets() == room.state.wire_assets()
    assert (again.size, again.language("a")) == (room.state.size, "rust")
    assert again.size == 4 + 1 + 9


def test_a_draft_leaves_the_committed_tree_as_it_is() -> None:
    room = a_tree(LIB, file("a", "a.py", "lib"))
    before = take_snapshot(room.state)
    draft = Draft(room.state, room.limits)
    changes: list[Change] = [Move("a", "", "main.py"), Remove("lib"), file("b", "a.py", "lib")]
    for change in changes:
        KINDS[type(change)].place(change, draft)
    assert draft.tree.path("a") == "main_2.py"
    assert draft.tree.path("b") == "a.py"
    assert len(draft.tree) == 4
    assert list(draft.tree) == ["main", "lib", "a", "b"]
    assert take_snapshot(room.state) == before
    assert room.state.tree.holder("lib", "A.PY") == "a"
    assert room.state.tree.find("LIB/A.py") == "a"
    assert draft.tree.find("lib/a.py") is None
    assert room.state.tree.find("lib/a.py/b.py") is None


def test_a_file_that_is_in_the_way_of_a_folder_is_none() -> None:
    room = a_tree(file("a", "lib"))
    builder = Builder(room.state.tree, iter("bc").__next__)
    builder.text(["lib", "a.py"], "x", "new")
    builder.text(["LIB", "b.py"], "y", "newer")
    folder, *files = builder.take()
    assert folder == AddFolder("b", "", "lib")
    assert [one.parent for one in files if isinstance(one, AddFile)] == ["b", "b"]


def test_the_past_of_a_room_without_edits_is_no_burden() -> None:
    past = Past(0)
    past.append(entry(1, Many([LIB, Remove("lib")], "undo")))
    assert past.composed(0, 1) == []


def test_names_are_checked_and_compared_as_the_strictest_desktop_does() -> None:
    assert wrong_name("a.py", 255) is None
    assert wrong_name("", 255) == "A name has at least one character."
    assert wrong_name("aux.py", 255) == "Windows keeps the name aux.py for itself."
    assert key_of("STRASSE") == key_of("straße")
    assert spare_name("a" * 300 + ".py", lambda name: len(name) > 255, 255).endswith("a_2.py")
