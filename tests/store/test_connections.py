"""The connections that the log asks over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import asyncpg
import pytest
import pytest_asyncio

from collab.errors import LogUnavailable
from collab.store import connections as store
from collab.store.connections import Connections

PID = "select pg_backend_pid()"
LONG = "select pg_sleep(60)"


@pytest_asyncio.fixture
async def connections(database_url: str) -> AsyncIterator[Connections]:
    connections = Connections(partial(asyncpg.connect, database_url, command_timeout=5), most=2)
    yield connections
    await connections.close()


async def ask(connections: Connections, statement: str) -> object:
    return await connections.fetchval(statement)


async def test_there_are_no_more_than_are_needed_and_never_more_than_allowed(
    connections: Connections,
) -> None:
    one = {await ask(connections, PID) for _ in range(5)}
    assert len(one) == 1
    many = await asyncio.gather(*(ask(connections, PID) for _ in range(20)))
    assert one < {*many}
    assert len({*many}) == 2


async def test_one_that_was_lost_is_made_anew(connections: Connections) -> None:
    before = await ask(connections, PID)
    with pytest.raises(LogUnavailable):
        await ask(connections, f"select pg_terminate_backend({before})")
    assert await ask(connections, PID) != before


async def test_one_that_was_idle_for_long_is_made_anew(
    connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await ask(connections, PID)
    monkeypatch.setattr(store, "_LONG_IDLE", 0)
    assert await ask(connections, PID) != before


async def test_one_whose_statement_was_given_up_answers_the_next(connections: Connections) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await ask(connections, LONG)
    answers = await asyncio.gather(*(ask(connections, "select 7") for _ in range(4)))
    assert answers == [7] * 4
    running = "select count(*) from pg_stat_activity where query = '" + LONG + "'"
    assert await ask(connections, running + " and state = 'active'") == 0
