"""Limits on how fast clients may send. The server reads a faster client more slowly, and at last
sends it away."""

from __future__ import annotations

import asyncio
from contextlib import (
    AsyncExitStack,
    suppress,
)
from logging import DEBUG
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from collab.live.limits import ServerLimits
from collab.live.wire import WebSocketProtocol
from collab.settings import Settings
from tests.socket.limited import BREATH, Clock, Here, limited
from tests.support.clients import OtClient
from tests.support.database import fill
from tests.support.here import serving
from tests.support.server import DEADLINE
from tests.support.sockets import Socket, ot_socket
from tests.support.talk import talking


async def pongs(socket: Socket, number: int) -> None:
    """Ask so many times at once, and hear every answer."""
    for _ in range(number):
        await socket.send("ping")
    for _ in range(number):
        assert (await socket.receive()) == {"type": "pong"}


async def test_who_sends_too_fast_is_read_more_slowly_and_loses_nothing(
    database_url: str, clock: Clock
) -> None:
    async with limited(database_url, operations=40) as here:
        room_url = await here.room_url()
        async with ot_socket(room_url) as hasty, ot_socket(room_url) as calm:
            assert (await hasty.join("hasty"))["limits"]["operations"] == 40
            await calm.join("calm")
            await hasty.receive()  # calm came
            # With the join, 81 messages may come at once to the pong of the last; the rest at forty
            # a second.
            await asyncio.gather(pongs(hasty, 121), pongs(calm, 10))
            assert 1 <= clock.paused(hasty) <= 1 + BREATH
            assert clock.paused(calm) == 0


async def test_bytes_are_counted_too_and_so_is_what_is_asked_for(
    database_url: str, clock: Clock
) -> None:
    async with limited(database_url, bytes=100_000) as here, here.socket() as socket:
        assert (await socket.join("ann"))["limits"]["bytes"] == 100_000
        await socket.submit(1, 1, "edit", "main", ["e" * 150_000])
        assert isinstance(await socket.receive(), list)
        await socket.send("read", file="main")
        assert (await socket.receive())["type"] == "text"
        assert 1 <= clock.paused(socket) <= 1 + BREATH


async def test_what_everybody_hears_costs_more(
    database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collab.live.socket._HEARERS", 0.25)
    async with limited(database_url, operations=40) as here, here.socket() as socket:
        await socket.join("ann")
        # Five each, eighty of which may come at once.
        for _ in range(24):
            await socket.send("presence", file=None, revision=1, selections=[])
        await socket.nothing_more()
        assert 1 <= clock.paused(socket) <= 1 + BREATH


@pytest.mark.parametrize("kind", ["join", "submit", "presence"])
async def test_a_past_that_is_read_for_somebody_costs_more(
    database_url: str, clock: Clock, kind: str
) -> None:
    async with (
        limited(database_url, operations=40) as here,
        here.old_socket(database_url) as socket,
    ):
        await socket.join("ann", **({"revision": 1} if kind == "join" else {}))
        if kind == "submit":
            await socket.submit(1, 1, "edit", "main", ["!"])
        if kind == "presence":
            await socket.send("presence", file="main", revision=1, selections=[[0, 0]])
        # 3000 entries are 120 messages, eighty of which may come at once.
        await socket.send("ping")
        while (answer := await socket.receive()) != {"type": "pong"}:
            assert isinstance(answer, list), answer
        assert 1 <= clock.paused(socket) <= 1 + 2 * BREATH


async def test_who_has_an_old_past_read_again_and_again_is_sent_away(
    database_url: str, clock: Clock
) -> None:
    async with limited(database_url, operations=40, patience=0.2, tail=1, remembered=1) as here:
        room_url = await here.old_room_url(database_url)
        async with ot_socket(room_url) as asking, OtClient(room_url, "calm") as calm:
            await asking.join("asking")
            # Fewer than may come at once, were each no more than a message.
            for _ in range(40):
                await asking.send("presence", file="main", revision=1, selections=[[0, 0]])
            heard = asyncio.create_task(error_of(asking))
            while not heard.done():
                # What has been read does not stay.
                await calm.type("x")
                await calm.settled()
            assert (await heard)["code"] == "too_fast"
            assert (await asking.closed())[0] == 4429


@pytest.mark.parametrize("kind", ["talk", "places"])
async def test_who_asks_again_and_again_for_what_was_said_is_sent_away(
    database_url: str, kind: str
) -> None:
    async with limited(database_url, bytes=50_000, patience=0.2) as here:
        room_url = await here.room_url()
        async with talking(room_url, "ann") as ann, talking(room_url, "bo") as bo:
            anchor = {"file": "main", "revision": 1, "start": 0, "end": 0}
            for _ in range(3):
                await ann.say("x" * 4000, anchor=anchor)
            # All that is asked has fewer bytes than may come at once.
            for _ in range(40):
                fields = {"file": "main"} if kind == "places" else {"key": bo.key}
                await bo.socket.send(kind, **fields)
            assert (await error_of(bo.socket))["code"] == "too_fast"


async def error_of(socket: Socket) -> Any:
    """The first error that comes, past whatever else does."""
    async with asyncio.timeout(DEADLINE):
        while isinstance(message := await socket.receive(), list) or message["type"] != "error":
            pass
    return message


async def test_who_comes_back_from_far_behind_is_not_slowed(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(DEBUG, "collab.live.socket")
    async with limited(database_url) as here:
        room_url = await here.room_url()
        async with OtClient(room_url, "ann") as ann:
            await ann.lose_connection()
            await ann.type("offline")
            await fill(database_url, room_url.rpartition("/")[2], head=1, count=40_000)
            await ann.connect()
            await ann.settled()
            await ann.type("!")
            await ann.settled()
        assert ann.revision == 40_003
    assert not [record for record in caplog.records if "slowed" in record.message]


async def test_who_comes_back_from_farther_still_has_the_answer_first_and_stays(
    database_url: str, clock: Clock
) -> None:
    async with (
        limited(database_url, operations=30, patience=0.2) as here,
        here.old_socket(database_url) as socket,
    ):
        await socket.join("ann", revision=1)
        assert clock.paused(socket) == 0
        await socket.submit(1, 3001, "edit", "main", ["!", 3000])
        await socket.send("presence", file=None, revision=3001, selections=[])
        assert isinstance(await socket.receive(), list)
        await socket.nothing_more()
        # 120 messages, sixty of which may come at once.
        assert 2 <= clock.paused(socket) <= 2 + 2 * BREATH


async def test_who_is_read_slowly_is_not_taken_for_dead(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unread: list[bool] = []
    timeout = WebSocketProtocol.keepalive_timeout

    def noted(protocol: WebSocketProtocol) -> None:
        unread.append(protocol.read_paused)
        timeout(protocol)

    monkeypatch.setattr(WebSocketProtocol, "keepalive_timeout", noted)
    limits = ServerLimits(operations=20)
    settings = Settings(port=0, database_url=database_url, limits=limits, heartbeat=0.2)
    async with serving(settings) as address, Here(address).socket() as socket:
        await socket.join("ann")
        # The pongs of the other side wait behind what it said before, for longer than a pong may.
        await pongs(socket, 70)
        assert unread
        assert all(unread)


async def test_a_message_that_is_too_large_is_told_by_its_limit(database_url: str) -> None:
    async with limited(database_url, text=100) as here, here.socket() as socket:
        assert (await socket.join("ann"))["limits"]["message"] == 66_136
        await socket.connection.send(["a" * 66_136, "a"])
        code, words = await socket.closed()
        assert code == 1009
        assert "66136" in words or "66,136" in words


async def test_who_goes_on_far_too_fast_is_sent_away(database_url: str) -> None:
    async with limited(database_url, operations=20, patience=0.5) as here:
        room_url = await here.room_url()
        async with ot_socket(room_url) as flooding, ot_socket(room_url) as calm:
            await flooding.join("flooding")
            await calm.join("calm")
            sending = asyncio.create_task(flood(flooding))
            # Two seconds' worth at once, and then at twenty a second.
            while (answer := await flooding.receive())["type"] != "error":
                assert answer["type"] in ("pong", "person")
            assert answer["code"] == "too_fast"
            assert "20 messages" in answer["message"]
            assert await flooding.closed() == (4429, answer["message"])
            await sending
            assert (await calm.receive())["type"] == "left"


async def flood(socket: Socket) -> None:
    """Ask and ask, until the connection is closed."""
    with suppress(ConnectionClosed):
        while True:
            await socket.send("ping")


async def test_who_waits_for_every_answer_is_only_slowed(database_url: str, clock: Clock) -> None:
    async with (
        limited(database_url, operations=20, patience=0.5) as here,
        here.socket() as socket,
    ):
        await socket.join("ann")
        for _ in range(70):
            await pongs(socket, 1)
        assert 1.5 <= clock.paused(socket) <= 1.5 + 2 * BREATH


async def test_nobody_is_slowed_who_types_as_fast_as_can_be(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(DEBUG, "collab.live.socket")
    async with limited(database_url) as here, AsyncExitStack() as stack:
        rooms = [await here.room_url() for _ in range(12)]
        people = [
            await stack.enter_async_context(OtClient(room, name * 16))
            for room in rooms
            for name in "ab"
        ]

        async def type_on(person: OtClient) -> None:
            loop = asyncio.get_running_loop()
            began = loop.time()
            for key in range(90):
                await asyncio.sleep(began + key / 60 - loop.time())
                await person.type("x")

        await asyncio.gather(*(type_on(person) for person in people))
        for person in people:
            await person.settled()
        assert not [record for record in caplog.records if "slowed" in record.message]
