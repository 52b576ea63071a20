"""Serves programs, which have no socket: reads rooms and commits changes for them.

The address of a program is charged for the log entries that the program reads and writes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from math import ceil
from typing import Annotated, Any, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from litestar import Request
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import HeaderParameter
from msgspec import Struct

from collab.live import wire
from collab.live.addresses import Account, Addresses
from collab.live.asker import NAME_HEADER, PERSON_HEADER, asker_of
from collab.live.host import Host, Visitor
from collab.live.hub import Hub
from collab.live.permits import no_room, parse_room_id, permit_of
from collab.protocol import Cause, Change, FileId, Many, Origin, Single
from collab.room.fold import fold
from collab.room.log import PAGE, Log, read_texts
from collab.room.state import State
from collab.room.texts import Text

T = TypeVar("T")

NameHeader = Annotated[
    str | None,
    HeaderParameter(
        name=NAME_HEADER,
        description="the name of who asks, as people in the room are told it; percent-encoded",
    ),
]
PersonHeader = Annotated[
    str | None,
    HeaderParameter(name=PERSON_HEADER, description="the public id of who asks, as in `join`"),
]
_ENTRIES = 25
"""The number of log entries whose reading costs as much as one frame of a WebSocket."""
_LONGEST_REST = 5.0
"""The most seconds that an answer is held back because the room's log grows fast."""
_LINGER = 5.0
"""Seconds that a room stays in memory after a request. Otherwise a program that makes many
requests, one after the other, would have the room read from the log, and a snapshot written, for
each change."""


_CHAPTER = 1000
"""The most entries that are read to know what a room was, beside what is kept of its past."""


@runtime_checkable
class Past(Protocol):
    """Reads rooms as they were, without folding their logs from the start.

    Every call may raise LogUnavailable. The revisions must be committed.
    """

    async def head(self, room_id: UUID) -> int | None:
        """Read the last revision of a room; None if there is no such room."""

    async def tree(self, room_id: UUID, revision: int) -> State:
        """Read the tree at a revision. All texts in it are empty."""

    async def text(self, room_id: UUID, file: FileId, revision: int) -> str:
        """Read a text at a revision."""

    async def texts(self, room_id: UUID, revision: int) -> dict[FileId, str]:
        """Read all texts at a revision, those of removed files too."""

    async def lengths(self, room_id: UUID, revision: int) -> dict[FileId, int]:
        """Read how long each text is at a revision, in code points."""

    async def blame(
        self, room_id: UUID, tree: State, file: FileId, *, whole: bool = False
    ) -> object:
        """Read who wrote a text at the revision of `tree`: a body to answer with. It has the text
        itself where `whole`."""


class Moment(Struct, frozen=True):
    """A room and its head, as far as a request has to know them."""

    room_id: UUID
    head: int

    def check(self, revision: int | None) -> int:
        """Return a revision that there is; the head for None. Raises NotFoundException."""
        if revision is None:
            return self.head
        if revision > self.head:
            raise no_revision(revision, self.head)
        return revision


class Reader:
    """Reads from the log for one request. Its address is charged for the entries.

    `asker` is the person or program that the request comes from.
    """

    def __init__(
        self,
        request: Request[Any, Any, Any],
        log: NamedDependency[Log],
        past: NamedDependency[Past],
        addresses: NamedDependency[Addresses],
        name: NameHeader = None,
        person: PersonHeader = None,
    ) -> None:
        self.asker = asker_of(name, person)
        self._log = log
        self._past = past
        self._scope = request.scope
        self.permit = permit_of(request.scope)
        self.account = addresses.account(self.address, asyncio.get_running_loop().time())

    @property
    def address(self) -> str:
        """Return the address that the request comes from; "" for none."""
        client = self._scope["client"]
        return client[0] if client else ""

    def visitor(self, origin: Origin = "tool", key: str = "") -> Visitor:
        """Return who changes a room for this request: see `Visitor`."""
        return Visitor(self.asker, origin, self.account, key, permit=self.permit)

    async def room(self, room_id: str, revision: int | None = None, *, whole: bool = True) -> State:
        """Read a room at a revision, or at its head. Raises NotFoundException and LogUnavailable.

        Unless `whole`, texts may be absent: see `texts`. A revision is read from the past, so the
        log is not folded from its start.
        """
        if revision is not None:
            return await self._room_then(room_id, revision, whole=whole)
        known = parse_room_id(room_id)
        opened = await self._log.open(known) if known else None
        if known is None or opened is None:
            raise no_room()
        state = opened.state
        while True:
            entries = await self._log.since(known, state.revision)
            for entry in entries:
                fold(state, entry)
            await self.pay(len(entries))
            if len(entries) < PAGE:
                break
        if whole:
            await self.texts(room_id, state)
        return state

    async def _room_then(self, room_id: str, revision: int, *, whole: bool) -> State:
        """Read a room at a revision from its past. Unless `whole`, texts have only a length."""
        room = await self.moment(room_id)
        state = await self._past.tree(room.room_id, room.check(revision))
        if whole:
            texts = await self._past.texts(room.room_id, revision)
            for file in state.files.values():
                file.text = Text(texts.get(file.id, ""))
        else:
            lengths = await self._past.lengths(room.room_id, revision)
            for file in state.files.values():
                file.text = Text(None, length=lengths.get(file.id, 0))
        state.size += sum(len(file.text) for file in state.files.values())
        return state

    async def texts(
        self, room_id: str, state: State, files: Collection[FileId] | None = None
    ) -> None:
        """Load the texts of these files, or of all, into a state that `room` has read."""
        known = parse_room_id(room_id)
        assert known
        await read_texts(self._log, known, state, files)

    async def moment(self, room_id: str) -> Moment:
        """Read the head of a room, for a request that looks into its past. The address is charged
        for the entries that the past is read from. Raises NotFoundException and LogUnavailable."""
        known = parse_room_id(room_id)
        head = await self._past.head(known) if known else None
        if known is None or head is None:
            raise no_room()
        await self.pay(min(head, _CHAPTER) // 4)
        return Moment(known, head)

    async def file_then(
        self, room_id: str, revision: int, find: Callable[[State], FileId | None]
    ) -> tuple[State, FileId | None]:
        """Read the tree at a revision, with the text of the one file that `find` finds in it.

        The log is not folded from its start. Raises NotFoundException and LogUnavailable.
        """
        room = await self.moment(room_id)
        state = await self._past.tree(room.room_id, room.check(revision))
        node = find(state)
        if node in state.files:
            text = await self._past.text(room.room_id, node, revision)
            state.files[node].text = Text(text)
        return state, node

    async def blame(self, room_id: str, state: State, file: FileId, *, whole: bool) -> object:
        """Read who wrote a text of a room at the revision of `state`: see `Past.blame`."""
        room = await self.moment(room_id)
        return await self._past.blame(room.room_id, state, file, whole=whole)

    async def pay(self, entries: int) -> None:
        """Charge for entries that are read from the log, and wait if the address is in debt."""
        now = asyncio.get_running_loop().time()
        if wait := self.account.take(entries / _ENTRIES, 0, now):
            await self.rest(wait)

    def charge(self, size: int) -> None:
        """Charge for bytes that the request has the database keep."""
        self.account.log.take(size, asyncio.get_running_loop().time())

    async def rest(self, seconds: float) -> None:
        """Wait so many seconds, or until the program has gone."""
        await wire.rest(self._scope, seconds)


@asynccontextmanager
async def room_to_change(hub: Hub, reader: Reader, room_id: str) -> AsyncIterator[Host]:
    """Hold a room in memory that a program is to change.

    Raises TooManyRequestsException, and what `held_room` does.
    """
    check_budget(reader.account)
    async with held_room(hub, room_id) as host:
        yield host


@asynccontextmanager
async def held_room(hub: Hub, room_id: str) -> AsyncIterator[Host]:
    """Hold a room in memory, and a little longer. Raises NotFoundException, and what `Hub.room`
    does."""
    known = parse_room_id(room_id)
    if known is None:
        raise no_room()
    async with hub.room(known, linger=_LINGER) as host:
        if host is None:
            raise no_room()
        yield host


async def submit(
    host: Host,
    reader: Reader,
    revision: int,
    parts: Sequence[Single],
    look: Callable[[State], T],
    *,
    cause: Cause = "import",
    origin: Origin = "tool",
    key: str = "",
) -> T:
    """Commit changes made on a revision, all in one. Returns what `look` finds right after them.

    An import of one part is that part alone. Raises what `Host.visit` does.
    """
    alone = len(parts) == 1 and cause == "import"
    change = parts[0] if alone else Many(list(parts), cause)
    return await submit_one(host, reader, revision, change, look, origin=origin, key=key)


async def submit_one(
    host: Host,
    reader: Reader,
    revision: int,
    change: Change,
    look: Callable[[State], T],
    *,
    origin: Origin = "tool",
    key: str = "",
) -> T:
    """Commit a change made on a revision. Returns what `look` finds right after it.

    Raises what `Host.visit` does.
    """
    await reader.pay(max(0, host.room.past.oldest - revision))
    found, pause = await host.visit(reader.visitor(origin, key), revision, change, look)
    if pause:
        await reader.rest(min(pause, _LONGEST_REST))
    return found


def check_budget(account: Account) -> None:
    """Raise TooManyRequestsException while an address is in debt for what it has written."""
    wait = ceil(account.log.wait(0, asyncio.get_running_loop().time()))
    if wait:
        raise TooManyRequestsException(
            f"Your address has written more than it may in an hour. Try again in {wait} s.",
            headers={"retry-after": str(wait)},
            extra={"code": "too_much_written"},
        )


def no_revision(revision: int, head: int) -> NotFoundException:
    words = f"Revision {revision} is above the head of this room, {head}."
    return NotFoundException(words, extra={"code": "unknown_revision"})
