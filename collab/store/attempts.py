"""Counts tries, in a table that all servers share."""

from __future__ import annotations

import hashlib
from math import ceil

from collab.store.connections import Connections

_EVERY = "interval '15 minutes'"
_BUCKET = f"date_bin({_EVERY}, now(), 'epoch'::timestamptz)"
# Each try is counted before it is made, so that tries at once on several servers all count.
_TAKE = f"""
insert into attempt (key, since, tries)
select key, {_BUCKET}, 1 from unnest($1::bytea[]) as key order by key
on conflict (key, since) do update set tries = attempt.tries + 1
returning key, tries, extract(epoch from since + {_EVERY} - now())::float8 as seconds
"""  # noqa: S608 - constants alone
_GIVE_BACK = f"""
update attempt set tries = tries - 1
where key = any($1::bytea[]) and since = {_BUCKET} and tries > 0
"""  # noqa: S608 - constants alone
_SWEEP = f"delete from attempt where since < now() - 2 * {_EVERY}"  # noqa: S608


class TooManyTries(Exception):
    """Somebody has tried too often; `seconds` until they may try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"There were too many tries. Try again in {seconds} s.")
        self.seconds = seconds


class Attempts:
    """Every call may raise LogUnavailable."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def take(self, *most: tuple[str, int]) -> None:
        """Count a try of each of these names, each of which has a limit. Raises TooManyTries."""
        limits = {_key(name): limit for name, limit in most}
        rows = await self._connections.fetch(_TAKE, list(limits))
        waits = [row["seconds"] for row in rows if row["tries"] > limits[row["key"]]]
        if waits:
            raise TooManyTries(max(1, ceil(max(waits))))

    async def give_back(self, *names: str) -> None:
        """Take back a try that was right."""
        await self._connections.execute(_GIVE_BACK, [_key(name) for name in names])

    async def sweep(self) -> None:
        """Forget old tries."""
        await self._connections.execute(_SWEEP)


def _key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
