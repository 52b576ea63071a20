"""Which role somebody has, and the words for who may not."""

from __future__ import annotations

from uuid import UUID

import pytest

from collab.errors import PeerError
from collab.protocol import Profile, RoomAccess
from collab.room.doors import OUT, Access, Door, Open, Role, why_not
from tests.room.acting import a_room, joined, told

ANA, BO, CY, DI = (UUID(int=n) for n in range(1, 5))
MEMBERS = {BO: "viewer", CY: OUT, DI: "editor"}


@pytest.mark.parametrize(
    ("opened", "who", "watches", "link", "role"),
    [
        ("editor", None, False, None, "editor"),
        ("editor", None, True, None, "viewer"),
        ("viewer", None, False, None, "viewer"),
        ("viewer", None, False, "editor", "editor"),
        ("none", None, False, None, None),
        ("ask", None, True, None, None),
        ("none", None, False, "commenter", "commenter"),
        ("editor", ANA, False, None, "owner"),
        ("editor", ANA, True, None, "viewer"),
        ("none", BO, False, None, "viewer"),
        ("none", BO, True, None, "viewer"),
        ("none", DI, True, None, "viewer"),
        ("editor", CY, False, "editor", None),
    ],
)
def test_the_role_is_the_most_that_anything_gives(
    opened: Open, who: UUID | None, watches: bool, link: Role | None, role: Role | None
) -> None:
    access = Access(Door(open=opened, owner=ANA), MEMBERS)
    assert access.role(who, watches=watches, link=link) == role


def test_everybody_but_the_owner_only_watches_a_locked_room() -> None:
    access = Access(Door(open="editor", owner=ANA, locked=True), MEMBERS)
    assert [access.role(who) for who in (ANA, BO, DI, None, CY)] == [
        "owner",
        *["viewer"] * 3,
        None,
    ]


def test_words_say_why_somebody_may_not_write() -> None:
    assert why_not("viewer", Door(locked=True)).startswith("The room is locked")
    assert why_not(None, Door()).startswith("You have no access")
    assert why_not("viewer", Door()).startswith("You are a viewer")


def test_everybody_is_told_of_a_new_door_and_who_is_shut_out_goes() -> None:
    room = a_room()
    ana, bo = joined(room, "ana"), joined(room, "bo")
    ana.who = ANA
    for one in (ana, bo):
        one.outbox.clear()
    gone = room.people.regulate(Access(Door(1, "none", ANA), {}))
    assert gone == [bo]
    assert bo.closing
    assert told(ana, RoomAccess) == [RoomAccess("owner", "none", False, True)]


def test_an_agent_takes_no_name_of_a_person_and_people_any() -> None:
    room = a_room()
    ana, bot = joined(room, "ana"), joined(room, "bot")
    bot.agent = "Cy"
    for taken in ("Ana", "ANA", "Cy"):
        with pytest.raises(PeerError, match="an agent needs another name"):
            room.people.rename(bot, Profile(taken, 0))
    room.people.rename(bot, Profile("Bot 2", 0))
    room.people.rename(ana, Profile("Bot 2", 0))
    assert bot.name == ana.name == "Bot 2"
