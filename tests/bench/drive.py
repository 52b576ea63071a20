"""The load: people who type into one room, in one process of their own.

    python -m tests.bench.drive '{"server": "collab", "url": "ws://…", "pid": 1, …}'

Prints what it measured, as JSON. The same people, with the same keys at the same moments, are
put to every server; only the words on the wire differ. A key pressed while the one before is not
acknowledged waits for that, and its time runs.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable
from random import Random
from statistics import quantiles
from typing import Any, Literal, cast

import uvloop
from msgspec import Struct, json
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from collab.protocol import VERSION

DEADLINE = 10.0


class Load(Struct):
    """Who does what to which server: `pid` is its process, `rate` is keys a second and person."""

    server: Literal["relay", "collab"]
    url: str
    pid: int
    people: int
    rate: float
    seconds: float
    seed: int


class Measured(Struct):
    """Times in milliseconds, as (p50, p95). A delivery is one key at one person, its author
    included."""

    ops: int
    acknowledged: tuple[float, float]
    seen: tuple[float, float]
    cpu_per_1000_ops: float
    bytes_per_delivery: float
    lost: int
    """Deliveries that did not come, or came twice."""


class Room:
    """What the driver knows of everybody: when each key was pressed, and who has got it."""

    def __init__(self) -> None:
        self.pressed: dict[tuple[str, int], float] = {}
        self.numbers: dict[int, str] = {}
        """Who is meant by a number that Collab has given."""
        self.acknowledged: list[float] = []
        self.seen: list[float] = []

    def delivered(self, person: Person, key: tuple[str, int], now: float) -> None:
        waited = 1000 * (now - self.pressed[key])
        (self.acknowledged if key[0] == person.id else self.seen).append(waited)


class Person(asyncio.Protocol):
    """One socket, and the hands behind it. The base class speaks to the relay."""

    subprotocols: list[Subprotocol] | None = None

    def __init__(self, name: str, url: str, room: Room) -> None:
        self.id = name
        self.ready = asyncio.get_running_loop().create_future()
        self.bytes = 0
        self.keys = 0
        self._room = room
        self._wire = ClientProtocol(parse_uri(url), subprotocols=self.subprotocols)
        self._seq = 0
        self._in_flight = False
        self._waiting: deque[float] = deque()

    def press(self) -> None:
        """Type a letter, now."""
        self._waiting.append(time.perf_counter())
        self._submit_next()

    # What differs between servers

    def opened(self) -> None:
        self.ready.set_result(None)

    def submission(self, seq: int) -> object:
        return [self.id, seq, ["edit", "main", [1000, "x", 1000]]]

    def take(self, message: Any, now: float) -> None:
        client, seq, _ = message
        self.delivered(client, seq, now)

    # What does not

    def delivered(self, client: str, seq: int, now: float) -> None:
        self.keys += 1
        self._room.delivered(self, (client, seq), now)
        if client == self.id:
            self._in_flight = False
            self._submit_next()

    def send(self, message: object) -> None:
        self._wire.send_text(json.encode(message))
        self._flush()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._wire.send_request(self._wire.connect())
        self._flush()

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self.bytes += len(data)
        self._wire.receive_data(data)
        self._flush()
        for event in self._wire.events_received():
            if isinstance(event, Response):
                if self._wire.handshake_exc is not None:
                    raise self._wire.handshake_exc
                self.opened()
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self.take(json.decode(event.data), now)

    def _submit_next(self) -> None:
        if self._waiting and not self._in_flight:
            self._in_flight = True
            self._seq += 1
            self._room.pressed[self.id, self._seq] = self._waiting.popleft()
            self.send(self.submission(self._seq))

    def _flush(self) -> None:
        if data := b"".join(self._wire.data_to_send()):
            self.transport.write(data)


class CollabPerson(Person):
    """Speaks PROTOCOL.md. Everybody only inserts, so a length and a caret are all of the text."""

    subprotocols = [Subprotocol("collab")]  # noqa: RUF012
    revision = 0
    length = 0
    caret = 0

    def opened(self) -> None:
        key = f"{self.id:-<16}"
        who = {"key": key, "person": self.id, "name": self.id, "colour": 0}
        self.send({"type": "join", "protocol": VERSION, **who})

    def submission(self, seq: int) -> object:
        around = (self.caret, "x", self.length - self.caret)
        change = ["edit", "main", [component for component in around if component]]
        return {"type": "submit", "seq": seq, "revision": self.revision, "change": change}

    def take(self, message: Any, now: float) -> None:
        if type(message) is list:
            assert message[0] == self.revision + 1, (message[0], self.revision)
            for who, seq, _, operation in message[1:]:
                client = self._room.numbers[who]
                self._read(operation, own=client == self.id)
                self.delivered(client, seq, now)
        elif message["type"] == "joined":
            self.id, self.revision = message["client"], message["revision"]
            self._room.numbers[message["number"]] = self.id
            self.length = len(message["files"][0]["text"])
            self.caret = Random(self.id).randint(0, self.length)
            self.ready.set_result(None)
        else:
            assert message["type"] in ("person", "left", "checksum"), message

    def _read(self, operation: list[int | str], *, own: bool) -> None:
        self.revision += 1
        position = 0
        for component in operation:
            if isinstance(component, int):
                position += component
                continue
            self.length += len(component)
            if own:
                self.caret = position + len(component)
            elif position < self.caret:
                self.caret += len(component)


async def drive(load: Load) -> Measured:
    """Let everybody in, let them type, and wait until everybody has got everything."""
    loop = asyncio.get_running_loop()
    rng = Random(load.seed)
    room = Room()
    kind = CollabPerson if load.server == "collab" else Person
    people = [kind(f"person{number:02}", load.url, room) for number in range(load.people)]
    host, port = load.url.removeprefix("ws://").partition("/")[0].split(":")
    for person in people:
        await loop.create_connection(lambda person=person: person, host, int(port))  # type: ignore[misc]
        await asyncio.wait_for(person.ready, DEADLINE)
    bytes_before = sum(person.bytes for person in people)
    cpu_before = _cpu_seconds(load.pid)
    expected = sum(await asyncio.gather(*(_type(person, load, rng) for person in people)))
    await _until(lambda: all(person.keys >= expected for person in people))
    cpu = _cpu_seconds(load.pid) - cpu_before
    received = sum(person.bytes for person in people) - bytes_before
    for person in people:
        person.transport.close()
    return Measured(
        ops=expected,
        acknowledged=_percentiles(room.acknowledged),
        seen=_percentiles(room.seen),
        cpu_per_1000_ops=1000 * cpu / expected,
        bytes_per_delivery=received / (expected * len(people)),
        lost=sum(abs(expected - person.keys) for person in people),
    )


async def _type(person: Person, load: Load, rng: Random) -> int:
    """Press keys, not in step with anybody; how many."""
    loop = asyncio.get_running_loop()
    pauses: list[float] = []
    while sum(pauses) < load.seconds or not pauses:
        pauses.append(rng.uniform(0.5, 1.5) / load.rate)
    start = loop.time() + rng.random() / load.rate
    for pause in pauses:
        await asyncio.sleep(start - loop.time())
        person.press()
        start += pause
    return len(pauses)


async def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds() and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


def _percentiles(times: list[float]) -> tuple[float, float]:
    cuts = quantiles(times, n=20, method="inclusive")
    return cuts[9], cuts[18]


def _cpu_seconds(pid: int) -> float:
    """What a process has used, by Linux's clock for it (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)


if __name__ == "__main__":
    measured = uvloop.run(drive(json.decode(sys.argv[1], type=Load)))
    sys.stdout.write(json.encode(measured).decode())
