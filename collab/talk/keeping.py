"""Keeps messages in as few transactions as their number asks for.

What costs those who type is not a message but its commit: theirs waits while the disk is told of
it. A message goes at once. What is said while its room has a transaction under way goes together
in the next, and so does what several rooms have to say then. In a flood messages go five times a
second. `Pace` tells what a flood is.

One statement keeps the messages of a room in the order in which they came, and judges each after
those before it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from logging import getLogger
from uuid import UUID

from msgspec import Struct

from collab.errors import LogError, LogUnavailable, NotStorable
from collab.live.tasks import Tasks
from collab.talk.options import TalkLimits
from collab.talk.said import Author, Draft
from collab.talk.store import TalkStore

_LOG = getLogger(__name__)
_AT_ONCE = 2
"""Transactions at once, so that one that hangs does not keep all rooms waiting."""
_MOST = 100
"""Messages of a transaction."""
_FLOOD_OF_ROOM = 10
_FLOOD_OF_ALL = 200
"""So many messages in `_WITHIN` seconds are a flood, in one room and in those of this process."""
_WITHIN = 2.0
_REST = 0.2
"""Seconds between two transactions of a flood."""
_MOST_PACES = 10_000


class Pace:
    """Tells when the next messages may go: at once, and in a flood a while after the last ones."""

    def __init__(self, flood: int) -> None:
        self._went: deque[float] = deque(maxlen=flood)

    def due(self, now: float) -> float:
        """Return the time from which on messages may go."""
        if len(self._went) == self._went.maxlen and now - self._went[0] < _WITHIN:
            return self._went[-1] + _REST
        return now

    def go(self, messages: int, now: float) -> None:
        self._went.extend([now] * messages)


class _Saying(Struct, eq=False):
    author: Author
    draft: Draft
    kept: asyncio.Future[int | None]


class Keeping:
    """Keeps the messages of this process. `changed` is called with each room that has new ones."""

    def __init__(
        self, store: TalkStore, limits: TalkLimits, changed: Callable[[UUID], None]
    ) -> None:
        self._store = store
        self._limits = limits
        self._changed = changed
        self._waiting: dict[UUID, deque[_Saying]] = {}
        self._running: dict[UUID, asyncio.Future[None]] = {}
        """The rooms that have a transaction under way, and what is done when it has ended."""
        self._groups = 0
        self._pace = Pace(_FLOOD_OF_ALL)
        self._paces: dict[UUID, Pace] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._tasks = Tasks(_LOG, "keeping messages failed by a mistake of ours")

    async def close(self) -> None:
        """Keep nothing more. Pages send again what was not said."""
        for waiting in self._waiting.values():
            for saying in waiting:
                saying.kept.cancel()
        self._waiting.clear()
        await self._tasks.close()

    async def keep(self, room_id: UUID, author: Author, draft: Draft) -> int | None:
        """Do what `TalkStore.say` does, even if the caller is cancelled."""
        saying = _Saying(author, draft, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(room_id, deque()).append(saying)
        self._go_on()
        return await saying.kept

    async def landed(self, room_id: UUID) -> None:
        """Wait until the authors of the messages that are being kept have their answers."""
        if running := self._running.get(room_id):
            await asyncio.wait([running])

    def _go_on(self) -> None:
        """Keep what waits, now or when it is due. The end of a transaction calls this again."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        due: dict[UUID, float] = {}
        for room_id in self._waiting.keys() - self._running.keys():
            pace = self._paces.get(room_id)
            due[room_id] = max(self._pace.due(now), pace.due(now) if pace else now)
        if not due or self._groups == _AT_ONCE:
            return
        if (soonest := min(due.values())) > now:
            self._timer = loop.call_at(soonest, self._go_on)
            return
        group: dict[UUID, list[_Saying]] = {}
        room_left = _MOST
        for room_id in [one for one in self._waiting if due.get(one, now + 1) <= now]:
            if room_left:
                group[room_id] = self._take(room_id, room_left, now)
                room_left -= len(group[room_id])
        self._pace.go(_MOST - room_left, now)
        self._groups += 1
        ended = loop.create_future()
        self._running.update(dict.fromkeys(group, ended))
        self._tasks.spawn(self._run(group, ended))

    def _take(self, room_id: UUID, most: int, now: float) -> list[_Saying]:
        """Take the first messages of a room that wait."""
        waiting = self._waiting[room_id]
        taken = list(islice(waiting, most))
        for _ in taken:
            waiting.popleft()
        if not waiting:
            del self._waiting[room_id]
        if len(self._paces) > _MOST_PACES:
            self._paces.clear()
        self._paces.setdefault(room_id, Pace(_FLOOD_OF_ROOM)).go(len(taken), now)
        return taken

    async def _run(self, group: dict[UUID, list[_Saying]], ended: asyncio.Future[None]) -> None:
        try:
            # All processes lock rooms in one order.
            await self._keep({room_id: group[room_id] for room_id in sorted(group)})
        except BaseException:
            for sayings in group.values():
                for saying in sayings:
                    saying.kept.cancel()
            raise
        finally:
            self._groups -= 1
            for room_id in group:
                del self._running[room_id]
            ended.set_result(None)  # after the results, so who waits for it comes after the authors
            self._go_on()

    async def _keep(self, group: Mapping[UUID, Sequence[_Saying]]) -> None:
        """Keep the messages of a transaction, and give each author the result."""
        sayings = [saying for each in group.values() for saying in each]
        results = await self._together(group)
        for room_id in group:
            self._changed(room_id)  # first: the other processes have the longest way
        for saying, result in zip(sayings, results, strict=True):
            if saying.kept.done():
                continue  # the caller was cancelled
            if isinstance(result, LogError):
                saying.kept.set_exception(result)
            else:
                saying.kept.set_result(result)

    async def _together(
        self, group: Mapping[UUID, Sequence[_Saying]]
    ) -> Sequence[int | LogError | None]:
        sayings = [(room_id, saying) for room_id, each in group.items() for saying in each]
        try:
            if len(sayings) > 1:
                said = {
                    room_id: [(saying.author, saying.draft) for saying in each]
                    for room_id, each in group.items()
                }
                return await self._store.say_all(said, self._limits)
        except LogUnavailable as error:
            return [error] * len(sayings)
        except NotStorable:
            pass  # that is about one of them
        return [await self._alone(room_id, saying) for room_id, saying in sayings]

    async def _alone(self, room_id: UUID, saying: _Saying) -> int | LogError | None:
        try:
            return await self._store.say(room_id, saying.author, saying.draft, self._limits)
        except (NotStorable, LogUnavailable) as error:
            return error
