"""The change that says how the room's program is run."""

from __future__ import annotations

from collab.changes.program import Program, SetProgram
from collab.protocol import FileId
from collab.room.draft import Draft
from collab.room.kinds.files import is_text, unknown_file
from collab.room.kinds.kind import Fact, Kind, Placed
from collab.room.state import State


class ProgramOptions(Kind[SetProgram]):
    type = SetProgram
    fact = Fact("program", Program, "How its program is run.", in_body=False)

    def place(self, change: SetProgram, draft: Draft) -> Placed[SetProgram]:
        for file in (change.program.entry, change.program.stdin):
            if file is not None and not is_text(draft, file):
                return unknown_file(file)
        return change

    def apply(self, state: State, change: SetProgram) -> tuple[FileId, ...]:
        state.facts["program"] = change.program
        return ()
