"""`/rooms/{room_id}/access` and `/members`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath

from collab.doors.asking import (
    ASKING_COSTS,
    RAISES,
    REGULATES,
    Asked,
    Conflict,
    done,
    example,
    guessing,
    not_allowed,
    regulating,
)
from collab.doors.options import DoorLimits
from collab.doors.schemas import (
    AccessBody,
    AddMember,
    EnteredBody,
    MemberBody,
    PatchAccess,
    SetMember,
)
from collab.doors.store import Doors
from collab.live.hub import Hub
from collab.live.permits import Permit, permit_of
from collab.live.programs import Reader, check_budget
from collab.room.doors import OUT, may


class DoorsController(Controller):
    path = "/rooms/{room_id:str}"
    tags = ("access",)

    @get("/access", summary="Read who may enter", raises=RAISES, opt={"may": "read"})
    async def access(self, request: Asked, room_id: FromPath[str]) -> AccessBody:
        """What the id of the room gives by itself: the role `editor` or `viewer`, the right to
        `ask`, or `none`. While it is `locked` everybody but the owner only watches."""
        return _access_body(permit_of(request.scope))

    @patch(
        "/access",
        summary="Change who may enter",
        raises=REGULATES,
        opt={"may": "manage"},
    )
    async def regulate(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        doors: NamedDependency[Doors],
        room_id: FromPath[str],
        data: Annotated[PatchAccess, example("Only members enter", open="none", locked=False)],
    ) -> AccessBody:
        """Once this is answered no change of a person who may not write any more is saved, on any
        server, however it comes. Who has no role any more is sent away."""
        permit = permit_of(request.scope)
        owner = await regulating(hub, permit)
        number = await doors.regulate(UUID(room_id), owner, data.open, data.locked)
        hub.changed(UUID(room_id), done(number))
        door = permit.access.door
        open_ = door.open if data.open is None else data.open
        locked = door.locked if data.locked is None else data.locked
        return AccessBody(open_, locked, owned=True, role="owner", who=owner)

    # Members

    @get("/members", summary="List the members", raises=RAISES, opt={"may": "manage"})
    async def members(
        self, doors: NamedDependency[Doors], room_id: FromPath[str]
    ) -> list[MemberBody]:
        """Everybody with a role of their own, the owner first, and those who were removed."""
        found = await doors.members(UUID(room_id))
        return [MemberBody(one.who, one.role, one.name, one.since) for one in found]  # type: ignore[arg-type]

    @post(
        "/members",
        summary="Give a role to somebody with an account",
        raises=[*REGULATES, Conflict, TooManyRequestsException],
        opt={"may": "manage"},
    )
    async def add_member(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        doors: NamedDependency[Doors],
        door_limits: NamedDependency[DoorLimits],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        data: Annotated[
            AddMember, example("By the name of the account", name="Ada", role="editor")
        ],
    ) -> EnteredBody:
        """By the name of the account, in its own spelling. They need not have been here. Names are
        public, so one that nobody has is told; how many may be tried has a limit."""
        owner = await regulating(hub, permit_of(request.scope))
        check_budget(reader.account)
        reader.charge(ASKING_COSTS)
        async with guessing(doors.attempts, reader.address, door_limits.unknown):
            who = await doors.named(data.name)
            if who is None:
                words = "Nobody has an account of this name."
                raise NotFoundException(words, extra={"code": "unknown_person"})
        if who == owner:
            words = "This is you, the owner of the room."
            raise Conflict(words, extra={"code": "last_owner"})
        most, room = door_limits.members, UUID(room_id)
        number = await doors.set_role(room, owner, who, data.role, None, most)
        if number is None:
            words = "The room has too many members."
            raise Conflict(words, extra={"code": "too_many_members"})
        hub.changed(room, number)
        return EnteredBody(data.role)

    @put(
        "/members/{who:uuid}",
        summary="Give somebody a role, or remove them",
        raises=[*REGULATES, Conflict],
        opt={"may": "manage"},
    )
    async def set_member(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        doors: NamedDependency[Doors],
        door_limits: NamedDependency[DoorLimits],
        room_id: FromPath[str],
        who: FromPath[UUID],
        data: Annotated[SetMember, example("Let somebody only watch", role="viewer")],
    ) -> EnteredBody | None:
        """The role "none" removes a person: they are sent away, and stay out with the browser or
        account that they have. "owner" hands the room over to a member; you are an editor then."""
        owner = await regulating(hub, permit_of(request.scope))
        if who == owner:
            words = "A room has one owner: hand it over to another member first."
            raise Conflict(words, extra={"code": "last_owner"})
        room = UUID(room_id)
        if data.role == "owner":
            number = await doors.hand_over(room, owner, who, data.name)
        else:
            most = door_limits.members
            number = await doors.set_role(room, owner, who, data.role, data.name, most)
        if number is None:
            words = "There is no such person, or the room has too many members."
            raise NotFoundException(words, extra={"code": "unknown_person"})
        hub.changed(room, number)
        return None if data.role == OUT else EnteredBody(data.role)  # type: ignore[arg-type]

    @delete(
        "/members/{who:uuid}",
        summary="Take somebody's own role away",
        status_code=200,
        raises=[*REGULATES, Conflict],
        opt={"may": "read"},
    )
    async def forget(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        doors: NamedDependency[Doors],
        room_id: FromPath[str],
        who: FromPath[UUID],
    ) -> None:
        """The person has what the id of the room gives, like anybody: a removed person may come
        again. Members may leave this way themselves; the owner hands the room over first."""
        permit, room = permit_of(request.scope), UUID(room_id)
        if who == permit.access.door.owner:
            words = "The owner cannot leave: hand the room over to another member first."
            raise Conflict(words, extra={"code": "last_owner"})
        if who == permit.who and not permit.watches:
            number = await doors.leave(room, who)
        else:
            if not may(permit.role, "manage"):
                raise not_allowed("Only the owner may do this.")
            number = await doors.forget(room, await regulating(hub, permit), who)
        if number is None:
            words = "This person has no role of their own here."
            raise NotFoundException(words, extra={"code": "unknown_person"})
        hub.changed(room, number)


def _access_body(permit: Permit) -> AccessBody:
    door, role = permit.access.door, permit.role
    assert role
    return AccessBody(door.open, door.locked, door.owner is not None, role, permit.who)
