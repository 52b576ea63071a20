from __future__ import annotations

from itertools import pairwise

import pytest

from collab.changes.program import SetProgram
from collab.changes.run import Run
from collab.changes.tree import Move, Restore
from collab.protocol import AddFile, Many
from collab.room.state import Entry
from tests.simulation.forger import FORGED
from tests.simulation.scene import ROOM
from tests.simulation.world import run


@pytest.mark.parametrize(
    "seed",
    [
        1,  # a newcomer was not shown a caret older than the tail
        18,  # a plain client's caret was told before the entry it stood on
        33,  # a refused change, sent twice, was queued again and stood in the way of the next
        141,  # the tail was trimmed while a slow client's older entries were being read
        3397,  # a change refused by one process was committed by the other after the next one
        11471,  # a caret came from a session that had left while it waited for older entries
        *range(1000, 1400),
    ],
)
def test_peers_meet(seed: int) -> None:
    run(seed)


def test_a_seed_replays_exactly() -> None:
    assert run(5).log.entries(ROOM) == run(5).log.entries(ROOM)


def test_what_can_go_wrong_does() -> None:
    worlds = [run(seed) for seed in range(60)]
    assert sum(world.log.conflicts for world in worlds) > 40
    assert sum(world.log.losses for world in worlds) > 40
    assert sum(world.crashes for world in worlds) > 40
    assert sum(world.talk.losses for world in worlds) > 40
    assert sum(world.replays for world in worlds) > 40
    assert sum(world.log.snapshots_read for world in worlds) > 40
    assert sum(process.evictions for world in worlds for process in world.processes) > 20
    assert sum(world.log.judged for world in worlds) > 10
    assert sum(peer.not_allowed for world in worlds for peer in world.peers) > 20
    entries = [entry for world in worlds for entry in world.log.entries(ROOM)]
    assert sum(FORGED in str(entry.change) for entry in entries) > 10
    assert sum(later.created_at < entry.created_at for entry, later in pairwise(entries)) > 20
    records = [peer.record for world in worlds for peer in world.left if peer.record]
    assert sum(record.in_flight is not None for record in records) > 20
    assert sum(bool(record.waiting) for record in records) > 10
    assert sum(peer.refusals for world in worlds for peer in world.peers) > 10
    assert sum(len(world.log.entries(ROOM)) for world in worlds) > 800
    assert sum(peer.verified for world in worlds for peer in world.peers) > 800
    tree = [entry.change for entry in entries if isinstance(entry.change, AddFile | Move | Restore)]
    assert sum("_2" in change.name or "_3" in change.name for change in tree) > 20
    assert sum(isinstance(entry.change, Many) for entry in entries) > 20
    assert sum(isinstance(entry.change, Run) for entry in entries) > 10
    assert sum(isinstance(entry.change, SetProgram) for entry in entries) > 10
    back = [outcome for world in worlds for outcome in world.went_back]
    assert sum(isinstance(outcome, Entry) for _, outcome in back) > 10
    assert sum(peer.told_otherwise for world in worlds for peer in world.peers) > 20
