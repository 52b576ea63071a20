"""A pooler between the servers and the database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.test_command import cannot_start
from tests.cli.test_doctor import collab
from tests.support import pgbouncer
from tests.support.clients import OtClient, one_text
from tests.support.server import Server


@pytest.fixture(scope="module")
def program() -> Iterator[list[str]]:
    with pgbouncer.program() as found:
        if found is None:
            pytest.skip("pgbouncer is neither here nor can it be unpacked")
        yield found


async def test_through_a_pooler_of_sessions_people_in_two_servers_meet(
    database_url: str, program: list[str]
) -> None:
    with (
        pgbouncer.pooling(program, database_url, "pool_mode = session") as url,
        Server(database_url=url) as one,
        Server(database_url=url) as other,
    ):
        room_id = one.create_room(initial_code="!")
        async with (
            OtClient(one.room_url(room_id), "ann") as ann,
            OtClient(other.room_url(room_id), "bo") as bo,
        ):
            await ann.type("a")
            await bo.type("b")
            assert sorted(await one_text(one, room_id, [ann, bo])) == sorted("ab!")


@pytest.mark.parametrize(
    "options",
    [
        ["pool_mode = transaction"],
        ["pool_mode = transaction", "default_pool_size = 1"],
        ["pool_mode = statement"],
    ],
    ids=["transactions", "one connection", "statements"],
)
def test_a_pooler_that_keeps_no_session_is_refused_at_the_start(
    database_url: str, program: list[str], options: list[str]
) -> None:
    words = "It is behind a pooler that gives each transaction another connection."
    with pgbouncer.pooling(program, database_url, *options) as url:
        said = cannot_start("--port=0", "--database-url", url)
        assert said.startswith(f"collab: {words}")
        assert "pool_mode = session" in said
        assert "Traceback" not in said
        status, said = collab("doctor", "--port=0", "--database-url", url)
        assert status == 1
        assert words in said
