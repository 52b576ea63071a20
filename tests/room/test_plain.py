"""Clients that send whole texts."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import UNSET

from collab.protocol import (
    AddFile,
    Carets,
    CodeUpdate,
    CursorUpdate,
    Entries,
    Error,
    Init,
    Presence,
    UserCountUpdate,
    UserJoined,
    UserLeft,
)
from ot import Operation
from tests.room.acting import (
    a_room,
    commit,
    edit,
    entry,
    joined,
    plain,
    submit,
    text,
    told,
    update,
)


def test_a_plain_client_is_told_the_text_and_then_how_many_are_here() -> None:
    room = a_room("print()")
    joined(room, "ana")
    assert plain(room, "pat").outbox == [Init("print()"), UserCountUpdate(2)]


def test_the_others_are_told_who_comes_and_goes() -> None:
    room = a_room()
    pat = plain(room, "pat")
    ana = joined(room, "ana")
    assert told(pat, UserJoined) == [UserJoined(2)]
    room.leave(ana)
    assert told(pat, UserLeft) == [UserLeft(1)]


def test_its_text_becomes_an_edit_and_is_not_echoed() -> None:
    room = a_room("one two")
    pat = plain(room, "pat")
    pat.outbox.clear()
    update(room, pat, "one big two")
    (committed,) = commit(room)
    assert committed.change == edit(4, "big ", 3)
    assert pat.outbox == []


def test_it_is_shown_what_others_commit() -> None:
    room = a_room("a")
    pat = plain(room, "pat")
    room.read([entry(2, edit(1, "b"))])
    assert told(pat, CodeUpdate) == [CodeUpdate("ab")]


def test_edits_that_others_make_meanwhile_survive() -> None:
    room = a_room("one two")
    pat, ana = plain(room, "pat"), joined(room, "ana")
    submit(room, ana, 1, 1, edit(7, " three"))
    update(room, pat, "zero one two")
    commit(room)
    assert text(room) == "zero one two three"
    assert told(pat, CodeUpdate) == [CodeUpdate("zero one two three")]


def test_a_text_that_crossed_with_an_update_is_taken_as_typed_on_the_older_one() -> None:
    room = a_room("one two")
    pat = plain(room, "pat")
    room.read([entry(2, edit("zero ", 7))])  # on its way to pat
    update(room, pat, "one two!")  # typed before it arrived
    commit(room)
    assert text(room) == "zero one two!"
    assert told(pat, CodeUpdate)[-1] == CodeUpdate("zero one two!")


def test_two_who_type_the_same_letter_at_once_have_typed_two() -> None:
    room = a_room("x")
    pat = plain(room, "pat")
    room.read([entry(2, edit("a", 1))])  # on its way to pat
    update(room, pat, "ax")
    commit(room)
    assert text(room) == "aax"


def test_two_texts_in_quick_succession_are_both_kept_in_order() -> None:
    room = a_room("x")
    pat, ana = plain(room, "pat"), joined(room, "ana")
    update(room, pat, "xa")
    update(room, pat, "xab")
    submit(room, ana, 1, 1, edit("!", 1))
    commit(room)
    commit(room)
    assert text(room) == "!xab"
    assert told(pat, CodeUpdate) == [CodeUpdate("!xab")]


def test_texts_that_wait_when_it_leaves_are_saved_all_the_same() -> None:
    room = a_room()
    pat, ana = plain(room, "pat"), joined(room, "ana")
    for shown in ("a", "ab", "abc"):
        update(room, pat, shown)
    room.receive(pat, CursorUpdate(3))
    room.leave(pat)
    submit(room, ana, 1, 1, edit("!"))
    while commit(room):
        assert told(ana, Carets) == []
    assert text(room) == "!abc"
    assert not room.plain


def test_a_refusal_ends_what_waits_of_one_that_has_left() -> None:
    room = a_room("12", text=3)
    pat = plain(room, "pat")
    room.read([entry(2, edit("x", 2))])
    update(room, pat, "x12y")
    assert [e.code for e in told(pat, Error)] == ["text_too_large"]
    update(room, pat, "12y")  # typed before the x was shown
    update(room, pat, "12z")
    room.leave(pat)
    assert not commit(room)
    room.read([entry(3, edit(-1, 2))])
    assert not commit(room)
    assert text(room) == "12"


def test_while_its_own_text_is_being_saved_it_is_shown_nothing_older() -> None:
    room = a_room("x")
    pat = plain(room, "pat")
    update(room, pat, "xa")
    room.read([entry(2, edit("!", 1))])
    assert told(pat, CodeUpdate) == []
    commit(room)
    assert told(pat, CodeUpdate) == [CodeUpdate("!xa")]


def test_a_language_changes_with_the_text_or_without() -> None:
    room = a_room("x")
    pat = plain(room, "pat")
    update(room, pat, CodeUpdate("x", "typescript"))
    commit(room)
    assert (room.state.language("main"), room.revision) == ("typescript", 2)
    update(room, pat, CodeUpdate("xy", "javascript"))
    commit(room)
    commit(room)
    assert (room.state.language("main"), text(room), room.revision) == ("javascript", "xy", 4)


def test_line_ends_become_lf_and_nul_is_an_error() -> None:
    room = a_room()
    pat = plain(room, "pat")
    update(room, pat, "a\r\nb\rc")
    commit(room)
    assert text(room) == "a\nb\nc"
    update(room, pat, "a\0")
    assert [e.code for e in told(pat, Error)] == ["malformed"]


def test_a_text_over_the_limit_is_an_error_and_changes_nothing() -> None:
    room = a_room("123", text=5)
    pat = plain(room, "pat")
    update(room, pat, "123456")
    assert [e.code for e in told(pat, Error)] == ["text_too_large"]
    assert not commit(room)


def test_a_refused_text_is_taken_back_from_the_screen() -> None:
    room = a_room("1234", text=5)
    pat, ana = plain(room, "pat"), joined(room, "ana")
    submit(room, ana, 1, 1, edit(4, "A"))
    update(room, pat, "1234B")
    commit(room)
    commit(room)
    assert [type(m) for m in pat.outbox[-2:]] == [Error, CodeUpdate]
    assert told(pat, CodeUpdate) == [CodeUpdate("1234A")]
    update(room, pat, "123A")
    commit(room)
    assert text(room) == "123A"


@pytest.mark.parametrize(("sent", "told_to_others"), [(1, 1), (99, 3)])
def test_its_caret_reaches_the_others_clamped_to_the_text(sent: int, told_to_others: int) -> None:
    room = a_room("abc")
    pat, quinn = plain(room, "pat"), plain(room, "quinn")
    room.receive(pat, CursorUpdate(sent))
    assert told(quinn, CursorUpdate) == [CursorUpdate(told_to_others, "pat")]
    assert told(pat, CursorUpdate) == []


def test_its_caret_waits_for_the_text_it_stands_in() -> None:
    room = a_room("abc")
    pat, quinn = plain(room, "pat"), plain(room, "quinn")
    update(room, pat, "abcdef")
    room.receive(pat, CursorUpdate(6))
    assert told(quinn, CursorUpdate) == []
    commit(room)
    assert told(quinn, CursorUpdate) == [CursorUpdate(6, "pat")]


def test_its_caret_is_carried_past_what_others_typed_before_it() -> None:
    room = a_room("abc")
    pat, quinn = plain(room, "pat"), plain(room, "quinn")
    update(room, pat, "abcdef")
    room.receive(pat, CursorUpdate(6))
    room.read([entry(2, edit("xy", 3))])
    commit(room)
    assert told(quinn, CursorUpdate) == [CursorUpdate(8, "pat")]


def test_its_caret_is_told_after_the_entries_it_stands_on() -> None:
    room = a_room("abc")
    pat, ana = plain(room, "pat"), joined(room, "ana")
    update(room, pat, "abcdef")
    room.receive(pat, CursorUpdate(6))
    ana.outbox.clear()
    commit(room)
    assert ana.outbox == [
        Entries(2, [(pat.number, 1, "main", Operation([3, "def"]))]),
        Carets("pat", "main", 2, [(6, 6)]),
    ]


def test_the_caret_of_an_ot_client_reaches_it_as_a_position() -> None:
    room = a_room("abc")
    pat, ana = plain(room, "pat"), joined(room, "ana")
    room.receive(ana, Presence(1, "main", [(0, 2)]))
    assert told(pat, CursorUpdate) == [CursorUpdate(2, "ana")]


@pytest.mark.parametrize("limits", [{"waiting_texts": 2}, {"text": 5}])
def test_of_many_texts_that_wait_the_newest_takes_in_the_last_and_none_is_lost(
    limits: Any,
) -> None:
    room = a_room(**limits)
    pat = plain(room, "pat")
    for number in range(5):
        update(room, pat, CodeUpdate("x" * (number + 1), "javascript" if number == 3 else UNSET))
    assert len(pat.bridge.waiting) == 2
    while commit(room):
        pass
    assert (str(room.state.main.text), room.state.language("main")) == ("xxxxx", "javascript")
    assert not told(pat, Error)


def test_it_sees_carets_of_its_file_only() -> None:
    room = a_room("abc")
    room.read([entry(2, AddFile("b", "b.py", "python", "xyz"))])
    ana, pat = joined(room, "ana"), plain(room, "pat")
    pat.outbox.clear()
    room.receive(ana, Presence(2, "b", [(1, 1)]))
    assert told(pat, CursorUpdate) == []
    room.receive(ana, Presence(2, "main", [(2, 2)]))
    assert told(pat, CursorUpdate) == [CursorUpdate(2, "ana")]
    # An edit of another file moves what its author sees, and nothing here.
    submit(room, ana, 1, 2, edit(3, "!", file="b"))
    commit(room)
    assert pat.outbox == []


def test_all_plain_clients_are_told_one_message() -> None:
    room = a_room("a")
    pat, pim = plain(room, "pat"), plain(room, "pim")
    room.read([entry(2, edit(1, "b"))])
    assert told(pat, CodeUpdate)[0] is told(pim, CodeUpdate)[0]


def test_one_that_is_paused_is_shown_the_latest_text_when_it_goes_on() -> None:
    room = a_room("a")
    pat = plain(room, "pat")
    pat.outbox.clear()
    pat.paused = True
    room.read([entry(2, edit(1, "b"))])
    room.read([entry(3, edit(2, "c"))])
    assert pat.outbox == []
    update(room, pat, "a!")  # typed on what it was shown last
    commit(room)
    assert text(room) == "a!bc"
    pat.paused = False
    room.advance_plain([pat])
    assert pat.outbox == [CodeUpdate("a!bc")]


def test_long_texts_that_a_client_may_show_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collab.room.bridge._MOST_COMPARED", 100)
    room = a_room("x" * 30)
    pat = plain(room, "pat")
    for revision in range(2, 10):
        room.read([entry(revision, edit(28 + revision, "y"))])
    assert len(pat.bridge.candidates) == 2
