"""The batch that is being drafted: committed state, and what the batch has done to it so far."""

from __future__ import annotations

from functools import cached_property

from collab.errors import Refusal
from collab.protocol import FileId
from collab.room.state import Bytes, Limits, State
from collab.room.tree import Tree
from ot import History, Operation


class Draft:
    """The state that a kind of change reads when it places a change, and its notes on the change.

    `state` is the committed state and does not change here. Only `state` may be the reason for a
    refusal.
    """

    def __init__(self, state: State, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.assets: dict[FileId, Bytes] = {}
        """The assets that the batch adds or changes."""
        self.grown = 0
        """The growth of the room's size by this batch."""
        self.reason: Refusal | None = None
        """Why the last change that has to wait could not be placed."""
        self.spoilt = False
        """True after a change was placed only in part: this draft can take no more changes."""
        self._edits: dict[FileId, History] = {}

    @cached_property
    def tree(self) -> Tree:
        """The committed tree with the batch's changes, made on first use: a batch of edits needs
        none."""
        return Tree(self.state.tree)

    def edit(self, file: FileId, operation: Operation) -> Operation:
        """Carry an edit of the committed text over the batch's edits of it so far."""
        history = self._edits.get(file)
        return history.rebase(operation, 0) if history else operation

    def note_edit(self, file: FileId, operation: Operation) -> None:
        """Note that the batch applies this operation next to the text of a file."""
        history = self._edits.get(file)
        if history is None:
            history = self._edits[file] = History(None)
        history.append(operation)

    def asset(self, asset: FileId) -> Bytes | None:
        return self.assets.get(asset) or self.state.assets.get(asset)
