"""Reads the rows of talk, in PostgreSQL. All times are the database's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, json

from collab.store.connections import Connections
from collab.talk.messages import MessageBody, ThreadBody
from collab.talk.said import Kept

_MARKS = """
select coalesce(talk.stamp, 0) as stamp, coalesce(talk.said, 0) as said,
    coalesce(talk.cleared, 0) as cleared, read_mark.number as read
from room left join talk on talk.room_id = room.id
left join read_mark on read_mark.room_id = room.id and read_mark.who = $2
where room.id = $1
"""
# The order makes PostgreSQL use the index of the numbers of the room.
_UNREAD = """
select count(*) from (
    select from message where room_id = $1 and number > $3 and who <> $2 and text is not null
        and thread = 0
    order by number limit 1000
) as missed
"""
_MESSAGE = """
select m.number, m.stamp, m.who, m.person, m.author, m.colour, m.at, m.text, m.thread,
    m.edited_at, m.suggestion, m.accepted_by, m.mentions, m.nonce, m.reply,
    (select json_object_agg(one.name, one.people) from (
        select name, json_agg(json_build_array(who, author) order by at) as people
        from reaction where room_id = m.room_id and number = m.number group by name
    ) as one) as reactions
from message as m
where m.room_id = $1 and (m.thread > 0 or m.number > (select cleared from talk where room_id = $1))
"""
# With the counters of the room, in one query. Without news it has one row, without a message.
_NEWS = f"""
select talk.stamp as last, talk.cleared, one.*
from talk left join lateral (
    {_MESSAGE} and m.stamp > $2 order by m.stamp limit $3
) as one on true
where talk.room_id = $1 order by one.stamp
"""  # noqa: S608 - constants alone
# Repeated for pages of the chat, so that the index skips the cleared messages.
_NOT_CLEARED = " and m.number > (select cleared from talk where room_id = $1)"
_OLD_CHAT = """
select talk.room_id, max(number) as number
from talk join message on message.room_id = talk.room_id and number > cleared and thread = 0
where ($1::float is not null or keep_days is not null)
    and at < now() - least(keep_days, $1::float) * interval '1 day'
group by talk.room_id
"""
_OLD_COMMENTS = """
select talk.room_id, number from talk join message on message.room_id = talk.room_id
where ($1::float is not null or keep_days is not null) and thread > 0 and text is not null
    and at < now() - least(keep_days, $1::float) * interval '1 day'
limit $2
"""
# A killed process may have left texts of cleared messages.
_UNERASED = """
select distinct talk.room_id from talk join message on message.room_id = talk.room_id
    and number <= cleared and thread = 0 and text is not null
where cleared > 0
"""
_THREAD = """
select t.id, t.file, t.revision, t.start_at, t.end_at, t.quote, t.resolved_by, t.deleted,
    first.who, first.author, first.colour, first.at, first.text,
    (select count(*) from message where room_id = t.room_id and thread = t.id
        and text is not null) as count,
    (select max(number) from message where room_id = t.room_id and thread = t.id) as last
from thread as t join message as first on first.room_id = t.room_id and first.number = t.id
where t.room_id = $1
"""
_MOST_EXCERPT = 280
_NOT_A_WORD = re.compile(r"\W+")


class Marks(Struct, frozen=True):
    """The counters of a room, and how far somebody has read."""

    stamp: int
    said: int
    cleared: int
    read: int
    unread: int


class TalkRows:
    """Every call may raise LogUnavailable."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def secret(self, room_id: UUID) -> bytes | None:
        """Return the secret of a room, None if there is no such room."""
        found: bytes | None = await self._connections.fetchval(
            "select secret from room where id = $1", room_id
        )
        return found

    async def stamps(self, room_ids: Sequence[UUID]) -> dict[UUID, int]:
        """Return the last stamps of rooms. Rooms without messages are left out."""
        rows = await self._connections.fetch(
            "select room_id, stamp from talk where room_id = any($1::uuid[])", list(room_ids)
        )
        return {row["room_id"]: row["stamp"] for row in rows}

    async def marks(self, room_id: UUID, who: str) -> Marks | None:
        row = await self._connections.fetchrow(_MARKS, room_id, who)
        if row is None:
            return None
        stamp, said, cleared, read = row
        unread = 0
        if read is not None and read < said:
            unread = await self._connections.fetchval(_UNREAD, room_id, who, max(read, cleared))
        return Marks(stamp, said, cleared, said if read is None else read, unread)

    async def news(
        self, room_id: UUID, stamp: int, most: int
    ) -> tuple[int, int, list[MessageBody]]:
        """Return the last stamp of a room, the number up to which its chat was cleared, and the
        messages that have changed after a stamp, in the order of their stamps."""
        rows = await self._connections.fetch(_NEWS, room_id, stamp, most)
        if not rows:
            return 0, 0, []
        messages = [_message(row) for row in rows if row["number"] is not None]
        return rows[0]["last"], rows[0]["cleared"], messages

    async def since(self, room_id: UUID, stamp: int, most: int) -> list[MessageBody]:
        """The messages that have changed after a stamp, in the order of their stamps."""
        return await self._messages(
            "and m.stamp > $2 order by m.stamp limit $3", room_id, stamp, most
        )

    async def threads_with(
        self, room_id: UUID, messages: Sequence[MessageBody]
    ) -> list[ThreadBody]:
        """The threads that these messages belong to, deleted ones too."""
        ids = {one.thread for one in messages if one.thread}
        if not ids:
            return []
        return await self._threads("and t.id = any($2::bigint[])", room_id, list(ids))

    async def threads(self, room_id: UUID, *, resolved: int) -> list[ThreadBody]:
        """All open threads, and the last few that are resolved."""
        where = (
            "and not t.deleted and (t.resolved_by is null or t.id in (select id from thread"
            " where room_id = $1 and not deleted and resolved_by is not null"
            " order by id desc limit $2)) order by t.id"
        )
        return await self._threads(where, room_id, resolved)

    async def stale_threads(self, room_id: UUID, revision: int) -> list[ThreadBody]:
        """The threads whose anchors are kept at a revision before this one."""
        return await self._threads("and not t.deleted and t.revision < $2", room_id, revision)

    async def threads_of(self, room_id: UUID, file: str) -> list[ThreadBody]:
        return await self._threads("and not t.deleted and t.file = $2", room_id, file)

    async def thread(self, room_id: UUID, thread: int) -> ThreadBody | None:
        found = await self._threads("and not t.deleted and t.id = $2", room_id, thread)
        return found[0] if found else None

    async def one(self, room_id: UUID, number: int) -> Kept | None:
        rows = await self._connections.fetch(f"{_MESSAGE} and m.number = $2", room_id, number)
        return Kept(_message(rows[0]), rows[0]["nonce"]) if rows else None

    async def revision_of(self, room_id: UUID, client: str) -> int | None:
        """Return the revision of the change of a client that makes one; None if it has not."""
        found: int | None = await self._connections.fetchval(
            "select revision from entry where room_id = $1 and client = $2", room_id, client
        )
        return found

    async def age(self, room_id: UUID, number: int) -> float:
        """The seconds since a message was said."""
        age: float | None = await self._connections.fetchval(
            "select extract(epoch from now() - at)::float from message"
            " where room_id = $1 and number = $2",
            room_id,
            number,
        )
        return age or 0.0

    async def page(
        self,
        room_id: UUID,
        most: int,
        *,
        before: int | None = None,
        after: int | None = None,
        thread: int | None = 0,
        search: str | None = None,
    ) -> list[MessageBody]:
        """Messages in the order of their numbers: the last ones, or those next to a number.

        Those of the chat, of one thread, or of both with None. A search has those that have all
        its words, of which the last may be the beginning of one.
        """
        values: list[object] = [most]
        where = ""

        def value(given: object) -> str:
            values.append(given)
            return f"${len(values) + 1}"

        if thread is not None:
            where += f" and m.thread = {value(thread)}"
            where += "" if thread else _NOT_CLEARED
        if before is not None:
            where += f" and m.number < {value(before)}"
        if after is not None:
            where += f" and m.number > {value(after)}"
        if search is not None:
            query = _query(search)
            if not query:
                return []
            where += f" and m.words @@ to_tsquery('simple', {value(query)})"
        upward = after is not None and before is None
        where += f" order by m.number {'asc' if upward else 'desc'} limit $2"
        found = await self._messages(where, room_id, *values)
        return found if upward else found[::-1]

    # Retention

    async def keep_days(self, room_id: UUID) -> float | None:
        """Return for how many days a room keeps messages; None for as long as the server does."""
        found: float | None = await self._connections.fetchval(
            "select keep_days from talk where room_id = $1", room_id
        )
        return found

    async def old_chat(self, days: float | None) -> dict[UUID, int]:
        """Return, by room, the last message of the chat that is older than it is kept.

        The server keeps messages for `days`; None is for ever.
        """
        rows = await self._connections.fetch(_OLD_CHAT, days)
        return {row["room_id"]: row["number"] for row in rows}

    async def old_comments(self, days: float | None, most: int) -> dict[UUID, list[int]]:
        """Return messages of threads that are older than they are kept, by room."""
        found: dict[UUID, list[int]] = {}
        for row in await self._connections.fetch(_OLD_COMMENTS, days, most):
            found.setdefault(row["room_id"], []).append(row["number"])
        return found

    async def unerased(self) -> list[UUID]:
        """Return the rooms in which the texts of cleared messages are still there."""
        return [row["room_id"] for row in await self._connections.fetch(_UNERASED)]

    async def _messages(self, where: str, *values: object) -> list[MessageBody]:
        rows = await self._connections.fetch(f"{_MESSAGE} {where}", *values)
        return [_message(row) for row in rows]

    async def _threads(self, where: str, *values: object) -> list[ThreadBody]:
        rows = await self._connections.fetch(f"{_THREAD} {where}", *values)
        return [_thread(row) for row in rows]


def words_of(text: str) -> str:
    """The words of a text. PostgreSQL alone would take `file.py` for one, and find no `py`."""
    return _NOT_A_WORD.sub(" ", text.replace("_", " "))


def _query(search: str) -> str:
    words = words_of(search).split()[:20]
    return " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"]) if words else ""


def _ms(at: datetime | None) -> int:
    return int(at.timestamp() * 1000) if at else 0


def _message(row: Any) -> MessageBody:
    return MessageBody(
        row["number"],
        row["stamp"],
        row["who"],
        row["person"],
        row["author"],
        row["colour"],
        _ms(row["at"]),
        row["text"],
        row["thread"],
        _ms(row["edited_at"]),
        row["suggestion"],
        row["accepted_by"] or "",
        json.decode(row["mentions"]),
        json.decode(row["reactions"] or "{}"),
        row["reply"],
    )


def _thread(row: Any) -> ThreadBody:
    if row["deleted"]:
        return ThreadBody(row["id"], deleted=True)
    text: str | None = row["text"]
    return ThreadBody(
        row["id"],
        row["file"],
        row["revision"],
        row["start_at"],
        row["end_at"],
        row["quote"],
        row["resolved_by"] or "",
        row["count"],
        row["last"] or 0,
        row["who"],
        row["author"],
        row["colour"],
        _ms(row["at"]),
        text and text[:_MOST_EXCERPT],
    )
