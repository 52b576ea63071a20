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

from collab.client.replica import Replica
from ot import Operation
from tests.support.server import DEADLINE, Server


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

    async def _say(self, message: dict[str, Any]) -> None:
        if self._connection:
            with suppress(ConnectionClosed):
                await self._connection.send(json.dumps(message))

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


class _Strict(Replica):
    """A replica that finds fault with what a server says where others would mend what they hold."""

    def __init__(self, name: str) -> None:
        super().__init__(name, name)
        self.hold("main")
        self.acknowledged: list[Operation] = []

    @property
    def client(self) -> str:
        """The id that the server has given."""
        return str(self._self[0]) if self._self else ""

    @property
    def seq(self) -> int:
        """The number of the last change that was, or is, in flight."""
        return self._seq

    @property
    def is_behind(self) -> bool:
        """Tell whether the text is asked for again, which is never needed."""
        return bool(self._unread)

    def go_back(self, revision: int, text: str) -> None:
        """Know no more than this, as one who has heard nothing since."""
        self.revision = revision
        self.committed["main"] = self.shown["main"] = text

    def _welcome(self, message: dict[str, Any]) -> None:
        known, seq = self.client, self._seq
        super()._welcome(message)
        assert known in ("", self.client)
        assert not known or message["seq"] <= seq
        assert self.revision == message["revision"]

    def _acknowledge(self, change: list[Any]) -> None:
        own = self.own[0].edit
        assert change == ["edit", "main", list(own.components)], change
        super()._acknowledge(change)
        self.acknowledged.append(own)


class OtClient(_Connected):
    """Edits the file "main" by the library's replica. Never loses and never doubles an edit."""

    subprotocols = (Subprotocol("collab"),)

    def __init__(self, room_url: str, name: str) -> None:
        super().__init__(room_url)
        self.name = name
        self.replica = _Strict(name)
        self.authors: list[dict[str, str]] = []
        """The authors that were told beside entries."""
        self._pongs = 0

    @property
    def text(self) -> str:
        return self.replica.shown["main"]

    @property
    def committed(self) -> str:
        return self.replica.committed["main"]

    @property
    def revision(self) -> int:
        return self.replica.revision

    @property
    def acknowledged(self) -> list[Operation]:
        """Its changes that are in the log, in order."""
        return self.replica.acknowledged

    @property
    def refused(self) -> list[Operation]:
        """Its changes that the room did not take."""
        return [own.edit for own in self.replica.refused]

    async def edit(self, operation: Operation) -> None:
        """Edit `text`, whether connected or not."""
        self.replica.edit("main", operation)
        await self._submit()

    async def type(self, text: str, at: int = 0) -> None:
        await self.edit(Operation([at, text, len(self.text) - at]))

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        await self.until(lambda: not self.replica.own)

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
        await self._say({"type": "ping"})
        await self.until(lambda: self._pongs > before)

    async def _greet(self, connection: ClientConnection) -> None:
        await connection.send(json.dumps(self.replica.join(time.time_ns() // 10**6)))
        async with asyncio.timeout(DEADLINE):
            joined = json.loads(await connection.recv())
        assert joined["type"] == "joined", joined
        self._hear(joined)

    async def _take(self, message: Any) -> None:
        match message:
            case [int(), *_]:
                pass
            case {"type": "refused", "seq": seq}:
                assert self.replica.is_flying
                assert seq == self.replica.seq
            case {"type": "checksum", "revision": revision}:
                assert revision == self.revision
            case {"type": "authors", "authors": authors}:
                self.authors += authors
            case {"type": "pong"}:
                self._pongs += 1
            case {"type": "person" | "presence" | "left"}:
                pass
            case _:
                raise AssertionError(f"{self.name} is told {message}")
        self._hear(message)
        await self._submit()

    def _hear(self, message: Any) -> None:
        self.replica.take(message)
        self.replica.events.clear()
        assert not self.replica.is_behind, "what it holds is not what the server has"

    async def _submit(self) -> None:
        """Send what is to be sent, each thing once on a connection."""
        if self._connection:
            for message in self.replica.to_send():
                await self._say(message)


class PlainClient(_Connected):
    """A text field that shows what it is sent and sends what it shows."""

    def __init__(self, room_url: str) -> None:
        super().__init__(room_url)
        self.text = ""
        self.count = 0

    async def show(self, text: str) -> None:
        """Have the field show this, as typed by its person."""
        self.text = text
        await self._say({"type": "code_update", "code": text})

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
