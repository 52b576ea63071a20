"""Edits of a text: the only changes that are transformed."""

from __future__ import annotations

from collab.errors import Refusal
from collab.protocol import Caret, Edit, FileId
from collab.room.draft import Draft
from collab.room.kinds.files import unknown_file
from collab.room.kinds.kind import WAIT, Kind, Placed
from collab.room.kinds.placing import room_for
from collab.room.past import Past
from collab.room.state import Entry, State
from ot import OperationError

_NEVER_IN_A_TEXT = ("\0", "\r")


class Edits(Kind[Edit]):
    type = Edit

    def check(self, change: Edit, state: State) -> None:
        for component in change.operation.components:
            if isinstance(component, str):
                check_text(component)
        if file := state.files.get(change.file):
            length = change.operation.base_length
            if length != len(file.text):
                raise OperationError(
                    f"the operation spans {length} code points, the text has {len(file.text)}"
                )

    def carry(self, change: Edit, past: Past, revision: int) -> Edit:
        return past.carry(change, revision)

    def place(self, change: Edit, draft: Draft) -> Placed[Edit]:
        if change.file not in draft.state.files:
            return unknown_file(change.file)
        if refusal := _too_large(change, draft.limits.text):
            return refusal
        operation = change.operation
        growth = operation.target_length - operation.base_length
        if growth > 0 and (wait := room_for(draft, growth)):
            return wait
        rebased = draft.edit(change.file, change.operation)
        if rebased is not change.operation:
            change = Edit(change.file, rebased)
            growth = rebased.target_length - rebased.base_length
            if refusal := _too_large(change, draft.limits.text):
                draft.reason = refusal
                return WAIT
        draft.note_edit(change.file, rebased)
        draft.grown += growth
        return change

    def apply(self, state: State, change: Edit) -> tuple[FileId, ...]:
        operation = change.operation
        state.files[change.file].text.edit(operation)
        state.size += operation.target_length - operation.base_length
        return (change.file,)

    def merge(self, changes: list[Edit], past: Past, before: int, last: int) -> list[Edit]:
        return past.composed(before, last)

    def caret(self, entry: Entry) -> Caret | None:
        """Return the caret at the end of the last insertion, or at the last deletion if that comes
        later."""
        change = entry.change
        assert isinstance(change, Edit)
        caret = None
        position = 0
        for component in change.operation.components:
            if isinstance(component, str):
                position += len(component)
                caret = position
            elif component < 0:
                caret = position
            else:
                position += component
        if caret is None:
            return None
        return Caret(change.file, entry.revision, [(caret, caret)])


def check_text(text: str) -> None:
    """Raise OperationError for a character that no text may have."""
    for character in _NEVER_IN_A_TEXT:
        if character in text:
            raise OperationError(f"it inserts U+{ord(character):04X}")


def _too_large(change: Edit, most: int) -> Refusal | None:
    """Refuse an edit that makes a text too large. It may still shorten a text over the limit."""
    before, after = change.operation.base_length, change.operation.target_length
    if after <= most or after <= before:
        return None
    return Refusal(
        "text_too_large", f"The file would have {after} characters; the limit is {most}."
    )
