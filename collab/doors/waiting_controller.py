"""`/rooms/{room_id}/waiting`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath

from collab.doors.asking import (
    ASKING_COSTS,
    RAISES,
    REGULATES,
    Asked,
    done,
    example,
    regulating,
    take_try,
)
from collab.doors.options import DoorLimits
from collab.doors.schemas import Answer, AskBody, StateBody, WaitingBody
from collab.doors.store import Doors
from collab.live.addresses import household
from collab.live.hub import Hub
from collab.live.permits import Permit, no_room, permit_of
from collab.live.programs import Reader, check_budget
from collab.live.who import caller
from collab.room.doors import may


class WaitingController(Controller):
    path = "/rooms/{room_id:str}"
    tags = ("access",)

    @get("/waiting", summary="List who waits", raises=RAISES, opt={"may": "manage"})
    async def waiting(
        self, doors: NamedDependency[Doors], room_id: FromPath[str]
    ) -> list[WaitingBody]:
        """Who asks to be let in, or for a higher role, the first first."""
        found = await doors.waiting(UUID(room_id))
        return [WaitingBody(one.who, one.name, one.since) for one in found]

    @post(
        "/waiting",
        summary="Ask to be let in",
        status_code=202,
        raises=[*RAISES, TooManyRequestsException],
        opt={"may": "knock"},
    )
    async def ask(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        doors: NamedDependency[Doors],
        door_limits: NamedDependency[DoorLimits],
        reader: NamedDependency[Reader],
        room_id: FromPath[str],
        data: Annotated[AskBody, example("Who asks", name="Quiet Otter")],
    ) -> StateBody:
        """The owner is told. `GET /rooms/{room_id}/waiting/mine` says what became of it. Until
        somebody is let in they are told nothing of the room."""
        permit = _may_knock(request)
        if may(permit.role, "write"):
            return StateBody("let_in")
        check_budget(reader.account)
        reader.charge(ASKING_COSTS)
        # So that nobody fills the list, and keeps others from asking.
        asks = f"ask {room_id.lower()} {household(reader.address)}"
        await take_try(doors.attempts, asks, door_limits.asking)
        who = await caller(request.scope).guest()
        if who is None:
            raise no_room()
        if not await doors.ask(UUID(room_id), who.id, data.name, door_limits.waiting):
            return StateBody("turned_away")
        hub.knock(UUID(room_id))
        return StateBody("waiting")

    @get("/waiting/mine", summary="Ask what became of it", raises=RAISES, opt={"may": "knock"})
    async def waits(
        self, request: Asked, doors: NamedDependency[Doors], room_id: FromPath[str]
    ) -> StateBody:
        """Whether the caller still waits, was let in, or was turned away."""
        permit = _may_knock(request)
        if may(permit.role, "write"):
            return StateBody("let_in")
        waits = await doors.waits(UUID(room_id), permit.who) if permit.who else None
        if waits is None:
            return StateBody("let_in" if permit.role else "not_asked")
        return StateBody("waiting" if waits else "turned_away")

    @put(
        "/waiting/{who:uuid}",
        summary="Let somebody in, or turn them away",
        raises=REGULATES,
        opt={"may": "manage"},
    )
    async def answer(
        self,
        request: Asked,
        hub: NamedDependency[Hub],
        doors: NamedDependency[Doors],
        door_limits: NamedDependency[DoorLimits],
        room_id: FromPath[str],
        who: FromPath[UUID],
        data: Annotated[Answer, example("Let in to edit", role="editor")],
    ) -> None:
        """Gives the role to somebody who waits. "none" turns them away: they may not ask again."""
        room = UUID(room_id)
        owner = await regulating(hub, permit_of(request.scope))
        name = await doors.name_of(room, who)
        if name is None:
            raise NotFoundException("Nobody of that id waits.", extra={"code": "unknown_person"})
        if data.role == "none":
            await doors.turn_away(room, owner, who)
        else:
            most = door_limits.members
            number = await doors.set_role(room, owner, who, data.role, name, most)
            hub.changed(room, done(number))
        hub.knock(room)


def _may_knock(request: Asked) -> Permit:
    """Raise NotFoundException unless the caller may know that the room is there."""
    permit = permit_of(request.scope)
    asks = permit.access.door.open == "ask" and not permit.access.is_out(permit.who)
    if permit.role is None and not asks:
        raise no_room()
    return permit
