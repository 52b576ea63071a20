"""The screen of an OT client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from collab.protocol import (
    AddFile,
    ClientChange,
    Edit,
    File,
)
from ot import Operation, transform
from tests.simulation.nodes import (
    Node,
    after,
    fact_of,
    files_of,
    is_held,
    parts_of,
    text_of,
)
from tests.simulation.pending import Pending, past
from tests.simulation.told import Told


@dataclass(eq=False)
class Screen(Told):
    """The committed room with the own changes on it that are not committed yet."""

    shown: dict[str, Node] = field(default_factory=dict)
    """The files as the person sees them. Texts are changed only by the operations that an editor
    would be given."""
    facts: dict[str, Any] = field(default_factory=dict)
    """The name of the room on the screen, and how its program is run."""
    undo: dict[str, Operation] = field(default_factory=dict)
    """For each file, the operation that takes back the peer's last edit."""
    in_flight: Pending | None = None
    waiting: list[ClientChange] = field(default_factory=list)

    @property
    def pending(self) -> list[ClientChange]:
        return [*([self.in_flight.change] if self.in_flight else []), *self.waiting]

    def text(self, file: str) -> str:
        """The text of a file as the person sees it."""
        return text_of(self.shown[file])

    def holds(self, file: str) -> bool:
        return is_held(self.shown.get(file))

    def _worked_on(self) -> set[str]:
        """The files whose texts the own work is about."""
        parts = [part for change in self.pending for part in parts_of(change)]
        return {part.file for part in parts if isinstance(part, Edit | AddFile)}

    def _carry(self, file: str, operation: Operation, *, flying: bool) -> None:
        """Show an operation on the committed text; if `flying`, on that with the one in flight."""
        self._show(file, self._past_pending(file, operation, flying=flying))

    def _past_pending(self, file: str, operation: Operation, *, flying: bool) -> Operation:
        if flying and self.in_flight:
            operation, self.in_flight.change = past(file, operation, self.in_flight.change)
        for index, change in enumerate(self.waiting):
            operation, self.waiting[index] = past(file, operation, change)
        return operation

    def _show(self, file: str, operation: Operation) -> None:
        self.shown[file] = replace(self.shown[file], text=operation.apply(self.text(file)))
        if file in self.undo:
            self.undo[file] = transform(operation, self.undo[file])[1]

    def _show_tree(self) -> None:
        """Show the committed nodes with the own changes on them, and the texts as they are shown.

        A new file has its first text.
        """
        nodes = self.committed
        for change in self.pending:
            for part in parts_of(change):
                if not isinstance(part, Edit):
                    nodes = after(nodes, part)
        texts = {file.id: file.text for file in files_of(self.shown)}
        self.shown = {
            id_: replace(node, text=texts.get(id_, node.text)) if isinstance(node, File) else node
            for id_, node in nodes.items()
        }

    def _show_facts(self) -> None:
        self.facts = {**self.committed_facts}
        for change in self.pending:
            self.facts |= fact_of(change)
