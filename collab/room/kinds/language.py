"""The language of a file."""

from __future__ import annotations

from collab.errors import PeerError
from collab.protocol import FileId, SetLanguage
from collab.room.draft import Draft
from collab.room.kinds.files import unknown_file
from collab.room.kinds.kind import Kind, Placed
from collab.room.languages import unknown_language
from collab.room.past import Past
from collab.room.state import State


class Languages(Kind[SetLanguage]):
    type = SetLanguage

    def admit(self, change: SetLanguage, seq: int) -> None:
        if words := unknown_language(change.language):
            raise PeerError("malformed", f"Malformed message: {words} - at `$.change[2]`", seq=seq)

    def place(self, change: SetLanguage, draft: Draft) -> Placed[SetLanguage]:
        return change if change.file in draft.state.files else unknown_file(change.file)

    def apply(self, state: State, change: SetLanguage) -> tuple[FileId, ...]:
        state.files[change.file].language = change.language
        return ()

    def merge(
        self, changes: list[SetLanguage], past: Past, before: int, last: int
    ) -> list[SetLanguage]:
        return [*{change.file: change for change in changes}.values()]
