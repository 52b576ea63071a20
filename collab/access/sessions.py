"""The rows of sessions: browsers that are signed in, guests, and API tokens."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Collection
from typing import Any, Literal
from uuid import UUID, uuid4

from msgspec import Struct

from collab.live.who import SCOPES, Who
from collab.store.connections import Connections

Kind = Literal["browser", "guest", "token"]
PREFIX = "collab_"
"""The start of every API token, by which programs that look for leaked secrets know it."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_LATELY = 60.0
"""Seconds for which a session that was found is remembered."""
_MOST_LATELY = 10_000
"""Sessions that are remembered, and secrets that are none."""
_SEEN_EVERY = "interval '1 hour'"
_WHO = f"""
select session.id, session.account_id, session.kind, session.scopes, session.key,
    account.name, account.admin, session.seen_at < now() - {_SEEN_EVERY} as old
from session join account on account.id = session.account_id
where session.expires_at > now() and account.disabled_at is null
"""  # noqa: S608 - constants alone
_SEE = """
update session set seen_at = now(),
    expires_at = case kind when 'token' then expires_at else now() + $2 * interval '1 day' end
where id = $1
"""
# A new password, disabling, removing a passkey, and ending all sessions change the rows that this
# locks. So whoever was checked before one of these has no session after it.
_BEGIN = """
with whose as (
    select id from account
    where id = $3 and disabled_at is null and ($9::text is null or password = $9) for share
), maker as (
    select session.id from whose, session where session.id = $10 for share of session
), used as (
    select passkey.id from whose, passkey where passkey.id = $11 for share of passkey
)
insert into session
    (id, secret, account_id, kind, label, scopes, key, created_at, seen_at, expires_at)
select $1, $2, id, $4, $5, $6, $7, now(), now(), now() + $8 * interval '1 day' from whose
where ($10::uuid is null or exists (select from maker))
    and ($11::bytea is null or exists (select from used))
"""
_BEGIN_GUEST = """
with made as (
    insert into account (id, admin, created_at) values ($2, false, now())
)
insert into session
    (id, secret, account_id, kind, label, scopes, created_at, seen_at, expires_at)
values ($1, $3, $2, 'guest', '', '', now(), now(), now() + $4 * interval '1 day')
"""
_ALIVE = """
select session.id from session join account on account.id = session.account_id
where session.id = any($1::uuid[]) and session.expires_at > now() and account.disabled_at is null
"""

_IS_ACCOUNT = "select exists(select from account where name_key = $1)"


class Found(Struct, frozen=True):
    """A session that holds, and the key that verifies its JWTs."""

    who: Who
    kind: Kind
    key: bytes | None


class Sessions:
    """Reads and writes sessions. Every call that waits may raise LogUnavailable."""

    def __init__(self, connections: Connections, days: float, guest_days: float) -> None:
        self._connections = connections
        self._days: dict[Kind, float] = {"browser": days, "guest": guest_days}
        self._lately: dict[bytes, tuple[float, Found]] = {}
        """The sessions of cookies that were looked up within the last minute, by their hashes."""
        self._nobodys: dict[bytes, float] = {}
        """The hashes of secrets that were looked up and are no browser's, and when."""

    async def of_secret(self, secret: str) -> Found | None:
        """Find the session of a cookie or an API token. Anything else costs no query."""
        if not _SECRET.fullmatch(secret):
            return None
        kept = digest(secret)
        found = await self._find(_WHO + "and session.secret = $1", kept)
        self._lately.pop(kept, None)
        if found is None or found.kind == "token":
            _make_space(self._nobodys)
            self._nobodys[kept] = time.monotonic()
        else:
            _make_space(self._lately)
            self._lately[kept] = time.monotonic(), found
        return found

    def hash_of(self, secret: str) -> bytes | None:
        """Return what the database keeps of the secret of a browser. Returns None for what is none
        by its form, or was none when it was looked up within the last minute."""
        if not _SECRET.fullmatch(secret):
            return None
        kept = digest(secret)
        return None if time.monotonic() - self._nobodys.get(kept, -_LATELY) < _LATELY else kept

    def lately(self, secret: str) -> Found | None:
        """Return the session of a cookie that was found within the last minute. It may have ended
        since."""
        at, found = self._lately.get(digest(secret), (0.0, None))
        return found if time.monotonic() - at < _LATELY else None

    async def of_id(self, session: UUID) -> Found | None:
        return await self._find(_WHO + "and session.id = $1", session)

    async def begin(
        self,
        account: UUID,
        kind: Kind,
        secret: str,
        *,
        label: str = "",
        scopes: Collection[str] = (),
        key: bytes | None = None,
        days: float | None = None,
        password: str | None = None,
        maker: UUID | None = None,
        passkey: bytes | None = None,
    ) -> UUID | None:
        """Begin a session of somebody, which this secret opens. Returns its id.

        Returns None where the account is disabled, where another `password` is kept of it than the
        one that was checked, where the session `maker` has ended, or where the `passkey` is gone.
        """
        session = uuid4()
        status = await self._connections.execute(
            _BEGIN,
            session,
            digest(secret),
            account,
            kind,
            label,
            " ".join(scopes),
            key,
            self._days[kind] if days is None else days,
            password,
            maker,
            passkey,
        )
        return None if status.endswith(" 0") else session

    async def begin_guest(self, secret: str) -> Who:
        """Make a guest, whom this secret brings back."""
        account, session = uuid4(), uuid4()
        days = self._days["guest"]
        await self._connections.execute(_BEGIN_GUEST, session, account, digest(secret), days)
        return Who(account, "guest", None, _scopes("guest", "", admin=False), session)

    async def alive(self, sessions: Collection[UUID]) -> set[UUID]:
        """Return those of the sessions that still hold."""
        return {row["id"] for row in await self._connections.fetch(_ALIVE, list(sessions))}

    async def is_account(self, key: str) -> bool:
        """Tell whether an account has a name, in the form in which names are compared."""
        return bool(await self._connections.fetchval(_IS_ACCOUNT, key))

    def seconds(self, kind: Kind) -> int:
        """Return how long the cookie of a browser or guest lasts."""
        return int(86_400 * self._days[kind])

    async def _find(self, query: str, key: Any) -> Found | None:
        row = await self._connections.fetchrow(query, key)
        if row is None:
            return None
        kind: Kind = row["kind"]
        if row["old"]:
            await self._connections.execute(_SEE, row["id"], self._days.get(kind, 0.0))
        scopes = _scopes(kind, row["scopes"], admin=row["admin"])
        who_kind: Literal["guest", "account"] = "guest" if row["name"] is None else "account"
        who = Who(row["account_id"], who_kind, row["name"], scopes, row["id"])
        return Found(who, kind, row["key"])


def new_secret() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def _make_space(remembered: dict[bytes, Any]) -> None:
    """Forget the oldest."""
    while len(remembered) >= _MOST_LATELY:
        del remembered[next(iter(remembered))]


def digest(secret: str) -> bytes:
    """Return what the database keeps of a secret. It is long and random, so it needs no salt."""
    return hashlib.sha256(secret.encode()).digest()


def _scopes(kind: Kind, given: str, *, admin: bool) -> frozenset[str]:
    """Return what a session may do. A token of somebody who is no admin any more runs nothing."""
    scopes = set(given.split()) & set(SCOPES) if kind == "token" else set(SCOPES)
    if kind == "guest":
        scopes -= {"account"}
    return frozenset(scopes if admin else scopes - {"admin"})
