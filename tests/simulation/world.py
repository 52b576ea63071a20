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

from datetime import timedelta

from collab.room.doors import Access, Door
from tests.simulation.checks import check
from tests.simulation.people import People
from tests.simulation.plain_peer import PlainPeer

STEPS = 1000
MOST_STEPS_TO_QUIET = 50_000


def run(seed: int) -> World:
    """Run one world from its first event to its last check. Raises AssertionError."""
    world = World(seed)
    world.happen(STEPS)
    world.mend()
    check(world)
    return world


class World(People):
    """The scheduler, and what processes may do and what may become of them."""

    def happen(self, steps: int) -> None:
        rng = self.rng
        events = {
            self._deliver: 420,
            self._turn: 330,
            self._edit: rng.choice([60, 140]),
            self._arrange: rng.choice([0, 20, 60]),
            self._type_plain: rng.choice([0, 25]),
            self._point: 15,
            self._open_or_close: 20,
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
            self._go_back: 12 if self.returning and not self.typing else 0,
            self._regulate: 25 if self.guarded else 0,
        }
        for event in rng.choices(list(events), list(events.values()), k=steps):
            event()

    def _turn(self) -> None:
        """Let one waiting task of a process go on."""
        going = [process for process in self.processes if not process.stalled]
        tasks = [(process, index) for process in going for index in range(len(process.tasks))]
        if tasks:
            process, index = self.rng.choice(tasks)
            process.step(index)

    def _ring_out(self) -> None:
        """Deliver or lose one ring of the doorbell."""
        if self.rings:
            process, revision, access = self.rings.pop(self.rng.randrange(len(self.rings)))
            if self.rng.random() < 0.6:
                process.heard(revision, access)

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
        if self.guarded:
            self._set_access(Access(Door()))
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
