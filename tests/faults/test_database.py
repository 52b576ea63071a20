"""A database that is restarted, killed, out of reach, or too slow, under people who type."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx

from collab.operations.checks import PATIENCE
from tests.support.balancer import Balancer
from tests.support.clients import OtClient
from tests.support.crowd import crowd
from tests.support.database import execute
from tests.support.postgres import Postgres
from tests.support.proxy import Proxy
from tests.support.server import DEADLINE, Server

PEOPLE = 8


async def test_a_restart_and_a_kill_of_the_database_under_load_lose_nothing(
    own_postgres: Postgres,
) -> None:
    database_url = own_postgres.url
    with Server(database_url=database_url) as one, Server(database_url=database_url) as two:
        room_id = one.create_room()
        urls = [one.url, two.url]
        async with (
            Balancer(urls) as balancer,
            crowd(lambda: balancer.room_url(room_id), PEOPLE, plain=1) as people,
        ):
            async with people.typing(), asking(one.url, room_id) as answers:
                for end in (own_postgres.restart, own_postgres.kill):
                    await people.acknowledges(2 * PEOPLE)
                    await asyncio.to_thread(end)
                await people.acknowledges(2 * PEOPLE)
            await people.agrees(database_url, room_id, urls)
        assert {200, 201} <= answers <= {200, 201, 503}


async def test_a_database_out_of_reach_acknowledges_nothing_and_is_tried_until_it_is_back(
    own_postgres: Postgres,
) -> None:
    async with Proxy(f"unix://{own_postgres.socket}") as link:
        server = await asyncio.to_thread(
            lambda: Server("--statement-timeout", "0.5", database_url=over(link))
        )
        with server:
            room_id = await asyncio.to_thread(server.create_room)
            async with crowd(lambda: server.room_url(room_id), PEOPLE) as people:
                async with people.typing():
                    await people.acknowledges(PEOPLE)
                    link.tear(after=1000)  # in the middle of a statement or its answer
                    await until_cut(link)
                    before = people.acknowledged
                    async with asking(server.url, room_id) as answers:
                        await wait_for(answers, 503)
                    assert people.acknowledged - before <= PEOPLE
                    link.mend()
                    await people.acknowledges(PEOPLE)
                    link.stall(both=True)
                    async with asking(server.url, room_id) as answers:
                        await wait_for(answers, 503)
                    assert answers <= {200, 201, 503}
                    link.resume()
                    await people.acknowledges(PEOPLE)
                await people.agrees(own_postgres.url, room_id, [server.url])


async def test_while_its_database_hangs_a_server_lives_and_soon_says_that_it_is_not_ready(
    own_postgres: Postgres,
) -> None:
    async with Proxy(f"unix://{own_postgres.socket}") as link:
        with await asyncio.to_thread(lambda: Server(database_url=over(link))) as server:
            async with httpx.AsyncClient(base_url=server.url, timeout=3 * PATIENCE) as http:
                assert (await http.get("/ready")).status_code == 200
                link.stall(both=True)
                answer = await http.get("/ready")
                assert answer.status_code == 503
                assert answer.json()["database"].startswith("It does not answer: ")
                assert (await http.get("/health")).status_code == 200
                link.resume()
                async with asyncio.timeout(DEADLINE):
                    while (await http.get("/ready")).status_code != 200:
                        pass


async def test_statements_that_take_too_long_are_tried_again_and_nothing_is_acknowledged(
    database_url: str,
) -> None:
    with Server("--statement-timeout", "0.3", database_url=database_url) as server:
        room_id = server.create_room()
        async with OtClient(server.room_url(room_id), "ann") as ann:
            connection = await asyncpg.connect(database_url)
            try:
                async with connection.transaction():
                    await connection.execute("lock table room")
                    await ann.type("a")
                    async with asking(server.url, room_id) as answers:
                        await wait_for(answers, 503)
                    await ann.answered()
                    assert not ann.acknowledged
                    assert 201 not in answers
            finally:
                await connection.close()
            await ann.settled()
            assert server.room(room_id)["code"] == "a"
            assert server.create_room() != room_id


def test_a_room_cannot_be_made_on_a_full_disk_and_can_when_there_is_space(server: Server) -> None:
    execute(
        server.database_url,
        """
        create function full_disk() returns trigger language plpgsql as
            $$ begin raise sqlstate '53100'; end $$;
        create trigger full_disk before insert on room execute function full_disk();
        """,
    )
    assert httpx.post(f"{server.url}/rooms", timeout=DEADLINE).status_code == 503
    execute(server.database_url, "drop function full_disk cascade")
    assert httpx.post(f"{server.url}/rooms", timeout=DEADLINE).status_code == 201


def over(link: Proxy) -> str:
    """The address of the database behind a link."""
    return f"postgresql://postgres@{link.url.removeprefix('http://')}/collab"


@asynccontextmanager
async def asking(url: str, room_id: str) -> AsyncIterator[set[int]]:
    """Make rooms and read one, again and again; gives the statuses of the answers as they come."""
    statuses: set[int] = set()

    async def ask() -> None:
        async with httpx.AsyncClient(base_url=url, timeout=DEADLINE) as client:
            while True:
                for answer in (
                    await client.post("/rooms"),
                    await client.get(f"/rooms/{room_id}"),
                ):
                    statuses.add(answer.status_code)
                await asyncio.sleep(0.02)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(ask())
        yield statuses
        task.cancel()


async def wait_for(statuses: set[int], status: int) -> None:
    async with asyncio.timeout(DEADLINE):
        while status not in statuses:  # noqa: ASYNC110 - the answers come in a task of their own
            await asyncio.sleep(0.01)


async def until_cut(link: Proxy) -> None:
    async with asyncio.timeout(DEADLINE):
        while not link.is_cut:  # noqa: ASYNC110 - nothing tells when so many bytes have passed
            await asyncio.sleep(0.01)
