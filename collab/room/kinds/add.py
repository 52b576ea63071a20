"""The change that adds a file with a text."""

from __future__ import annotations

from msgspec.structs import replace

from collab.errors import Refusal
from collab.protocol import AddFile, FileId
from collab.room.draft import Draft
from collab.room.kinds.edit import check_text
from collab.room.kinds.kind import Kind, Placed, Written
from collab.room.kinds.placing import Spot, find_spot, new_node, room_for
from collab.room.languages import chosen_language
from collab.room.state import State, TextFile
from collab.room.texts import Text
from collab.room.tree import Place


class Adds(Kind[AddFile]):
    type = AddFile
    in_order = True

    def check(self, change: AddFile, state: State) -> None:
        check_text(change.text)

    def place(self, change: AddFile, draft: Draft) -> Placed[AddFile]:
        length, most = len(change.text), draft.limits.text
        if length > most:
            words = f"The file would have {length} characters; the limit is {most}."
            return Refusal("text_too_large", words)
        if no := new_node(draft, change.file) or room_for(draft, length):
            return no
        spot = find_spot(draft, change.file, change.parent, change.name)
        if not isinstance(spot, Spot):
            return spot
        draft.tree.put(change.file, Place(spot.parent, spot.name, is_folder=False))
        draft.grown += length
        return replace(change, parent=spot.parent, name=spot.name)

    def apply(self, state: State, change: AddFile) -> tuple[FileId, ...]:
        chosen = chosen_language(change.name, change.language)
        state.add(TextFile(change.file, chosen, Text(change.text)), change.name, change.parent)
        return (change.file,)

    def writes(self, change: AddFile) -> tuple[Written, ...]:
        return (("node", change.file),)
