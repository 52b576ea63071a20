"""The room of an OT client, as the server has told it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from collab.protocol import (
    Caret,
    Change,
    Checksums,
    Edit,
    PersonHere,
    Who,
    WireEntry,
)
from collab.room import carets
from collab.room.state import Entry
from ot import checksum
from tests.simulation.nodes import (
    Nodes,
    after,
    fact_of,
    is_held,
    parts_of,
    text_of,
)


@dataclass(eq=False)
class Told:
    """The committed room and its people, as the server told them.

    Asserts what the protocol promises of them.
    """

    key: str
    lazy: bool = False
    client: str = ""
    number: int = 0
    revision: int = 0
    committed: Nodes = field(default_factory=dict)
    committed_facts: dict[str, Any] = field(default_factory=dict)
    verified: int = 0
    """The number of texts that had the same checksum as the server's."""
    people: dict[str, PersonHere] = field(default_factory=dict)
    """The other people, by client, with their carets at `revision`."""
    _named: set[str] | None = None
    """The files that it has named in its last join; None for all."""

    def _verify(self, checksums: Checksums) -> None:
        """Assert that the committed texts have the checksums of the server's."""
        for file, expected in checksums.items():
            if not is_held(self.committed[file]):
                continue
            assert checksum(self._text(file)) == expected, "another committed text"
            self.verified += 1

    def _meet(self, person: PersonHere) -> None:
        assert person.client != self.client
        if caret := person.caret:
            assert caret.revision == self.revision, "a caret from another revision"
            if is_held(self.committed[caret.file]):
                length = len(self._text(caret.file))
                inside = all(p <= length for pair in caret.selections for p in pair)
                assert inside, "a caret outside"
        self.people[person.client] = person

    def _entry(self, item: WireEntry) -> tuple[str, int, Change]:
        change = Edit(item[2], item[3]) if len(item) == 4 else item[2]
        return self._who(item[0]), item[1], change

    def _who(self, who: Who) -> str:
        """The client that wrote an entry."""
        if isinstance(who, str):
            return who
        if who == self.number:
            return self.client
        (client,) = [person.client for person in self.people.values() if person.number == who]
        return client

    def _move_carets(self, entry: Entry) -> None:
        for client, person in self.people.items():
            caret = carets.after(entry) if client == entry.client else None
            if person.caret:
                caret = caret or moved(person.caret, entry)
            self.people[client] = replace(person, caret=caret)

    def _commit(self, change: Change) -> None:
        self.committed_facts |= fact_of(change)
        self.committed = after(self.committed, change)

    def _check_held(self, change: Change) -> None:
        """Assert that a stretch has no edits of files that were not named."""
        if isinstance(change, Edit) and self._named is not None:
            assert change.file in self._named, "a stretch with an edit of a file that is not held"

    def _text(self, file: str) -> str:
        return text_of(self.committed[file])


def moved(caret: Caret, entry: Entry) -> Caret:
    """Move a caret past an entry. It stays left of what the entry inserts there."""
    selections = caret.selections
    for part in parts_of(entry.change):
        if isinstance(part, Edit) and part.file == caret.file:
            edit = part.operation
            selections = [(edit.map(anchor), edit.map(head)) for anchor, head in selections]
    return Caret(caret.file, entry.revision, selections)
