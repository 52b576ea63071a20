"""Reads rooms for programs: at the head, or as they were."""

from __future__ import annotations

import asyncio

from litestar.types import Scope

from collab.files.errors import no_file, no_revision, no_room
from collab.live import wire
from collab.live.addresses import Account
from collab.live.hub import parse_room_id
from collab.room.fold import fold
from collab.room.log import PAGE, Log
from collab.room.state import State

_ENTRIES = 25
"""Entries that are read from the log for the price of a frame of a WebSocket."""


class Reader:
    """Reads from the log for one request. Its address pays for the entries."""

    def __init__(self, log: Log, scope: Scope, account: Account) -> None:
        self._log = log
        self._scope = scope
        self.account = account

    async def room(self, room_id: str, revision: int | None = None) -> State:
        """A room at a revision, or at its head. Raises NotFoundException and LogUnavailable."""
        known = parse_room_id(room_id)
        opened = await self._log.open(known) if known else None
        if known is None or opened is None:
            raise no_room()
        state = opened.state
        if revision is not None and state.revision > revision:
            state = State()  # the only snapshot is newer
        while revision is None or state.revision < revision:
            entries = await self._log.since(known, state.revision)
            for entry in entries:
                if state.revision != revision:
                    fold(state, entry)
            await self.pay(len(entries))
            if len(entries) < PAGE:
                break
        if revision is not None and state.revision < revision:
            raise no_revision(revision, state.revision)
        return state

    async def pay(self, entries: int) -> None:
        """Charge for entries that are read from the log, and wait where the address is in debt."""
        now = asyncio.get_running_loop().time()
        if wait := self.account.take(entries / _ENTRIES, 0, now):
            await self.rest(wait)

    async def rest(self, seconds: float) -> None:
        """Wait, or until the program has gone."""
        await wire.rest(self._scope, seconds)


def find_node(state: State, path: str) -> str | None:
    """The id of the file or folder at a path, in whatever case and normal form; None if there is
    none."""
    return state.tree.find(path.strip("/"))


def find_file(state: State, path: str) -> str:
    """The id of the text or asset at a path. Raises NotFoundException."""
    node = find_node(state, path)
    if node is None or state.tree[node].is_folder:
        raise no_file(path.strip("/"))
    return node
