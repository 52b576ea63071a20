"""The batch that is being drafted: committed state, and what the batch has done to it so far."""

from __future__ import annotations

from functools import cached_property

from collab.errors import Refusal
from collab.protocol import FileId
from collab.room.state import Bytes, Limits, State
from collab.room.tree import Tree
from ot import History, Operation


class Draft:
    """Kinds of change look here when they place a change, and note what the change does.

    `state` is committed state and stays as it is. Only it may be the reason of a refusal.
    """

    def __init__(self, state: State, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.assets: dict[FileId, Bytes] = {}
        """The assets that the batch adds or changes."""
        self.grown = 0
        """By how much the batch lets the room's size grow."""
        self.reason: Refusal | None = None
        """Why the last change that was told to wait could not be placed."""
        self.spoilt = False
        """A change was placed in part, and then could not be: nothing can be placed here now."""
        self._edits: dict[FileId, History] = {}

    @cached_property
    def tree(self) -> Tree:
        """The committed tree, with what the batch does to it. A batch of edits needs none."""
        return Tree(self.state.tree)

    def edit(self, file: FileId, operation: Operation) -> Operation:
        """Carry an edit of the committed text over the batch's edits of it so far."""
        history = self._edits.get(file)
        return history.rebase(operation, 0) if history else operation

    def note_edit(self, file: FileId, operation: Operation) -> None:
        """The batch does this next to the text of a file."""
        history = self._edits.get(file)
        if history is None:
            history = self._edits[file] = History(None)
        history.append(operation)

    def asset(self, asset: FileId) -> Bytes | None:
        return self.assets.get(asset) or self.state.assets.get(asset)
