"""Changes the rows of talk, in PostgreSQL. All times are the database's.

Each change takes the next stamp of its room in its own statement, which locks the room's counters
until it is committed. So whoever has read up to a stamp has missed nothing below it. A change of a
thread also gives a message of it that stamp, so reading messages finds changed threads, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg
from msgspec import Struct, json

from collab.errors import NotStorable
from collab.store.connections import Connections
from collab.talk.messages import ThreadBody
from collab.talk.options import TalkLimits
from collab.talk.rows import words_of
from collab.talk.said import Author, Draft

_STAMPED = """
with counter as (
    insert into talk as old (room_id, stamp, said) select id, 1, 0 from room where id = $1
    on conflict (room_id) do update set stamp = old.stamp + 1
    returning stamp
)"""
# One statement checks and keeps messages of a room in their order, and has a row for each of them:
# its number, null if it is not kept. It keeps none that fails a check, or whose author's role was
# read at another access of the room. `_BEFORE` then tells why.
#
# What looks into `message` is a subquery with an order, which makes PostgreSQL use the index of the
# author. It would otherwise keep the plan for a table that is still small, and read the whole room.
_SAY = """
with given as materialized (
    select * from json_to_recordset($2::json) as one (
        place bigint, who text, person text, author text, colour bigint, access bigint,
        nonce text, text text, words text, thread bigint, reply bigint, suggestion text,
        mentions text, people text[], names text[], file text, revision bigint,
        start_at bigint, end_at bigint, quote text)
), allowed as (
    select given.*, row_number() over (partition by who order by place) as turn
    from given join room on room.id = $1 and room.access = given.access
    where not exists(select from given as earlier where earlier.who = given.who
            and earlier.nonce = given.nonce and earlier.place < given.place)
        and (select number from message where room_id = $1 and who = given.who
            and nonce between given.nonce and given.nonce order by nonce limit 1) is null
        and (given.thread = 0 or (select id from thread
            where room_id = $1 and id = given.thread and not deleted limit 1) > 0)
        and (given.reply = 0 or (select number from message
            where room_id = $1 and number = given.reply and thread = 0 limit 1) > 0)
), paced as (
    select *, count(file) over (order by place) as opens from allowed
    where turn + (select count(*) from (select from message
            where room_id = $1 and who = allowed.who and at > now() - interval '1 minute'
            order by at limit $3) as lately) <= $3::bigint
), fresh as (
    select *, row_number() over (order by place) as nth, count(*) over () as total from paced
    where file is null or opens + (select count(*) from thread
        where room_id = $1 and not deleted and resolved_by is null) <= $4::bigint
), counter as (
    insert into talk as old (room_id, stamp, said)
    select $1::uuid, count(*), count(*) from fresh having count(*) > 0
    on conflict (room_id) do update
    set stamp = old.stamp + excluded.stamp, said = old.said + excluded.said
    returning stamp, said
), kept as (
    select fresh.*, stamp - total + nth as stamp, said - total + nth as number
    from fresh, counter
), opened as (
    insert into thread
        (room_id, id, file, revision, start_at, end_at, quote, resolved_by, deleted)
    select $1::uuid, number, file, revision, start_at, end_at, quote, null, false
    from kept where file is not null
), mentioned as (
    insert into mention (account_id, room_id, number)
    select found.account_id, $1::uuid, number from kept, lateral (
        select account_id from client_of
        where room_id = $1 and (person = any(people) or name = any(names))
        union
        select account.id from member join account on account.id = member.who
        where room_id = $1 and role <> 'none'
            and coalesce(account.name, member.name) = any(names)
        union
        select account.id from room join account on account.id = room.owner
        where room.id = $1 and account.name = any(names)
        limit 100
    ) as found
    where cardinality(people) + cardinality(names) > 0
), written as (
    insert into message (room_id, number, stamp, who, nonce, person, author, colour, at, text,
        words, thread, suggestion, accepted_by, mentions, reply)
    select $1::uuid, number, stamp, who, nonce, person, author, colour, clock_timestamp(), text,
        to_tsvector('simple', words), case when file is null then thread else number end,
        suggestion, null, mentions, reply
    from kept order by kept.number
)
select kept.number from given left join kept on kept.place = given.place order by given.place
"""
_BEFORE = """
select
    (select number from message where room_id = $1 and who = $2
        and nonce between $3 and $3 order by nonce limit 1) as number,
    lately.count as lately, extract(epoch from lately.first + interval '1 minute' - now())::float
        as wait,
    (select count(*) from thread
        where room_id = $1 and not deleted and resolved_by is null) as open,
    exists(select from thread where room_id = $1 and id = $4 and not deleted) as there,
    exists(select from message where room_id = $1 and number = $5 and thread = 0) as answered
from (
    select count(*) as count, min(at) as first from (
        select at from message
        where room_id = $1 and who = $2 and at > now() - interval '1 minute' order by at limit 1000
    ) as few
) as lately
"""
_EDIT = f"""
{_STAMPED}
update message set text = $3::text, words = to_tsvector('simple', $4::text), edited_at = now(),
    stamp = counter.stamp
from counter where room_id = $1 and number = $2 and text is not null
"""  # noqa: S608 - constants alone
# A thread lives as long as one of its messages.
_DELETE = f"""
{_STAMPED}, reactions as (
    delete from reaction where room_id = $1 and number = any($2::bigint[])
), mentions as (
    delete from mention where room_id = $1 and number = any($2::bigint[])
), threads as (
    update thread set deleted = alive.count = 0,
        quote = case when alive.count = 0 then '' else quote end
    from (
        select touched.thread, count(other.number) as count
        from (
            select distinct thread from message
            where room_id = $1 and number = any($2::bigint[]) and thread > 0
        ) as touched left join message as other on other.room_id = $1
            and other.thread = touched.thread and other.text is not null
            and other.number <> all($2::bigint[])
        group by touched.thread
    ) as alive
    where room_id = $1 and id = alive.thread
)
update message set text = null, words = null, suggestion = null, mentions = '[]',
    deleted_at = now(), stamp = counter.stamp
from counter where room_id = $1 and number = any($2::bigint[]) and text is not null
"""  # noqa: S608 - constants alone
# Hides the messages of the chat up to a number.
_CLEAR = """
insert into talk as old (room_id, stamp, said, cleared) select id, 1, 0, 0 from room where id = $1
on conflict (room_id) do update
set stamp = old.stamp + 1, cleared = greatest(old.cleared, least($2, old.said))
"""
_ERASE = """
with gone as (
    select number from message
    where room_id = $1 and thread = 0 and text is not null and number > $2
        and number <= (select cleared from talk where room_id = $1)
    order by number limit $3
), reactions as (
    delete from reaction using gone where room_id = $1 and reaction.number = gone.number
), mentions as (
    delete from mention using gone where room_id = $1 and mention.number = gone.number
), erased as (
    update message set text = null, words = null, mentions = '[]', deleted_at = now()
    from gone where room_id = $1 and message.number = gone.number
)
select max(number) from gone
"""
_KEEP_DAYS = """
insert into talk as old (room_id, stamp, said, keep_days) select id, 0, 0, $2 from room
where id = $1
on conflict (room_id) do update set keep_days = excluded.keep_days
"""
_REACT = f"""
{_STAMPED}, added as (
    insert into reaction (room_id, number, who, name, author, at)
    select $1::uuid, $2::bigint, $3::text, $4::text, $5::text, clock_timestamp()
    from counter where $6::boolean
    on conflict do nothing
), removed as (
    delete from reaction where room_id = $1 and number = $2 and who = $3 and name = $4
        and not $6::boolean
)
update message set stamp = counter.stamp from counter where room_id = $1 and number = $2
"""  # noqa: S608 - constants alone
_RESOLVE = f"""
{_STAMPED}, resolved as (
    update thread set resolved_by = $3::text
    where room_id = $1 and id = $2 and (resolved_by is null) <> ($3::text is null)
)
update message set stamp = counter.stamp from counter where room_id = $1 and number = $2
"""  # noqa: S608 - constants alone
_ACCEPT = f"""
{_STAMPED}, resolved as (
    update thread set resolved_by = $3::text from message
    where thread.room_id = $1 and message.room_id = $1 and message.number = $2
        and thread.id = message.thread
)
update message set accepted_by = coalesce(accepted_by, $3::text), stamp = counter.stamp
from counter where room_id = $1 and number = $2
"""  # noqa: S608 - constants alone
_READ = """
insert into read_mark as old (room_id, who, number)
select id, $2::text, $3::bigint from room where id = $1
on conflict (room_id, who) do update set number = excluded.number
where old.number < excluded.number
"""
_MOVE = """
update thread set revision = $3, start_at = moved.start, end_at = moved.end
from unnest($2::bigint[], $4::bigint[], $5::bigint[]) as moved (id, start, "end")
where room_id = $1 and thread.id = moved.id and thread.revision < $3
"""
_PORTION = 1000
"""Messages whose texts one statement deletes."""


class Before(Struct, frozen=True):
    """What may keep a message from being kept."""

    number: int | None
    """Its number, if it is kept already."""
    lately: int
    """Messages of its author in the last minute."""
    wait: float
    """Seconds until the oldest of them is older than that."""
    open: int
    """Open threads of the room."""
    there: bool
    """Its thread exists."""
    answered: bool
    """The message that it replies to exists, or has been deleted."""


class TalkStore:
    """Every call may raise LogUnavailable."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def before(
        self, room_id: UUID, who: str, nonce: str, thread: int = 0, reply: int = 0
    ) -> Before:
        row = await self._connections.fetchrow(_BEFORE, room_id, who, nonce, thread, reply)
        assert row, "it has a row always"
        number, lately, wait, threads, there, answered = row
        return Before(number, lately, wait or 0.0, threads, there, answered)

    async def say(
        self, room_id: UUID, author: Author, draft: Draft, limits: TalkLimits
    ) -> int | None:
        """Keep a message, once for each nonce of its author. Returns its number, or None if it may
        not be kept: see `Before`, or the access of the room has changed since `author.access`."""
        try:
            number: int | None = await self._connections.fetchval(
                _SAY, *_values(room_id, [(author, draft)], limits)
            )
        except NotStorable as error:
            # Another process has kept it at the same time. The whole statement did nothing.
            if not isinstance(error.__cause__, asyncpg.UniqueViolationError):
                raise
            before = await self.before(room_id, author.who, draft.nonce)
            assert before.number is not None, "only the nonce is unique beside the numbers"
            return before.number
        return number

    async def say_all(
        self, messages: Mapping[UUID, Sequence[tuple[Author, Draft]]], limits: TalkLimits
    ) -> list[int | None]:
        """Do what `say` does for each of the messages, one after the other, with one statement for
        each room and all in one transaction. Raises NotStorable where one of them cannot be kept:
        then none is."""
        values = [_values(room_id, said, limits) for room_id, said in messages.items()]
        rows = await self._connections.fetchmany(_SAY, values)
        return [row["number"] for row in rows]

    async def edit(self, room_id: UUID, number: int, text: str) -> None:
        await self._connections.execute(_EDIT, room_id, number, text, words_of(text))

    async def delete(self, room_id: UUID, numbers: Sequence[int]) -> None:
        """Delete messages and all copies of their texts. A thread goes with its last message."""
        await self._connections.execute(_DELETE, room_id, list(numbers))

    async def react(self, room_id: UUID, number: int, author: Author, name: str, on: bool) -> None:
        await self._connections.execute(_REACT, room_id, number, author.who, name, author.name, on)

    async def resolve(self, room_id: UUID, thread: int, name: str | None) -> None:
        """Resolve a thread by somebody's name, or open it again."""
        await self._connections.execute(_RESOLVE, room_id, thread, name)

    async def accept(self, room_id: UUID, number: int, name: str) -> None:
        """Note that a suggestion was accepted, which resolves its thread."""
        await self._connections.execute(_ACCEPT, room_id, number, name)

    async def read(self, room_id: UUID, who: str, number: int) -> None:
        await self._connections.execute(_READ, room_id, who, number)

    async def move(self, room_id: UUID, revision: int, threads: Sequence[ThreadBody]) -> None:
        """Keep the places of threads at a later revision. Nobody is told of it."""
        await self._connections.execute(
            _MOVE,
            room_id,
            [thread.id for thread in threads],
            revision,
            [thread.start for thread in threads],
            [thread.end for thread in threads],
        )

    # Retention

    async def clear(self, room_id: UUID, number: int) -> None:
        """Hide the messages of the chat up to a number. `erase` then deletes their texts."""
        await self._connections.execute(_CLEAR, room_id, number)

    async def erase(self, room_id: UUID) -> None:
        """Delete the texts of the messages that were cleared."""
        number: int | None = 0
        while number is not None:
            number = await self._connections.fetchval(_ERASE, room_id, number, _PORTION)

    async def set_keep_days(self, room_id: UUID, days: float | None) -> None:
        """Have a room keep messages for so many days, or for as long as the server does."""
        await self._connections.execute(_KEEP_DAYS, room_id, days)


def _values(
    room_id: UUID, messages: Sequence[tuple[Author, Draft]], limits: TalkLimits
) -> Sequence[object]:
    """Return the values of `_SAY`."""
    rows = [_row(place, author, draft) for place, (author, draft) in enumerate(messages)]
    return room_id, json.encode(rows).decode(), limits.per_minute, limits.threads


def _row(place: int, author: Author, draft: Draft) -> dict[str, object]:
    opening = draft.opening
    row = {
        "place": place,
        "who": author.who,
        "person": author.person,
        "author": author.name,
        "colour": author.colour,
        "access": author.access,
        "nonce": draft.nonce,
        "text": draft.text,
        "words": words_of(draft.text),
        "thread": draft.thread,
        "reply": draft.reply,
        "suggestion": draft.suggestion,
        "mentions": json.encode(draft.mentions).decode(),
        "people": draft.mentions,
        "names": draft.names,
    }
    if opening:
        row |= {
            "file": opening.file,
            "revision": opening.revision,
            "start_at": opening.start,
            "end_at": opening.end,
            "quote": opening.quote,
        }
    return row
