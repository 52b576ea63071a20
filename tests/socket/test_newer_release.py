"""A server that meets what a newer release has written says so, and lets its people move on."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.support.database import run
from tests.support.server import DEADLINE, Server
from tests.support.sockets import ot_socket

WORDS = "Only a newer server can read this room; try again"
NEWER = {
    "a kind that is not known": '["sketch","s1","circle"]',
    "more of a kind than is known": '["folder","f1","","lib","blue"]',
    "a part of many": '["many",[["sketch","s1"]],"import"]',
}


@pytest.mark.parametrize("change", NEWER.values(), ids=NEWER)
async def test_a_room_with_a_newer_change_is_dropped_and_its_people_are_told(
    shared_server: Server, change: str
) -> None:
    room_id = shared_server.create_room()
    other_id = shared_server.create_room()
    async with (
        ot_socket(shared_server.room_url(room_id)) as ann,
        ot_socket(shared_server.room_url(other_id)) as bo,
    ):
        await ann.join("ann")
        await bo.join("bo")
        await run(
            shared_server.database_url,
            f"""
            insert into entry
            values ('{room_id}', 2, 'newer', 1, 'Newer', now(), '{change}', 'newer', 'typed');
            update room set head = 2 where id = '{room_id}';
            """,
        )
        assert (await ann.closed())[0] == 1011
        await bo.nothing_more()
    async with ot_socket(shared_server.room_url(room_id)) as ann:
        assert await ann.closed() == (1011, WORDS)
    async with httpx.AsyncClient(timeout=DEADLINE) as http:
        answer = await http.get(f"{shared_server.url}/rooms/{room_id}")
        assert (answer.status_code, answer.json()["detail"]) == (503, WORDS)


async def test_a_snapshot_of_a_newer_form_is_not_read(shared_server: Server) -> None:
    room_id = shared_server.create_room()
    form = '{"form": 99, "revision": 1, "somewhere": "else"}'
    sql = f"insert into snapshot values ('{room_id}', 1, '{form}')"
    await run(shared_server.database_url, sql)
    answer = await asyncio.to_thread(
        httpx.get, f"{shared_server.url}/rooms/{room_id}", timeout=DEADLINE
    )
    assert (answer.status_code, answer.json()["detail"]) == (503, WORDS)
