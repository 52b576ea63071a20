"""Carries the anchors of threads in rooms that this process may have to open for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

from collab.errors import LogError, LogUnavailable, PeerError, Restarting
from collab.live.hub import Hub
from collab.talk.anchors import MOST_QUOTE, carry_threads, from_caret, to_caret
from collab.talk.messages import Anchor, ThreadBody
from collab.talk.refusals import Refused
from collab.talk.rows import TalkRows
from collab.talk.said import Opening
from collab.talk.store import TalkStore
from ot import OperationError

_ALL = 2**53
"""A revision beyond those of every room."""


class Anchoring:
    """Finds where the text of an anchor is at the head of its room."""

    def __init__(self, hub: Hub, rows: TalkRows, store: TalkStore) -> None:
        self._hub = hub
        self._rows = rows
        self._store = store

    async def carried(
        self,
        room_id: UUID,
        threads: Sequence[ThreadBody],
        take: Callable[[int, list[ThreadBody]], None],
    ) -> None:
        """Call `take` with the head of the room, and threads carried to it.

        Raises LogUnavailable.
        """
        try:
            async with self._hub.room(room_id) as host:
                if host is not None:
                    await carry_threads(host, threads, take)
        except (PeerError, Restarting) as error:
            raise LogUnavailable(str(error)) from error

    async def opening(self, room_id: UUID, anchor: Anchor, most_quote: int = MOST_QUOTE) -> Opening:
        """Carry the anchor of a new thread to the head, and quote its text up to `most_quote` code
        points. Raises Refused and LogUnavailable."""
        try:
            async with self._hub.room(room_id) as host:
                if host is None:
                    raise LogUnavailable("the room is gone")
                caret = to_caret(anchor.file, anchor.revision, anchor.start, anchor.end)
                await host.carry([caret])
                async with host.holding([anchor.file]):
                    [now] = await host.carry([caret])
                    start, end = from_caret(now, empty=anchor.start == anchor.end)
                    text = str(host.room.state.files[anchor.file].text)
                    quote = text[start : min(end, start + most_quote)]
                    if start == end and anchor.start < anchor.end:
                        quote = anchor.quote[:MOST_QUOTE]
                    return Opening(anchor.file, now.revision, start, end, quote)
        except PeerError as error:
            raise Refused(error.code, error.message) from error
        except OperationError as error:
            raise Refused("bad_anchor", f"The anchor does not fit the file: {error}") from error
        except Restarting as error:
            raise LogUnavailable("this server is about to stop") from error

    async def keep(self, room_id: UUID) -> None:
        """Keep where the anchors of a room are now."""
        carried: list[ThreadBody] = []
        heads: list[int] = []

        def take(revision: int, threads: list[ThreadBody]) -> None:
            heads.append(revision)
            carried.extend(threads)

        with suppress(LogError):
            await self.carried(room_id, await self._rows.stale_threads(room_id, _ALL), take)
            if carried:
                await self._store.move(room_id, heads[0], carried)
