"""Tells the processes that a room has gone on. Carries no data: a lost ring costs a slow tick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

Listener = Callable[[UUID, int], None]
"""Called with a room and its revision."""


class Doorbell(Protocol):
    def ring(self, room_id: UUID, revision: int) -> None:
        """Say that a room is at `revision` now. Never blocks, may be lost."""

    def listen(self, listener: Listener) -> None:
        """Have `listener` called for every ring, also one's own."""


class LocalDoorbell:
    """The doorbell of a single process: a function call."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def ring(self, room_id: UUID, revision: int) -> None:
        for listener in self._listeners:
            listener(room_id, revision)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)
