"""The interface of a kind of change: everything the room does that differs from kind to kind.

A new kind is a struct in `collab.changes`, a module here, and a line in each of two tables:
`Change` in `collab.protocol`, and `KINDS` in `collab.room.kinds`.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, ClassVar, Final, Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct

from collab.errors import Refusal
from collab.protocol import Caret, Change, FileId
from collab.room.draft import Draft
from collab.room.past import Past
from collab.room.state import Entry, State

C = TypeVar("C", bound=Change)
Written: TypeAlias = tuple[str, ...]


class Waits(Enum):
    WAIT = "wait"


WAIT: Final = Waits.WAIT
"""The answer for a change that the batch so far makes impossible, but committed state does not. The
change waits for the next batch."""
Placed: TypeAlias = C | Refusal | Literal[Waits.WAIT]


class Fact(Struct, frozen=True):
    """A value of the room that a kind keeps in `State.facts`, under this name.

    The same name is its field in `joined`, in a snapshot and, with `in_body`, in the answer of `GET
    /rooms/ID`; a room that has no such value leaves it out. `type` is what msgspec reads it as.
    """

    name: str
    type: Any
    description: str = ""
    in_body: bool = True


class Kind(Generic[C]):
    """The room's behaviour for changes of one type. Only `place` and `apply` change anything."""

    type: ClassVar[type[Change]]
    submittable: ClassVar[bool] = True
    """True if a client may submit changes of this kind."""
    fact: ClassVar[Fact | None] = None
    in_order: ClassVar[bool] = False
    """True if a stretch tells these changes before all others, in the order in which they happened.
    Then `writes` is asked in place of `merge`."""

    def admit(self, change: C, seq: int) -> None:
        """Raise PeerError for a change that no client may submit to any room, whatever its
        revision."""

    def check(self, change: C, state: State) -> None:
        """Raise OperationError when a change at the head does not fit the committed state."""

    def carry(self, change: C, past: Past, revision: int) -> C:
        """Bring a change made on `revision` to the head. Raises OperationError if it cannot be."""
        return change

    def place(self, change: C, draft: Draft) -> Placed[C]:
        """Put a change at the head behind those of `draft`, and note there what it does.

        Returns the change as it will be committed; a Refusal, if committed state is the reason; or
        WAIT, if only the draft is.
        """
        return change

    def apply(self, state: State, change: C) -> tuple[FileId, ...]:
        """Do a committed change to a state. Returns the files whose texts changed."""
        raise NotImplementedError

    def merge(self, changes: list[C], past: Past, before: int, last: int) -> list[C]:
        """Merge `changes`, all of this kind between two revisions, into those with the same effect:
        the last one, unless overridden."""
        return changes[-1:]

    def writes(self, change: C) -> tuple[Written, ...]:
        """Name the values that a change sets. A stretch leaves out a change if later ones set them
        all."""
        raise NotImplementedError

    def caret(self, entry: Entry) -> Caret | None:
        """Return the caret of an entry's author after it; None if the entry does not move it."""
        return None
