"""The log on tables that are partitioned by room, which the program does not know."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from collab.client import connect
from collab.postgres import embedded
from tests.contracts import test_postgres_log
from tests.support.database import fetch_value, made_database
from tests.support.partitions import PARTS, partition
from tests.support.server import DEADLINE, Server


@pytest.fixture(scope="module")
def database_url(postgres: embedded.Server, template: str) -> Iterator[str]:
    """One database for all: hundreds of tables take long to copy."""
    with made_database(postgres, template) as url:
        tables = asyncio.run(partition(url))
        assert {"room", "entry", "snapshot", "message", "run", "chapter", "link"} <= {*tables}
        yield url


class TestPartitionedLog(test_postgres_log.TestPostgresLog):
    pass


async def test_a_server_does_not_notice(database_url: str) -> None:
    with Server(database_url=database_url) as server:
        rooms = [server.create_room(initial_code=f"{n}") for n in range(8)]
        async with httpx.AsyncClient(base_url=server.url, timeout=DEADLINE) as http:
            for number, room_id in enumerate(rooms):
                room = f"/rooms/{room_id}"
                async with connect(f"{server.url}/r/{room_id}", name="Ann") as entered:
                    await entered.write("main.py", "print(1)\n")
                    await entered.write("a.bin", b"\xff")
                    await entered.say("Hello")
                assert (await http.post(f"{room}/versions", json={"name": "One"})).is_success
                assert (await http.post(f"{room}/restore", json={"revision": 1})).is_success
                assert (await http.get(room)).json()["code"] == f"{number}"
                assert len((await http.get(f"{room}/messages")).json()["messages"]) == 1
    spread = "select count(distinct tableoid) from entry"
    assert 1 < await fetch_value(database_url, spread) <= PARTS
