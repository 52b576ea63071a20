"""The limits of an agent. They are its own: the limits of the room hold as well."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from collab.client import RoomError


@dataclass(frozen=True, slots=True)
class AgentLimits:
    """`changes`, `messages` and `runs` are a minute; `characters` are of one answer, `seconds` of
    one run."""

    changes: int = 60
    messages: int = 10
    runs: int = 10
    characters: int = 50_000
    seconds: float = 60.0


class Budget:
    """Allows a number of acts of one kind a minute."""

    def __init__(self, most: int, what: str) -> None:
        self._most, self._what = most, what
        self._times: deque[float] = deque()

    def spend(self) -> None:
        """Count an act. Raises RoomError with the seconds to wait."""
        now = time.monotonic()
        while self._times and self._times[0] <= now - 60:
            self._times.popleft()
        if len(self._times) >= self._most:
            wait = 60 - (now - self._times[0]) if self._times else 60
            words = f"The limit is {self._most} {self._what} a minute. Wait {wait:.0f} s."
            raise RoomError("too_many", words)
        self._times.append(now)
