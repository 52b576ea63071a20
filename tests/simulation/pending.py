"""The changes of a peer that are not committed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from msgspec.structs import replace

from collab.changes.tree import AddFolder, Move, Restore
from collab.protocol import (
    AddFile,
    Change,
    ClientChange,
    Edit,
    Many,
    Origin,
    Single,
)
from ot import Operation, transform
from tests.simulation.nodes import (
    parts_of,
)

ORIGINS: tuple[Origin, ...] = get_args(Origin)


@dataclass
class Pending:
    """A change with the number that it is sent under."""

    seq: int
    change: ClientChange


@dataclass(frozen=True)
class Record:
    """The work that a page keeps on its device, so that another page can continue it."""

    revision: int
    seq: int
    in_flight: Pending | None
    waiting: list[ClientChange]
    typed: set[str]


def origin_of(seq: int) -> Origin:
    """The origin that a peer gives its change with this number."""
    return ORIGINS[seq % len(ORIGINS)]


def past(file: str, operation: Operation, change: ClientChange) -> tuple[Operation, ClientChange]:
    if isinstance(change, Many):
        parts: list[Single] = []
        for part in change.changes:
            if isinstance(part, Edit) and part.file == file:
                operation, carried = transform(operation, part.operation)
                parts.append(Edit(file, carried))
            else:
                parts.append(part)
        return operation, Many(parts, change.cause)
    if not isinstance(change, Edit) or change.file != file:
        return operation, change
    operation, carried = transform(operation, change.operation)
    return operation, Edit(file, carried)


def is_same(entry: Change, own: Change) -> bool:
    """Tell whether an entry is a peer's own change, which the server may have placed elsewhere
    in the tree.
    """
    if isinstance(entry, Many) and isinstance(own, Many):
        pairs = zip(entry.changes, own.changes, strict=True)
        return entry.cause == own.cause and all(is_same(part, other) for part, other in pairs)
    places = AddFile | AddFolder | Move | Restore
    if isinstance(entry, places) and isinstance(own, places):
        return entry == replace(own, parent=entry.parent, name=entry.name)
    return entry == own


def inserted(change: Change) -> set[str]:
    """Every character that a change puts into texts."""
    parts = parts_of(change)
    texts = [part.text for part in parts if isinstance(part, AddFile)]
    edits = [part.operation for part in parts if isinstance(part, Edit)]
    return {
        character
        for text in [*texts, *(c for edit in edits for c in edit.components if isinstance(c, str))]
        for character in text
    }


def is_without(change: Change, node: str) -> bool:
    ids = [getattr(part, "file", getattr(part, "id", None)) for part in parts_of(change)]
    return node not in ids
