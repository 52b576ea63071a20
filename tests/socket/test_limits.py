"""Limits on how many clients, rooms and sockets there may be, which the server tells by name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
)

import httpx
import pytest

from collab.live.limits import ServerLimits
from collab.settings import Settings
from tests.socket.limited import limited, turned_away
from tests.support.here import serving
from tests.support.server import DEADLINE
from tests.support.sockets import Socket, ot_socket, person, plain_socket


@pytest.mark.parametrize("kind", [ot_socket, plain_socket])
async def test_a_room_that_is_full_says_so_until_somebody_leaves(
    database_url: str, kind: Callable[[str], AbstractAsyncContextManager[Socket]]
) -> None:
    async with limited(database_url, sessions=2) as here:
        room_url = await here.room_url()
        async with ot_socket(room_url) as ann, AsyncExitStack() as bo_is_here:
            await ann.join("ann")
            bo = await bo_is_here.enter_async_context(ot_socket(room_url))
            await bo.join("bo")
            assert (await ann.receive())["type"] == "person"
            async with kind(room_url) as third:
                if kind is ot_socket:
                    await third.send("join", **person("cy"))
                code, words = await turned_away(third)
                assert code == "room_full"
                assert "the limit is 2 at once" in words
            await bo_is_here.aclose()
            assert (await ann.receive())["type"] == "left"
            async with ot_socket(room_url) as third:
                await third.join("cy")
            async with ot_socket(await here.room_url()) as elsewhere:
                await elsewhere.join("di")


async def test_a_server_opens_no_more_rooms_than_it_may(database_url: str) -> None:
    async with limited(database_url, rooms=1) as here:
        open_one, other = await here.room_url(), await here.room_url()
        async with ot_socket(open_one) as ann:
            await ann.join("ann")
            async with ot_socket(other) as bo:
                code, words = await turned_away(bo)
                assert code == "server_full"
                assert "the limit is 1 open rooms" in words
            async with ot_socket(open_one) as bo:
                await bo.join("bo")


async def test_an_address_has_no_more_sockets_than_it_may(database_url: str) -> None:
    async with limited(database_url, sockets_per_address=1) as here:
        room_url = await here.room_url()
        async with ot_socket(room_url) as ann:
            await ann.join("ann")
            async with ot_socket(room_url) as bo:
                code, words = await turned_away(bo)
                assert code == "too_many_sockets"
                assert words == "The limit is 1 open connections from your address."


async def test_rooms_are_made_no_faster_than_they_may_be(database_url: str) -> None:
    async with (
        limited(database_url, rooms_per_address=3) as here,
        httpx.AsyncClient(base_url=here.url, timeout=DEADLINE) as http,
    ):
        wrong = await http.post("/rooms", json={"language": "cobol"})
        assert wrong.status_code == 400
        assert [(await http.post("/rooms")).status_code for _ in range(3)] == [201] * 3
        # Who is not behind a proxy that we know cannot claim another address.
        answer = await http.post("/rooms", headers={"x-forwarded-for": "192.0.2.7"})
        assert answer.status_code == 429
        assert answer.json()["extra"] == {"code": "too_many_rooms"}
        wait = int(answer.headers["retry-after"])
        assert 1190 < wait <= 1200
        detail = answer.json()["detail"]
        assert detail.startswith("The limit is 3 new rooms an hour from your address.")
        assert str(wait) in detail


async def test_people_behind_a_proxy_are_counted_one_by_one(database_url: str) -> None:
    settings = Settings(
        port=0,
        database_url=database_url,
        trusted_proxies=("127.0.0.1",),
        limits=ServerLimits(rooms_per_address=1),
    )
    async with (
        serving(settings) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE) as http,
    ):
        for client, status in (("192.0.2.7", 201), ("192.0.2.8", 201), ("192.0.2.7", 429)):
            answer = await http.post("/rooms", headers={"x-forwarded-for": client})
            assert answer.status_code == status
