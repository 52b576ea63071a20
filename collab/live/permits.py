"""Asks, before a route of a room does anything, whether the caller may do what the route does.

Each route with a `room_id` says what that is: `opt={"may": "write"}`. A room that does not let the
caller in answers as one that is not there: with the same words after the same single question to
the database, before anything of the request is looked at.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from collab.live.who import Who, caller
from collab.room.doors import Access, Door, Role, What, may, why_not
from collab.room.log import Log

Needs = What | Literal["knock"]
"""What a route needs: `knock` is a route for those who have no access yet, which looks itself."""

_KEY = "permit"


class Permit(Struct, frozen=True):
    """The asker of a request, and the access to the room as read before the request was taken.

    One who `watches` has shown credentials that are not good for writing, one with a `link` a link
    that gives this role.
    """

    who: UUID | None = None
    watches: bool = False
    access: Access = Access(Door())
    link: Role | None = None

    @property
    def role(self) -> Role | None:
        return self.access.role(self.who, watches=self.watches, link=self.link)


NOBODYS = Permit()
_SHUT = Access(Door(open="none"))


async def permit_route(
    connection: ASGIConnection[Any, Any, Any, Any], route: BaseRouteHandler
) -> None:
    """Raise unless the caller may do what a route of a room does. A guard of all routes.

    Sockets are asked when they join, and with each message.
    """
    if not is_of_room(connection.scope["path_template"]):
        return
    if connection.scope["type"] != ScopeType.HTTP:
        return
    needs: Needs = route.opt["may"]
    log: Log = connection.app.state["log"]
    room_id = str(connection.path_params["room_id"])
    who = await caller(connection.scope).who()
    permit = await read_permit(log, room_id, who)
    if permit is None:
        if needs != "knock" or parse_room_id(room_id) is None or not may_read(who):
            raise no_room()
        # The route does all that it does for a private room, so neither is told from the other.
        permit = Permit(who.id if who else None, watches(who), _SHUT)
    if needs != "knock":
        check(permit, needs)
    connection.scope.setdefault("state", {})[_KEY] = permit


async def read_permit(log: Log, room_id: str, who: Who | None) -> Permit | None:
    """Read what somebody may do in a room; None if there is no such room."""
    known = parse_room_id(room_id)
    access = await log.access(known, [who.id] if who else []) if known else None
    if access is None or not may_read(who):
        return None
    return Permit(who.id if who else None, watches(who), access)


def may_read(who: Who | None) -> bool:
    """Tell whether the credentials that somebody has shown, if any, are good for reading."""
    return who is None or "read" in who.scopes


def is_of_room(path: str) -> bool:
    """Tell whether a route, by its path, is one of a room."""
    return path.startswith(("/rooms/{room_id", "/ws/{room_id"))


def check(permit: Permit, what: What) -> None:
    """Raise NotFoundException or PermissionDeniedException unless the caller may do that."""
    if may(permit.role, what):
        return
    door = permit.access.door
    if permit.role is None:
        if door.open != "ask" or permit.access.is_out(permit.who):
            raise no_room()
        words = "Ask to be let into this room."
        raise PermissionDeniedException(words, extra={"code": "ask_to_enter"})
    words = why_not(permit.role, door)
    raise PermissionDeniedException(words, extra={"code": "not_allowed"})


def permit_of(scope: Any) -> Permit:
    """Return what `permit_route` has found for a request."""
    found: Permit = scope.get("state", {}).get(_KEY, NOBODYS)
    return found


def watches(who: Who | None) -> bool:
    """Tell whether somebody has shown credentials that are not good for writing."""
    return who is not None and "write" not in who.scopes


def no_room() -> NotFoundException:
    return NotFoundException("Room not found", extra={"code": "room_not_found"})


def parse_room_id(text: str) -> UUID | None:
    """Parse a room id from an address. Returns None if it is no UUID."""
    try:
        room_id = UUID(text)
    except ValueError:
        return None
    return room_id if str(room_id) == text.lower() else None
