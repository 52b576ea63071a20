"""People connected to the room through other server processes."""

from __future__ import annotations

import pytest

from collab.errors import PeerError
from collab.protocol import (
    Carets,
    CursorUpdate,
    Joined,
    Left,
    Person,
    Presence,
    Profile,
    UserCountUpdate,
    UserJoined,
    UserLeft,
)
from collab.room import elsewhere
from collab.room.between import Ask, Gone, Here
from collab.room.people import REPLACED
from collab.room.room import Room
from collab.room.session import OtSession, Session
from tests.room.acting import a_room, edit, entry, joined, plain, submit, told


def here(client: str, at: int | None = None, **fields: object) -> Here:
    """Somebody is there, with the caret at a position of main, if any."""
    usual: dict[str, object] = {
        "person": client,
        "name": client.title(),
        "colour": 1,
        "since": (0, 0),
        "revision": 1,
        "file": None if at is None else "main",
        "selections": [] if at is None else [(at, at)],
    }
    return Here(client, **usual | fields)  # type: ignore[arg-type]


def hear(room: Room, *news: Here | Gone | Ask, process: str = "there") -> None:
    for item in news:
        room.hear(process, item)


def people(room: Room) -> set[str]:
    return set(room.people.elsewhere)


def caret(room: Room, client: str) -> int | None:
    """Return the position at the head of a caret that another server process reported."""
    at = room.people.at_head(room.people.elsewhere[client].caret)
    return at.selections[0][0] if at else None


def session(client: str, since: tuple[int, int]) -> Session:
    return OtSession(client, client, client.title(), 0, since=since)


def test_who_comes_changes_and_goes_elsewhere_is_told_like_anybody() -> None:
    room = a_room("abc")
    ann, dan = joined(room, "ann"), plain(room, "dan")
    told(ann, Person)
    hear(room, here("bo"))
    assert [(p.name, p.number > 0) for p in told(ann, Person)] == [("Bo", True)]
    hear(room, here("bo", at=2))
    assert [c.selections for c in told(ann, Carets)] == [[(2, 2)]]
    hear(room, here("bo", at=2, name="Bob"))
    (person, *more) = ann.outbox
    assert isinstance(person, Person)
    assert (person.name, more) == ("Bob", [])
    told(ann, Person)
    hear(room, Gone("bo", (0, 0)))
    assert told(ann, Left) == [Left("bo")]
    assert dan.outbox[1:] == [
        UserCountUpdate(2),
        UserJoined(3),
        CursorUpdate(2, "bo"),
        UserLeft(2),
    ]


def test_who_joins_is_told_of_people_elsewhere_and_counted_with_them() -> None:
    room = a_room("abc")
    hear(room, here("bo", at=3))
    (answer,) = told(joined(room, "ann"), Joined)
    assert [(p.client, p.caret and p.caret.selections) for p in answer.people] == [("bo", [(3, 3)])]
    assert told(plain(room, "dan"), UserCountUpdate) == [UserCountUpdate(3)]


def test_in_a_full_room_who_is_counted_already_may_come_again_and_nobody_else() -> None:
    room = a_room(sessions=2)
    joined(room, "ann")
    hear(room, here("bo"))
    for client in ("cy", "dan"):
        with pytest.raises(PeerError, match="the limit is 2 at once"):
            (joined if client == "cy" else plain)(room, client)
    # Two processes may each have let in the last one.
    hear(room, here("eve"))
    for client in ("ann", "bo"):
        joined(room, client)
        assert room.count == 3


def test_others_are_told_who_is_here_with_carets_at_the_head() -> None:
    room = a_room("abc")
    ann = joined(room, "ann")
    room.receive(ann, Presence(1, "main", [(1, 1)]))
    room.read([entry(2, edit("x", 3))])
    room.receive(ann, Profile("Anna", 5))
    room.leave(ann)
    assert room.people.news[-2:] == [
        Here("ann", "person-ann", "Anna", 5, (0, 0), 2, "main", [(2, 2)]),
        Gone("ann", (0, 0)),
    ]


def test_who_asks_is_answered_once_the_room_is_read_as_far() -> None:
    room = a_room()
    joined(room, "ann")
    room.people.news.clear()
    hear(room, Ask(2))
    assert not room.people.news
    room.read([entry(2, edit("x"))])
    assert [
        (news.client, news.revision) for news in room.people.news if isinstance(news, Here)
    ] == [("ann", 2)]


def test_a_caret_of_an_older_revision_is_carried_to_the_head() -> None:
    room = a_room("abc")
    room.read([entry(2, edit("xx", 3))])
    hear(room, here("bo", at=1))
    assert caret(room, "bo") == 3


def test_a_caret_whose_owner_has_typed_since_is_where_that_left_it() -> None:
    room = a_room("abc")
    room.read([entry(2, edit(3, "x"), client="bo"), entry(3, edit("y", 4))])
    hear(room, here("bo", at=0))
    assert caret(room, "bo") == 5


def test_a_caret_of_a_later_revision_waits_until_that_is_read() -> None:
    room = a_room("abc")
    ann = joined(room, "ann")
    hear(room, here("bo", at=1))
    told(ann, Carets)
    hear(room, here("bo", at=5, revision=3))
    assert caret(room, "bo") == 1
    room.read([entry(2, edit("x", 3))])
    assert not told(ann, Carets)
    room.read([entry(3, edit("y", 4))])
    assert told(ann, Carets) == [Carets("bo", "main", 3, [(5, 5)])]


def test_a_caret_older_than_the_past_is_asked_for_again() -> None:
    room = a_room("abc", tail=1)
    for revision in range(2, 6):
        room.read([entry(revision, edit("x", revision + 1))])
    hear(room, here("bo", at=1))
    assert room.people.news == [Ask(5)]
    assert caret(room, "bo") is None


def test_a_caret_that_cannot_be_is_none() -> None:
    room = a_room("abc")
    hear(room, here("bo", at=4), here("cy", at=0, file="nowhere"))
    assert people(room) == {"bo", "cy"}
    assert caret(room, "bo") is None
    assert caret(room, "cy") is None


def test_who_types_elsewhere_moves_the_caret_also_here() -> None:
    room = a_room("abc")
    hear(room, here("bo", at=0))
    room.read([entry(2, edit(2, "x", 1), client="bo")])
    assert caret(room, "bo") == 3


def test_the_same_key_joining_elsewhere_closes_the_session_here_and_drops_its_queue() -> None:
    room = a_room()
    ann, bo = joined(room, "ann"), joined(room, "bo")
    submit(room, ann, 1, 1, edit("a"))
    bo.outbox.clear()
    hear(room, here("ann", since=(0, 1)))
    assert ann.closing == REPLACED
    assert not room.queue
    assert [type(message) for message in bo.outbox] == [Left, Person]
    assert room.count == 2


def test_an_older_session_of_the_same_key_elsewhere_changes_nothing_and_is_told_so() -> None:
    room = a_room()
    ann = session("ann", since=(5, 0))
    room.join(ann, None)
    room.people.news.clear()
    hear(room, here("ann", since=(4, 9)))
    assert ann.closing is None
    assert [(news.client, news.since) for news in room.people.news if isinstance(news, Here)] == [
        ("ann", (5, 0))
    ]
    assert not room.people.elsewhere


def test_who_moves_from_elsewhere_to_here_is_here_once() -> None:
    room = a_room()
    bo = joined(room, "bo")
    hear(room, here("ann", since=(1, 0)))
    bo.outbox.clear()
    room.join(session("ann", since=(2, 0)), None)
    assert [type(message) for message in bo.outbox] == [Left, Person]
    assert room.count == 2
    hear(room, Gone("ann", (1, 0)))
    assert room.count == 2


def test_a_join_that_comes_late_from_a_link_given_up_does_not_count() -> None:
    room = a_room()
    newer = session("ann", since=(7, 0))
    room.join(newer, None)
    hear(room, here("bo", since=(7, 0)))
    for client in ("ann", "bo"):
        late = session(client, since=(6, 9))
        room.join(late, None)
        assert late.closing == REPLACED
        assert not late.outbox
    assert newer.closing is None
    assert room.count == 2


def test_who_moves_between_other_processes_stays() -> None:
    room = a_room()
    ann = joined(room, "ann")
    hear(room, here("bo", since=(1, 0)), process="a")
    ann.outbox.clear()
    hear(room, here("bo", since=(2, 0)), process="b")
    hear(room, here("bo", since=(1, 0)), Gone("bo", (1, 0)), process="a")
    elsewhere.forget(room.people, "a")
    assert people(room) == {"bo"}
    assert not ann.outbox
    elsewhere.forget(room.people, "b")
    assert not room.people.elsewhere


def test_after_a_roll_who_was_not_named_is_gone() -> None:
    room = a_room()
    hear(room, here("ann"), here("bo"))
    hear(room, here("cy"), process="another")
    elsewhere.doubt(room.people, "there")
    hear(room, here("bo"))
    elsewhere.drop_doubtful(room.people, "there")
    assert people(room) == {"bo", "cy"}


def test_with_a_process_its_people_go() -> None:
    room = a_room()
    dan = plain(room, "dan")
    hear(room, here("ann"), here("bo"))
    hear(room, here("cy"), process="another")
    dan.outbox.clear()
    elsewhere.forget(room.people, "there")
    assert people(room) == {"cy"}
    assert dan.outbox == [UserLeft(3), UserLeft(2)]


def test_a_late_gone_does_not_remove_the_newer_session() -> None:
    room = a_room()
    ann = joined(room, "ann")
    hear(room, here("bo", since=(2, 0)))
    ann.outbox.clear()
    hear(room, Gone("bo", (1, 9)))
    hear(room, Gone("bo", (2, 0)), process="another")
    assert people(room) == {"bo"}
    assert not ann.outbox
    hear(room, Gone("bo", (2, 0)))
    assert not room.people.elsewhere
    assert told(ann, Left) == [Left("bo")]
