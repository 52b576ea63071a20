"""Tells who makes a request or opens a socket, as far as that is known.

The domain of access puts a `Caller` into the scope; without one nobody is known. Asking costs
nothing for a person who has neither a cookie nor a token.
"""

from __future__ import annotations

from typing import Any, Literal, Protocol
from uuid import UUID

from msgspec import Struct

SCOPES = ("read", "write", "account", "admin")
"""What somebody may do with the credentials that were shown: read rooms, change rooms, look at and
change the own account, run the server. Browsers have the first three, and admins all."""

_KEY = "caller"


class Who(Struct, frozen=True):
    """A person who is known: a guest by the cookie alone, or somebody with an account.

    `id` is public and stays: a guest who signs up keeps it. `session` is the row of the cookie or
    the API token. A guest has no `name`.
    """

    id: UUID
    kind: Literal["guest", "account"]
    name: str | None
    scopes: frozenset[str]
    session: UUID


class Caller(Protocol):
    """Whoever is at the other end of one request or socket."""

    async def who(self) -> Who | None:
        """Tell who it is; None when nobody knows.

        Looks the credentials up once. Raises NotSignedIn for a token that is wrong, and
        LogUnavailable.
        """

    def lately(self) -> Who | None:
        """Tell who it was within the last minute, as far as this process knows without asking.

        Their session may have ended since: ask the log before anything is told or done.
        """

    def shown(self) -> bytes | None:
        """Return the hash of the cookie that was shown, if it has not been looked up, and may well
        be of a session."""

    async def guest(self) -> Who | None:
        """Tell who it is, and make somebody unknown a guest, whose cookie goes with the answer.

        A socket must ask before it is accepted. None where there are no accounts. Raises as `who`.
        """

    async def of_token(self, token: str) -> Who | None:
        """Tell whose API token this is, for programs that can only show a password; None for
        nobody's. Raises LogUnavailable."""

    async def is_account(self, name: str) -> bool:
        """Tell whether somebody's account has this name. Raises LogUnavailable."""


class _Nobody:
    async def who(self) -> Who | None:
        return None

    def lately(self) -> Who | None:
        return None

    def shown(self) -> bytes | None:
        return None

    async def guest(self) -> Who | None:
        return None

    async def of_token(self, token: str) -> Who | None:
        return None

    async def is_account(self, name: str) -> bool:
        return False


_NOBODY = _Nobody()


def caller(scope: Any) -> Caller:
    """Return the caller of an ASGI scope."""
    found: Caller = (scope.get("state") or {}).get(_KEY, _NOBODY)
    return found


def introduce(scope: Any, who: Caller) -> None:
    """Put the caller into an ASGI scope."""
    scope.setdefault("state", {})[_KEY] = who
