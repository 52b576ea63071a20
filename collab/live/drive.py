"""Carries out the wishes of a room's pump, on asyncio and the log."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from logging import getLogger
from typing import Any
from uuid import UUID

from collab.errors import LogUnavailable, NotStorable
from collab.live.guard import Guard
from collab.room.log import Log
from collab.room.room import Room
from collab.room.state import Entry
from collab.room.wishes import (
    Append,
    Arrival,
    Aside,
    AskAccess,
    LastSeq,
    Open,
    Pause,
    Since,
    Texts,
    Turn,
    Wish,
    Work,
)
from collab.telemetry import metrics
from collab.telemetry.logs import short

_LOG = getLogger(__name__)


class Drive:
    """Drives pieces of the pump's work, each step of them within the guard of the room.

    Calls `stepped` after each step. After the step that follows a commit, it also calls
    `committed`, with the committed entries and the seconds that the commit took.
    """

    def __init__(
        self,
        room_id: UUID,
        room: Room,
        log: Log,
        guard: Guard,
        stepped: Callable[[], None],
        committed: Callable[[list[Entry], float], None],
    ) -> None:
        self._room_id = room_id
        self._room = room
        self._log = log
        self._guard = guard
        self._stepped = stepped
        self._committed = committed

    async def do(self, work: Work) -> None:
        """Carry out the wishes of a piece of work, until it ends. Raises LogUnavailable."""
        step: Callable[[], Wish] = partial(next, work)
        while wish := self._step(step):
            try:
                began = time.perf_counter()
                answer = await self._do(wish)
            except Exception as error:  # noqa: BLE001 - what is not the log's is ours, and drops the room
                self._note(wish, error)
                step = partial(work.throw, error)
            else:
                step = partial(work.send, answer)
                if isinstance(wish, Append):
                    took = time.perf_counter() - began
                    step = partial(self._after_commit, step, wish.entries, took)

    def _step(self, step: Callable[[], Wish]) -> Wish | None:
        """Run a piece of work up to its next wish; None at its end.

        Raises LogUnavailable, also where the step failed by a mistake and the room is dropped.
        """
        found: list[Wish] = []

        def go_on() -> None:
            with suppress(StopIteration):
                found.append(step())
            self._stepped()

        if not self._guard.enter(go_on):
            raise LogUnavailable("the room has just left memory")
        return found[0] if found else None

    def _after_commit(self, step: Callable[[], Wish], entries: list[Entry], took: float) -> Wish:
        try:
            return step()
        finally:
            self._committed(entries, took)

    async def _do(self, wish: Wish) -> Any:
        match wish:
            case Append(entries, access):
                await self._log.append(self._room_id, entries, access)
            case Since(revision):
                entries = await self._log.since(self._room_id, revision)
                if entries and entries[-1].revision > self._room.revision:
                    age = datetime.now(UTC) - entries[-1].created_at
                    metrics.DOORBELL.observe(max(0.0, age.total_seconds()))
                return entries
            case Open():
                return await self._log.open(self._room_id)
            case Texts(files):
                return await self._log.texts(self._room_id, files)
            case LastSeq(client):
                return await self._log.last_seq(self._room_id, client)
            case Arrival(client, who, login, secret):
                return await self._log.arrival(self._room_id, client, who, login, secret)
            case AskAccess(whos):
                return await self._log.access(self._room_id, whos)
            case Pause(seconds, error):
                _LOG.warning("room %s waits for its log: %s", short(self._room_id), error)
                await asyncio.sleep(seconds)
            case Aside(do):
                return await asyncio.to_thread(do)
            case Turn():
                await asyncio.sleep(0)
        return None

    def _note(self, wish: Wish, error: Exception) -> None:
        """Count and log an error of an append."""
        if isinstance(wish, Append):
            metrics.FAILED.labels(type(error).__name__).inc()
            if isinstance(error, NotStorable) and len(wish.entries) == 1:
                _LOG.warning("room %s: not storable: %s", short(self._room_id), error)
