"""The change that names the room."""

from __future__ import annotations

from collab.changes.name import SetName
from collab.errors import PeerError
from collab.protocol import FileId, check_name
from collab.room.kinds.kind import Fact, Kind
from collab.room.state import State


class Names(Kind[SetName]):
    type = SetName
    fact = Fact("name", str, "What people call it, once somebody has named it.")

    def admit(self, change: SetName, seq: int) -> None:
        try:
            check_name(change.name)
        except ValueError as error:
            words = f"Malformed message: {error} - at `$.change[1]`"
            raise PeerError("malformed", words, seq=seq) from error

    def apply(self, state: State, change: SetName) -> tuple[FileId, ...]:
        state.facts["name"] = change.name
        return ()
