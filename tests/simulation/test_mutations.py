"""What the simulator is worth: it notices when a rule that everything rests on is broken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import ot
from collab.protocol import Submit
from collab.room import bridge, room
from collab.room.session import Session
from ot import Operation, OperationError, history
from tests.simulation import peers
from tests.simulation.log import SimulatedLog
from tests.simulation.world import run


def failures(seeds: range) -> Iterator[str]:
    for seed in seeds:
        try:
            run(seed)
        except (AssertionError, OperationError) as error:
            yield str(error)


def test_another_tie_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when all keep to it: history, composed, no longer carries as its entries do."""

    def newcomer_right(committed: Operation, submitted: Operation) -> tuple[Operation, Operation]:
        rebased, after = ot.transform(submitted, committed)
        return after, rebased

    for module in (bridge, peers):
        monkeypatch.setattr(module, "transform", newcomer_right)
    monkeypatch.setattr(history, "rebase", lambda c, s: newcomer_right(c, s)[1])
    assert any("rebased differently" in failure for failure in failures(range(2000)))


def test_a_resend_taken_for_new_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    submit = room.Room._submit

    def forgetful(self: room.Room, session: Session, message: Submit) -> None:
        session.settled = 0
        submit(self, session, message)

    monkeypatch.setattr(room.Room, "_submit", forgetful)
    assert any("appended again" in failure for failure in failures(range(40)))


def test_a_record_without_the_number_of_what_was_sent_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def keep(self: peers.Peer) -> None:
        flying = int(self.in_flight is not None)
        waiting, typed = self.pending, self.typed.copy()
        self.record = peers.Record(self.revision, self.seq - flying, None, waiting, typed)

    monkeypatch.setattr(peers.Peer, "keep", keep)
    assert any("sent that is not in the record" in failure for failure in failures(range(40)))


def test_a_log_without_a_fence_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimulatedLog, "fence", lambda *_: None)
    assert sum(1 for _ in failures(range(20))) > 10
