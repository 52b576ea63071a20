"""The rows of AI, in PostgreSQL: budgets, and what rooms and people want. Days are those of UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Literal
from uuid import UUID

import asyncpg
from msgspec import Struct

from collab.errors import NotStorable
from collab.store.connections import Connections

Kind = Literal["person", "room", "server"]
_TODAY = "(now() at time zone 'utc')::date"
# Arrays are of texts alone: of other types the driver asks the database, on each new connection.
# All rows in one statement, in one order: none of it where the constraint of one row says no.
_TAKE = f"""
insert into ai_use as old (day, kind, who, tokens, most)
select {_TODAY}, kind, who, $4, most::bigint
from unnest($1::text[], $2::text[], $3::text[]) as budget (kind, who, most)
order by kind, who
on conflict (day, kind, who) do update
set tokens = old.tokens + excluded.tokens, most = excluded.most
returning day
"""  # noqa: S608 - constants alone
_SETTLE = """
with used as (
    select day, ai_use.kind, ai_use.who from ai_use
    join unnest($2::text[], $3::text[]) as budget (kind, who) using (kind, who)
    where day = $1 order by ai_use.kind, ai_use.who for update of ai_use
)
update ai_use set tokens = greatest(0, least(most, tokens + $4))
from used where ai_use.day = used.day and ai_use.kind = used.kind and ai_use.who = used.who
"""
_USED = f"""
select coalesce(ai_use.tokens, 0) as tokens, budget.most::bigint,
    extract(epoch from {_TODAY} + 1 - (now() at time zone 'utc'))::float as wait
from unnest($1::text[], $2::text[], $3::text[]) with ordinality as budget (kind, who, most, place)
left join ai_use on day = {_TODAY} and ai_use.kind = budget.kind and ai_use.who = budget.who
order by place
"""  # noqa: S608 - constants alone
_SWEEP = f"delete from ai_use where day < {_TODAY} - 60"  # noqa: S608 - constants alone
_ALLOW = """
insert into ai_room (room_id, allowed) values ($1, $2)
on conflict (room_id) do update set allowed = excluded.allowed
"""
_AGREE = """
insert into ai_person (account_id, agreed_to) values ($1, $2)
on conflict (account_id) do update set agreed_to = excluded.agreed_to
"""
# Who opted out is silent. Whose a client is was noted before its first change.
_GROUNDS = """
with silent as (
    select client from client_of join ai_person using (account_id)
    where room_id = $1 and agreed_to is null
)
select coalesce((select allowed from ai_room where room_id = $1), true) as allowed,
    exists(select from ai_person where account_id = $2) as asked,
    (select agreed_to from ai_person where account_id = $2) as agreed_to,
    array(
        select file from unnest($3::text[]) as file
        where exists(select from silent) and exists(
            select from entry join silent using (client)
            where room_id = $1 and strpos(change, '"' || file || '"') > 0
        )
    ) as withheld
"""


class Budget(Struct, frozen=True):
    """One that a request is taken from: whose it is, and the most tokens of a day."""

    kind: Kind
    who: str
    most: int


class Grounds(Struct, frozen=True):
    """The choices of a room and a person, and the files that people who opted out have written in.

    `agreed_to` is None where the person wants none.
    """

    allowed: bool
    asked: bool
    agreed_to: str | None
    withheld: frozenset[str]


class Spent(Struct, frozen=True):
    """A budget that has too little left, and the seconds until a new day."""

    kind: Kind
    most: int
    wait: float


class AiStore:
    """Reads and writes the rows of AI. Every call may raise LogUnavailable."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def take(self, budgets: Sequence[Budget], tokens: int) -> dt.date | Spent:
        """Take tokens from all these budgets, or from none. Returns the day they are taken from, or
        the first budget that has too little left."""
        kinds, who, most = _columns(budgets)
        try:
            day: dt.date = await self._connections.fetchval(_TAKE, kinds, who, most, tokens)
        except NotStorable as error:
            if not isinstance(error.__cause__, asyncpg.CheckViolationError):
                raise
            rows = await self._connections.fetch(_USED, kinds, who, most)
            found = zip(budgets, rows, strict=True)
            # Where others gave some back meanwhile, it is the last one all the same.
            spent, row = next(
                (one for one in found if one[1]["tokens"] + tokens > one[0].most),
                (budgets[-1], rows[-1]),
            )
            return Spent(spent.kind, spent.most, row["wait"])
        return day

    async def settle(self, day: dt.date, budgets: Sequence[Budget], tokens: int) -> None:
        """Take so many tokens more, or give them back. No budget goes beyond its end by it."""
        kinds, who, _ = _columns(budgets)
        await self._connections.execute(_SETTLE, day, kinds, who, tokens)

    async def sweep(self) -> None:
        """Forget the use of days that are long gone."""
        await self._connections.execute(_SWEEP)

    async def grounds(
        self, room_id: UUID, who: UUID | None, files: Collection[str] = ()
    ) -> Grounds:
        """Read what a room and a person want, and which of these files are withheld. Ask after the
        texts were read: who has written in them by then is known."""
        row = await self._connections.fetchrow(_GROUNDS, room_id, who, list(files))
        assert row, "it has a row always"
        withheld = frozenset(row["withheld"])
        return Grounds(row["allowed"], row["asked"], row["agreed_to"], withheld)

    async def allow(self, room_id: UUID, allowed: bool) -> None:
        await self._connections.execute(_ALLOW, room_id, allowed)

    async def agree(self, who: UUID, agreed_to: str | None) -> None:
        await self._connections.execute(_AGREE, who, agreed_to)


def _columns(budgets: Sequence[Budget]) -> tuple[list[str], list[str], list[str]]:
    return (
        [budget.kind for budget in budgets],
        [budget.who for budget in budgets],
        [str(budget.most) for budget in budgets],
    )
