"""New files."""

from __future__ import annotations

from collab.errors import Refusal
from collab.protocol import AddFile, FileId
from collab.room.draft import Draft
from collab.room.kinds.kind import WAIT, Kind, Placed
from collab.room.past import Past
from collab.room.state import State, TextFile
from ot import Document


class Adds(Kind[AddFile]):
    type = AddFile
    submittable = False

    def place(self, change: AddFile, draft: Draft) -> Placed[AddFile]:
        files, most = draft.state.files, draft.limits.files
        if change.file in files:
            return Refusal("file_exists", f"There is a file {change.file} in this room already.")
        if len(files) >= most:
            return Refusal(
                "too_many_files", f"The room has {len(files)} files; the limit is {most}."
            )
        if change.file in draft.added or len(files) + len(draft.added) >= most:
            return WAIT
        draft.added[change.file] = change
        return change

    def apply(self, state: State, change: AddFile) -> tuple[FileId, ...]:
        state.add(TextFile(change.file, change.path, change.language, Document(change.text)))
        return (change.file,)

    def merge(self, changes: list[AddFile], past: Past, before: int, last: int) -> list[AddFile]:
        return changes
