"""Notices that nothing happens in a room, and frees what it keeps in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from collab.live.audience import Audience
from collab.live.guard import Guard
from collab.room.room import Room

_LULL = 1.0
"""Seconds without an entry after which a room is idle; noticing may take twice as long."""
_REST = 60.0
"""Seconds that a room is idle before it drops from memory what the log has."""
_SLOWLY = 0.05
"""Seconds between two slices of the past that an idle room drops."""


class Idleness:
    """The timers of a room. An idle room tells checksums; a while later it drops its past."""

    def __init__(self, room: Room, guard: Guard, audience: Audience) -> None:
        self._room = room
        self._guard = guard
        self._audience = audience
        self._lull: asyncio.TimerHandle | None = None
        self._rest: asyncio.TimerHandle | None = None

    def watch(self) -> None:
        """Check after a while whether the room is idle, unless a check is pending already."""
        if self._lull is None:
            loop = asyncio.get_running_loop()
            self._lull = loop.call_later(_LULL, self._passed, self._room.revision)

    def end(self) -> None:
        for timer in (self._lull, self._rest):
            if timer:
                timer.cancel()

    async def empty(self, needed: Callable[[], bool]) -> None:
        """Drop the past of a room that leaves memory, in slices: dropping all at once would hold up
        others. Stops when the room is needed again."""
        while len(self._room.past.entries) > 1 and not needed():
            if not self._guard.enter(self._room.rest):
                return
            await asyncio.sleep(0)

    def _passed(self, revision: int) -> None:
        """Treat the room as idle when the head is still at this revision."""
        self._lull = None
        if self._room.revision > revision:
            self.watch()
        elif self._guard.enter(self._room.tell_checksums):
            self._audience.tell()
            if self._rest:
                self._rest.cancel()
            if not self._guard.dropped:
                loop = asyncio.get_running_loop()
                self._rest = loop.call_later(_REST, self._forget, self._room.revision)

    def _forget(self, revision: int) -> None:
        """Have an idle room drop its past, a slice at a time."""
        if self._room.revision != revision or not self._guard.enter(self._room.rest):
            return
        if len(self._room.past.entries) > 1:
            loop = asyncio.get_running_loop()
            self._rest = loop.call_later(_SLOWLY, self._forget, revision)
