"""The change that names a revision. The room stays as it is; `collab.history` lists the names."""

from __future__ import annotations

from collab.changes.version import NameVersion
from collab.errors import PeerError, Refusal
from collab.protocol import FileId, check_name
from collab.room.draft import Draft
from collab.room.kinds.kind import Kind, Placed
from collab.room.past import Past
from collab.room.state import State


class Versions(Kind[NameVersion]):
    type = NameVersion

    def admit(self, change: NameVersion, seq: int) -> None:
        try:
            check_name(change.name)
        except ValueError as error:
            words = f"Malformed message: {error} - at `$.change[1]`"
            raise PeerError("malformed", words, seq=seq) from error

    def place(self, change: NameVersion, draft: Draft) -> Placed[NameVersion]:
        if change.revision is None or change.revision <= draft.state.revision:
            return change
        words = f"Revision {change.revision} is above the head of this room."
        return Refusal("unknown_revision", words)

    def apply(self, state: State, change: NameVersion) -> tuple[FileId, ...]:
        return ()

    def merge(
        self, changes: list[NameVersion], past: Past, before: int, last: int
    ) -> list[NameVersion]:
        """Leave out names of revisions: they change nothing in the room that a stretch leads to."""
        return []
