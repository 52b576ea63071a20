"""Tells controllers who the caller of a request is, and refuses callers who may not do it."""

from __future__ import annotations

from typing import Any, cast

from litestar import Request

from collab.access.ground import Refused
from collab.access.sessions import Found
from collab.access.who import Asking
from collab.errors import NotSignedIn
from collab.live.who import caller

Asked = Request[Any, Any, Any]


def asking_of(request: Asked) -> Asking:
    return cast("Asking", caller(request.scope))


def address_of(request: Asked) -> str:
    return request.client.host if request.client else ""


def agent_of(request: Asked) -> str:
    return request.headers.get("user-agent", "")


async def account_of(request: Asked, scope: str = "account") -> Found:
    """Return the session of somebody with an account who may do this. Raises NotSignedIn and
    Refused."""
    found = await asking_of(request).found()
    if found is None or found.who.kind == "guest":
        raise NotSignedIn("not_signed_in", "Sign in first.")
    if scope not in found.who.scopes:
        words = f"This needs the scope {scope}, which you do not have."
        raise Refused(403, "beyond_scope", words)
    return found


async def browser_of(request: Asked, scope: str = "account") -> Found:
    """The same for acts that no API token may do, whatever its scopes."""
    found = await account_of(request, scope)
    if found.kind != "browser":
        raise Refused(403, "beyond_scope", "An API token cannot do this. Sign in with a browser.")
    return found
