"""A room, its server processes, its people, and the wires between them."""

from __future__ import annotations

from collections import deque
from random import Random
from typing import Any
from uuid import UUID

from collab.errors import Refusal
from collab.protocol import (
    AddFile,
    Presence,
    Submit,
)
from collab.room.doors import Access, Door
from collab.room.log import PAGE
from collab.room.session import client_id
from collab.room.state import Entry, Limits
from tests.simulation.connection import CLOSED, Closed, Connection
from tests.simulation.forger import Forger
from tests.simulation.log import SimulatedLog
from tests.simulation.nodes import (
    Gardener,
)
from tests.simulation.peers import NOW, Peer
from tests.simulation.plain_peer import PlainPeer
from tests.simulation.process import Process
from tests.simulation.talk import Talk, Word
from tests.simulation.writer import Writer

ROOM = UUID(int=7)


class Scene:
    """Everything there is in one world, drawn from its seed, and what may happen on the wires."""

    def __init__(self, seed: int) -> None:
        rng = self.rng = Random(seed)
        self.typing = rng.random() < 0.4
        self.writer = Writer(rng, typing=self.typing)
        self.gardener = Gardener(rng)
        self.log = SimulatedLog(rng, page=3 if seed % 4 == 0 else PAGE)
        self.log.create(ROOM)
        for revision, file in enumerate(["main", "other"], 1):
            change = AddFile(file, f"{file}.py", "python", "" if self.typing else "1😀\n2")
            self.log.commit(ROOM, [Entry(revision, "", revision, "", NOW, change)])
        self.log.chance = rng.choice([0, 0.01, 0.05])
        limits = self.limits = Limits(
            text=10_000 if self.typing else rng.choice([12, 25, 10_000]),
            batch=rng.choice([1, 3, 500]),
            tail=rng.choice([2, 6, 1000]),
            remembered=rng.choice([0, 20]),
            files=10_000 if self.typing else rng.choice([6, 10_000]),
            depth=rng.choice([2, 32]),
            path=rng.choice([24, 1024]),
            past_text=10 if seed % 3 == 0 else 10_000,
            steps=rng.choice([0, 4, 100]),
            waiting_texts=100 if self.typing else rng.choice([2, 100]),
            checksum_every=rng.choice([1, 5, 200]),
        )
        self.processes = [
            Process(name, ROOM, self.log, limits, self._ring, lambda: self.now, self._say)
            for name in rng.choice(["AB", "ABC"])
        ]
        self.connections: list[Connection] = []
        self.rings: list[tuple[Process, int, int]] = []
        self.guarded = seed % 7 == 6
        self.returning = seed % 5 == 4
        self.now = NOW
        self.access = Access(Door())
        self.talk = Talk(rng)
        self._dials = 0
        self.went_back: list[tuple[int, Entry | Refusal]] = []
        self.crashes = 0
        self.replays = 0
        self._loaded = 0
        self.peers = [self._newcomer() for _ in range(rng.randint(4, 6))]
        self.left: list[Peer] = []
        self.plain = [PlainPeer() for _ in range(2)]
        self.asleep: list[Peer] = []
        """Peers whose machines sleep. They send the change in flight again when they wake."""
        self.forger = Forger(modest=self.typing)

    def _newcomer(self) -> Peer:
        self._loaded += 1
        peer = Peer(f"key-{self._loaded}", lazy=self._loaded % 2 == 0)
        if self._loaded % 3:
            who = UUID(int=self._loaded)
            self.log.whos[client_id(ROOM.bytes, peer.key)] = who
        return peer

    def _ring(self, caller: Process, revision: int) -> None:
        self.rings += [(other, revision, 0) for other in self.processes if other is not caller]

    def _say(self, process: Process, word: Word) -> None:
        self.talk.say(process, [other for other in self.processes if other is not process], word)

    def _deliver(self) -> None:
        """Deliver one message of some connection."""
        start = self.rng.randrange(len(self.connections) or 1)
        for connection in self.connections[start:] + self.connections[:start]:
            if self._deliver_on(connection):
                return

    def _deliver_on(self, connection: Connection) -> bool:
        ready = connection.up and not connection.busy and not connection.dead
        if connection.down and not connection.gone and not (ready and self.rng.random() < 0.5):
            message = connection.down.popleft()
            if isinstance(message, Closed):
                self._forget(connection)
            else:
                connection.peer.receive(message)
        elif ready:
            connection.process.receive(connection)
        else:
            return False
        return True

    def _connect(self) -> None:
        """Connect somebody who has no connection to a random process."""
        peer = self.rng.choice([*self._everybody(), self.forger])
        processes = [process for process in self.processes if process.up]
        if peer.send is None and peer not in self.asleep and processes:
            self._dial(peer, self.rng.choice(processes))

    def _everybody(self) -> list[Peer | PlainPeer]:
        return [*self.peers, *self.plain]

    def _dial(self, peer: Peer | PlainPeer | Forger, process: Process) -> None:
        connection = Connection(process, peer)
        self.connections.append(connection)
        self._dials += 1
        peer.connected(connection.say, self._dials)
        process.accept(connection)

    def _break(self) -> None:
        """Break a connection and lose a part of its messages. Each side finds out later."""
        if self.connections:
            connection = self.rng.choice(self.connections)
            if self.rng.random() < 0.5:
                self._turn_away(connection)
            else:
                self._hang_up(connection)

    def _turn_away(self, connection: Connection) -> None:
        """The client's messages may still arrive, even after it has connected again."""
        if not connection.gone:
            self._lose(connection.up)
            connection.up.append(CLOSED)
            self._forget(connection)

    def _hang_up(self, connection: Connection) -> None:
        if not connection.dead:
            self._lose(connection.down)
            connection.process.hang_up(connection)

    def _lose(self, wire: deque[Any]) -> None:
        for _ in range(self.rng.randint(0, len(wire))):
            wire.pop()

    def _replay(self) -> None:
        """Repeat an earlier message of the same connection, as a faulty proxy would."""
        alive = [c for c in self.connections if not c.gone and isinstance(c.peer, Peer)]
        if alive:
            connection = self.rng.choice(alive)
            said = [m for m in connection.said if isinstance(m, Submit | Presence)]
            if said:
                connection.up.append(self.rng.choice(said))
                self.replays += 1

    def _forget(self, connection: Connection) -> None:
        """Let the client notice that its connection has ended."""
        connection.gone = True
        connection.peer.disconnected()
        self.connections = [c for c in self.connections if not (c.gone and c.dead)]
