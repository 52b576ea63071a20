"""People in a room are told of one another: who comes and goes, names and carets."""

from __future__ import annotations

import pytest

from collab.protocol import (
    Author,
    Authors,
    Carets,
    Entries,
    Error,
    Joined,
    Left,
    Person,
    Presence,
    Profile,
    SetLanguage,
)
from tests.room.acting import (
    a_room,
    commit,
    edit,
    entry,
    joined,
    submit,
    text,
    told,
)


def test_a_caret_is_told_at_the_head() -> None:
    room = a_room("abc")
    ana, bo = joined(room, "ana"), joined(room, "bo")
    room.read([entry(2, edit("xx", 3))])
    told(bo, Entries)
    room.receive(ana, Presence(1, "main", [(1, 3)]))
    assert told(bo, Carets) == [Carets("ana", "main", 2, [(3, 5)])]


def test_a_caret_older_than_the_tail_is_shown_to_who_comes() -> None:
    room = a_room("abc", tail=1)
    room.receive(joined(room, "ana"), Presence(1, "main", [(1, 3)]))
    for revision in range(2, 12):
        room.read([entry(revision, edit("x", revision + 1))])
    (answer,) = told(joined(room, "bo"), Joined)
    assert [p.caret and p.caret.selections for p in answer.people] == [[(11, 13)]]


def test_an_edit_moves_its_authors_caret_to_the_end_of_what_was_typed() -> None:
    room = a_room("abc")
    ana = joined(room, "ana")
    submit(room, ana, 1, 1, edit(1, "xy", 2))
    commit(room)
    (answer,) = told(joined(room, "bo"), Joined)
    assert [p.caret and p.caret.selections for p in answer.people] == [[(3, 3)]]


@pytest.mark.parametrize(
    ("presence", "code"),
    [
        (Presence(1, "main", [(0, 4)]), "malformed"),
        (Presence(1, "other", [(0, 0)]), "unknown_file"),
        (Presence(2, "main", [(0, 0)]), "unknown_revision"),
    ],
)
def test_a_caret_that_cannot_be_is_an_error(presence: Presence, code: str) -> None:
    room = a_room("abc")
    ana, bo = joined(room, "ana"), joined(room, "bo")
    room.receive(ana, presence)
    assert [e.code for e in told(ana, Error)] == [code]
    assert told(bo, Carets) == []


def test_a_new_name_reaches_the_others() -> None:
    room = a_room()
    ana, bo = joined(room, "ana"), joined(room, "bo")
    room.receive(ana, Profile("Anastasia", 5))
    assert [(p.name, p.colour) for p in told(bo, Person)] == [("Anastasia", 5)]


def test_who_leaves_is_missed_and_what_they_submitted_goes_on() -> None:
    room = a_room()
    ana, bo = joined(room, "ana"), joined(room, "bo")
    submit(room, ana, 1, 1, edit("a"))
    room.leave(ana)
    assert told(bo, Left) == [Left("ana")]
    commit(room)
    assert text(room) == "a"


def test_the_author_of_an_entry_who_is_not_in_the_room_is_named() -> None:
    room = a_room()
    ana, bo = joined(room, "ana"), joined(room, "bo")
    submit(room, ana, 1, 1, SetLanguage("main", "rust"))
    submit(room, bo, 1, 1, SetLanguage("main", "go"))
    room.leave(ana)
    bo.outbox.clear()
    commit(room)
    authors = [Author("ana", "person-ana", "Ana")]
    assert told(bo, Authors) == [Authors(authors)]
    # The same goes for those who come back, but nobody needs to be told of themselves.
    [answer] = told(joined(room, "cy", 1), Joined)
    assert answer.authors == authors
    [answer] = told(joined(room, "ana", 1), Joined)
    assert answer.authors == []
