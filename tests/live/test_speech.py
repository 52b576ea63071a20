"""The rules and limits of messages, whatever the database has."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

import pytest

from collab.talk.keeping import Keeping
from collab.talk.messages import MessageBody
from collab.talk.options import TalkLimits, TalkOptions
from collab.talk.refusals import Refused
from collab.talk.said import Author, Draft, Kept
from collab.talk.speech import Speech

ROOM = UUID(int=1)


class Rows:
    """Has every message, of everybody."""

    async def one(self, *_: object) -> Kept:
        return Kept(MessageBody(1, 1, "who", "p", "Ann", 0, 0, "x"), "nonce")


class Store:
    """Keeps nothing, and numbers what it is given."""

    def __init__(self) -> None:
        self.said = 0

    async def say(self, *_: object) -> int:
        self.said += 1
        return self.said

    async def react(self, *_: object) -> None:
        self.said += 1


async def test_a_flood_from_one_address_is_refused_whatever_keys_it_has() -> None:
    store = Store()
    limits = TalkLimits(per_address=5)
    nothing = cast(Any, None)
    keeping = Keeping(cast(Any, store), limits, lambda _room_id: None)
    speech = Speech(TalkOptions(), limits, nothing, nothing, nothing, keeping)

    async def say(number: int, address: str) -> int:
        author = Author(f"key{number}", "p", "Ann", 0, 1, address=address)
        return await speech.keep(ROOM, author, Draft(f"nonce{number:08}", "x"))

    for number in range(5):
        await say(number, "192.0.2.1")
    with pytest.raises(Refused) as refused:
        await say(5, "192.0.2.1")
    assert refused.value.code == "too_many_messages"
    assert 0 < refused.value.wait <= 60 / 5
    assert store.said == 5  # a refusal costs the database nothing
    assert await say(6, "192.0.2.2") == 6


async def test_a_flood_of_reactions_from_one_address_is_refused_whatever_keys_it_has() -> None:
    store = Store()
    limits = TalkLimits(per_address=4, per_minute=2, changes=3)
    nothing = cast(Any, None)
    speech = Speech(TalkOptions(), limits, cast(Any, Rows()), cast(Any, store), nothing, nothing)

    async def react(number: int, address: str) -> None:
        author = Author(f"key{number}", "p", "Ann", 0, 1, address=address)
        await speech.react(ROOM, author, 1, "x", on=True)

    for number in range(6):  # those of two people
        await react(number, "192.0.2.1")
    with pytest.raises(Refused) as refused:
        await react(6, "192.0.2.1")
    assert refused.value.code == "too_many_changes"
    await react(7, "192.0.2.2")
    assert store.said == 7
