"""The pump keeps to who may do what, which changes beside the log."""

from __future__ import annotations

from uuid import UUID

import pytest

from collab.errors import LogUnavailable, RevisionTaken
from collab.protocol import Join
from collab.room.doors import Access, Door
from collab.room.log import Arrived
from collab.room.session import OtSession
from collab.room.wishes import Append, Arrival, AskAccess, Pause, Since
from tests.room.acting import a_room, edit, entry, joined, text
from tests.room.test_pump import a_pump, drive, typing

ANA, BO = UUID(int=1), UUID(int=2)
OPEN, SHUT = Access(Door(1)), Access(Door(1, "viewer"))


def test_news_of_an_access_is_work_until_the_access_was_read() -> None:
    room = a_room()
    ana = joined(room, "ana")
    pump = a_pump(room)
    assert not pump.heard(room.revision, 0)
    assert pump.heard(room.revision, 1)
    assert drive(pump.work(), SHUT) == [AskAccess([])]
    assert (room.door, ana.role) == (SHUT.door, "viewer")
    assert not pump.heard(room.revision, 1)


def test_an_append_refused_at_the_head_of_the_log_has_met_another_access() -> None:
    room = a_room()
    typing(room, "ana")
    asked = drive(a_pump(room).work(), RevisionTaken(), [], OPEN, None)
    assert [type(wish) for wish in asked] == [Append, Since, AskAccess, Append]
    assert isinstance(asked[-1], Append)
    assert (asked[-1].access, text(room)) == (1, "ana")


def test_after_an_append_that_was_late_no_access_is_read() -> None:
    room = a_room()
    typing(room, "ana")
    lost, late = LogUnavailable("lost"), [entry(2, edit("x"))]
    asked = drive(a_pump(room).work(), RevisionTaken(), late, lost, None, [], None)
    assert [type(wish) for wish in asked] == [Append, Since, Append, Pause, Since, Append]


def test_an_access_that_cannot_be_read_is_read_after_the_pause() -> None:
    pump = a_pump(a_room())
    pump.heard(1, 1)
    asked = drive(pump.work(), LogUnavailable("lost"), None, [], OPEN)
    assert [type(wish) for wish in asked] == [AskAccess, Pause, Since, AskAccess]
    assert pump.room.door == OPEN.door


def test_who_enters_is_asked_for_and_has_the_role_that_is_found() -> None:
    pump = a_pump(a_room())
    session = OtSession("ana", "p", "Ana", 0, who=ANA)
    found = Access(Door(1, "none"), {ANA: "commenter"})
    assert drive(pump.learn(session), found) == [AskAccess([ANA])]
    assert (session.role, session.seated) == ("commenter", 1)
    stranger = OtSession("bo", "q", "Bo", 0)
    assert drive(pump.learn(stranger), found) == [AskAccess([])]
    assert stranger.role is None


def test_who_comes_while_an_access_is_read_is_asked_for_too() -> None:
    room = a_room()
    work = a_pump(room).learn()
    assert next(work) == AskAccess([])
    joined(room, "bo").who = BO
    assert work.send(SHUT) == AskAccess([BO])
    with pytest.raises(StopIteration):
        work.send(SHUT)
    assert room.door == SHUT.door


def test_an_access_older_than_the_one_known_is_read_again() -> None:
    pump = a_pump(a_room())
    pump.room.regulate(Access(Door(2)))
    assert drive(pump.learn(), OPEN, Access(Door(2, "viewer"))) == [AskAccess([])] * 2
    assert pump.room.door.open == "viewer"


@pytest.mark.parametrize("revision", [None, 1])
def test_who_joins_with_what_is_known_is_told_who_they_are_and_nothing_is_read(
    revision: int | None,
) -> None:
    session = OtSession("ana", "p", "Ana", 0)
    join = Join(2, "k" * 16, "p", "Ana", 0, revision=revision)
    login = UUID(int=9)
    admitted = Arrived(3, 77, Access(Door(), {ANA: "viewer"}), (ANA, login))
    asked = drive(a_pump(a_room()).admit(session, join), admitted)
    assert asked == [Arrival("ana", None, None)]
    assert (session.who, session.login, session.role) == (ANA, login, "editor")
    shut = Arrived(3, 77, Access(Door(1, "none"), {ANA: "viewer"}), (ANA, login))
    drive(a_pump(a_room()).admit(session, join), shut)
    assert session.role == "viewer"
