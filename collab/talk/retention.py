"""Deletes messages that are too old, and the chat when its owner clears it.

The owner of a room may have it keep messages for fewer days than the server does, never for more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from logging import getLogger
from uuid import UUID

from collab.errors import LogError
from collab.talk.options import TalkOptions
from collab.talk.refusals import Refused
from collab.talk.rows import TalkRows
from collab.talk.store import TalkStore

_LOG = getLogger(__name__)
_SWEEP = 600.0
"""Seconds between two looks for messages that are older than they are kept."""
_SWEPT = 500
_ALL = 2**53
"""A number beyond those of all messages."""


class Retention:
    """Deletes messages. Calls `changed` with a room when its people are to be told."""

    def __init__(
        self,
        options: TalkOptions,
        rows: TalkRows,
        store: TalkStore,
        changed: Callable[[UUID], None],
    ) -> None:
        self.most = options.keep_days or None
        """The days for which the server keeps messages; None is for ever."""
        self._rows = rows
        self._store = store
        self._changed = changed

    async def clear(self, room_id: UUID, number: int = _ALL) -> None:
        """Delete the chat of a room up to a number. Raises LogUnavailable: then it is gone for
        everybody, and `sweep` deletes the texts."""
        await self._store.clear(room_id, number)
        self._changed(room_id)
        await self._store.erase(room_id)

    async def keep_days(self, room_id: UUID) -> float | None:
        """Return for how many days a room keeps messages; None for ever. Raises LogUnavailable."""
        days = [each for each in (await self._rows.keep_days(room_id), self.most) if each]
        return min(days, default=None)

    async def set_keep_days(self, room_id: UUID, days: float | None) -> None:
        """Have a room keep messages for so many days; None is as long as the server does. Older
        ones are deleted at once. Raises Refused and LogUnavailable."""
        if days is not None and self.most is not None and days > self.most:
            raise Refused("kept_too_long", f"This server keeps messages for {self.most:g} days.")
        await self._store.set_keep_days(room_id, days)
        await self.sweep()

    async def sweep(self) -> None:
        """Delete messages that are too old. Raises LogUnavailable."""
        for room_id, number in (await self._rows.old_chat(self.most)).items():
            await self.clear(room_id, number)
        while found := await self._rows.old_comments(self.most, _SWEPT):
            for room_id, numbers in found.items():
                await self._store.delete(room_id, numbers)
                self._changed(room_id)
        for room_id in await self._rows.unerased():
            await self._store.erase(room_id)

    async def sweep_for_ever(self) -> None:
        """Delete messages that are too old, every few minutes."""
        while True:
            try:
                await self.sweep()
            except LogError as error:
                _LOG.warning("old messages wait to be deleted: %s", error)
            await asyncio.sleep(_SWEEP)
