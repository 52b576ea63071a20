"""Tells the people here what runs do, whichever process owns them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

from collab.errors import LogError
from collab.live.hub import Hub
from collab.live.tasks import Tasks
from collab.room.state import Entry
from collab.runs.messages import Output, RunState, state_of
from collab.runs.store import PAGE, Chunk, Row, RunStore

RunKey = tuple[UUID, int]
"""A room, and the revision of the run's entry."""
_LOOK = 1.0
"""Seconds between two looks at a run when no notice arrives."""
_ORPHANED = 3.0
"""Seconds after which a run without an owner is an orphan: the process that committed its entry has
probably died."""


class _Followed:
    """What the people here know of a run.

    `news` is set when there may be something new, and another takes its place. With `behind` the
    run has to be read even where this process owns it. What is written while it is `reading` is
    read once more, since what is being read may be older.
    """

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.state: RunState | None = None
        self.chunks = 0
        self.behind = False
        self.reading = False
        self.over = False

    def wake(self) -> None:
        news, self.news = self.news, asyncio.Event()
        news.set()


class Following:
    """Follows runs until they end.

    A run that `is_ours` is told as its owner writes it, and is not read. `adopt` is called with the
    entry of an orphan.
    """

    def __init__(
        self,
        hub: Hub,
        store: RunStore,
        tasks: Tasks,
        is_ours: Callable[[RunKey], bool],
        adopt: Callable[[UUID, Entry], None],
    ) -> None:
        self._hub = hub
        self._store = store
        self._tasks = tasks
        self._is_ours = is_ours
        self._adopt = adopt
        self._followed: dict[RunKey, _Followed] = {}

    def follow(self, key: RunKey, entry: Entry | None = None, *, late: bool = False) -> None:
        """Tell the people here of a run until it has ended. With `late`, one that has ended already
        is not told again."""
        if key not in self._followed:
            followed = self._followed[key] = _Followed()
            self._tasks.spawn(self._follow(key, followed, entry, late=late))

    def news(self, key: RunKey) -> asyncio.Event:
        """An event that is set when there may be something new about a run: see `wait`."""
        self.follow(key, late=True)
        return self._followed[key].news

    def wake(self, key: RunKey) -> None:
        """Note that there may be something new about a run."""
        if followed := self._followed.get(key):
            followed.wake()

    def wrote(self, key: RunKey, row: Row | None, chunk: Chunk | None) -> None:
        """Tell of a run of ours that has just been written: its row, and its next chunk. Without
        the row it is not ours any more, as far as the database has answered."""
        followed = self._followed.get(key)
        if followed is None:
            return
        if row is None or followed.reading:
            followed.behind = True
        elif not followed.behind:
            self._tell(key, followed, row, [chunk] if chunk else [])
        followed.wake()

    async def claimed(self, key: RunKey) -> Row | None:
        """Wait until a run that has just been committed has an owner, and read it."""
        until = asyncio.get_running_loop().time() + 2 * _ORPHANED
        while True:
            news = self.news(key)
            row = await self._store.one(*key)
            if row or asyncio.get_running_loop().time() > until:
                return row
            await wait(news)

    async def _follow(
        self, key: RunKey, followed: _Followed, entry: Entry | None, *, late: bool
    ) -> None:
        loop = asyncio.get_running_loop()
        orphaned_at = loop.time() + _ORPHANED
        try:
            while not followed.over:
                news = followed.news
                if followed.behind or not self._is_ours(key):
                    with suppress(LogError):
                        row = await self._read(key, followed, late=late)
                        late = False
                        if row is None and loop.time() > orphaned_at:
                            if entry is None:
                                return
                            self._adopt(key[0], entry)
                if not followed.over:
                    await wait(news)
        finally:
            self._followed.pop(key).wake()

    async def _read(self, key: RunKey, followed: _Followed, *, late: bool) -> Row | None:
        """Read a run, and tell what is new."""
        followed.behind, followed.reading = False, True
        try:
            while True:
                row, chunks = await self._store.progress(*key, followed.chunks)
                if row is None:
                    return None
                if late and row.state == "ended":
                    followed.over = True
                    return row
                more = len(chunks) == PAGE
                self._tell(key, followed, row, chunks, more=more)
                if not more:
                    return row
        finally:
            followed.reading = False

    def _tell(
        self,
        key: RunKey,
        followed: _Followed,
        row: Row,
        chunks: Sequence[Chunk],
        *,
        more: bool = False,
    ) -> None:
        """Tell the people here what they do not know: the end of a run last, after all its output,
        so not while there is `more` of that."""
        room_id, revision = key
        state, ended = state_of(row), row.state == "ended"
        if not ended and state != followed.state:
            self._hub.tell_everybody(room_id, state)
            followed.state = state
        for n, parts in chunks:
            if n > followed.chunks:
                self._hub.tell_everybody(room_id, Output(revision, n, parts))
                followed.chunks = n
        if ended and not more and not followed.over:
            self._hub.tell_everybody(room_id, state)
            followed.over = True


async def wait(news: asyncio.Event) -> None:
    """Wait until the event is set, or until it is time to look without it."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_LOOK):
            await news.wait()
