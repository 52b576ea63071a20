"""A client without a socket: the server submits one change for a program that waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from collab.errors import Refusal
from collab.protocol import ServerMessage
from collab.room.session import Desk, Session
from collab.room.state import Entry, State


@dataclass(eq=False, kw_only=True, slots=True)
class Visit(Session):
    """A session that nobody in the room is told of, and that is told nothing of the room.

    `settle` is called once: with the entry and the room's state right after it, or with the refusal
    and the state that is its reason.
    """

    settle: Callable[[Entry | Refusal, State], None]

    def hear(self, message: ServerMessage | None, plainly: ServerMessage | None) -> None:
        """Tell nothing."""

    def refuse(self, room: Desk, seq: int, refusal: Refusal) -> None:
        self.settle(refusal, room.state)
