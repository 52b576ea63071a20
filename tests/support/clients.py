"""Two kinds of people in a room, each on a socket of their own, as their pages would act."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from ot import Client, Operation, checksum
from tests.support.server import DEADLINE, Server
from tests.support.sockets import person


class _Connected:
    """Reads what comes, in a task. Goes on without a connection when it is lost."""

    subprotocols: tuple[Subprotocol, ...] | None = None

    def __init__(self, room_url: str) -> None:
        self.room_url = room_url
        self.closed: int | None = None
        """The code the server closed with, if it did."""
        self._connection: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    @property
    def connected(self) -> bool:
        return self._connection is not None

    async def connect(self) -> None:
        """Connect, for the first time or again."""
        assert self._connection is None
        self.closed = None
        async with asyncio.timeout(DEADLINE):
            connection = await connect(
                self.room_url, subprotocols=self.subprotocols, compression=None, max_size=None
            )
        try:
            await self._greet(connection)
        except BaseException:
            connection.transport.abort()
            raise
        self._connection = connection
        self._reader = asyncio.create_task(self._read(connection))
        await self._submit()

    async def lose_connection(self) -> None:
        """Have the link break, without a word to the other side."""
        assert self._connection
        self._connection.transport.abort()
        await self.disconnected()

    async def disconnected(self) -> None:
        """Wait until the connection is lost, or closed by the server."""
        await self.until(lambda: not self.connected)

    async def lost(self) -> None:
        """Wait until there is no connection, however long it takes. Raises what went wrong."""
        while self.connected:
            self._changed.clear()
            await self._changed.wait()
        if self._reader and self._reader.done():
            self._reader.result()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until it holds. Raises what went wrong in reading."""
        async with asyncio.timeout(DEADLINE):
            while not holds():
                if self._reader and self._reader.done():
                    self._reader.result()
                self._changed.clear()
                await self._changed.wait()

    async def _greet(self, connection: ClientConnection) -> None:
        """Say and hear what comes first."""
        raise NotImplementedError

    async def _submit(self) -> None:
        """Say what was to be said while there was no connection."""

    async def _take(self, message: Any) -> None:
        raise NotImplementedError

    async def _read(self, connection: ClientConnection) -> None:
        try:
            while True:
                await self._take(json.loads(await connection.recv()))
                self._changed.set()
        except ConnectionClosed as closed:
            self.closed = closed.rcvd.code if closed.rcvd else None
        finally:
            self._connection = None
            self._changed.set()

    async def _send(self, kind: str, **fields: object) -> None:
        if self._connection:
            with suppress(ConnectionClosed):
                await self._connection.send(json.dumps({"type": kind, **fields}))

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._connection:
            await self._connection.close()
        if self._reader:
            await asyncio.wait([self._reader])
            if kind is None:
                self._reader.result()


class OtClient(_Connected):
    """Speaks the OT protocol about the file "main". Never loses and never doubles an edit."""

    subprotocols = (Subprotocol("collab"),)

    def __init__(self, room_url: str, key: str) -> None:
        super().__init__(room_url)
        self.key = key
        self.id = ""
        self.number = 0
        self.ot = Client("")
        self.seq = 0
        """The number of the last change that was, or is, in flight."""
        self.acknowledged: list[Operation] = []
        self.refused: list[Operation] = []
        self._sent = 0
        self._pongs = 0

    @property
    def text(self) -> str:
        return self.ot.text

    @property
    def revision(self) -> int:
        return self.ot.revision

    async def edit(self, operation: Operation) -> None:
        """Edit `text`, whether connected or not."""
        self._number(self.ot.edit(operation))
        await self._submit()

    async def type(self, text: str, at: int = 0) -> None:
        await self.edit(Operation([at, text, len(self.text) - at]))

    async def settled(self) -> None:
        """Wait until nothing is in flight."""
        await self.until(lambda: self.ot.in_flight is None)

    async def reaches(self, revision: int) -> None:
        """Wait until it knows of this revision."""
        await self.until(lambda: self.revision >= revision)

    async def moves_on(self, revision: int) -> None:
        """Wait until it knows of a later revision, or its connection is lost."""
        await self.until(lambda: self.revision > revision or not self.connected)

    async def acknowledges(self, count: int) -> None:
        """Wait until so many of its changes are acknowledged."""
        await self.until(lambda: len(self.acknowledged) >= count)

    async def sees(self, text: str) -> None:
        """Wait until this is a part of its text."""
        await self.until(lambda: text in self.text)

    async def answered(self) -> None:
        """Wait until the server has read all that was sent."""
        before = self._pongs
        await self._send("ping")
        await self.until(lambda: self._pongs > before)

    async def _greet(self, connection: ClientConnection) -> None:
        known = {"revision": self.revision} if self.id else {}
        join = {"type": "join", **person(self.key), "at": time.time_ns() // 10**6, **known}
        await connection.send(json.dumps(join))
        async with asyncio.timeout(DEADLINE):
            joined = json.loads(await connection.recv())
        assert joined["type"] == "joined", joined
        self.number = joined["number"]
        if known:
            assert joined["client"] == self.id
            assert joined["seq"] <= self.seq
            self._entries(self.revision + 1, joined["entries"])
        else:
            self.id, self.seq = joined["client"], joined["seq"]
            self.ot = Client(joined["files"][0]["text"], joined["revision"])
        assert self.revision == joined["revision"]
        assert checksum(self.ot.committed) == joined["checksums"]["main"]
        self._sent = 0

    async def _take(self, message: Any) -> None:
        match message:
            case [revision, *entries]:
                self._entries(revision, entries)
            case {"type": "refused", "seq": seq}:
                assert seq == self.seq
                assert self.ot.in_flight
                self.refused.append(self.ot.in_flight)
                self._number(self.ot.refused()[1])
            case {"type": "pong"}:
                self._pongs += 1
            case {"type": "checksum", "revision": revision, "files": {"main": expected}}:
                assert revision == self.revision
                assert checksum(self.ot.committed) == expected
            case {"type": "person" | "presence" | "left"}:
                pass
            case _:
                raise AssertionError(f"{self.key} is told {message}")
        await self._submit()

    def _entries(self, revision: int, entries: list[Any]) -> None:
        assert revision == self.revision + 1, "a gap or a repetition"
        for item in entries:
            if len(item) == 2:
                self._stretch(*item)
                continue
            who, seq, *change = item
            in_flight = self.ot.in_flight
            if in_flight and who in (self.id, self.number) and seq == self.seq:
                assert change == ["main", list(in_flight.components)]
                self._acknowledge(in_flight)
                self._number(self.ot.acknowledged())
            elif len(change) == 2:
                self.ot.receive(Operation(change[1]))
            else:
                self.ot.revision += 1

    def _stretch(self, count: int, changes: list[Any]) -> None:
        """Take so many entries of others as one."""
        edits = [Operation(change[2]) for change in changes if change[0] == "edit"]
        if edits:
            (edit,) = edits
            self.ot.receive(edit, count)
        else:
            self.ot.revision += count

    def _acknowledge(self, operation: Operation) -> None:
        self.acknowledged.append(operation)

    def _number(self, submitted: Operation | None) -> None:
        if submitted is not None:
            self.seq += 1

    async def _submit(self) -> None:
        """Send what is in flight, once on a connection."""
        if self._connection and self.ot.in_flight and self._sent != self.seq:
            self._sent = self.seq
            change = ["edit", "main", self.ot.in_flight.components]
            await self._send("submit", seq=self.seq, revision=self.revision, change=change)


class PlainClient(_Connected):
    """A text field that shows what it is sent and sends what it shows."""

    def __init__(self, room_url: str) -> None:
        super().__init__(room_url)
        self.text = ""
        self.count = 0

    async def show(self, text: str) -> None:
        """Have the field show this, as typed by its person."""
        self.text = text
        await self._send("code_update", code=text)

    async def shows(self, text: str) -> None:
        """Wait until the field shows this."""
        await self.until(lambda: self.text == text)

    async def _greet(self, connection: ClientConnection) -> None:
        async with asyncio.timeout(DEADLINE):
            self.text = json.loads(await connection.recv())["code"]

    async def _take(self, message: Any) -> None:
        match message:
            case {"type": "code_update", "code": code}:
                self.text = code
            case {"type": "user_count_update" | "user_joined" | "user_left", "count": count}:
                self.count = count
            case {"type": "cursor_update"}:
                pass
            case _:
                raise AssertionError(f"a plain client is told {message}")


async def one_text(
    server: Server, room_id: str, people: Sequence[OtClient], plain: Sequence[PlainClient] = ()
) -> str:
    """Wait until all that was typed is committed and seen, and give the text that all end with.

    What plain clients typed must be known to have arrived.
    """
    for one in people:
        await one.settled()
    head = max(one.revision for one in people)
    for one in people:
        await one.reaches(head)
    text = people[0].text
    assert {one.text for one in people} == {text}
    for other in plain:
        await other.shows(text)
    assert (await asyncio.to_thread(server.room, room_id))["code"] == text
    return text


def random_edit(random: Random, text: str) -> Operation:
    """An insertion, a deletion or both, which changes the text, and more often than not near its
    start: there people meet."""
    while True:
        at = random.randint(0, min(len(text), 8) if random.random() < 0.7 else len(text))
        gone = 0 if random.random() < 0.6 else random.randint(0, min(4, len(text) - at))
        word = "".join(random.choices("ab \n🦦é", k=random.randint(0 if gone else 1, 3)))
        end = len(text) - at - gone
        first = random.random() < 0.5
        operation = Operation([at, word, -gone, end] if first else [at, -gone, word, end])
        if operation.apply(text) != text:
            return operation
