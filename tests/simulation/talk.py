"""The messages in which processes tell one another of their people.

They may come late or get lost; a loss is noticed later.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from collab.room.between import Hello, News, Roll

if TYPE_CHECKING:
    from tests.simulation.process import Process

Word = News | Hello | Roll


class Talk:
    """The messages on their way from each process to each other one, in order."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.losses = 0
        self._ways: defaultdict[tuple[Process, Process], deque[tuple[str, Word]]] = defaultdict(
            deque
        )
        self._gaps: set[tuple[Process, Process]] = set()
        """The ways on which a message was lost. The receiver will notice by the numbers."""
        self._dead: list[tuple[Process, str]] = []
        """Pairs of a process and the id of a silent one, which the first has yet to notice."""

    def say(self, process: Process, others: Sequence[Process], word: Word) -> None:
        for other in others:
            if other.up or other.parting:
                self._ways[process, other].append((process.id, word))

    def deliver(self, *, lossy: bool) -> bool:
        """Deliver or lose one message. Returns False if there is none."""
        ways = [way for way, words in self._ways.items() if words]
        if not ways:
            return False
        way = self.rng.choice(ways)
        speaker, word = self._ways[way].popleft()
        if lossy and self.rng.random() < 0.1:
            self.losses += 1
            self._gaps.add(way)
        else:
            self._notice(way)
            way[1].told(speaker, word)
            if speaker != way[0].id:
                self._dead.append((way[1], speaker))  # the speaker has crashed since
        return True

    def crash(self, process: Process, others: Sequence[Process]) -> None:
        """Lose the messages to a crashed process. Its own messages may still arrive."""
        for other in others:
            self._ways[other, process].clear()
            self._gaps.discard((other, process))
            self._dead.append((other, process.id))

    def bury(self) -> bool:
        """Let one process notice that another is silent. Returns False if all have noticed."""
        if not self._dead:
            return False
        target, process = self._dead.pop(self.rng.randrange(len(self._dead)))
        target.lost(process)
        return True

    def mistake(self, target: Process, source: Process) -> None:
        """Let `target` take a slow process for dead, until that speaks again."""
        target.lost(source.id)
        self._gaps.add((source, target))

    def beat(self) -> None:
        """Let every process notice all lost messages and all silent processes."""
        while self.bury():
            pass
        for way in list(self._gaps):
            self._notice(way)

    def _notice(self, way: tuple[Process, Process]) -> None:
        if way in self._gaps:
            self._gaps.discard(way)
            way[1].greet()
