"""What a program is told of a room, as `Room.watch` yields it. Positions count code points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ot import Operation

Selections = list[tuple[int, int]]
"""Carets as (anchor, head), the main one first."""


@dataclass(slots=True)
class Person:
    """Somebody else in the room; `agent` says for whom, where it is a program that works for them.

    `selections` are in the file `file`, None where the person is nowhere.
    """

    client: str
    name: str
    colour: int = 0
    person: str = ""
    role: str | None = "editor"
    file: str | None = None
    selections: Selections = field(default_factory=list)
    number: int = 0
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody else has edited a text that is open here. `operation` turns the text that was shown
    into the one that is; `by` is None where several people's edits came as one."""

    path: str
    operation: Operation
    by: str | None


@dataclass(frozen=True, slots=True)
class Added:
    """A file or folder is there: new, or restored."""

    path: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A file or folder has another path. What is in a folder moves with it, without a word."""

    path: str
    before: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Removed:
    """A file, or a folder with all that is in it, was removed."""

    path: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Replaced:
    """An asset has other bytes."""

    path: str
    by: str | None


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came, or has another name, colour or role."""

    person: Person


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody has gone."""

    person: Person


@dataclass(frozen=True, slots=True)
class Pointed:
    """Somebody's carets are elsewhere."""

    person: Person


@dataclass(frozen=True, slots=True)
class Connected:
    """The room is in step with the server, for the first time or again."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the server that is about none of these, such as `run` and `out`, as it came."""

    message: dict[str, Any]


Event = Edited | Added | Moved | Removed | Replaced | Joined | Left | Pointed | Connected | Told
