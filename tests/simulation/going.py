"""Programs that go back to the past of the room while people type."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from random import Random
from uuid import UUID

from collab.changes.version import Revert, TakeBack
from collab.history.chapters import person_of
from collab.history.going_back import restoring, standing, taking_back
from collab.history.historian import Historian
from collab.protocol import FileId, Many
from collab.room.fold import fold
from collab.room.outline import operations
from collab.room.state import Entry, State
from ot import Operation


class FoldedPast(Historian):
    """A historian that folds the entries of a log anew, each time it is asked."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._entries = entries

    def state(self, revision: int) -> State:
        state = State()
        for entry in self._entries[:revision]:
            fold(state, entry)
        return state

    async def tree(self, _room_id: UUID, revision: int) -> State:
        return standing(self.state(revision))

    async def text(self, _room_id: UUID, file: FileId, revision: int) -> str:
        there = self.state(revision).files.get(file)
        return str(there.text) if there else ""

    async def between(self, _room_id: UUID, file: FileId, start: int, end: int) -> list[Operation]:
        done = (pair for entry in self._entries[start:end] for pair in operations(entry.change))
        return [operation for found, operation in done if found == file]

    async def changed(self, _room_id: UUID, start: int, end: int) -> list[FileId]:
        done = (pair for entry in self._entries[start:end] for pair in operations(entry.change))
        return list(dict.fromkeys(file for file, _ in done))

    async def all_entries(self, _room_id: UUID, after: int, until: int) -> list[Entry]:
        return list(self._entries[after:until])


def going_back(rng: Random, room_id: UUID, entries: Sequence[Entry]) -> Many | None:
    """Make up a way back from the last of these entries: to an earlier revision, of the room or of
    a node in it, or to where one person has done nothing. None where that changes nothing."""
    past = FoldedPast(entries)
    now = standing(past.state(len(entries)))
    if rng.random() < 0.6:
        revision = rng.randint(2, len(entries))
        node = rng.choice([None, "main", rng.choice(list(now.tree))])
        draft = asyncio.run(restoring(past, room_id, now, revision, node))
        return Many(draft.parts, Revert(revision, node)) if draft.parts else None
    person = person_of(rng.choice(entries))
    since = rng.randrange(len(entries))
    draft = asyncio.run(taking_back(past, room_id, now, person, since))
    return Many(draft.parts, TakeBack(person, since)) if draft.parts else None


def check_back(entries: Sequence[Entry], drafted: int, entry: Entry) -> None:
    """Check that a restore of the room to which nothing else came brought all of it back."""
    change = entry.change
    assert isinstance(change, Many)
    if entry.revision != drafted + 1 or not isinstance(change.cause, Revert) or change.cause.node:
        return
    past = FoldedPast(entries)
    then, now = past.state(change.cause.revision), past.state(entry.revision)
    living = [node for node in then.tree if then.tree.is_living(node)]
    assert {node: now.tree[node] for node in living} == {node: then.tree[node] for node in living}
    texts = [(node, str(then.files[node].text)) for node in living if node in then.files]
    assert [(node, str(now.files[node].text)) for node, _ in texts] == texts
