"""Nobody is too far behind: what others did meanwhile comes in one piece, and own work fits."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.clients import OtClient, one_text
from tests.support.database import fill
from tests.support.server import Server
from tests.support.sockets import ot_socket


@pytest.mark.parametrize("behind", [150, 6000])
async def test_who_typed_offline_all_the_time_meets_the_others_again(
    shared_server: Server, behind: int
) -> None:
    room_id = shared_server.create_room(initial_code="")
    url = shared_server.room_url(room_id)
    async with OtClient(url, "ann") as ann, OtClient(url, "bo") as bo:
        await ann.lose_connection()
        for letter in "offline":
            await ann.type(letter, at=0)
        await fill(shared_server.database_url, room_id, head=1, count=behind)
        await bo.type("bo", at=len(bo.text))
        await ann.connect()
        text = await one_text(shared_server, room_id, [ann, bo])
    assert text.count("x") == behind
    assert "enilffo" in text


async def test_the_answer_to_who_was_away_is_as_long_as_what_they_missed_comes_to(
    shared_server: Server,
) -> None:
    room_id = shared_server.create_room(initial_code="")
    url = shared_server.room_url(room_id)
    await fill(shared_server.database_url, room_id, head=1, count=3000)
    async with ot_socket(url) as socket:
        joined = await socket.join("ann", revision=1)
        assert joined["entries"] == [[3000, [["edit", "main", ["x" * 3000]]]]]
        assert joined["revision"] == 3001
        await socket.submit(1, 1, "edit", "main", ["!"])
        assert (await socket.receive())[1][2:] == ["main", ["!", 3000]]


async def test_many_who_come_back_at_once_are_all_caught_up(shared_server: Server) -> None:
    room_id = shared_server.create_room(initial_code="")
    url = shared_server.room_url(room_id)
    people = [OtClient(url, f"p{n}") for n in range(8)]
    for one in people:
        await one.connect()
        await one.lose_connection()
        await one.type(f"<{people.index(one)}>", at=0)
    await fill(shared_server.database_url, room_id, head=1, count=5000)
    await asyncio.gather(*(one.connect() for one in people))
    text = await one_text(shared_server, room_id, people)
    assert all(text.count(f"<{n}>") == 1 for n in range(8))
    for one in people:
        await one.lose_connection()


async def test_an_operation_with_too_many_components_is_an_error(
    shared_server: Server, room_id: str
) -> None:
    async with ot_socket(shared_server.room_url(room_id)) as socket:
        joined = await socket.join("ann")
        most = joined["limits"]["components"]
        await socket.submit(1, 1, "edit", "main", ["x", -1] * (most // 2) + ["x"])
        error = await socket.receive()
        assert (error["code"], error["seq"]) == ("invalid_operation", 1)
        assert f"the limit is {most}" in error["message"]
