"""A room, its server processes and its people, under a scheduler that a seed decides.

Every choice comes from one random generator, so a seed replays exactly. `run(seed)` runs random
events and faults, then mends all faults, waits until nothing happens any more, and checks that

- the log has every acknowledged change once, each client's in the order it made them, under
  revisions without a gap;
- every screen and every process shows the fold of the log, and every person the others' carets;
- no client waits for an answer;
- where nobody deletes, every typed character is there once.

The parts assert more on the way. The peers assert what the protocol promises, and that both sides
rebase a change to the same operation. The room asserts its own invariants.
"""

from __future__ import annotations

from collections import Counter, deque
from datetime import timedelta
from random import Random
from typing import Any, get_args
from uuid import UUID

from msgspec.structs import replace

from collab.changes.name import SetName
from collab.protocol import (
    AddFile,
    Cause,
    Edit,
    File,
    Many,
    PersonHere,
    Presence,
    Submit,
)
from collab.room.log import PAGE
from collab.room.room import Room
from collab.room.session import Participant
from collab.room.state import Entry, Limits
from tests.simulation.forger import FORGED, Forger
from tests.simulation.log import UNSTORABLE, SimulatedLog
from tests.simulation.nodes import Gardener, Node, Nodes, after, check_placed, check_tree, files_of
from tests.simulation.peers import LANGUAGES, NOW, Peer, PlainPeer, Writer, origin_of
from tests.simulation.process import CLOSED, Closed, Connection, Process
from tests.simulation.talk import Talk, Word

ROOM = UUID(int=7)
STEPS = 1000
CAUSES: tuple[Cause, ...] = get_args(Cause)
MOST_STEPS_TO_QUIET = 50_000


def run(seed: int) -> World:
    """Run one world from its first event to its last check. Raises AssertionError."""
    world = World(seed)
    world.happen(STEPS)
    world.mend()
    world.check()
    return world


class World:
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
        self.rings: list[tuple[Process, int]] = []
        self.now = NOW
        self.talk = Talk(rng)
        self._dials = 0
        self.crashes = 0
        self.replays = 0
        self._loaded = 0
        self.peers = [self._newcomer() for _ in range(rng.randint(4, 6))]
        self.left: list[Peer] = []
        self.plain = [PlainPeer() for _ in range(2)]
        self.asleep: list[Peer] = []
        """Peers whose machines sleep. They send the change in flight again when they wake."""
        self.forger = Forger(modest=self.typing)

    def happen(self, steps: int) -> None:
        rng = self.rng
        events = {
            self._deliver: 420,
            self._turn: 330,
            self._edit: rng.choice([60, 140]),
            self._arrange: rng.choice([0, 20, 60]),
            self._type_plain: rng.choice([0, 25]),
            self._point: 15,
            self._resend: 10,
            self._connect: 60,
            self._break: rng.choice([0, 8, 25]),
            self._keep: rng.choice([0, 30]),
            self._restore: 4,
            self._reload: 1,
            self._start_over: 1,
            self._ring_out: 20,
            self._talk: rng.choice([40, 200]),
            self._bury: 3,
            self._mistake: rng.choice([0, 2]),
            self._tick: 4,
            self._snapshot: 6,
            self._evict: 20,
            self._arrive: 10,
            self._crash: rng.choice([0, 2, 6]),
            self._restart: 15,
            self._stall: rng.choice([0, 5]),
            self._go_on: 10,
            self._part: rng.choice([0, 6]),
            self._replay: rng.choice([0, 10]),
            self._forge: rng.choice([0, 25]),
            self._set_clock: rng.choice([0, 5]),
            self._sleep: rng.choice([0, 4]),
            self._wake: 2,
        }
        for event in rng.choices(list(events), list(events.values()), k=steps):
            event()

    # What may happen on the wires

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

    # What people may do

    def _edit(self) -> None:
        """Let a peer edit, connected or not."""
        peer = self.rng.choice(self.peers)
        if not peer.shown:
            return
        file = "other" if self.rng.random() < 0.15 else "main"
        if self.rng.random() < 0.2:
            file = self.rng.choice(files_of(peer.shown)).id
        length = len(peer.text(file))
        chance = self.rng.random()
        if chance < 0.02:
            peer.name_room(f"Room {self.rng.randrange(9)}")
        elif chance < 0.06:
            peer.set_language(file, self.rng.choice(LANGUAGES))
        elif self.typing or chance < 0.84:
            peer.edit(file, self.writer.operation(length))
        elif chance < 0.98:
            peer.take_back(file)
        else:
            peer.edit(file, self.writer.insertion(UNSTORABLE, length))

    def _arrange(self) -> None:
        """Connected or not, somebody changes the tree."""
        peer = self.rng.choice(self.peers)
        if not peer.shown:
            return
        text = self.writer.word() if self.rng.random() < 0.5 else ""
        change = self.gardener.change(peer.shown, text)
        if self.rng.random() > 0.15:
            peer.arrange(change)
            return
        second = self.gardener.change(after(peer.shown, change), "")
        edit = Edit("main", self.writer.operation(len(peer.text("main"))))
        cause = self.rng.choice(CAUSES)
        peer.arrange(Many([change, edit, second], cause))

    def _type_plain(self) -> None:
        peer = self.rng.choice(self.plain)
        if peer.text is None or peer.send is None:
            return
        if self.rng.random() < 0.2:
            peer.point(self.rng.random())
        else:
            language = self.rng.choice(LANGUAGES) if self.rng.random() < 0.1 else None
            peer.edit(self.writer.operation(len(peer.text)), language)

    def _point(self) -> None:
        peer = self.rng.choice(self.peers)
        if self.rng.random() < 0.1:
            peer.rename("Name" * self.rng.randint(1, 3))
        else:
            peer.point("main", self.rng.random())

    def _resend(self) -> None:
        self.rng.choice(self.peers).resend()

    def _reload(self) -> None:
        """Reload a page. Its unacknowledged changes are lost, unless the server has them."""
        peer = self.peers.pop(0)
        for connection in self.connections:
            if connection.peer is peer:
                self._turn_away(connection)
        self.left.append(peer)
        self.peers.append(self._newcomer())

    def _keep(self) -> None:
        """Let a page write its unsent work to its device, which it does after a delay."""
        peer = self.rng.choice(self.peers)
        if peer.shown:
            peer.keep()

    def _restore(self) -> None:
        """Close a page, and let another page continue its record."""
        index = self.rng.randrange(len(self.peers))
        peer = self.peers[index]
        for connection in self.connections:
            if connection.peer is peer:
                self._turn_away(connection)
        self.left.append(peer)
        self.peers[index] = peer.successor()

    def _start_over(self) -> None:
        peer = self.rng.choice(self.peers)
        if peer.send is None:
            peer.start_over()

    def _sleep(self) -> None:
        """Let a machine sleep, perhaps until no process has its room in memory."""
        peer = self.rng.choice(self.peers)
        for connection in self.connections:
            if connection.peer is peer:
                self._turn_away(connection)
        self.asleep.append(peer)

    def _wake(self) -> None:
        if self.asleep:
            self.asleep.pop(0)

    def _forge(self) -> None:
        self.forger.forge(self.rng)

    def _newcomer(self) -> Peer:
        self._loaded += 1
        return Peer(f"key-{self._loaded}")

    # What processes may do, and what may become of them

    def _turn(self) -> None:
        """Let one waiting task of a process go on."""
        going = [process for process in self.processes if not process.stalled]
        tasks = [(process, index) for process in going for index in range(len(process.tasks))]
        if tasks:
            process, index = self.rng.choice(tasks)
            process.step(index)

    def _ring(self, caller: Process, revision: int) -> None:
        self.rings += [(other, revision) for other in self.processes if other is not caller]

    def _ring_out(self) -> None:
        """Deliver or lose one ring of the doorbell."""
        if self.rings:
            process, revision = self.rings.pop(self.rng.randrange(len(self.rings)))
            if self.rng.random() < 0.6:
                process.heard(revision)

    def _say(self, process: Process, word: Word) -> None:
        self.talk.say(process, [other for other in self.processes if other is not process], word)

    def _talk(self) -> None:
        self.talk.deliver(lossy=True)

    def _bury(self) -> None:
        self.talk.bury()

    def _mistake(self) -> None:
        self.talk.mistake(*self.rng.sample(self.processes, 2))

    def _tick(self) -> None:
        self.rng.choice(self.processes).tick()

    def _snapshot(self) -> None:
        self.rng.choice(self.processes).snapshot()

    def _evict(self) -> None:
        self.rng.choice(self.processes).evict()

    def _arrive(self) -> None:
        if self.log.late:
            self.log.arrive()

    def _crash(self) -> None:
        process = self.rng.choice(self.processes)
        if process.up or process.parting:
            self.crashes += 1
            for connection in process.connections[:]:
                self._hang_up(connection)
            self.talk.crash(process, [other for other in self.processes if other is not process])
            process.crash()

    def _restart(self) -> None:
        process = self.rng.choice(self.processes)
        if not process.connections:
            process.start()

    def _part(self) -> None:
        """Tell a process to stop, or tell it again."""
        parting = [process for process in self.processes if process.parting]
        self.rng.choice(parting or self.processes).part()

    def _set_clock(self) -> None:
        """Set the clocks forward or back."""
        self.now += timedelta(hours=self.rng.choice([1, -1, 9000, -9000]))

    def _stall(self) -> None:
        """Let a process receive messages without acting on them."""
        self.rng.choice(self.processes).stalled = True

    def _go_on(self) -> None:
        self.rng.choice(self.processes).stalled = False

    # The end

    def mend(self) -> None:
        """End all faults, let everybody connect again, and wait until nothing happens any more."""
        self.log.chance = 0
        self.asleep.clear()
        while self.log.late:
            self.log.arrive()
        for process in self.processes:
            process.stalled = False
            process.start()
        for _ in range(3):
            for connection in self.connections:
                if isinstance(connection.peer, PlainPeer) and connection.peer.wrong:
                    self._turn_away(connection)
            for peer in self._everybody():
                if peer.send is None:
                    self._dial(peer, self.rng.choice(self.processes))
            for process in self.processes:
                process.tick()
            self.talk.beat()
            self._quieten()

    def _quieten(self) -> None:
        for _ in range(MOST_STEPS_TO_QUIET):
            for process in self.processes:
                if process.tasks:
                    process.step(self.rng.randrange(len(process.tasks)))
            moved = [self._deliver_on(connection) for connection in self.connections]
            moved.append(self.talk.deliver(lossy=False))
            if not any(moved) and not any(process.tasks for process in self.processes):
                return
        raise AssertionError("it never becomes quiet")

    def check(self) -> None:
        entries = self.log.entries(ROOM)
        assert [entry.revision for entry in entries] == list(range(1, len(entries) + 1))
        assert self.log.duplicates == 0, "a change that is in the log was appended again"
        numbers = {(entry.client, entry.seq) for entry in entries}
        assert len(numbers) == len(entries), "a change is in the log twice"
        for peer in self.peers + self.left:
            for seq in peer.acknowledged:
                assert (peer.client, seq) in numbers, "an acknowledged change is not in the log"
            seqs = [entry.seq for entry in entries if entry.client == peer.client]
            assert seqs == sorted(seqs), "a client's changes are out of order"
            for entry in entries:
                if peer.client and entry.client == peer.client:
                    said = (f"person-{peer.key}", origin_of(entry.seq))
                    assert (entry.person, entry.origin) == said, "an entry is of somebody else"
        for peer in self.peers:
            assert not peer.pending, f"{peer.key} waits for ever"
        nodes: Nodes = {}
        for entry in entries:
            check_placed(nodes, entry.change)
            nodes = after(nodes, entry.change)
            longest = max(len(file.text) for file in files_of(nodes))
            assert longest <= self.limits.text, "a text is longer than the limit"
            assert len(nodes) <= self.limits.files, "the room has more files than it may"
            if not isinstance(entry.change, Edit):
                check_tree(nodes, self.limits)
        files = {file.id: file for file in files_of(nodes)}
        names = [entry.change.name for entry in entries if isinstance(entry.change, SetName)]
        name = names[-1] if names else None
        for process in self.processes:
            if process.room:
                assert process.room.state.facts.get("name") == name, (
                    "a process has another name of the room"
                )
                state = process.room.state
                assert state.wire() == [*files.values()], "a process has another room"
                told: list[Node] = [*state.wire(), *state.wire_folders(), *state.wire_assets()]
                assert {node.id: node for node in told} == nodes, "a process has another tree"
                assert state.size == sum(len(file.text) for file in files.values())
                last = entries[-1].created_at
                assert state.updated_at == last.timestamp() * 1000, "a process has another time"
                self._check_elsewhere(process, process.room)
        for peer in self.peers:
            assert peer.committed == nodes, f"{peer.key} has read another room"
            assert peer.shown == nodes, f"{peer.key} shows another room"
            assert peer.name == name, f"{peer.key} shows another name of the room"
        for plain in self.plain:
            assert plain.text == files["main"].text, "a plain client shows another text"
        for connection in self.connections:
            if not connection.gone:
                self._check_people(connection)
        if self.typing:
            self._check_characters(files)

    def _check_people(self, connection: Connection) -> None:
        """Check that a session was told of the same people as a newcomer would be."""
        room, peer = connection.process.room, connection.peer
        assert room is not None
        if isinstance(peer, PlainPeer):
            assert peer.count == room.count, "a plain client counts others"
        elif isinstance(peer, Peer):
            everybody = [*room.people.sessions.values(), *room.people.elsewhere.values()]
            here = {one.client: one.here(room.people.at_head(one.caret)) for one in everybody}
            del here[peer.client]
            assert peer.people == here, f"{peer.key} sees other people"

    def _check_elsewhere(self, process: Process, room: Room) -> None:
        """Check that a process knows the people of the other processes."""
        there = {
            (other.id, session.client): unnumbered(other.room, session)
            for other in self.processes
            if other is not process and other.room
            for session in other.room.people.sessions.values()
        }
        known = {
            (remote.process, remote.client): unnumbered(room, remote)
            for remote in room.people.elsewhere.values()
        }
        assert known == there, f"{process.name} has heard of other people elsewhere"
        assert room.people.sessions.keys().isdisjoint(room.people.elsewhere), (
            "somebody is here twice"
        )

    def _check_characters(self, files: dict[str, File]) -> None:
        there = Counter("".join(file.text for file in files.values()))
        del there[FORGED]
        assert set(there.values()) <= {1}, "a character is there twice"
        for peer in self.peers:
            assert there.keys() >= peer.typed, "a character is gone"


def unnumbered(room: Room, participant: Participant) -> PersonHere:
    """A participant as the protocol shows them at the head, without the number, which each
    process gives on its own."""
    return replace(participant.here(room.people.at_head(participant.caret)), number=0)
