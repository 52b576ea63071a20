"""Batches of many rooms that come at once: as few statements as can be, and no room for another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from collab.errors import LogError, LogUnavailable, NotStorable, RevisionTaken
from collab.room.log import Head
from collab.room.state import Entry
from collab.store import appends
from collab.store.connections import Connections
from collab.store.log import PostgresLog
from tests.contracts.log_contract import add_file, entry
from tests.support.database import hindered, locked, new_room

ROOMS = 40
TIME_LIMIT = 4.0
"""Seconds that a statement may take; the others must be long done by then."""


class Counted(Connections):
    """Connections, and how many statements went over them."""

    statements = 0
    at_once = 0
    most_at_once = 0

    async def _run(self, way: Callable[..., Awaitable[Any]], *statement: object) -> Any:
        self.statements += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await super()._run(way, *statement)
        finally:
            self.at_once -= 1


@pytest_asyncio.fixture
async def connections(database_url: str) -> AsyncIterator[Counted]:
    async with asyncpg.create_pool(database_url, min_size=0, command_timeout=TIME_LIMIT) as pool:
        yield Counted(pool)


@pytest.fixture
def log(connections: Counted) -> PostgresLog:
    return PostgresLog(connections)


@pytest.fixture
def rooms(database_url: str) -> list[UUID]:
    return [new_room(database_url) for _ in range(ROOMS)]


async def append_all(log: PostgresLog, batches: dict[UUID, list[Entry]]) -> dict[UUID, object]:
    """Append all batches at once and return each outcome: None on success, else the error."""
    ends = await asyncio.gather(
        *(log.append(room, batch) for room, batch in batches.items()), return_exceptions=True
    )
    return dict(zip(batches, ends, strict=True))


def first(room: UUID) -> list[Entry]:
    return [add_file(str(room)), *(entry(n, client=f"c{n}") for n in range(2, room.int % 3 + 2))]


async def test_many_rooms_are_written_in_a_few_statements_each_its_own_entries(
    log: PostgresLog, connections: Counted, rooms: list[UUID]
) -> None:
    batches = {room: first(room) for room in rooms}
    assert {*(await append_all(log, batches)).values()} == {None}
    assert connections.statements <= 4
    assert {room: await log.since(room, 0) for room in rooms} == batches
    assert await log.heads(rooms) == {room: Head(len(batch), 0) for room, batch in batches.items()}


async def test_who_lost_its_revision_is_told_and_nobody_else(
    log: PostgresLog, connections: Counted, rooms: list[UUID]
) -> None:
    late = rooms[5::7]
    await append_all(log, {room: [add_file()] for room in late})
    ends = await append_all(log, {room: first(room) for room in rooms})
    assert [room for room, end in ends.items() if end] == late
    assert {type(ends[room]) for room in late} == {RevisionTaken}
    assert [len(await log.since(room, 0)) for room in late] == [1] * len(late)


async def test_what_the_database_rejects_costs_the_others_nothing(
    log: PostgresLog, rooms: list[UUID], database_url: str
) -> None:
    poisoned, twice = rooms[10], rooms[20]
    batches = {room: first(room) for room in rooms}
    batches[twice] = [add_file(), entry(2, client="a", seq=7), entry(3, client="a", seq=7)]
    async with hindered(database_url, str(poisoned), "raise check_violation"):
        ends = await append_all(log, batches)
    assert [room for room, end in ends.items() if end] == [poisoned, twice]
    assert {type(ends[poisoned]), type(ends[twice])} == {NotStorable}
    assert await log.since(poisoned, 0) == await log.since(twice, 0) == []


@pytest.mark.parametrize("trouble", [NotStorable("no"), LogUnavailable("no")])
async def test_rooms_that_are_tried_alone_are_tried_two_at_a_time(
    log: PostgresLog,
    connections: Counted,
    rooms: list[UUID],
    trouble: LogError,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(appends, "_LONG", 60.0)  # on a busy machine no statement counts as long
    run = connections._run

    async def failing(way: Callable[..., Awaitable[Any]], *statement: object) -> Any:
        if statement[0] == appends._APPEND_ROOMS:
            raise trouble
        return await run(way, *statement)

    monkeypatch.setattr(connections, "_run", failing)
    batches = {room: first(room) for room in rooms}
    ends = await append_all(log, batches)
    failed = {room: batches[room] for room, end in ends.items() if end}
    assert bool(failed) == isinstance(trouble, LogUnavailable)
    assert {*(await append_all(log, failed)).values()} <= {None}
    assert connections.statements == len(rooms)
    assert connections.most_at_once == 2
    assert {room: await log.since(room, 0) for room in rooms} == batches


async def test_a_room_that_another_process_holds_is_waited_for_by_nobody_else(
    log: PostgresLog, rooms: list[UUID], database_url: str
) -> None:
    held = rooms[10]
    async with locked(database_url, str(held)):
        waiting = {room: asyncio.create_task(log.append(room, first(room))) for room in rooms}
        others = [task for room, task in waiting.items() if room != held]
        await asyncio.gather(*others)
        assert not waiting[held].done()
    await waiting[held]
    assert await log.since(held, 0) == first(held)


async def test_who_was_with_a_room_that_hangs_tries_alone_and_is_not_held_up_again(
    log: PostgresLog, rooms: list[UUID], database_url: str
) -> None:
    hanging = rooms[10]
    batches = {room: first(room) for room in rooms}
    async with hindered(database_url, str(hanging), "perform pg_sleep(60)"):
        ends = await append_all(log, batches)
        failed = [room for room, end in ends.items() if end]
        assert hanging in failed
        assert {type(end) for end in ends.values() if end} == {LogUnavailable}
        again = {room: asyncio.create_task(log.append(room, batches[room])) for room in failed}
        others = [task for room, task in again.items() if room != hanging]
        await asyncio.gather(*others)
        assert not again[hanging].done()
        with pytest.raises(LogUnavailable):
            await again[hanging]
    await log.append(hanging, batches[hanging])
    assert {room: await log.since(room, 0) for room in rooms} == batches


async def test_who_is_given_up_while_it_waits_stops_nobody(
    log: PostgresLog, rooms: list[UUID]
) -> None:
    waiting = [asyncio.create_task(log.append(room, first(room))) for room in rooms]
    await asyncio.sleep(0)
    for task in waiting[::3]:
        task.cancel()
    await asyncio.wait(waiting)
    assert [task.cancelled() for task in waiting].count(True) == len(waiting[::3])
    for room, task in zip(rooms, waiting, strict=True):
        written = await log.since(room, 0)
        assert written in ([], first(room))
        assert written or task.cancelled()
