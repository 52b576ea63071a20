"""The contract that every doorbell keeps, whatever carries its rings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from collab.live.doorbell import Doorbell
from collab.live.line import Line
from collab.room.between import Here, News
from tests.support.server import DEADLINE

ROOM = uuid4()
LONG = 60.0
"""Seconds of patience with which no sign of life is due during a test."""
SHORT = 0.8


class Listening:
    """A process that listens: what it was told."""

    def __init__(self, doorbell: Doorbell) -> None:
        self.doorbell = doorbell
        self.rings: list[tuple[UUID, int]] = []
        self.notices: list[tuple[UUID, str, str]] = []
        self.accesses: dict[UUID, int] = {}
        self.misses = 0
        self.news: list[tuple[str, UUID, News]] = []
        self.rolls: list[tuple[str, bool]] = []
        self.losses: list[str] = []
        self.people: list[tuple[UUID, Here]] = []
        self._told = asyncio.Event()

    def rung(self, room_id: UUID, revision: int, access: int) -> None:
        self.rings.append((room_id, revision))
        self.accesses[room_id] = access
        self._told.set()

    def noticed(self, room_id: UUID, topic: str, about: str) -> None:
        self.notices.append((room_id, topic, about))
        self._told.set()

    def missed(self) -> None:
        self.misses += 1
        self._told.set()

    def told(self, process: str, room_id: UUID, news: News) -> None:
        self.news.append((process, room_id, news))
        self._told.set()

    def roll_called(self, process: str, *, ends: bool) -> None:
        self.rolls.append((process, ends))
        self._told.set()

    def lost(self, process: str) -> None:
        self.losses.append(process)
        self._told.set()

    def roll(self) -> Iterable[tuple[UUID, Here]]:
        return self.people

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until it holds; looked at whenever something is told, and now and then."""
        async with asyncio.timeout(DEADLINE):
            while not holds():
                self._told.clear()
                try:
                    async with asyncio.timeout(0.02):
                        await self._told.wait()
                except TimeoutError:
                    pass

    async def hears(self, room_id: UUID, revision: int) -> None:
        await self.until(lambda: (room_id, revision) in self.rings)


@asynccontextmanager
async def listening(line: Line, patience: float = LONG) -> AsyncIterator[Listening]:
    process = Listening(Doorbell(line, patience))
    async with process.doorbell.listening(process):
        yield process


@asynccontextmanager
async def two(line: Line, patience: float = LONG) -> AsyncIterator[tuple[Listening, Listening]]:
    """Two processes that know of each other."""
    async with listening(line, patience) as one, listening(line, patience) as other:
        await one.until(lambda: one.doorbell.neighbours)
        await other.until(lambda: other.doorbell.neighbours)
        yield one, other


class DoorbellContract:
    """Subclasses give a fixture, `line`, and `lose`, which breaks every connection on it."""

    async def lose(self, line: Line) -> None:
        raise NotImplementedError

    async def test_a_ring_is_heard_in_the_other_process_and_not_in_ones_own(
        self, line: Line
    ) -> None:
        async with two(line) as (one, other):
            one.doorbell.ring(ROOM, 7)
            await other.hears(ROOM, 7)
            other.doorbell.ring(ROOM, 8)
            await one.hears(ROOM, 8)
            assert one.rings == [(ROOM, 8)]

    async def test_rings_of_a_room_that_wait_become_one(self, line: Line) -> None:
        async with two(line) as (one, other):
            for revision in [1, 2, 999, 3]:
                one.doorbell.ring(ROOM, revision)
            await other.hears(ROOM, 999)
            one.doorbell.ring(ROOM, 1000)
            await other.hears(ROOM, 1000)
            assert other.rings == [(ROOM, 999), (ROOM, 1000)]

    async def test_notices_are_heard_in_the_other_process_and_equal_ones_become_one(
        self, line: Line
    ) -> None:
        async with two(line) as (one, other):
            for topic in ["talk", "talk", "typing"]:
                one.doorbell.notice(ROOM, topic, "k3J9x2Qa")
            await other.until(lambda: len(other.notices) == 2)
            assert other.notices == [(ROOM, "talk", "k3J9x2Qa"), (ROOM, "typing", "k3J9x2Qa")]
            assert one.notices == []

    async def test_more_rings_than_a_message_holds_are_all_heard(self, line: Line) -> None:
        rooms = [uuid4() for _ in range(2000)]
        async with two(line) as (one, other):
            for number, room_id in enumerate(rooms):
                one.doorbell.ring(room_id, 2**53 - number)
            await other.until(lambda: len(other.rings) == len(rooms))
            assert {room_id for room_id, _ in other.rings} == set(rooms)

    async def test_who_hears_of_nobody_does_not_ring(self, line: Line) -> None:
        async with listening(line) as one:
            await one.until(lambda: one.doorbell.connected)
            one.doorbell.ring(ROOM, 7)
            async with listening(line) as other:
                await one.until(lambda: one.doorbell.neighbours)
                one.doorbell.ring(ROOM, 8)
                await other.hears(ROOM, 8)
                assert other.rings == [(ROOM, 8)]

    async def test_after_a_loss_it_heals_and_says_that_rings_may_be_lost(self, line: Line) -> None:
        async with two(line) as (one, other):
            before = one.misses, other.misses
            await self.lose(line)
            await one.until(lambda: one.misses > before[0] and one.doorbell.connected)
            await other.until(lambda: other.misses > before[1] and other.doorbell.connected)
            one.doorbell.ring(ROOM, 9)
            await other.hears(ROOM, 9)

    async def test_a_process_that_leaves_is_forgotten_at_once(self, line: Line) -> None:
        async with listening(line) as one:
            async with listening(line):
                await one.until(lambda: one.doorbell.neighbours)
            await one.until(lambda: not one.doorbell.neighbours)

    async def test_a_process_that_falls_silent_is_forgotten_and_one_that_idles_is_not(
        self, line: Line
    ) -> None:
        async with two(line, SHORT) as (one, other):
            known = [*one.doorbell.neighbours]
            async with line.open(lambda _: None, lambda _: None) as send:
                await send(b'["killed",1,[]]')
                await one.until(lambda: "killed" in one.doorbell.neighbours)
                await one.until(lambda: "killed" not in one.doorbell.neighbours)
            assert [*one.doorbell.neighbours] == known == [other.doorbell.process]

    async def test_who_missed_something_asks_to_be_told_again(self, line: Line) -> None:
        async with listening(line) as one:
            await one.until(lambda: one.doorbell.connected)
            heard: list[bytes] = []
            async with line.open(heard.append, lambda _: None) as send:
                await send(b'["elsewhere",1,[]]')
                await send(b'["elsewhere",3,[]]')
                await one.until(lambda: any(b"hello" in message for message in heard))

    async def test_what_makes_no_sense_is_passed_over(self, line: Line) -> None:
        ring = f'["ring","{ROOM}",5]'.encode()
        async with listening(line) as one:
            await one.until(lambda: one.doorbell.connected)
            async with line.open(lambda _: None, lambda _: None) as send:
                for garbage in [b"garbage", b"[" * 5000, b"{}", b'["",1,[]]', '"🦦"'.encode()]:
                    await send(garbage)
                await send(b'["x",1,[["news",1],["ring","room",1],7,%s,["ring"]]]' % ring)
                await one.hears(ROOM, 5)
            assert one.rings == [(ROOM, 5)]
