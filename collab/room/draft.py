"""The batch that is being drafted: committed state, and what the batch has done to it so far."""

from __future__ import annotations

from collab.protocol import AddFile, FileId
from collab.room.state import Limits, State
from ot import History, Operation


class Draft:
    """Kinds of change look here when they place a change, and note what the change does.

    `state` is committed state and stays as it is. Only it may be the reason of a refusal.
    """

    def __init__(self, state: State, limits: Limits) -> None:
        self.state = state
        self.limits = limits
        self.added: dict[FileId, AddFile] = {}
        """The files that the batch adds."""
        self._edits: dict[FileId, History] = {}

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
