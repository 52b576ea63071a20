"""People talk in a room, message by message: see collab/PROTOCOL.md."""

from __future__ import annotations

import pytest

from tests.support.sockets import ot_socket
from tests.support.talk import talking


async def test_what_is_said_is_told_to_everybody_who_listens(room_url: str) -> None:
    async with talking(room_url, "ann") as ann, talking(room_url, "bo") as bo:
        assert ann.texts == []
        number = await ann.say("Hello!")
        await bo.until_told(lambda: bo.messages)
        assert number == 1
        assert ann.messages == bo.messages
        told = bo.messages[1]
        assert (told["author"], told["person"], told["text"]) == ("ann", "ann", "Hello!")
        assert told["who"] == ann.who != bo.who
        await bo.say("Hi")
        await ann.until_told(lambda: len(ann.messages) == 2)
        assert ann.texts == ["Hello!", "Hi"]
        assert "nonce" not in told


async def test_who_does_not_ask_is_told_nothing(room_url: str) -> None:
    async with ot_socket(room_url) as quiet, talking(room_url, "ann") as ann:
        await quiet.join("quiet")
        await ann.say("Hello!")
        await quiet.nothing_more()
        await quiet.send("say", nonce="n" * 16, text="x")
        assert (await quiet.receive())["code"] == "not_talking"


async def test_a_message_that_is_sent_again_is_said_once(room_url: str) -> None:
    nonce = "n" * 20
    async with talking(room_url, "ann") as ann:
        number = await ann.say("once", nonce=nonce)
        assert (await ann.try_to_say("once", nonce=nonce))["number"] == number
    # Another page of the same person, which has found it on the device.
    async with talking(room_url, "ann2", key=ann.key) as later:
        assert (await later.try_to_say("once", nonce=nonce))["number"] == number
        assert later.texts == ["once"]


async def test_the_nonce_of_another_is_ones_own(room_url: str) -> None:
    async with talking(room_url, "ann") as ann, talking(room_url, "bo") as bo:
        first = await ann.say("of ann", nonce="n" * 20)
        second = await bo.say("of bo", nonce="n" * 20)
        assert first != second
        assert bo.texts == ["of ann", "of bo"]


async def test_a_message_that_is_sent_again_after_it_was_deleted_stays_deleted(
    room_url: str,
) -> None:
    async with talking(room_url, "ann") as ann:
        number = await ann.say("regretted", nonce="n" * 20)
        await ann.socket.send("unsay", number=number)
        await ann.until_told(lambda: ann.messages[number]["text"] is None)
        assert (await ann.try_to_say("regretted", nonce="n" * 20))["number"] == number
    async with talking(room_url, "bo") as bo:
        assert bo.texts == [None]
        assert "regretted" not in str(bo.told)


async def test_ones_own_messages_can_be_edited_and_deleted(room_url: str) -> None:
    async with talking(room_url, "ann") as ann, talking(room_url, "bo") as bo:
        number = await ann.say("teh")
        await ann.socket.send("edit_say", number=number, text="the")
        await bo.until_told(lambda: bo.texts == ["the"])
        assert bo.messages[number]["edited"] >= bo.messages[number]["at"]
        await ann.socket.send("unsay", number=number)
        await bo.until_told(lambda: bo.texts == [None])
        assert await ann.refused("edit_say", number=number, text="again") == "unknown_message"


@pytest.mark.parametrize("kind", ["edit_say", "unsay"])
async def test_who_claims_to_be_another_changes_nothing_of_theirs(room_url: str, kind: str) -> None:
    async with talking(room_url, "ann") as ann:
        number = await ann.say("mine")
        # The name, the person and even the key of the client are those of ann, not the secret.
        fields = {"text": "forged"} if kind == "edit_say" else {}
        async with talking(room_url, "bo") as bo:
            await bo.socket.send("profile", name="ann", colour=0)
            assert await bo.refused(kind, number=number, **fields) == "not_yours"
            assert bo.texts == ["mine"]


async def test_reactions_are_of_a_person_each_once(room_url: str) -> None:
    async with talking(room_url, "ann") as ann, talking(room_url, "bo") as bo:
        number = await ann.say("Ship it?")
        for _ in range(2):
            await bo.socket.send("react", number=number, name="👍")
        await ann.socket.send("react", number=number, name="👍")
        await ann.until_told(
            lambda: len(ann.messages[number].get("reactions", {}).get("👍", [])) == 2
        )
        assert {who for who, _ in ann.messages[number]["reactions"]["👍"]} == {ann.who, bo.who}
        await bo.socket.send("react", number=number, name="👍", on=False)
        await ann.until_told(
            lambda: ann.messages[number]["reactions"] == {"👍": [[ann.who, "ann"]]}
        )
        assert await bo.refused("react", number=number, name="<b>") == "malformed"


async def test_a_flood_of_reactions_is_refused(room_url: str) -> None:
    async with talking(room_url, "ann") as ann:
        number = await ann.say("Ship it?")
        for turn in range(70):
            await ann.socket.send("react", number=number, name="👀", on=turn % 2 == 0)
        told = await ann.until(lambda one: one["type"] == "unsaid")
        assert told["code"] == "too_many_changes"
        assert told["wait"] > 0


async def test_who_was_away_is_told_what_has_changed(room_url: str) -> None:
    async with talking(room_url, "ann") as ann:
        await ann.say("one")
        two = await ann.say("two")
        async with talking(room_url, "bo") as bo:
            stamp = bo.stamp
        await ann.say("three")
        await ann.socket.send("unsay", number=two)
        await ann.until_told(lambda: ann.messages[two]["text"] is None)
        async with talking(room_url, "bo", stamp=stamp) as bo:
            assert bo.resets == 0
            assert {number: one["text"] for number, one in bo.messages.items()} == {
                2: None,
                3: "three",
            }
            assert bo.stamp == ann.stamp


async def test_how_far_somebody_has_read_is_kept(room_url: str) -> None:
    async with talking(room_url, "ann") as ann:
        first = await ann.say("one")
        async with talking(room_url, "bo") as bo:
            assert (bo.read, bo.unread) == (first, 0)
            await bo.socket.send("read_to", number=first)
            await bo.settled()
        await ann.say("two")
        await ann.say("three")
    async with talking(room_url, "bo") as bo:
        assert (bo.read, bo.unread) == (first, 2)
        await bo.socket.send("read_to", number=2**53)
        await bo.settled()
    async with talking(room_url, "bo") as bo:
        assert (bo.read, bo.unread, bo.said) == (3, 0, 3)


async def test_somebody_who_types_is_told_to_the_others(room_url: str) -> None:
    async with talking(room_url, "ann") as ann, talking(room_url, "bo") as bo:
        await ann.socket.send("typing")
        told = await bo.until(lambda one: one["type"] == "typing")
        assert told == {"type": "typing", "client": ann.joined["client"]}
        await ann.settled()
        assert not any(one["type"] == "typing" for one in ann.told)
        for _ in range(20):
            await ann.socket.send("typing")
        await ann.say("said")
        await bo.until_told(lambda: bo.messages)
        # A slow machine may take more than a second for these.
        assert sum(one["type"] == "typing" for one in bo.told) < 10, "a flood is not passed on"
