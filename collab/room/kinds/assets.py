"""The changes that add an asset or replace its bytes.

The log has only the hash and the size of the bytes. So only the server, which has seen the bytes,
writes these changes.
"""

from __future__ import annotations

from msgspec.structs import replace

from collab.changes.tree import AddAsset, PutAsset
from collab.errors import Refusal
from collab.protocol import FileId
from collab.room.draft import Draft
from collab.room.kinds.kind import Kind, Placed, Written
from collab.room.kinds.placing import Spot, find_spot, new_node, room_for
from collab.room.state import Bytes, State
from collab.room.tree import Place


class Assets(Kind[AddAsset]):
    type = AddAsset
    submittable = False
    in_order = True

    def place(self, change: AddAsset, draft: Draft) -> Placed[AddAsset]:
        if no := _too_large(draft, change.size):
            return no
        if wait := new_node(draft, change.id) or room_for(draft, change.size):
            return wait
        spot = find_spot(draft, change.id, change.parent, change.name)
        if not isinstance(spot, Spot):
            return spot
        draft.tree.put(change.id, Place(spot.parent, spot.name, is_folder=False))
        draft.assets[change.id] = Bytes(change.blob, change.size)
        draft.grown += change.size
        return replace(change, parent=spot.parent, name=spot.name)

    def apply(self, state: State, change: AddAsset) -> tuple[FileId, ...]:
        state.tree.put(change.id, Place(change.parent, change.name, is_folder=False))
        state.put(change.id, Bytes(change.blob, change.size))
        return ()

    def writes(self, change: AddAsset) -> tuple[Written, ...]:
        return (("node", change.id),)


class Puts(Kind[PutAsset]):
    type = PutAsset
    submittable = False
    in_order = True

    def place(self, change: PutAsset, draft: Draft) -> Placed[PutAsset]:
        if no := _too_large(draft, change.size):
            return no
        before = draft.asset(change.id)
        if before is None:
            return Refusal("unknown_file", f"There is no asset {change.id} in this room.")
        growth = change.size - before.size
        if wait := room_for(draft, growth):
            return wait
        draft.assets[change.id] = Bytes(change.blob, change.size)
        draft.grown += growth
        return change

    def apply(self, state: State, change: PutAsset) -> tuple[FileId, ...]:
        state.put(change.id, Bytes(change.blob, change.size))
        return ()

    def writes(self, change: PutAsset) -> tuple[Written, ...]:
        return (("bytes", change.id),)


def _too_large(draft: Draft, size: int) -> Refusal | None:
    if size <= (most := draft.limits.asset):
        return None
    return Refusal("asset_too_large", f"The file has {size} bytes; the limit is {most}.")
