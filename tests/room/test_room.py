from __future__ import annotations

import pytest
from msgspec import UNSET

from collab.changes.name import SetName
from collab.errors import Refusal
from collab.protocol import (
    AddFile,
    Entries,
    Error,
    Joined,
    Person,
    Ping,
    Pong,
    Presence,
    Refused,
    SetLanguage,
    Submit,
)
from collab.room.draft import Draft
from collab.room.kinds import KINDS
from collab.room.session import client_id
from ot import Operation
from tests.room.acting import (
    NOW,
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


def test_who_joins_is_given_the_files_at_the_head() -> None:
    room = a_room("print()")
    (answer,) = told(joined(room, "ana"), Joined)
    assert answer.revision == 1
    assert answer.entries is UNSET
    assert [(file.id, file.text) for file in answer.files or []] == [("main", "print()")]


def test_who_joins_again_is_given_the_entries_since() -> None:
    room = a_room()
    room.read([entry(2, edit("a")), entry(3, edit(1, "b"))])
    (answer,) = told(joined(room, "ana", revision=2), Joined)
    assert answer.files is UNSET
    assert answer.entries == [("else", 3, "main", Operation([1, "b"]))]


def test_an_entry_names_who_is_here_by_number_and_anybody_else_by_id() -> None:
    room = a_room("abc")
    ana, bo = joined(room, "ana"), joined(room, "bo")
    ana.outbox.clear()
    submit(room, bo, 1, 1, edit("b", 3))
    (ours,) = commit(room)
    room.leave(bo)
    room.read([entry(3, edit(4, "x"), "stranger"), entry(4, edit(5, "y"), "bo", 2)])
    again = joined(room, "bo", revision=4)
    submit(room, again, 3, 4, edit("!", 6))
    commit(room)
    who = [item[0] for message in told(ana, Entries) for item in message.entries]
    assert who == [bo.number, "stranger", "bo", again.number]
    assert len({ana.number, bo.number, again.number}) == 3
    assert ours.client == "bo"


def test_a_revision_from_the_future_is_an_error() -> None:
    room = a_room()
    session = joined(room, "ana")
    submit(room, session, 1, 9, edit("a"))
    (error,) = told(session, Error)
    assert (error.code, error.seq) == ("unknown_revision", 1)
    assert "9" in error.message
    assert not room.queue


def test_joining_tells_who_is_here_and_the_others_who_came() -> None:
    room = a_room("abc")
    ana = joined(room, "ana")
    room.receive(ana, Presence(1, "main", [(1, 2)]))
    told(ana, Person)
    (answer,) = told(joined(room, "bo"), Joined)
    assert [(p.client, p.caret and p.caret.selections) for p in answer.people] == [
        ("ana", [(1, 2)])
    ]
    assert [p.client for p in told(ana, Person)] == ["bo"]


def test_the_same_key_elsewhere_closes_the_older_session_and_drops_its_queue() -> None:
    room = a_room()
    older = joined(room, "ana")
    submit(room, older, 1, 1, edit("a"))
    newer = joined(room, "ana", revision=1)
    assert older.closing == (4409, "The same key joined elsewhere")
    assert newer.closing is None
    assert not room.queue
    room.leave(older)  # its socket ends later, and takes nobody with it
    assert room.people.sessions == {"ana": newer}


def test_who_comes_back_is_not_held_up_by_what_another_process_has_refused() -> None:
    room = a_room()
    ana = joined(room, "ana")
    submit(room, ana, 1, 1, edit("a"))
    room.leave(ana)
    ana = joined(room, "ana", revision=1)  # 1 was refused elsewhere meanwhile
    submit(room, ana, 2, 1, edit("b"))
    assert told(ana, Error) == []
    assert [e.seq for e in commit(room)] == [2]


@pytest.mark.parametrize("rejoins", [False, True])
def test_a_session_that_is_not_in_the_room_any_more_is_not_heard(rejoins: bool) -> None:
    room = a_room()
    older = joined(room, "ana")
    if rejoins:
        joined(room, "ana")
    else:
        room.leave(older)
    submit(room, older, 1, 1, edit("a"))
    assert not room.queue


def test_a_change_is_nothing_until_it_is_read_back() -> None:
    room = a_room()
    session = joined(room, "ana")
    told(session, Joined)
    submit(room, session, 1, 1, edit("a"))
    batch = room.seal(NOW)
    assert room.seal(NOW) == batch
    assert (text(room), session.outbox) == ("", [])
    room.read(batch)
    assert text(room) == "a"
    assert told(session, Entries) == [Entries(2, [(session.number, 1, "main", Operation(["a"]))])]


def test_a_batch_holds_everybodys_changes_each_rebased_onto_those_before() -> None:
    room = a_room("-")
    for name in ("ana", "bo", "cy"):
        submit(room, joined(room, name), 1, 1, edit(1, name))
    commit(room)
    assert text(room) == "-cyboana"
    assert room.revision == 4


def test_a_change_drafted_on_an_old_revision_is_carried_to_the_head() -> None:
    room = a_room("abc")
    session = joined(room, "ana")
    room.read([entry(2, edit(-1, 2)), entry(3, edit("xy", 2))])
    submit(room, session, 1, 1, edit(3, "!"))
    commit(room)
    assert text(room) == "xybc!"


def test_the_same_seq_again_is_not_applied_again() -> None:
    room = a_room()
    session = joined(room, "ana")
    submit(room, session, 1, 1, edit("a"))
    submit(room, session, 1, 1, edit("a"))
    assert len(commit(room)) == 1
    submit(room, session, 1, 1, edit("a"))
    assert not commit(room)
    assert told(session, Error) == []


def test_what_the_log_had_before_this_process_is_not_applied_again() -> None:
    room = a_room()
    session = joined(room, "ana", settled=5)
    submit(room, session, 5, 1, edit("a"))
    assert not room.queue


def test_a_seq_that_the_tail_has_counts_as_settled_on_join() -> None:
    room = a_room()
    room.read([entry(2, edit("a"), client="ana", seq=7)])
    (answer,) = told(joined(room, "ana", settled=6), Joined)
    assert answer.seq == 7


def test_an_entry_of_another_process_settles_the_same_change_here() -> None:
    room = a_room()
    session = joined(room, "ana")
    submit(room, session, 1, 1, edit("a"))
    room.read([entry(2, edit("a"), client="ana", seq=1)])
    assert not room.queue
    assert text(room) == "a"


def test_a_later_seq_in_the_log_settles_an_earlier_change_here() -> None:
    room = a_room()
    submit(room, joined(room, "ana"), 1, 1, edit("a"))
    room.read([entry(2, edit("b"), client="ana", seq=2)])
    assert not room.queue


def test_a_refused_change_stays_refused_when_its_resend_comes_after_the_answer() -> None:
    room = a_room("12345", text=5)
    ana = joined(room, "ana")
    submit(room, ana, 1, 1, edit("x", 5))
    assert not commit(room)
    submit(room, ana, 1, 1, edit("x", 5))
    assert not room.queue
    submit(room, ana, 2, 1, edit(-1, 4))
    assert [e.seq for e in commit(room)] == [2]


def test_a_newer_seq_while_one_is_unsettled_is_an_error() -> None:
    room = a_room()
    session = joined(room, "ana")
    submit(room, session, 1, 1, edit("a"))
    submit(room, session, 2, 1, edit("b"))
    (error,) = told(session, Error)
    assert (error.code, error.seq) == ("in_flight", 2)
    assert [e.seq for e in commit(room)] == [1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (edit(4, "x"), "spans 4 code points, the text has 3"),
        (edit(3, "a\0"), "U+0000"),
        (edit(3, "a\r\n"), "U+000D"),
    ],
)
def test_what_does_not_fit_is_an_error_that_names_its_seq(change: object, words: str) -> None:
    room = a_room("abc")
    session = joined(room, "ana")
    submit(room, session, 3, 1, change)  # type: ignore[arg-type]
    (error,) = told(session, Error)
    assert (error.code, error.seq) == ("invalid_operation", 3)
    assert words in error.message
    assert not room.queue


def test_a_change_of_a_file_that_is_not_there_is_refused() -> None:
    room = a_room()
    session = joined(room, "ana")
    submit(room, session, 1, 1, edit("a", file="other"))
    assert not commit(room)
    assert [(r.seq, r.code) for r in told(session, Refused)] == [(1, "unknown_file")]


def test_a_text_over_the_limit_is_refused_with_both_numbers() -> None:
    room = a_room("1234", text=5)
    session = joined(room, "ana")
    submit(room, session, 1, 1, edit(4, "56"))
    assert not commit(room)
    (refused,) = told(session, Refused)
    assert refused.code == "text_too_large"
    assert "6" in refused.message
    assert "5" in refused.message
    submit(room, session, 2, 1, edit(4, "5"))
    commit(room)
    assert text(room) == "12345"


def test_a_text_above_a_lowered_limit_may_be_shortened_and_not_made_longer() -> None:
    room = a_room("12345678", text=5)
    session = joined(room, "ana")
    submit(room, session, 1, 1, edit(8, "9"))
    assert not commit(room)
    assert [r.code for r in told(session, Refused)] == ["text_too_large"]
    # Shorter, but still above the limit; then of the same length.
    submit(room, session, 2, 1, edit(7, -1))
    assert len(commit(room)) == 1
    submit(room, session, 3, 2, edit(6, -1, "x"))
    assert len(commit(room)) == 1
    assert text(room) == "123456x"
    assert not told(session, Refused)


def test_a_file_over_the_limit_is_refused_with_both_numbers() -> None:
    room = a_room("", files=2)
    add = AddFile("two", "two.py", "python", "")
    assert KINDS[AddFile].place(add, Draft(room.state, room.limits)) == add
    room.read([entry(2, add)])
    three = AddFile("three", "three.py", "python", "")
    refusal = KINDS[AddFile].place(three, Draft(room.state, room.limits))
    assert refusal == Refusal("too_many_files", "The room has 2 files and folders; the limit is 2.")


def test_only_committed_state_refuses_what_a_draft_makes_impossible_waits() -> None:
    room = a_room("1234", text=5)
    ana, bo = joined(room, "ana"), joined(room, "bo")
    submit(room, ana, 1, 1, edit(4, "A"))
    submit(room, bo, 1, 1, edit(4, "B"))
    batch = room.seal(NOW)
    assert [e.client for e in batch] == ["ana"]
    assert told(bo, Refused) == []
    room.read(batch)
    assert room.seal(NOW) == []
    assert [r.code for r in told(bo, Refused)] == ["text_too_large"]


def test_a_batch_is_capped_and_the_rest_is_the_next() -> None:
    room = a_room(batch=2)
    for name in ("ana", "bo", "cy"):
        submit(room, joined(room, name), 1, 1, edit(name))
    assert len(commit(room)) == 2
    assert len(commit(room)) == 1


def test_reading_skips_what_is_known_and_a_gap_is_our_mistake() -> None:
    room = a_room()
    entries = [entry(2, edit("a")), entry(3, edit(1, "b"))]
    room.read(entries[:1])
    room.read(entries)
    assert text(room) == "ab"
    with pytest.raises(AssertionError):
        room.read([entry(5, edit(2, "c"))])


def test_a_language_commutes_with_edits() -> None:
    room = a_room("abc")
    ana, bo = joined(room, "ana"), joined(room, "bo")
    submit(room, ana, 1, 1, SetLanguage("main", "typescript"))
    submit(room, bo, 1, 1, edit(3, "!"))
    commit(room)
    assert (room.state.language("main"), text(room)) == ("typescript", "abc!")


def test_a_name_is_told_to_who_is_here_and_to_who_comes_and_commutes_with_edits() -> None:
    room = a_room("abc")
    ana, bo = joined(room, "ana"), joined(room, "bo")
    assert [answer.facts.get("name") for answer in told(ana, Joined)] == [None]
    submit(room, ana, 1, 1, SetName("Orbit"))
    submit(room, bo, 1, 1, edit(3, "!"))
    commit(room)
    (frame,) = told(bo, Entries)
    assert frame.entries[0] == (ana.number, 1, SetName("Orbit"))
    assert text(room) == "abc!"
    assert [answer.facts.get("name") for answer in told(joined(room, "cy"), Joined)] == ["Orbit"]


def test_a_ping_is_answered() -> None:
    room = a_room()
    ana = joined(room, "ana")
    room.receive(ana, Ping())
    assert told(ana, Pong) == [Pong()]


def test_a_client_id_depends_on_the_key_and_the_rooms_secret() -> None:
    ids = {client_id(s, k) for s in (b"one", b"two") for k in ("k" * 16, "K" * 16)}
    assert len(ids) == 4
    assert all(len(i) == 8 for i in ids)
    assert client_id(b"one", "k" * 16) == client_id(b"one", "k" * 16)


def test_every_entry_names_the_person_of_its_client_and_an_origin() -> None:
    room = a_room("ab")
    ana, bo, cy = joined(room, "ana"), joined(room, "bo"), joined(room, "cy")
    cy.agent = "Ana"
    room.receive(ana, Submit(1, 1, edit(2, "c"), origin="pasted"))
    room.receive(bo, Submit(1, 1, edit(2, "d")))
    room.receive(cy, Submit(1, 1, edit(2, "e")))
    update(room, plain(room, "guest"), "abx")
    entries = commit(room)
    assert [(entry.client, entry.person, entry.origin) for entry in entries] == [
        ("ana", "person-ana", "pasted"),
        ("bo", "person-bo", "typed"),
        ("cy", "person-cy", "tool"),
        ("guest", "guest", "typed"),
    ]
