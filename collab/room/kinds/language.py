"""The change that sets the language of a file."""

from __future__ import annotations

from collab.protocol import FileId, SetLanguage
from collab.room.draft import Draft
from collab.room.kinds.files import is_text, unknown_file
from collab.room.kinds.kind import Kind, Placed
from collab.room.past import Past
from collab.room.state import State


class Languages(Kind[SetLanguage]):
    type = SetLanguage

    def place(self, change: SetLanguage, draft: Draft) -> Placed[SetLanguage]:
        return change if is_text(draft, change.file) else unknown_file(change.file)

    def apply(self, state: State, change: SetLanguage) -> tuple[FileId, ...]:
        state.files[change.file].chosen = change.language
        return ()

    def merge(
        self, changes: list[SetLanguage], past: Past, before: int, last: int
    ) -> list[SetLanguage]:
        return [*{change.file: change for change in changes}.values()]
