"""`/rooms/{room_id}/links` and `/enter`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from collab.doors.asking import ASKING_COSTS, RAISES, Asked, Conflict, example
from collab.doors.options import DoorLimits
from collab.doors.schemas import Enter, EnteredBody, LinkBody, MadeLink, MakeLink
from collab.doors.store import Doors
from collab.live.hub import Hub
from collab.live.permits import Permit, no_room, permit_of
from collab.live.programs import Reader, check_budget
from collab.live.who import caller
from collab.room.doors import ROLES, Access, Door


class LinksController(Controller):
    path = "/rooms/{room_id:str}"
    tags = ("access",)

    @get("/links", summary="List the links", raises=RAISES, opt={"may": "manage"})
    async def links(
        self, request: Asked, doors: NamedDependency[Doors], room_id: FromPath[str]
    ) -> list[LinkBody]:
        """The links that are not revoked, without their secrets."""
        door = permit_of(request.scope).access.door
        return [
            LinkBody(
                link.id,
                link.role,  # type: ignore[arg-type]
                link.expires_at,
                link.most,
                link.uses,
                _is_pointless(link.role, door),
            )
            for link in await doors.links(UUID(room_id))
        ]

    @post(
        "/links",
        summary="Make a link that gives a role",
        raises=[*RAISES, Conflict],
        opt={"may": "manage"},
    )
    async def make_link(
        self,
        request: Asked,
        doors: NamedDependency[Doors],
        door_limits: NamedDependency[DoorLimits],
        room_id: FromPath[str],
        data: Annotated[
            MakeLink, example("Three people, for a week", role="editor", expires_in=604800, uses=3)
        ],
    ) -> MadeLink:
        """Whoever opens the link becomes a member with its role. The secret is told this once; the
        server keeps its hash. A link never lowers a role."""
        permit = permit_of(request.scope)
        assert permit.who
        made = await doors.make_link(
            UUID(room_id), permit.who, data.role, data.expires_in, data.uses, door_limits.links
        )
        if made is None:
            words = f"The limit is {door_limits.links} links of a room: revoke one first."
            raise Conflict(words, extra={"code": "too_many_links"})
        id_, secret, expires_at = made
        pointless = _is_pointless(data.role, permit.access.door)
        return MadeLink(id_, data.role, expires_at, data.uses, 0, pointless, secret)

    @delete(
        "/links/{link:uuid}",
        summary="Revoke a link",
        status_code=200,
        raises=RAISES,
        opt={"may": "manage"},
    )
    async def revoke(
        self,
        request: Asked,
        doors: NamedDependency[Doors],
        room_id: FromPath[str],
        link: FromPath[UUID],
    ) -> None:
        """Nobody comes in by it any more. Who did stays a member."""
        permit = permit_of(request.scope)
        assert permit.who
        if not await doors.revoke(UUID(room_id), permit.who, link):
            raise NotFoundException("There is no such link.", extra={"code": "unknown_link"})

    @post(
        "/enter",
        summary="Enter by a link",
        status_code=200,
        raises=RAISES,
        opt={"may": "knock"},
    )
    async def enter(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        doors: NamedDependency[Doors],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        data: Annotated[Enter, example("The secret of a link", secret="x" * 43)],
    ) -> EnteredBody:
        """Makes the caller a member with the role of the link. A link that is wrong, expired, used
        up, revoked or of another room is answered like a room that is not there."""
        check_budget(reader.account)
        reader.charge(ASKING_COSTS)
        permit, room = permit_of(request.scope), UUID(room_id)
        role = await doors.link_role(room, data.secret)
        if role is None or permit.access.is_out(permit.who):
            raise no_room()
        before = permit.access.role(permit.who)
        own = _own_role(permit)
        if own is not None and ROLES.index(own) >= ROLES.index(role):
            assert before
            return EnteredBody(before)
        who = await caller(request.scope).guest()
        number = await doors.use_link(room, data.secret, who.id, data.name) if who else None
        if number is None or who is None:
            raise no_room()  # another has come first
        hub.changed(room, number)
        after = Access(permit.access.door, {who.id: role}).role(who.id)
        assert after
        return EnteredBody(after)


def _own_role(permit: Permit) -> str | None:
    """Return the role that somebody has in a room whatever its door."""
    door = permit.access.door
    return Access(Door(open="none", owner=door.owner), permit.access.members).role(permit.who)


def _is_pointless(role: str, door: Door) -> bool:
    """Tell whether the id of a room gives as much as a link."""
    ranks: dict[str, int] = {one: rank for rank, one in enumerate(ROLES)}
    return door.open in ranks and ranks[role] <= ranks[door.open]
