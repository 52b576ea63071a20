"""The wishes of the pump's work: each is one call of the log, or a wait."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any
from uuid import UUID

from msgspec import Struct

from collab.errors import LogUnavailable
from collab.protocol import FileId
from collab.room.state import Entry


class Append(Struct, frozen=True):
    """Commit these entries, judged under this number of `access`: `Log.append`. The answer is
    None."""

    entries: list[Entry]
    access: int


class Since(Struct, frozen=True):
    """Read a page of the entries after a revision: `Log.since`."""

    revision: int


class Open(Struct, frozen=True):
    """Read the latest snapshot: `Log.open`."""


class Texts(Struct, frozen=True):
    """Read the texts of files beside the latest snapshot: `Log.texts`."""

    files: list[FileId]


class LastSeq(Struct, frozen=True):
    """Read the highest seq of a client: `Log.last_seq`."""

    client: str


class Arrival(Struct, frozen=True):
    """Read a client's highest seq, number its arrival, and read its access, if the session that it
    is signed in with still holds: `Log.arrival`."""

    client: str
    who: UUID | None
    login: UUID | None
    secret: bytes | None = None


class AskAccess(Struct, frozen=True):
    """Read the door, and what these people may do: `Log.access`."""

    whos: list[UUID]


class Pause(Struct, frozen=True):
    """Wait so many seconds, because the log does not answer. The answer is None."""

    seconds: float
    error: LogUnavailable


class Aside(Struct, frozen=True):
    """Call this in another thread, where it holds up nobody. The answer is its result."""

    do: Callable[[], Any]


class Turn(Struct, frozen=True):
    """Let other work have a turn. The answer is None."""


Wish = Append | Since | Open | Texts | LastSeq | Arrival | AskAccess | Pause | Aside | Turn
Work = Generator[Wish, Any, None]
