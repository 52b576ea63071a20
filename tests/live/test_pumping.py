"""A host on a log that fails as it may: what its sockets are told, and what the log holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from collab.live.host import Host
from collab.room.past import SLICE
from tests.live.acting import ROOM, Socket, a_hub, a_log, come, come_plain, lose_an_answer
from tests.room.acting import edit, entry
from tests.simulation.log import UNSTORABLE, SimulatedLog
from tests.support.server import DEADLINE


@asynccontextmanager
async def a_host(log: SimulatedLog) -> AsyncIterator[Host]:
    async with a_hub(log) as hub, hub.room(ROOM) as host:
        assert host
        yield host


async def reaches(host: Host, revision: int) -> None:
    async with asyncio.timeout(DEADLINE):
        while host.room.revision < revision:  # noqa: ASYNC110
            await asyncio.sleep(0)


def told(socket: Socket, kind: str = "") -> list[Any]:
    """The frames of entries; or, with a kind, the messages that name it."""
    messages = [msgspec.json.decode(frame) for frame in socket.frames]
    if kind:
        return [message for message in messages if kind in str(message)]
    return [message for message in messages if isinstance(message, list)]


async def test_a_change_is_told_once_it_is_in_the_log() -> None:
    log = a_log()
    async with a_host(log) as host:
        ann, bo = await come(host, "ann"), await come(host, "bo")
        await ann.submit(1, 1, "hi")
        assert told(ann) == []
        await reaches(host, 2)
        assert [e.change for e in log.entries(ROOM)[1:]] == [edit("hi")]
        number = ann.session.number
        assert told(ann) == told(bo) == [[2, [number, 1, "main", ["hi"]]]]


async def test_another_process_that_was_first_is_read_and_the_change_is_carried() -> None:
    log = a_log("ab")
    async with a_host(log) as host:
        ann = await come(host, "ann")
        log.commit(ROOM, [entry(2, edit("x", 2))])
        await ann.submit(1, 1, 2, "!")
        await reaches(host, 3)
        assert str(host.room.state.main.text) == "xab!"
        assert log.conflicts == 1


@pytest.mark.parametrize("arrives", [False, True])
async def test_a_commit_without_an_answer_is_looked_for_and_made_once(
    arrives: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = a_log()
    lose_an_answer(log, monkeypatch, arrives=arrives)
    async with a_host(log) as host:
        ann = await come(host, "ann")
        await ann.submit(1, 1, "hi")
        await reaches(host, 2)
        assert [e.change for e in log.entries(ROOM)[1:]] == [edit("hi")]
        assert len(told(ann)) == 1


async def test_what_cannot_be_stored_is_refused_alone() -> None:
    log = a_log()
    async with a_host(log) as host:
        people = [await come(host, name) for name in ("ann", "bo", "cy")]
        for socket, word in zip(people, ["a", UNSTORABLE, "c"], strict=True):
            await socket.submit(1, 1, word)
        await reaches(host, 3)
        async with asyncio.timeout(DEADLINE):
            while host.room.queue:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert [e.client for e in log.entries(ROOM)] == ["", "ann", "cy"]
        assert [len(told(socket, "not_storable")) for socket in people] == [0, 1, 0]


async def test_a_room_that_is_far_behind_reads_every_page() -> None:
    log = a_log()
    async with a_host(log) as host:
        ann = await come(host, "ann")
        for n in range(2, 2503):
            log.commit(ROOM, [entry(n, edit("x", n - 2))])
        host.heard(2502)
        await reaches(host, 2502)
        assert sum(len(frame) - 1 for frame in told(ann)) == 2501


async def test_a_room_that_closes_commits_what_it_was_sent_and_says_why() -> None:
    log = a_log()
    async with a_hub(log) as hub, hub.room(ROOM) as host:
        assert host
        ann, pat = await come(host, "ann"), await come_plain(host, "pat")
        await ann.submit(1, 1, "hi")
        await hub.close(1012, "restarting", drain=DEADLINE)
        assert await ann.end() == await pat.end() == (1012, "restarting")
        assert [e.change for e in log.entries(ROOM)[1:]] == [edit("hi")]


async def test_what_is_said_while_a_room_closes_its_sockets_is_committed_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = a_log()
    async with a_hub(log) as hub, hub.room(ROOM) as host:
        assert host
        ann = await come(host, "ann")

        async def close(code: int, reason: str) -> None:
            ann.closed = (code, reason)
            await ann.submit(1, 1, "late")

        monkeypatch.setattr(ann, "close", close)
        await hub.close(1012, "restarting", drain=DEADLINE)
        assert await ann.end() == (1012, "restarting")
        assert [e.change for e in log.entries(ROOM)[1:]] == [edit("late")]


async def test_a_room_with_nobody_in_it_leaves_memory_with_a_snapshot() -> None:
    log = a_log()
    async with a_hub(log) as hub:
        async with hub.room(ROOM) as host:
            assert host
            ann = await come(host, "ann")
            await ann.submit(1, 1, "hi")
            await reaches(host, 2)
            host.leave(ann.connection)
        async with asyncio.timeout(DEADLINE):
            while not (await log.open(ROOM)).snapshot:  # type: ignore[union-attr]  # noqa: ASYNC110
                await asyncio.sleep(0)
        async with hub.room(ROOM) as again:
            assert again is not None
            assert str(again.room.state.main.text) == "hi"


async def test_the_past_of_a_room_that_leaves_memory_goes_a_slice_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = a_log()
    for n in range(2, 5 * SLICE):
        log.commit(ROOM, [entry(n, edit("x", n - 2))])
    async with a_hub(log) as hub:
        async with hub.room(ROOM) as host:
            assert host
            ann = await come(host, "ann", revision=1)
            past = host.room.past
            left = [len(past.entries)]
            trim = past.trim

            def counted(*arguments: Any) -> None:
                trim(*arguments)
                left.append(len(past.entries))

            monkeypatch.setattr(past, "trim", counted)
            host.leave(ann.connection)
        async with asyncio.timeout(DEADLINE):
            while len(past.entries) > 1:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert len(left) > 4
        assert all(0 < before - after <= SLICE for before, after in pairwise(left))
