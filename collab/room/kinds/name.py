"""What the room is called."""

from __future__ import annotations

from collab.protocol import FileId, SetName
from collab.room.kinds.kind import Fact, Kind
from collab.room.state import State


class Names(Kind[SetName]):
    type = SetName
    fact = Fact("name", str, "What people call it, once somebody has named it.")

    def apply(self, state: State, change: SetName) -> tuple[FileId, ...]:
        state.facts["name"] = change.name
        return ()
