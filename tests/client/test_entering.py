"""Rooms that let in by a link or a token."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from collab.client import Address, NoEntry, RoomError, connect
from tests.support.server import DEADLINE, Server

ROOM = "0b5ecf6c-7f5a-4d1e-9a52-0c2f4f5a6b7c"


@pytest.mark.parametrize(
    ("text", "server", "secret"),
    [
        (ROOM.upper(), "http://127.0.0.1:8000", None),
        (f"https://host.example/r/{ROOM}/src/main.py#L3", "https://host.example", None),
        (f"https://host.example/pad/r/{ROOM}#key=abc-_1", "https://host.example/pad", "abc-_1"),
        (f"ws://[::1]:8000/ws/{ROOM.replace('-', '')}", "http://[::1]:8000", None),
    ],
)
def test_an_address_is_read_as_people_send_it(text: str, server: str, secret: str | None) -> None:
    assert Address.parse(text) == Address(server, ROOM, secret)


@pytest.mark.parametrize("text", ["", "main.py", f"file:///r/{ROOM}", f"{ROOM}0"])
def test_what_is_no_address_is_said(text: str) -> None:
    with pytest.raises(RoomError, match="link to"):
        Address.parse(text)


async def test_a_private_room_is_entered_by_a_link_or_a_token(shared_server: Server) -> None:
    url = shared_server.url
    async with (
        asyncio.timeout(DEADLINE),
        httpx.AsyncClient(base_url=url, headers={"origin": url}, timeout=DEADLINE) as owner,
    ):
        account = {"name": f"Owner {ROOM[:4]}", "password": "correct horse battery"}
        cookie = (await owner.post("/auth/signup", json=account)).headers["set-cookie"]
        owner.headers["cookie"] = cookie.partition(";")[0]
        asked = {"label": "bot", "scopes": ["read", "write"]}
        token = (await owner.post("/me/tokens", json=asked)).json()["token"]
        room_id = (await owner.post("/rooms", json={"initial_code": "hello"})).json()["roomId"]
        rooms = f"/rooms/{room_id}"
        await owner.patch(f"{rooms}/access", json={"open": "none"})
        link = (await owner.post(f"{rooms}/links", json={"role": "viewer"})).json()
        address = f"{url}/r/{room_id}"

        with pytest.raises(NoEntry):
            async with connect(address, name="Nobody"):
                pass
        with pytest.raises(NoEntry):
            async with connect(f"{address}#key={'x' * 43}", name="Guesser"):
                pass
        with pytest.raises(NoEntry, match="token"):
            async with connect(address, name="Forger", token="collab_" + "x" * 43):
                pass
        async with connect(f"{address}#key={link['secret']}", name="Guest") as guest:
            assert guest.role == "viewer"
            assert await guest.read("main.py") == "hello"
            with pytest.raises(RoomError, match="viewer"):
                await guest.edit("main.py", "hello", "bye")
        async with connect(address, name="Bot", token=token) as bot:
            assert bot.role == "owner"
            await bot.edit("main.py", "hello", "bye")
            await owner.delete(f"/me/tokens/{(await owner.get('/me/tokens')).json()[0]['id']}")
            with pytest.raises(NoEntry):
                await bot.until(lambda: False)
