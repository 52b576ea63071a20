"""People at a keyboard, one kind for each server: they differ in the words on the wire alone.

Everybody types letters one after another at a place of their own. A key pressed while the one
before is not acknowledged waits, and its time runs; what waits goes as one operation, as each of
these clients' own libraries does it (but for Yjs, which sends every key at once). What arrives is
read once for everybody it came to: a driver that took each letter apart for each of hundreds of
people would measure itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from random import Random
from typing import Any, ClassVar

from msgspec import Struct, json

from collab.protocol import VERSION
from tests.bench import yjs
from tests.bench.websocket import WebSocket

Key = tuple[str, int]
"""The client of an operation, and the operation's number."""


class Frame(Struct):
    """The operations of one message, each with the key and the number of keys that it holds."""

    operations: list[tuple[Key, int]]
    keys: int
    first: int = 0
    """The revision of the first, where the server tells one."""


class Room:
    """The driver's record of a room: when each key was pressed, and when each message came."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pressed: dict[Key, list[float]] = {}
        self.acknowledged: list[float] = []
        """Milliseconds."""
        self.deliveries: list[tuple[Key, float, int]] = []
        """One operation out of each message at each person, when, and how many it stands for."""
        self.names: dict[int, str] = {}
        """Return the client that has a number of Collab's."""
        self._frames: dict[bytes, Frame] = {}
        self._turn = 0

    def frame(self, data: bytes) -> Frame | None:
        """Return a frame that was already read for another person; None for a new one."""
        return self._frames.get(data)

    def keep(self, data: bytes, frame: Frame) -> Frame:
        if len(self._frames) > 200:
            self._frames.clear()
        self._frames[data] = frame
        return frame

    def deliver(self, person: Person, frame: Frame, now: float) -> None:
        self._turn += 1
        key, _ = frame.operations[self._turn % len(frame.operations)]
        if key[0] != person.id:
            self.deliveries.append((key, now, len(frame.operations)))

    def seen(self) -> list[tuple[float, int]]:
        """Milliseconds from a key to somebody else, and for how many operations that stands."""
        return [
            (1000 * (now - self.pressed[key][0]), count)
            for key, now, count in self.deliveries
            if key in self.pressed
        ]


class Person(WebSocket):
    """One socket, and the hands behind it."""

    letter = "x"
    """The text to type."""
    text = ""
    """The text of the room when this person came, if the server tells it."""

    def __init__(self, name: str, room: Room, seed: int) -> None:
        super().__init__(room.url)
        self.id = name
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.keys = 0
        """Keys of anybody that have arrived here."""
        self.settled = 0
        """Own keys that were acknowledged."""
        self.room = room
        self.random = Random(f"{name} {seed}")
        self._seq = 0
        self._in_flight: Key | None = None
        self._waiting: deque[float] = deque()

    def press(self) -> None:
        """Type a letter, now."""
        self._waiting.append(time.perf_counter())
        if self._in_flight is None:
            self.submit_next()

    def submit_next(self) -> None:
        if self._waiting:
            self._seq += 1
            self._in_flight = key = (self.id, self._seq)
            times = self.room.pressed[key] = list(self._waiting)
            self._waiting.clear()
            self.submit(self._seq, self.letter * len(times))

    def take(self, frame: Frame, now: float) -> None:
        """A message has brought operations."""
        self.keys += frame.keys
        self.room.deliver(self, frame, now)

    @property
    def typed(self) -> int:
        """Own keys, acknowledged or not, that were sent."""
        return sum(len(times) for key, times in self.room.pressed.items() if key[0] == self.id)

    def acknowledge(self, key: Key, now: float) -> None:
        times = self.room.pressed[key]
        self.room.acknowledged += [1000 * (now - pressed) for pressed in times]
        self.settled += len(times)
        self._in_flight = None
        self.submit_next()

    # What differs between servers

    def submit(self, seq: int, text: str) -> None:
        """Send an insertion."""
        raise NotImplementedError

    def say(self, message: object) -> None:
        self.send(json.encode(message))


class RelayPerson(Person):
    """Sends an operation of Collab's size, and has it back."""

    def opened(self) -> None:
        self.ready.set_result(None)

    def submit(self, seq: int, text: str) -> None:
        self.say([self.id, seq, "main", [1000, text, 1000]])

    def message(self, data: bytes) -> None:
        now = time.perf_counter()
        frame = self.room.frame(data)
        if frame is None:
            client, seq, _, operation = json.decode(data)
            count = len(operation[1])
            frame = self.room.keep(data, Frame([((client, seq), count)], count))
        self.take(frame, now)
        if frame.operations[0][0] == self._in_flight:
            self.acknowledge(self._in_flight, now)


class CollabPerson(Person):
    """Speaks PROTOCOL.md. Everybody only inserts, so a length is all of the text."""

    subprotocol = "collab"
    revision = 0
    length = 0
    caret = 0

    def opened(self) -> None:
        key = f"{self.id:-<16}"
        who = {"key": key, "person": self.id, "name": self.id, "colour": 0}
        self.say({"type": "join", "protocol": VERSION, **who})

    def submit(self, seq: int, text: str) -> None:
        components = [c for c in (self.caret, text, self.length - self.caret) if c]
        self.caret += len(text)
        change = ["edit", "main", components]
        self.say({"type": "submit", "seq": seq, "revision": self.revision, "change": change})

    def message(self, data: bytes) -> None:
        now = time.perf_counter()
        if data[:1] == b"[":
            frame = self.room.frame(data) or self.room.keep(data, self._read(data))
            assert frame.first == self.revision + 1, (frame.first, self.revision)
            self.revision += len(frame.operations)
            self.length += frame.keys
            self.take(frame, now)
            if self._in_flight and any(key == self._in_flight for key, _ in frame.operations):
                self.acknowledge(self._in_flight, now)
        elif data.startswith(b'{"type":"joined"'):
            self._join(json.decode(data))
        elif data.startswith((b'{"type":"error"', b'{"type":"refused"')):
            raise AssertionError(data)

    def _read(self, data: bytes) -> Frame:
        first, *entries = json.decode(data)
        operations = [
            ((self.room.names.get(who, str(who)), seq), _inserted(operation))
            for who, seq, _, operation in entries
        ]
        return Frame(operations, sum(count for _, count in operations), first)

    def _join(self, joined: dict[str, Any]) -> None:
        self.id, self.revision = joined["client"], joined["revision"]
        self.room.names[joined["number"]] = self.id
        self._seq = joined["seq"]  # of whoever had this name in the room before
        self.text = joined["files"][0]["text"]
        self.length = len(self.text)
        self.caret = self.random.randint(0, self.length)
        self.ready.set_result(None)


class ShareDbPerson(Person):
    """Speaks ShareDB's protocol about a document of ot-text-unicode."""

    version = 0
    caret = 0

    def __init__(self, name: str, room: Room, seed: int) -> None:
        super().__init__(name, room, seed)
        self._doc = {"c": "bench", "d": room.url.rpartition("/")[2]}

    def opened(self) -> None:
        self.say({"a": "hs", "id": None, "protocol": 1, "protocolMinor": 2})

    def submit(self, seq: int, text: str) -> None:
        operation: list[int | str] = [self.caret, text] if self.caret else [text]
        self.caret += len(text)
        self.say({"a": "op", **self._doc, "v": self.version, "seq": seq, "x": {}, "op": operation})

    def message(self, data: bytes) -> None:
        now = time.perf_counter()
        frame = self.room.frame(data)
        if frame is None:
            message = json.decode(data)
            if message.get("error"):
                raise AssertionError(message)
            match message.get("a"):
                case "hs":
                    self.id = message["id"]
                    self.say({"a": "s", **self._doc})
                case "s":
                    self.version = message["data"]["v"]
                    self.text = message["data"]["data"]
                    self.caret = self.random.randint(0, len(self.text))
                    self.ready.set_result(None)
                case "op":
                    self._operation(data, message, now)
        else:
            self._read(frame, now)

    def _operation(self, data: bytes, message: dict[str, Any], now: float) -> None:
        key = (message["src"], message["seq"])
        own = "op" not in message
        count = len(self.room.pressed[key]) if own else _inserted(message["op"])
        frame = Frame([(key, count)], count, message["v"])
        if not own:
            self.room.keep(data, frame)
        self._read(frame, now)
        if own:
            self.acknowledge(key, now)

    def _read(self, frame: Frame, now: float) -> None:
        # Before an acknowledgement the server sends what may be missing, also what is not.
        if frame.first >= self.version:
            self.version = frame.first + 1
            self.take(frame, now)


class HocuspocusPerson(Person):
    """Speaks Yjs and Hocuspocus's words around it: an update for each key, merged by the server."""

    kind = "binary"
    _clients: ClassVar = Counter[str]()

    def __init__(self, name: str, room: Room, seed: int) -> None:
        super().__init__(name, room, seed)
        self._document = room.url.rpartition("/")[2]
        self._client = 1000 + self._clients["all"]
        self._clients["all"] += 1
        self.id = str(self._client)
        self._sent: deque[Key] = deque()
        self._place = (0, 0)
        """The letter of the first text that this person types right of."""

    def opened(self) -> None:
        self.send(yjs.token(self._document))
        self.send(yjs.ask(self._document))

    def press(self) -> None:
        key = (self.id, self._seq)
        self.room.pressed[key] = [time.perf_counter()]
        self._sent.append(key)
        where = (self._client, self._seq, self._place)
        self.send(yjs.insertion(self._document, *where, self.letter))
        self._seq += 1

    def message(self, data: bytes) -> None:
        now = time.perf_counter()
        frame = self.room.frame(data)
        if frame is None:
            match yjs.read(data):
                case yjs.Saved():
                    self.acknowledge(self._sent.popleft(), now)
                case yjs.Text(text, client, length):
                    self.text = text
                    self._place = (client, self.random.randint(0, length - 2))
                    self.ready.set_result(None)
                case yjs.Update(runs) if runs[0].client != self._place[0]:
                    operations = [((str(run.client), run.clock), run.length) for run in runs]
                    keys = sum(run.length for run in runs)
                    self.take(self.room.keep(data, Frame(operations, keys)), now)
        else:
            self.take(frame, now)


PEOPLE: dict[str, type[Person]] = {
    "relay": RelayPerson,
    "collab": CollabPerson,
    "sharedb": ShareDbPerson,
    "hocuspocus": HocuspocusPerson,
}
"""By the kind of server."""


def _inserted(operation: list[int | str]) -> int:
    return sum(len(c) for c in operation if isinstance(c, str))
