"""The simulator notices when a rule that everything rests on is broken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec import json
from msgspec.structs import replace

import ot
from collab.changes.tree import Restore
from collab.errors import NotStorable, Refusal
from collab.protocol import FileId, Submit
from collab.room import bridge, elsewhere, people, room, tree
from collab.room.doors import Access
from collab.room.kinds import placing
from collab.room.kinds.tree import Restores
from collab.room.log import Arrived
from collab.room.session import Session
from collab.room.snapshot import Snapshot
from collab.room.state import Entry, State
from collab.room.stretches import held_of
from collab.room.texts import KeptText, Text
from collab.room.tree import Tree
from ot import Operation, OperationError, history
from tests.simulation import peers, pending, screen
from tests.simulation.log import SimulatedLog
from tests.simulation.world import run


def failures(seeds: range) -> Iterator[str]:
    for seed in seeds:
        try:
            run(seed)
        except (AssertionError, KeyError, OperationError) as error:
            yield str(error)


def test_another_tie_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when all sides use the same other rule, since a composed history then no longer
    carries an operation as its entries do."""

    def newcomer_right(committed: Operation, submitted: Operation) -> tuple[Operation, Operation]:
        rebased, after = ot.transform(submitted, committed)
        return after, rebased

    for module in (bridge, pending, screen):
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
        self.record = pending.Record(self.revision, self.seq - flying, None, waiting, typed)

    monkeypatch.setattr(peers.Peer, "keep", keep)
    assert any("sent that is not in the record" in failure for failure in failures(range(40)))


def test_a_log_without_a_fence_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimulatedLog, "fence", lambda *_: None)
    assert sum(1 for _ in failures(range(20))) > 10


def test_an_append_that_does_not_compare_the_access_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SimulatedLog, "judge", lambda *_: None)
    assert any("may not write" in failure for failure in failures(range(6, 700, 7)))


def test_a_room_that_keeps_what_its_people_may_not_write_any_more_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forgetful(self: room.Room, access: Access) -> None:
        self.people.regulate(access)

    monkeypatch.setattr(room.Room, "regulate", forgetful)
    assert any("may not write" in failure for failure in failures(range(6, 700, 7)))


def test_numbers_that_left_memory_with_their_room_are_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A client that slept sends a change again that was committed before the snapshot from which
    its room was opened."""

    arrival = SimulatedLog.arrival

    async def forgetful(
        self: SimulatedLog,
        room_id: UUID,
        client: str,
        who: UUID | None = None,
        login: UUID | None = None,
        secret: bytes | None = None,
    ) -> Arrived:
        return (await arrival(self, room_id, client, who, login, secret))._replace(seq=0)

    monkeypatch.setattr(SimulatedLog, "arrival", forgetful)
    assert any("number was forgotten" in failure for failure in failures(range(100)))


def test_a_snapshot_of_another_revision_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    save = SimulatedLog.save_snapshot

    async def late(self: SimulatedLog, room_id: UUID, snapshot: Snapshot) -> None:
        state = json.decode(snapshot.state) | {"revision": snapshot.revision - 1}
        wrong = replace(snapshot, state=json.encode(state).decode())
        await save(self, room_id, wrong)

    monkeypatch.setattr(SimulatedLog, "save_snapshot", late)
    assert sum(1 for _ in failures(range(20))) > 5


def test_a_replay_of_what_was_refused_is_noticed_where_it_counts_as_new(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refuse = room.Room.refuse

    def forgetful(self: room.Room, client: str, seq: int, refusal: Refusal | None) -> None:
        session = self.people.sessions.get(client)
        settled = session.settled if session else 0
        refuse(self, client, seq, refusal)
        if session:
            session.settled = settled

    monkeypatch.setattr(room.Room, "refuse", forgetful)
    assert any("did nothing wrong" in failure for failure in failures(range(200)))


def test_a_refusal_for_what_is_not_committed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    seal = room.Room.seal

    def hasty(self: room.Room, now: datetime) -> list[Entry]:
        batch = seal(self, now)
        sealed = {entry.client for entry in batch}
        for client in self.queue.keys() - sealed if len(batch) < self.limits.batch else ():
            refusal = Refusal("text_too_large", "as it would be after those before it")
            self.refuse(client, self.queue[client].seq, refusal)
        return batch

    monkeypatch.setattr(room.Room, "seal", hasty)
    assert any("not committed" in failure for failure in failures(range(200)))


def test_a_refusal_of_a_whole_batch_for_one_of_it_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commit = SimulatedLog.commit
    blamed: set[tuple[str, int]] = set()

    def blaming(
        self: SimulatedLog, room_id: UUID, entries: Sequence[Entry], access: int = 0
    ) -> None:
        numbers = {(entry.client, entry.seq) for entry in entries}
        if not blamed.isdisjoint(numbers):
            raise NotStorable("it was in a batch that was not storable")
        try:
            commit(self, room_id, entries, access)
        except NotStorable:
            blamed.update(numbers)
            raise

    monkeypatch.setattr(SimulatedLog, "commit", blaming)
    assert any("what another did" in failure for failure in failures(range(100)))


def test_an_order_by_time_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks may be set back; revisions only grow."""
    since = SimulatedLog.since

    async def by_time(self: SimulatedLog, room_id: UUID, revision: int) -> list[Entry]:
        return sorted(await since(self, room_id, revision), key=lambda entry: entry.created_at)

    monkeypatch.setattr(SimulatedLog, "since", by_time)
    assert sum(1 for _ in failures(range(40))) > 3


def test_a_replay_that_pushes_out_what_waits_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    submit = room.Room._submit

    def careless(self: room.Room, session: Session, message: Submit) -> None:
        self.queue.pop(session.client, None)
        submit(self, session, message)

    monkeypatch.setattr(room.Room, "_submit", careless)
    assert any(failures(range(100)))


def test_a_link_given_up_that_is_taken_for_the_newer_one_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Unless clients number their connections, only the servers tell which came later."""
    connected = peers.Peer.connected
    monkeypatch.setattr(peers.Peer, "connected", lambda self, send, _at: connected(self, send, 0))
    assert any("taken for an older one" in failure for failure in failures(range(100)))


def test_a_roll_without_an_end_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "drop_doubtful", lambda *_: None)
    assert any("other people elsewhere" in failure for failure in failures(range(200)))


def test_a_tree_without_a_check_of_parents_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check, a node is added to a folder that was removed meanwhile and goes out of
    sight.
    """
    monkeypatch.setattr(Tree, "home", lambda _tree, parent: parent)
    found = [*failures(range(40))]
    assert any("in a removed folder" in failure or "out of sight" in failure for failure in found)


def test_a_tree_without_a_check_of_names_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "spare_name", lambda name, *_: name)
    assert any("two nodes have one name" in failure for failure in failures(range(20)))


def test_names_that_are_told_apart_by_their_letters_alone_are_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tree, "key_of", lambda name: name)
    assert any("two nodes have one name" in failure for failure in failures(range(20)))


def test_a_folder_that_may_be_moved_into_itself_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    misfit = placing._misfit

    def careless(*args: Any) -> Refusal | None:
        found = misfit(*args)
        return None if found and found.code == "into_itself" else found

    monkeypatch.setattr(placing, "_misfit", careless)
    assert any("in itself" in failure for failure in failures(range(40)))


def test_a_restore_that_does_not_bring_back_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def apply(_kind: Restores, state: State, change: Restore) -> tuple[FileId, ...]:
        state.tree.move(change.id, change.parent, change.name)
        return ()

    monkeypatch.setattr(Restores, "apply", apply)
    assert any("another tree" in failure for failure in failures(range(40)))


def test_a_restore_that_is_not_placed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Restores, "place", lambda _kind, change, _draft: change)
    assert any("not living" in failure or "one name" in failure for failure in failures(range(40)))


def test_a_text_that_comes_without_the_edits_since_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    supply = Text.supply

    def forgetful(self: Text, kept: KeptText) -> None:
        if not self.is_here:
            self._edits = None
        supply(self, kept)

    monkeypatch.setattr(Text, "supply", forgetful)
    assert any(failures(range(100)))


def test_a_text_of_another_version_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process has saved a snapshot since the room was opened here."""
    supply = Text.supply

    def careless(self: Text, kept: KeptText) -> None:
        supply(self, replace(kept, hash=self.kept or ""))

    monkeypatch.setattr(Text, "supply", careless)
    assert any(failures(range(200)))


def test_a_stretch_without_the_edits_of_files_that_are_held_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(people, "held_of", lambda news, _held: held_of(news, ["main"]))
    assert any("another committed text" in failure for failure in failures(range(200)))
