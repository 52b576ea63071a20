"""Turning AI off takes effect at once, on every server, and for good."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest

from collab.settings import Settings
from tests.ai.conftest import Person, Serve, at
from tests.support.here import serving
from tests.support.models import WAIT, Model, chat
from tests.support.server import Server

WHY = {"question": "Why is x one?"}
PASSWORD = "correct horse battery"


async def last(lines: AsyncIterator[str]) -> Any:
    *_, line = [json.loads(line) async for line in lines]
    return line


@pytest.mark.parametrize("say", [[WAIT], [chat("a"), WAIT]], ids=["before a piece", "after one"])
@pytest.mark.parametrize("whose", ["room", "person"])
async def test_an_answer_under_way_on_another_server_ends_when_ai_is_turned_off(
    ann: Person,
    bob: Person,
    servers: tuple[Server, Server],
    upstream: Model,
    say: list[bytes],
    whose: str,
) -> None:
    upstream.say = say
    room = await ann.room()
    await bob.agree()
    async with (
        at(servers[0]) as elsewhere,
        bob.stream(f"{room}/ai/ask", WHY) as lines,
        ann.stream(f"{await ann.room()}/ai/ask", WHY) as others,
    ):
        for _ in range(2):
            await upstream.arrivals.get()
        if whose == "room":
            await ann.ask("PATCH", f"{room}/ai", {"room": False})
        else:
            elsewhere.headers = bob.headers
            await elsewhere.agree(False)
        end = await last(lines)
        assert end["type"] == "failed"
        assert end["code"] == {"room": "ai_off_here", "person": "ai_off_for_you"}[whose]
        await upstream.left.wait()
        assert json.loads(await anext(others))["type"] == "begin"
        elsewhere.headers = ann.headers
        await elsewhere.agree(False)
        assert (await last(others))["code"] == "ai_off_for_you"


async def test_a_server_that_stops_ends_its_answers_in_words(
    serve: Serve, upstream: Model, caplog: pytest.LogCaptureFixture
) -> None:
    upstream.say = [chat("a"), WAIT]
    async with AsyncExitStack() as stack:
        async with serve() as ann:
            room = await ann.room()
            again = Person(ann.address)
            stack.push_async_callback(again.close)
            again.headers = ann.headers
            lines = await stack.enter_async_context(again.stream(f"{room}/ai/ask", WHY))
            await upstream.arrived.wait()
        assert (await last(lines))["code"] == "restarting"
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


async def test_what_somebody_wrote_who_opted_out_stays_withheld_in_copies_and_when_they_are_gone(
    ann: Person, bob: Person, upstream: Model
) -> None:
    room = await ann.room("x = 1\n", **{"bob.py": "x = 1\n"})
    ids = await ann.files(room)
    account = {"name": f"Bob of {room[-8:]}", "password": PASSWORD}
    await bob.ask("POST", "/auth/signup", account)
    async with bob.socket(room) as socket:
        await socket.join("bob", text=True)
        await socket.submit(1, 1, "edit", ids["bob.py"], ["marker-of-bob x", 6])
        while not isinstance(await socket.receive(), list):
            pass  # until it is committed
    source = room.removeprefix("/rooms/")
    rooms = {room}
    for history in (True, False):
        answer = await ann.ask("POST", "/rooms", {"copy": source, "history": history})
        rooms.add(f"/rooms/{answer.json()['roomId']}")
    about = WHY | {"file": ids["bob.py"]}
    for each in rooms:
        assert await ann.text(f"{each}/ai/ask", about) == "It is fine.", "nobody opted out yet"
    told = len(upstream.asked)
    await bob.agree(False)
    for each in rooms:
        assert await ann.code(f"{each}/ai/ask", about) == "ai_withheld"
    exported = (await bob.ask("GET", "/me/export")).text
    assert source in exported
    assert not [each for each in rooms - {room} if each.removeprefix("/rooms/") in exported]
    assert (await bob.ask("POST", "/me/delete", {"password": PASSWORD})).status_code == 204
    for each in rooms:
        assert await ann.code(f"{each}/ai/ask", about) == "ai_withheld"
        entries = (await ann.ask("GET", f"{each}/entries")).text
        assert account["name"] not in entries
    assert len(upstream.asked) == told


async def test_nothing_of_a_client_is_committed_before_it_is_noted_whose_it_is(
    database_url: str,
) -> None:
    settings = Settings(port=0, database_url=database_url, statement_timeout=0.5)
    async with serving(settings) as address:
        bob = Person(address)
        room = await bob.room("x = 1\n")
        [file] = (await bob.files(room)).values()
        connection = await asyncpg.connect(database_url)
        async with connection.transaction():
            await connection.execute("lock table client_of in exclusive mode")
            async with bob.socket(room) as socket:
                await socket.join("bob", text=True)
                await socket.submit(1, 1, "edit", file, ["y", 6])
                assert (await socket.closed())[0] == 1011
        await connection.close()
        assert (await bob.ask("GET", room)).json()["code"] == "x = 1\n"
        await bob.close()
