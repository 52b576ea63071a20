"""Many people who type on whatever becomes of their servers, and what must be so afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.protocol import State

from tests.support.clients import OtClient, PlainClient
from tests.support.server import DEADLINE

Where = Callable[[], str]
"""Gives the WebSocket address to try next."""

RESTARTING = 1012
_LOST = (OSError, EOFError, TimeoutError, InvalidHandshake, ConnectionClosed)
"""The errors that a connection may end with while things are broken."""
_MARKS = 1500
_FIRST_MARK = 0x20000


class Marks:
    """Somebody's marks, no two alike in the whole room; and what they notice of their links."""

    def __init__(self, where: Where, number: int) -> None:
        self.where = where
        self.random = Random(number)
        self.typed = 0
        self.closes: list[int | None] = []
        """The code with which the server closed each link that ended; None where it did not."""
        self.failures: list[Exception] = []
        """Tries to come back that no server took."""
        self._index = number

    @property
    def marks(self) -> str:
        """All that was typed."""
        return _marks(self._index, self.typed)


class Typist(Marks, OtClient):
    """Types marks, and deletes nothing."""

    def __init__(self, where: Where, number: int) -> None:
        Marks.__init__(self, where, number)
        OtClient.__init__(self, "", f"typist{number}")

    async def type_mark(self) -> None:
        """Type where others do."""
        self.typed += 1
        length = len(self.text)
        await self.type(self.marks[-1], at=self.random.randint(max(0, length - 8), length))


class PlainTypist(Marks, PlainClient):
    """Types marks into a text field, which shows the room anew when its server went."""

    def __init__(self, where: Where, number: int) -> None:
        Marks.__init__(self, where, number)
        PlainClient.__init__(self, "")

    async def type_mark(self) -> None:
        """Type at the end, unless there is nobody to tell: a goodbye may wait to be read."""
        if self._connection and self._connection.state is State.OPEN:
            self.typed += 1
            await self.show(self.text + self.marks[-1])


class Crowd:
    """People in one room. They come back as pages do: at once when told of a restart."""

    def __init__(self, people: list[Typist], plain: list[PlainTypist]) -> None:
        self.people = people
        self.plain = plain

    @property
    def acknowledged(self) -> int:
        """Return the number of acknowledged changes."""
        return sum(len(person.acknowledged) for person in self.people)

    async def acknowledges(self, more: int) -> None:
        """Wait until so many more changes are acknowledged."""
        goal = self.acknowledged + more
        await _until(lambda: self.acknowledged >= goal)

    @asynccontextmanager
    async def typing(self, *, pause: float = 0.3) -> AsyncIterator[None]:
        """Have everybody type while the block runs, about every `pause` seconds."""
        async with _meanwhile(_keep_typing(person, pause) for person in self.everybody):
            yield

    async def agrees(self, database_url: str, room_id: str, urls: Iterable[str]) -> str:
        """Wait until everybody shows what all servers say, and give that text.

        Nothing may break any more. Asserts that a new edit of everybody's comes through, that
        the log has every change of every client once, and that every mark is there once. Of what
        plain clients typed while servers went something may be missing: nobody told them else.
        """
        everybody = self.everybody
        await _until(lambda: all(person.connected for person in everybody))
        for person in everybody:
            await person.type_mark()
        for plain in self.plain:
            # What a plain client sends arrives in order, so this is its last.
            await self.people[0].sees(plain.marks[-1])
        for person in self.people:
            await person.settled()
        head, numbers = await _log(database_url, room_id)
        for person in self.people:
            await person.reaches(head)
            one = person.replica
            assert numbers.get(one.client) == list(range(1, one.seq + 1)), person.name
        text = self.people[0].text
        assert {person.text for person in self.people} == {text}
        for plain in self.plain:
            await plain.shows(text)
        for url in urls:
            assert await _read(url, room_id) == text
        there = Counter(text)
        assert set(there.values()) <= {1}, "a mark is there twice"
        assert there.keys() >= set("".join(person.marks for person in self.people))
        return text

    @property
    def everybody(self) -> list[Typist | PlainTypist]:
        return [*self.people, *self.plain]


@asynccontextmanager
async def crowd(where: Where, count: int, *, plain: int = 0) -> AsyncIterator[Crowd]:
    """So many OT clients and so many plain ones, all in the room when the block begins."""
    people = [Typist(where, number) for number in range(count)]
    others = [PlainTypist(where, number) for number in range(count, count + plain)]
    everybody: list[Typist | PlainTypist] = [*people, *others]
    async with AsyncExitStack() as stack:
        await asyncio.gather(*(_come_back(person) for person in everybody))
        for person in everybody:
            stack.push_async_exit(person.__aexit__)
        await stack.enter_async_context(_meanwhile(map(_keep_connected, everybody)))
        yield Crowd(people, others)


async def _keep_typing(person: Typist | PlainTypist, pause: float) -> None:
    while True:
        await asyncio.sleep(pause * person.random.uniform(0.5, 1.5))
        await person.type_mark()


async def _keep_connected(person: Typist | PlainTypist) -> None:
    while True:
        await person.lost()
        person.closes.append(person.closed)
        if person.closed == RESTARTING:
            await asyncio.sleep(0.1 * person.random.random())
        else:
            await asyncio.sleep(person.random.uniform(0.2, 1))
        await _come_back(person)


async def _come_back(person: Typist | PlainTypist) -> None:
    while True:
        person.room_url = person.where()
        try:
            await person.connect()
        except _LOST as error:
            person.failures.append(error)
            await asyncio.sleep(person.random.uniform(0.2, 1))
        else:
            return


@asynccontextmanager
async def _meanwhile(works: Iterable[Any]) -> AsyncIterator[None]:
    """Have coroutines run, for ever, while the block does. What goes wrong in one ends it."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
        yield
        for task in tasks:
            task.cancel()


async def _until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not holds():  # noqa: ASYNC110 - of many people; each has an event of its own
            await asyncio.sleep(0.01)


async def _log(database_url: str, room_id: str) -> tuple[int, dict[str, list[int]]]:
    """The head of a room, and the numbers of each client's changes in its log, in order."""
    connection = await asyncpg.connect(database_url)
    try:
        head = await connection.fetchval("select head from room where id = $1", UUID(room_id))
        rows = await connection.fetch(
            "select client, array_agg(seq order by revision) as numbers"
            " from entry where room_id = $1 group by client",
            UUID(room_id),
        )
    finally:
        await connection.close()
    return head, {row["client"]: row["numbers"] for row in rows}


async def _read(url: str, room_id: str) -> str:
    """The text that a server says a room has."""
    async with httpx.AsyncClient(timeout=DEADLINE) as client:
        answer = await client.get(f"{url}/rooms/{room_id}")
    assert answer.status_code == 200, answer.text
    code: str = answer.json()["code"]
    return code


def _marks(number: int, count: int) -> str:
    assert count <= _MARKS, "no marks are left"
    first = _FIRST_MARK + _MARKS * number
    return "".join(map(chr, range(first, first + count)))
