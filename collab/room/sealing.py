"""Drafts the next batch of a room from the changes that wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.errors import Refusal
from collab.protocol import Change, Origin
from collab.room.doors import Role
from collab.room.draft import Draft
from collab.room.kinds import KINDS, WAIT
from collab.room.session import Session
from collab.room.state import Entry, Limits, State


@dataclass
class Waiting:
    """A change that is not in the log yet, carried to the head."""

    client: str
    seq: int
    author: str
    change: Change
    person: str
    origin: Origin
    who: UUID | None = None
    link: Role | None = None

    @classmethod
    def of(cls, session: Session, seq: int, change: Change, origin: Origin) -> Waiting:
        """Make the record of a change that a session has submitted."""
        author = (session.name, change, session.person, origin, session.who, session.link)
        return cls(session.client, seq, *author)

    def entry(self, revision: int, now: datetime, placed: Change) -> Entry:
        """Make the entry of the change, as it was placed in a draft."""
        made_by = (self.client, self.seq, self.author)
        return Entry(revision, *made_by, now, placed, self.person, self.origin)


def seal(
    queue: dict[str, Waiting],
    state: State,
    limits: Limits,
    now: datetime,
    refuse: Callable[[str, int, Refusal], None],
) -> list[Entry]:
    """Draft the next batch: every waiting change, in order, placed behind those before it.

    Changes that only committed state refuses are given to `refuse`, which takes them off the queue.
    """
    later: set[str] = set()
    while (batch := _draft(queue, state, limits, now, refuse, later)) is None:
        pass
    return batch


def _draft(
    queue: dict[str, Waiting],
    state: State,
    limits: Limits,
    now: datetime,
    refuse: Callable[[str, int, Refusal], None],
    later: set[str],
) -> list[Entry] | None:
    """Draft a batch without the changes of the clients in `later`.

    Returns None where one more change spoilt the draft. That change is in `later` or refused by
    then.
    """
    batch: list[Entry] = []
    draft = Draft(state, limits)
    for waiting in list(queue.values()):
        if len(batch) == limits.batch:
            break
        if waiting.client in later:
            continue
        placed = KINDS[type(waiting.change)].place(waiting.change, draft)
        if placed is WAIT and not batch:
            # The change's own parts are in conflict, so it would wait for ever.
            assert draft.reason
            placed = draft.reason
        if placed is WAIT:
            later.add(waiting.client)
            if draft.spoilt:
                return None
            continue
        if isinstance(placed, Refusal):
            refuse(waiting.client, waiting.seq, placed)
            if draft.spoilt:
                return None
            continue
        batch.append(waiting.entry(state.revision + len(batch) + 1, now, placed))
    return batch
