"""The changes of the tree: new folders, moves, removals and their undoing."""

from __future__ import annotations

from msgspec.structs import replace

from collab.changes.tree import AddFolder, Move, Remove, Restore
from collab.protocol import FileId
from collab.room.draft import Draft
from collab.room.kinds.kind import Kind, Placed, Written
from collab.room.kinds.placing import Spot, find_spot, new_node, unknown_node
from collab.room.state import State
from collab.room.tree import Place


class Folders(Kind[AddFolder]):
    type = AddFolder
    in_order = True

    def place(self, change: AddFolder, draft: Draft) -> Placed[AddFolder]:
        if no := new_node(draft, change.id):
            return no
        spot = find_spot(draft, change.id, change.parent, change.name)
        if not isinstance(spot, Spot):
            return spot
        draft.tree.put(change.id, Place(spot.parent, spot.name, is_folder=True))
        return AddFolder(change.id, spot.parent, spot.name)

    def apply(self, state: State, change: AddFolder) -> tuple[FileId, ...]:
        state.tree.put(change.id, Place(change.parent, change.name, is_folder=True))
        return ()

    def writes(self, change: AddFolder) -> tuple[Written, ...]:
        return (("node", change.id),)


class Moves(Kind[Move]):
    """Moves and renames a node.

    A removed node stays removed when it is renamed. Moved out of a removed folder into a living
    one, a node is living again, unless it was removed itself.
    """

    type = Move
    in_order = True

    def place(self, change: Move, draft: Draft) -> Placed[Move]:
        if no := unknown_node(draft, change.id):
            return no
        now = draft.tree[change.id]
        stays = change.parent == now.parent
        spot = find_spot(draft, change.id, change.parent, change.name, stays=stays)
        if not isinstance(spot, Spot):
            return spot
        draft.tree.move(change.id, spot.parent, spot.name)
        return Move(change.id, spot.parent, spot.name)

    def apply(self, state: State, change: Move) -> tuple[FileId, ...]:
        state.tree.move(change.id, change.parent, change.name)
        return ()

    def writes(self, change: Move) -> tuple[Written, ...]:
        return (("place", change.id),)


class Removes(Kind[Remove]):
    """Removes a node. Removing it a second time does nothing."""

    type = Remove
    in_order = True

    def place(self, change: Remove, draft: Draft) -> Placed[Remove]:
        if no := unknown_node(draft, change.id):
            return no
        draft.tree.flag(change.id, removed=True)
        return change

    def apply(self, state: State, change: Remove) -> tuple[FileId, ...]:
        state.tree.flag(change.id, removed=True)
        return ()

    def writes(self, change: Remove) -> tuple[Written, ...]:
        return (("removed", change.id),)


class Restores(Kind[Restore]):
    """Brings a removed node back. A node that is living already stays where it is."""

    type = Restore
    in_order = True

    def place(self, change: Restore, draft: Draft) -> Placed[Restore]:
        if no := unknown_node(draft, change.id):
            return no
        now = draft.tree[change.id]
        if draft.tree.is_living(change.id):
            return Restore(change.id, now.parent, now.name)
        spot = find_spot(draft, change.id, change.parent, change.name)
        if not isinstance(spot, Spot):
            return spot
        place = replace(now, parent=spot.parent, name=spot.name, removed=False)
        draft.tree.put(change.id, place)
        return Restore(change.id, spot.parent, spot.name)

    def apply(self, state: State, change: Restore) -> tuple[FileId, ...]:
        now = state.tree[change.id]
        place = replace(now, parent=change.parent, name=change.name, removed=False)
        state.tree.put(change.id, place)
        return ()

    def writes(self, change: Restore) -> tuple[Written, ...]:
        return ("place", change.id), ("removed", change.id)
