"""The domain of doors: who may do what in a room, and who lets whom in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from collab.domain import Domain, Parts
from collab.doors.options import DoorLimits
from collab.settings import Settings

if TYPE_CHECKING:
    from uuid import UUID

    from litestar import Litestar

    from collab.live.hub import Hub

_MOST_BODY = 4096
_ROOM = "/rooms/{room_id}"


def _parts(settings: Settings) -> Parts:
    from litestar.di import Provide  # noqa: PLC0415

    from collab.doors.controllers import DoorsController  # noqa: PLC0415
    from collab.doors.links_controller import LinksController  # noqa: PLC0415
    from collab.doors.store import Doors  # noqa: PLC0415
    from collab.doors.waiting_controller import WaitingController  # noqa: PLC0415
    from collab.live.extension import Extension  # noqa: PLC0415
    from collab.live.hub import WAITING  # noqa: PLC0415

    limits = settings.options("limit_doors", DoorLimits)
    doors = Doors()
    hubs: list[Hub] = []

    def noticed(room_id: UUID, topic: str, _about: str) -> None:
        if topic == WAITING and hubs:
            hubs[0].knocked(room_id)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        doors.begin(app.state.log.connections)
        hubs[:] = [app.state.hub]
        yield

    routes = ("access", "members", "members/{who}", "links", "enter", "waiting", "waiting/{who}")
    return Parts(
        routes=[DoorsController, LinksController, WaitingController],
        dependencies={
            "doors": Provide(lambda: doors, sync_to_thread=False),
            "door_limits": Provide(lambda: limits, sync_to_thread=False),
        },
        bodies={f"{_ROOM}/{route}": _MOST_BODY for route in routes},
        extension=Extension(noticed=noticed),
        lifespan=lifespan,
    )


DOORS = Domain("doors", _parts, limits=DoorLimits)
