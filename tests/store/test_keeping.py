"""Messages that are said at once, kept in few transactions, each judged as if it came alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from collab.errors import NotStorable
from collab.store import log
from collab.talk.keeping import Keeping, Pace
from collab.talk.options import TalkLimits
from collab.talk.rows import TalkRows
from collab.talk.said import Author, Draft
from collab.talk.store import _SAY, TalkStore, _values
from tests.support.database import new_room

_OTHERS = """
insert into message (room_id, number, stamp, who, nonce, person, author, colour, at, text, thread,
    mentions)
select $1::uuid, n, n, 'who' || n, 'nonce', 'p', 'Bo', 1, now(), 'x', 0, '[]'
from generate_series(1001, 2000) as n
"""
_READ = """
select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relname = 'message'
"""
LIMITS = TalkLimits(per_minute=3)


class Kept(Keeping):
    """Keeps messages in PostgreSQL, and notes how many each transaction was asked to keep."""

    def __init__(self, rows: TalkRows, store: CountingStore) -> None:
        self.changed: list[UUID] = []
        super().__init__(store, LIMITS, self.changed.append)
        self.rows = rows
        self.transactions = store.transactions

    async def say(self, room_id: UUID, who: str, text: str, **fields: Any) -> int | None:
        author = Author(who, "p", "Ann", 0, access=0)
        return await self.keep(room_id, author, Draft(f"nonce-{who}-{text}", text, **fields))

    async def texts(self, room_id: UUID) -> list[str | None]:
        return [one.text for one in await self.rows.page(room_id, 100)]


class CountingStore(TalkStore):
    def __init__(self, connections: Any) -> None:
        super().__init__(connections)
        self.transactions: list[int] = []

    async def say(self, room_id: UUID, author: Author, draft: Draft, limits: TalkLimits) -> Any:
        self.transactions.append(1)
        return await super().say(room_id, author, draft, limits)

    async def say_all(
        self, messages: Mapping[UUID, Sequence[tuple[Author, Draft]]], limits: TalkLimits
    ) -> list[int | None]:
        self.transactions.append(sum(map(len, messages.values())))
        return await super().say_all(messages, limits)


@pytest_asyncio.fixture
async def kept(database_url: str) -> AsyncIterator[Kept]:
    async with log.connected(database_url, statement_timeout=60) as postgres:
        connections = postgres.connections
        keeping = Kept(TalkRows(connections), CountingStore(connections))
        yield keeping
        await keeping.close()


@pytest.fixture
def rooms(database_url: str) -> list[UUID]:
    return [new_room(database_url) for _ in range(5)]


@pytest.fixture
def room(rooms: list[UUID]) -> UUID:
    return rooms[0]


async def test_what_is_said_while_a_message_is_kept_goes_together_and_in_order(
    kept: Kept, room: UUID
) -> None:
    numbers = await asyncio.gather(*(kept.say(room, f"who{n}", f"m{n}") for n in range(10)))
    assert numbers == list(range(1, 11))
    assert await kept.texts(room) == [f"m{n}" for n in range(10)]
    assert kept.transactions == [1, 9]
    assert kept.changed == [room, room]


async def test_rooms_that_wait_go_together(kept: Kept, rooms: list[UUID]) -> None:
    assert await asyncio.gather(*(kept.say(room, "ann", "x") for room in rooms)) == [1] * 5
    assert kept.transactions == [1, 1, 3]


async def test_each_message_is_judged_after_those_before_it(kept: Kept, room: UUID) -> None:
    said = [("ann", "a"), ("ann", "b"), ("ann", "b"), ("ann", "c"), ("ann", "d"), ("bo", "b")]
    numbers = await asyncio.gather(*(kept.say(room, who, text) for who, text in said))
    assert numbers == [1, 2, None, 3, None, 4]  # one sent twice, one too many in a minute
    assert await kept.texts(room) == ["a", "b", "c", "b"]


async def test_a_message_that_cannot_be_kept_takes_none_with_it(kept: Kept, room: UUID) -> None:
    first, second, bad, last = await asyncio.gather(
        kept.say(room, "ann", "a"),
        kept.say(room, "bo", "b"),
        kept.say(room, "eve", "e", suggestion="\0"),
        kept.say(room, "ann", "c"),
        return_exceptions=True,
    )
    assert isinstance(bad, NotStorable)
    assert [first, second, last] == [1, 2, 3]
    assert await kept.texts(room) == ["a", "b", "c"]


async def test_a_message_of_somebody_who_has_gone_is_kept_all_the_same(
    kept: Kept, room: UUID
) -> None:
    gone = asyncio.create_task(kept.say(room, "ann", "a"))
    await asyncio.sleep(0)  # it is on its way
    gone.cancel()
    with suppress(asyncio.CancelledError):
        await gone
    assert await kept.say(room, "bo", "b") == 2
    assert await kept.texts(room) == ["a", "b"]


async def test_a_plan_made_for_an_empty_table_reads_little_of_a_long_chat(
    database_url: str, room: UUID
) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("set plan_cache_mode = force_generic_plan")
    say = await connection.prepare(_SAY)

    async def said(nonce: str, **fields: Any) -> None:
        author = Author("ann", "p", "Ann", 0, access=0)
        assert await say.fetchval(*_values(room, [(author, Draft(nonce, "x", **fields))], LIMITS))

    async def read() -> int:
        return int(await connection.fetchval(_READ))

    try:
        async with connection.transaction():
            await said("first")
            await connection.execute(_OTHERS, room)
            before = await read()
            await said("second", reply=1)
            assert await read() - before < 20
    finally:
        await connection.close()


def test_messages_go_at_once_but_a_flood_has_them_wait() -> None:
    pace = Pace(20)
    for n in range(19):
        assert pace.due(n * 0.02) == n * 0.02
        pace.go(1, n * 0.02)
    pace.go(1, 0.38)
    assert pace.due(0.4) == pytest.approx(0.58)  # and what comes meanwhile goes with them
    pace.go(9, 0.58)
    assert pace.due(0.6) == pytest.approx(0.78)
    assert pace.due(2.9) == 2.9
