"""Limits on how long the server waits for a client to join, to finish a message, or to answer."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from collab.live.limits import ServerLimits
from collab.live.wire import WebSocketProtocol
from collab.serving.server import Server
from collab.settings import Settings
from tests.socket.limited import Here, limited, turned_away
from tests.support.fuzz import frame
from tests.support.here import serving
from tests.support.proxy import Proxy
from tests.support.server import DEADLINE
from tests.support.sockets import Socket, ot_socket, person, plain_socket


async def test_who_never_joins_is_sent_away(database_url: str) -> None:
    async with limited(database_url, join_within=0.5) as here:
        room_url = await here.room_url()
        async with (
            ot_socket(room_url) as joined,
            plain_socket(room_url) as plain,
            ot_socket(room_url) as silent,
        ):
            await joined.join("ann")
            await silent.send("ping")
            await silent.send("join", nonsense=1)
            assert (await silent.receive())["type"] == "pong"
            assert (await silent.receive())["code"] == "malformed"
            error = await silent.receive()
            assert error["code"] == "join_timeout"
            assert error["message"] == "No join came within 0.5 s."
            assert await silent.closed() == (4408, error["message"])
            # A plain client has nothing to say at first, and who has joined may be silent.
            assert (await plain.receive())["type"] == "init"
            await plain.connection.ping()
            await joined.nothing_more()


async def test_a_join_that_is_refused_does_not_end_the_wait_for_one(database_url: str) -> None:
    async with limited(database_url, join_within=0.5) as here, here.socket() as socket:
        await socket.send("join", **person("ann"), revision=99)
        assert (await socket.receive())["code"] == "unknown_revision"
        assert (await socket.receive())["code"] == "join_timeout"
        assert (await socket.closed())[0] == 4408


async def begin(socket: Socket, size: int) -> None:
    """Send the beginning of a message of so many bytes, all but the last."""
    socket.connection.transport.write(frame(b"#" * size, opcode=1)[:-1])


@pytest.mark.parametrize("pings", [False, True])
async def test_a_message_that_does_not_come_to_its_end_is_not_waited_for(
    database_url: str, pings: bool
) -> None:
    async with limited(database_url, request_within=1) as here, here.socket() as socket:
        await socket.join("ann")
        whole = frame(b"#" * 100, opcode=1, final=False)
        await (begin(socket, 100) if not pings else socket.connection.ping())
        if pings:
            # What is said between the fragments of a message does not bring it on.
            socket.connection.transport.write(whole + frame(b"", opcode=9) * 10)
        error = await socket.receive()
        assert error["code"] == "too_slow"
        assert "the limit is 1 s and then 4096 bytes a second" in error["message"]
        assert await socket.closed() == (4408, error["message"])


async def test_an_address_has_no_more_unfinished_than_it_may(database_url: str) -> None:
    # A whole message always fits: 6 * 1000 + 65,536.
    limits = ServerLimits(text=1000, held_per_address=1)
    # No ping, whose answer would stand within the message.
    settings = Settings(port=0, database_url=database_url, limits=limits, heartbeat=600)
    async with serving(settings) as address:
        room_url = await Here(address).room_url()
        async with ot_socket(room_url) as one, ot_socket(room_url) as two:
            await begin(one, 50_000)
            await begin(two, 50_000)
            heard = [asyncio.create_task(turned_away(socket)) for socket in (one, two)]
            async with asyncio.timeout(DEADLINE):
                done, still = await asyncio.wait(heard, return_when=asyncio.FIRST_COMPLETED)
            code, words = done.pop().result()
            assert code == "too_much_unfinished"
            assert "71536 bytes, the limit" in words
            for task in still:
                task.cancel()


async def test_a_dead_link_is_noticed_within_ten_seconds(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It is given up when the pong of one ping does not come.
    config = Server(Settings(database_url=database_url)).config
    assert (config.ws_ping_interval or 0) + (config.ws_ping_timeout or 0) < 10
    pings: list[WebSocketProtocol] = []
    ping = WebSocketProtocol.send_keepalive_ping

    def noted(protocol: WebSocketProtocol) -> None:
        pings.append(protocol)
        ping(protocol)

    monkeypatch.setattr(WebSocketProtocol, "send_keepalive_ping", noted)
    settings = Settings(port=0, database_url=database_url, heartbeat=0.5)
    async with serving(settings) as address, Proxy(f"http://{address}") as link:
        here = Here(address)
        room_url = await here.room_url()
        async with ot_socket(room_url) as ann:
            await ann.join("ann")
            async with ot_socket(room_url.replace(address, link.url.removeprefix("http://"))) as bo:
                await bo.join("bo")
                assert (await ann.receive())["type"] == "person"
                link.stall()
                pings.clear()
                assert (await ann.receive())["type"] == "left"
                assert max(Counter(pings).values()) <= 2, "more than one had no answer"
                link.cut()
