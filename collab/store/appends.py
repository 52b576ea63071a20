"""Writes batches of entries to the log, in as few statements as the database's pace asks for.

One statement is the whole fence between server processes: it advances a room's head from the
revision the batch was drafted on, under the access that its authors were judged by, and inserts the
batch only if that succeeded. So nothing of a person who has lost the right to write is committed
after that loss, on any server. The unique (room_id, client, seq) stands behind it: nothing is
applied twice.

Two statements run at once. Batches that come meanwhile wait for one to end and go as one statement,
all rooms together: so a busy database commits more at a time, not later. No room waits for
another's trouble: a group leaves out what another process holds, what the database rejects is
tried alone, in turns with what waits and not more at once, and a statement that takes long holds
nobody up.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from collab.errors import LogError, LogUnavailable, RevisionTaken
from collab.protocol import encoder
from collab.room.state import Entry
from collab.store.connections import Connections

_INSERT = (
    "insert into entry (room_id, revision, client, seq, author, created_at, change, person, origin)"
)
_ONE = f"""{_INSERT}
select id, $4::bigint, $5::text, $6::bigint, $7::text, $8::timestamptz, $9::text,
    $10::text, $11::text from fence
"""  # noqa: S608 - constants alone
_FENCE = """
with fence as (
    update room set head = head + $3, updated_at = now()
    where id = $1 and head = $2 and access = $12 returning id
)
"""
_APPEND_ONE = _FENCE + _ONE
_APPEND_MANY = f"""{_FENCE}{_INSERT}
select fence.id, batch.* from fence, unnest(
    $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::timestamptz[], $9::text[],
    $10::text[], $11::text[]
) as batch
"""  # noqa: S608 - constants alone
# One statement, so that nobody sees a room without its first entry.
_CREATE = f"""
with fence as (
    insert into room (id, head, secret, owner, created_at, updated_at)
    values ($1, $2::bigint + $3, $12, $13, now(), now()) returning id
)
{_ONE}"""  # noqa: S608 - constants alone
# For each room that could be had at once, whether it was at its head, and so its batch is in.
_APPEND_ROOMS = f"""
with batch as (
    select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $13::bigint[])
    as batch (id, head, entries, access)
), locked as (
    select room.id, batch.entries,
        room.head = batch.head and room.access = batch.access as fits
    from room join batch on batch.id = room.id for no key update of room
    skip locked
), fence as (
    update room set head = head + entries, updated_at = now()
    from locked where locked.id = room.id and fits returning room.id
), written as (
    {_INSERT}
    select one.* from unnest(
        $4::uuid[], $5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::timestamptz[],
        $10::text[], $11::text[], $12::text[]
    ) as one (room_id) join fence on fence.id = one.room_id
)
select id, fits from locked
"""  # noqa: S608 - constants alone

_AT_ONCE = 2
"""Statements at once. More would only share the same speed of the database."""
_LONG = 0.1
"""Seconds after which a statement is not waited for by other rooms."""
_MOST = 1000
"""Entries of a group; one batch may have more."""

_Row = tuple[int, str, int, str, datetime, str, str | None, str | None]


class _Append:
    """A batch for a room at `head`, judged under the access of that number."""

    def __init__(self, room_id: UUID, entries: Sequence[Entry], access: int) -> None:
        self.room_id = room_id
        self.access = access
        self.head = entries[0].revision - 1
        self.rows: list[_Row] = [
            (
                e.revision,
                e.client,
                e.seq,
                e.author,
                e.created_at,
                encoder.encode(e.change).decode(),
                e.person,
                e.origin,
            )
            for e in entries
        ]
        self.done: asyncio.Future[None] | None = None

    def end(self, error: BaseException | None) -> None:
        """Give the result to the caller of `append`, unless the call was cancelled."""
        assert self.done
        if self.done.done():
            return
        if error:
            self.done.set_exception(error)
        else:
            self.done.set_result(None)


class Appends:
    """Writes batches, in the order in which they come as far as they wait. A room has one at a
    time; where it has two, the fence lets one in."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._running: dict[object, float] = {}
        """The groups whose statements run, and the time when each began."""
        self._waiting: dict[UUID, _Append] = {}
        self._lone: deque[_Append] = deque()
        """Batches to be tried alone, because a group with them failed or left them out."""
        self._lone_last = False
        self._wary: set[UUID] = set()
        """Rooms of a group that failed. One of them may be the cause, so each is tried alone."""
        self._groups: set[asyncio.Task[None]] = set()
        self._look: asyncio.TimerHandle | None = None

    async def append(self, room_id: UUID, entries: Sequence[Entry], access: int) -> None:
        """Commit a room's next entries. Raises what Log.append does."""
        append = _Append(room_id, entries, access)
        if room_id in self._wary or room_id in self._waiting:
            append.done = asyncio.get_running_loop().create_future()
            self._lone.append(append)
            self._go_on()
            await append.done
            self._wary.discard(room_id)
        elif self._is_free():
            self._running[append] = time.monotonic()
            try:
                await self._alone(append)
            finally:
                del self._running[append]
                self._go_on()
        else:
            append.done = asyncio.get_running_loop().create_future()
            self._waiting[room_id] = append
            self._go_on()
            await append.done

    async def create(self, room_id: UUID, secret: bytes, first: Entry, owner: UUID | None) -> None:
        """Make a room whose log begins with this entry. Raises LogUnavailable, NotStorable."""
        append = _Append(room_id, [first], 0)
        await self._connections.execute(
            _CREATE, room_id, append.head, 1, *append.rows[0], secret, owner
        )

    def _is_free(self) -> bool:
        if len(self._running) < _AT_ONCE:
            return True
        now = time.monotonic()
        return sum(now - since < _LONG for since in self._running.values()) < _AT_ONCE

    def _go_on(self) -> None:
        """Send waiting batches now, or look again when the running statements have taken long."""
        while (self._waiting or self._lone) and self._is_free():
            group = self._take()
            self._running[group] = time.monotonic()
            task = asyncio.create_task(self._together(group))
            self._groups.add(task)
            task.add_done_callback(self._groups.discard)
        if (self._waiting or self._lone) and self._look is None:
            self._look = asyncio.get_running_loop().call_later(_LONG, self._look_again)

    def _look_again(self) -> None:
        self._look = None
        self._go_on()

    def _take(self) -> tuple[_Append, ...]:
        """Take the batches that have waited longest, in turns with one that goes alone."""
        self._lone_last = bool(self._lone) and not (self._waiting and self._lone_last)
        if self._lone_last:
            return (self._lone.popleft(),)
        group: list[_Append] = []
        entries = 0
        for append in [*self._waiting.values()]:
            entries += len(append.rows)
            if group and entries > _MOST:
                break
            group.append(self._waiting.pop(append.room_id))
        return tuple(group)

    async def _together(self, group: tuple[_Append, ...]) -> None:
        """Commit a group, and give each caller its result."""
        try:
            if len(group) == 1:
                await self._settle(group[0])
            else:
                self._lone.extend(await self._commit(group))
        except BaseException as error:
            for append in group:
                append.end(error)
            raise
        finally:
            del self._running[group]
            self._go_on()

    async def _commit(self, group: tuple[_Append, ...]) -> Sequence[_Append]:
        """Try a group in one statement. Returns the batches to be tried alone."""
        ids = [append.room_id for append in group]
        rows = [(append.room_id, *row) for append in group for row in append.rows]
        try:
            answers = await self._connections.fetch(
                _APPEND_ROOMS,
                ids,
                [append.head for append in group],
                [len(append.rows) for append in group],
                *map(list, zip(*rows, strict=True)),
                [append.access for append in group],
            )
        except LogUnavailable as error:
            self._wary.update(ids)
            for append in group:
                append.end(error)
            return ()
        except LogError:
            return group
        fits: dict[UUID, bool] = dict(answers)  # type: ignore[arg-type]
        for append in group:
            if append.room_id in fits:
                append.end(None if fits[append.room_id] else _taken(append))
        return [append for append in group if append.room_id not in fits]

    async def _settle(self, append: _Append) -> None:
        try:
            await self._alone(append)
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for it
            append.end(error)
        else:
            append.end(None)

    async def _alone(self, append: _Append) -> None:
        rows = append.rows
        # Most batches are one entry, and arrays would make its commit a fifth slower.
        one = len(rows) == 1
        statement = _APPEND_ONE if one else _APPEND_MANY
        batch: Sequence[object] = rows[0] if one else list(zip(*rows, strict=True))
        status = await self._connections.execute(
            statement, append.room_id, append.head, len(rows), *batch, append.access
        )
        if status != f"INSERT 0 {len(rows)}":
            raise _taken(append)


def _taken(append: _Append) -> RevisionTaken:
    return RevisionTaken(f"revision {append.head + 1} is taken")
