"""Identifies a Git client by an API token or a role link, shown as a password, or by a JWT.

A room that does not let somebody in answers as one that is not there.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from litestar.exceptions import HTTPException
from msgspec.structs import replace

from collab.errors import NotSignedIn
from collab.git.fetching import BadRequest
from collab.live.permits import Permit, no_room, parse_room_id, read_permit
from collab.live.who import Who, caller
from collab.room.doors import Role, What, may, why_not
from collab.room.log import Log

_SECRET = re.compile(r"(collab_)?[A-Za-z0-9_-]{43}")
_ASK = {"www-authenticate": 'Basic realm="Collab: an API token or the secret of a link"'}


@runtime_checkable
class Links(Protocol):
    """The part of the domain of doors that knows links."""

    async def endless_link_role(self, room: UUID, secret: str) -> Role | None:
        """Return the role that a link gives, if it may be used any number of times."""


class Unauthorised(HTTPException):
    """The credentials are wrong, or there are none: Git asks its user for some."""

    status_code = 401

    def __init__(self) -> None:
        super().__init__("Show an API token or the secret of a link.", headers=_ASK)


async def permit(
    scope: Any, log: Log, links: Links, room_id: str, what: What
) -> tuple[Permit, Who | None]:
    """Return what a Git client may do in a room, if it may do `what`, and who it is.

    Raises Unauthorised, NotFoundException for no such room, or none that lets these credentials in,
    and BadRequest where they let in but not do that.
    """
    secrets = _secrets(dict(scope["headers"]).get(b"authorization", b"").decode("latin-1"))
    known = parse_room_id(room_id)
    who: Who | None = None
    link: Role | None = None
    if secrets is None:
        who = await _by_jwt(scope)
    for secret in secrets or ():
        who = who or await caller(scope).of_token(secret)
        if who is None and known:
            link = link or await links.endless_link_role(known, secret)
    if secrets and who is None and link is None:
        raise Unauthorised
    found = await read_permit(log, room_id, who)
    if found is not None:
        found = replace(found, link=link)
        if may(found.role, what):
            return found, who
    if who is None and link is None:
        raise Unauthorised
    if found is None or found.role is None:
        raise no_room()
    raise BadRequest(why_not(found.role, found.access.door))


async def _by_jwt(scope: Any) -> Who | None:
    try:
        return await caller(scope).who()
    except NotSignedIn:
        raise Unauthorised from None


def _secrets(authorization: str) -> list[str] | None:
    """Return what may be secrets in the name and password that are shown; None for neither."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        raise Unauthorised from None
    # Some write the token before the @ of the address, others after a name of their own.
    return [one for one in (password, name) if _SECRET.fullmatch(one)] or [""]
