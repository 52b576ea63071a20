"""The change that runs a file. The room itself stays as it is; `collab.runs` runs the program."""

from __future__ import annotations

from collab.changes.run import Run
from collab.errors import Refusal
from collab.protocol import FileId
from collab.room.draft import Draft
from collab.room.kinds.files import is_text, unknown_file
from collab.room.kinds.kind import Kind, Placed
from collab.room.past import Past
from collab.room.state import State


class Runs(Kind[Run]):
    type = Run

    def place(self, change: Run, draft: Draft) -> Placed[Run]:
        at, head = change.options.at, draft.state.revision
        if at is not None and at > head:
            words = f"Revision {at} is above the head of this room, {head}."
            return Refusal("unknown_revision", words)
        return change if is_text(draft, change.file) else unknown_file(change.file)

    def apply(self, state: State, change: Run) -> tuple[FileId, ...]:
        return ()

    def merge(self, changes: list[Run], past: Past, before: int, last: int) -> list[Run]:
        """Leave out runs: a stretch tells how the room has changed, and runs change nothing
        there."""
        return []
