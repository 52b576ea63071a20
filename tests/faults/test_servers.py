"""Servers that are killed, and servers that are restarted, under many who type."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import httpx

from tests.support.balancer import Balancer
from tests.support.crowd import RESTARTING, crowd
from tests.support.database import hindered
from tests.support.server import DEADLINE, Server

PEOPLE = 20
KILLS = 10
WAITING = """
select exists(select from pg_locks where relation = 'account'::regclass and not granted)
"""
SLOWLY = "perform pg_sleep(0.01)"


async def test_ten_kills_in_the_middle_of_commits_under_twenty_who_type_lose_nothing(
    servers: list[Server],
) -> None:
    database_url, room_id = servers[0].database_url, servers[0].create_room()
    urls = [server.url for server in servers]
    async with (
        Balancer(urls) as balancer,
        crowd(lambda: balancer.room_url(room_id), PEOPLE, plain=2) as people,
    ):
        # So that there is always a commit to be killed in.
        async with hindered(database_url, room_id, SLOWLY), people.typing():
            for kill in range(KILLS):
                await people.acknowledges(PEOPLE)
                server = servers[kill % 2]
                await asyncio.to_thread(server.kill)
                await asyncio.to_thread(server.start)
        await people.agrees(database_url, room_id, urls)


async def test_servers_are_restarted_one_by_one_and_those_who_type_do_not_notice(
    servers: list[Server],
) -> None:
    database_url, room_id = servers[0].database_url, servers[0].create_room()
    urls = [server.url for server in servers]
    async with (
        Balancer(urls) as balancer,
        crowd(lambda: balancer.room_url(room_id), PEOPLE, plain=2) as people,
    ):
        async with people.typing():
            await people.acknowledges(4 * PEOPLE)
            for server in servers:
                status = await asyncio.to_thread(server.terminate)
                assert status == 0
                await asyncio.to_thread(server.start)
                await people.acknowledges(4 * PEOPLE)
        text = await people.agrees(database_url, room_id, urls)
    # Everybody is told why the link ends, and the first try to come back is taken.
    for person in people.everybody:
        assert person.closes
        assert set(person.closes) == {RESTARTING}
        assert person.failures == []
    for plain in people.plain:
        assert set(plain.marks) <= set(text), "a server did not save what it was sent"


async def test_who_waits_for_an_answer_when_the_server_stops_is_told_to_come_again(
    database_url: str, tmp_path: Path
) -> None:
    connection = await asyncpg.connect(database_url)
    with (tmp_path / "log").open("w") as log:
        server = Server(database_url=database_url, stderr=log)
        async with httpx.AsyncClient(base_url=server.url, timeout=DEADLINE) as http:
            async with connection.transaction():
                await connection.execute("lock table account")
                body = {"name": "ann", "password": "long enough"}
                asked = asyncio.create_task(http.post("/auth/signin", json=body))
                while not await connection.fetchval(WAITING):
                    pass
                assert await asyncio.to_thread(server.terminate) == 0
            answer = await asked
    await connection.close()
    assert (answer.status_code, answer.json()["extra"]) == (503, {"code": "restarting"})
    assert "Traceback" not in (tmp_path / "log").read_text()
