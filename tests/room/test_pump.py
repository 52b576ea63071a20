"""The pump's calls to the log, and its handling of the log's answers."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import collab.room.past
import ot.history
from collab.errors import LogError, LogUnavailable, NewerRelease, NotStorable, RevisionTaken
from collab.protocol import Entries, Join, Joined, Refused
from collab.room import stretches
from collab.room.doors import Access, Door
from collab.room.log import Arrived
from collab.room.past import SLICE, Past, Told
from collab.room.pump import Pump
from collab.room.room import Room
from collab.room.session import OtSession, Session
from collab.room.state import Entry
from collab.room.wishes import Append, Arrival, Aside, LastSeq, Pause, Since, Turn, Wish, Work
from ot import Operation
from tests.room.acting import NOW, a_room, edit, entry, joined, submit, text, told
from tests.support.interrupting import interrupted


def a_pump(room: Room, page: int = 1000) -> Pump:
    return Pump(room, page, lambda: NOW)


def drive(work: Work, *answers: Any) -> list[Wish]:
    """Give these answers, or throw them, one after the other. Returns what was asked for."""
    asked: list[Wish] = []
    step: Callable[[], Wish] = lambda: next(work)  # noqa: E731
    for answer in (*answers, ...):
        try:
            asked.append(step())
        except StopIteration:
            break
        if isinstance(answer, LogError):
            step = lambda error=answer: work.throw(error)  # type: ignore[misc]  # noqa: E731
        else:
            step = lambda result=answer: work.send(result)  # type: ignore[misc]  # noqa: E731
    else:
        raise AssertionError(f"it asks for {asked[-1]} without an answer")
    return asked


def typing(room: Room, *clients: str) -> list[Session]:
    sessions = [joined(room, client) for client in clients]
    for session in sessions:
        submit(room, session, 1, 1, edit(session.client))
        session.outbox.clear()
    return sessions


def clients(wish: Wish) -> list[str]:
    assert isinstance(wish, Append)
    return [entry.client for entry in wish.entries]


def test_with_nothing_to_do_it_asks_for_nothing() -> None:
    assert drive(a_pump(a_room()).work()) == []


def test_what_waits_is_appended_and_then_read() -> None:
    room = a_room()
    (ana,) = typing(room, "ana")
    (append,) = drive(a_pump(room).work(), None)
    assert clients(append) == ["ana"]
    assert (text(room), len(told(ana, Entries)), room.queue) == ("ana", 1, {})


@pytest.mark.parametrize("committed", [False, True])
def test_after_no_answer_only_the_log_says_whether_it_committed(committed: bool) -> None:
    room = a_room()
    typing(room, "ana")
    there = [entry(2, edit("ana"), "ana", 1)] if committed else []
    answers = [LogUnavailable("lost"), None, there, *([] if committed else [None])]
    kinds = [type(wish) for wish in drive(a_pump(room).work(), *answers)]
    assert kinds == [Append, Pause, Since, *([] if committed else [Append])]
    assert (text(room), room.revision) == ("ana", 2)


def test_pauses_grow_to_a_second_and_start_anew_after_a_commit() -> None:
    room = a_room()
    pump, lost = a_pump(room), LogUnavailable("lost")
    for _ in range(2):
        typing(room, "ana" if room.revision == 1 else "bo")
        asked = drive(pump.work(), lost, *[None, lost] * 6, None, [], None)
        pauses = [wish.seconds for wish in asked if isinstance(wish, Pause)]
        assert pauses == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0]


def test_a_lost_race_is_read_and_drafted_again() -> None:
    room = a_room()
    typing(room, "ana")
    asked = drive(a_pump(room).work(), RevisionTaken(), [entry(2, edit("x"))], None)
    assert [type(wish) for wish in asked] == [Append, Since, Append]
    assert (text(room), room.revision) == ("anax", 3)


def test_what_is_heard_while_it_reads_is_read_too() -> None:
    room = a_room()
    pump = a_pump(room)
    assert pump.heard(2)
    work = pump.work()
    assert next(work) == Since(1)
    assert pump.heard(3)
    assert work.send([entry(2, edit("a"))]) == Since(2)
    assert pump.heard(2) is False


def test_a_catch_up_reads_page_by_page_until_one_is_short() -> None:
    room = a_room()
    pages = [
        [entry(2, edit("a")), entry(3, edit(1, "b"))],
        [entry(4, edit(2, "c")), entry(5, edit(3, "d"))],
        [entry(6, edit(4, "e"))],
    ]
    assert drive(a_pump(room, page=2).catch_up(), *pages) == [Since(1), Since(3), Since(5)]
    assert text(room) == "abcde"


def test_what_the_log_rejects_is_found_alone_and_the_others_commit() -> None:
    room = a_room()
    ana, bo, cy = typing(room, "ana", "bo", "cy")
    no = NotStorable("no")
    asked = drive(a_pump(room).work(), no, None, no, 0, None)
    batches = [clients(wish) for wish in asked if isinstance(wish, Append)]
    assert batches == [["ana", "bo", "cy"], ["ana"], ["bo"], ["cy"]]
    assert LastSeq("bo") in asked
    assert [refused.code for refused in told(bo, Refused)] == ["not_storable"]
    assert told(ana, Refused) == told(cy, Refused) == []
    assert text(room) == "cyana"


def test_of_two_the_one_that_the_log_rejects_is_found_and_those_after_it_go_together() -> None:
    room = a_room()
    typing(room, "ana", "bo")
    pump, no = a_pump(room), NotStorable("no")
    work = pump.work()
    assert clients(next(work)) == ["ana", "bo"]
    assert clients(work.throw(no)) == ["ana"]
    assert work.throw(no) == LastSeq("ana")
    typing(room, "cy")
    assert clients(work.send(0)) == ["bo", "cy"]


def test_after_as_many_as_were_rejected_together_changes_go_together_again() -> None:
    room = a_room()
    typing(room, "ana", "bo", "cy")
    pump = a_pump(room)
    drive(pump.work(), NotStorable("no"), None, None, None)
    typing(room, "di", "ed")
    assert [clients(wish) for wish in drive(pump.work(), None)] == [["di", "ed"]]


def test_a_log_that_a_newer_release_has_written_ends_the_work() -> None:
    room = a_room()
    typing(room, "ana")
    work = a_pump(room).work()
    next(work)
    with pytest.raises(NewerRelease):
        work.throw(NewerRelease("newer"))


def test_what_is_in_the_log_already_is_not_refused() -> None:
    room = a_room()
    (ana,) = typing(room, "ana")
    drive(a_pump(room).work(), NotStorable("there already"), 1)
    assert (told(ana, Refused), room.queue) == ([], {})


def test_who_joins_is_numbered_and_what_it_knows_is_read_first() -> None:
    room = a_room()
    session = OtSession("ana", "p", "Ana", 0)
    join = Join(2, "k" * 16, "p", "Ana", 0, revision=2, at=5)
    admitted = Arrived(3, 77, Access(Door()))
    asked = drive(a_pump(room).admit(session, join), admitted, [entry(2, edit("a"))])
    assert asked == [Arrival("ana", None, None), Since(1)]
    assert (session.settled, session.since, room.revision) == (3, (5, 77), 2)


def test_older_entries_are_read_until_they_reach_the_past() -> None:
    room = a_room()
    entries = [entry(n, edit("x", n - 2)) for n in range(2, 8)]
    room.read(entries)
    room.rest()
    assert room.past.oldest == 6
    pump = a_pump(room, page=2)
    assert pump.must_remember(2)
    asked = drive(pump.remember(2), entries[1:3], entries[3:5], None)
    assert asked == [Since(2), Since(4), Turn()]
    assert room.past.oldest == 2


def test_far_back_is_composed_aside() -> None:
    room = a_room()
    room.read([entry(n, edit("x", n - 2)) for n in range(2, 1103)])
    pump = a_pump(room)
    assert pump.must_remember(50)
    assert [type(wish) for wish in drive(pump.remember(50), None)] == [Aside]
    assert drive(pump.remember(1000)) == []
    assert [type(wish) for wish in drive(pump.remember(room.past.oldest), None)] == [Aside]


MISSED = 4 * SLICE


def a_long_past() -> tuple[Room, list[Entry]]:
    """A room that has forgotten nearly all of the entries that are returned too."""
    room = a_room(tail=1)
    entries = [entry(n, edit("x", n - 2)) for n in range(2, MISSED + 2)]
    room.read(entries)
    while len(room.past.entries) > 1:
        room.rest()
    return room, entries


def remember(pump: Pump, entries: list[Entry], client: str) -> list[Wish]:
    """Do what the pump wishes before a client at revision 1 joins. Returns what it wished for."""
    asked: list[Wish] = []
    work = pump.remember(1, client)
    answer: Any = None
    while True:
        try:
            asked.append(wish := work.send(answer))
        except StopIteration:
            return asked
        answer = entries if isinstance(wish, Since) else None
        answer = wish.do() if isinstance(wish, Aside) else answer


def test_who_joins_from_long_ago_holds_up_nobody_for_more_than_a_slice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room, entries = a_long_past()
    slices: list[int] = []
    lengthen = Past.lengthen

    def counted(past: Past, older: list[Entry]) -> None:
        slices.append(len(older))
        lengthen(past, older)

    monkeypatch.setattr(Past, "lengthen", counted)
    asked = remember(a_pump(room), entries, "ana")
    assert [type(wish) for wish in asked] == [Since, *[Turn] * 4, Aside]
    assert slices == [SLICE, SLICE, SLICE, SLICE - 1]
    # What is left to do at the join is to tell what was composed: nothing is grouped again.
    monkeypatch.setattr(stretches, "_stretch", None)
    (answer,) = told(joined(room, "ana", revision=1), Joined)
    assert answer.entries == [(MISSED, [edit("x" * MISSED)])]


def test_entries_that_come_while_a_past_is_lengthened_are_told_too() -> None:
    room, entries = a_long_past()
    work = a_pump(room).remember(1, "ana")
    assert next(work) == Since(1)
    assert work.send(entries[:-1]) == Turn()
    room.read([entry(room.revision + 1, edit("y", MISSED))])
    assert [next(work) for _ in range(3)] == [Turn()] * 3
    wish = next(work)
    assert isinstance(wish, Aside)
    result = wish.do()
    room.read([entry(room.revision + 1, edit("z", MISSED + 1))])
    with pytest.raises(StopIteration):
        work.send(result)
    (answer,) = told(joined(room, "ana", revision=1), Joined)
    first, last = answer.entries or []
    assert first == (MISSED + 1, [edit("y" + "x" * MISSED)])
    assert last == ("else", MISSED + 3, "main", Operation(["z", MISSED + 1]))


@pytest.mark.parametrize("module", [collab.room.past, ot.history])
def test_what_another_thread_composes_is_whole_whenever_an_entry_comes_meanwhile(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collab.room.past, "_MANY", 100)
    composed: list[Told] = []
    entries = [entry(n, edit("x", n - 2)) for n in range(2, 128)]

    def make() -> tuple[Room, Aside]:
        composed.clear()
        room = a_room()
        room.read(entries)
        wish = next(a_pump(room).remember(1, "ana"))
        assert isinstance(wish, Aside)
        return room, wish

    def comes(made: tuple[Room, Aside]) -> None:
        room, _ = made
        room.read([entry(128 + n, edit("y", 126 + n)) for n in range(3)])

    def compose(made: tuple[Room, Aside]) -> None:
        _, wish = made
        composed.append(wish.do())

    steps = 0
    for _ in interrupted(module, make, comes, compose):
        steps += 1
        assert composed[0].news == [(126, [edit("x" * 126)])]
    assert steps > 10


def test_the_next_who_missed_the_same_is_told_what_was_composed_for_the_first() -> None:
    room, entries = a_long_past()
    pump = a_pump(room)
    remember(pump, entries, "ana")
    room.read([entry(room.revision + 1, edit("y", MISSED), "cy")])
    assert remember(pump, entries, "bo") == []
    (answer,) = told(joined(room, "bo", revision=1), Joined)
    assert answer.entries == [
        (MISSED, [edit("x" * MISSED)]),
        ("cy", MISSED + 2, "main", Operation(["y", MISSED])),
    ]


def test_what_was_composed_is_not_told_to_who_wrote_some_of_it() -> None:
    room, entries = a_long_past()
    entries[9] = entry(11, edit("x", 9), "bo", 7)
    pump = a_pump(room)
    remember(pump, entries, "ana")
    assert Aside in map(type, remember(pump, entries, "bo"))
    bo = joined(room, "bo", revision=1)
    (answer,) = told(bo, Joined)
    assert answer.entries == [
        (9, [edit("x" * 9)]),
        ("bo", 7, "main", Operation(["x", 9])),
        (MISSED - 10, [edit("x" * (MISSED - 10), 10)]),
    ]
    assert bo.settled == 7


def test_a_long_past_is_dropped_a_slice_at_a_time() -> None:
    room, entries = a_long_past()
    remember(a_pump(room), entries, "ana")
    before = len(room.past.entries)
    room.rest()
    assert len(room.past.entries) == before - SLICE
