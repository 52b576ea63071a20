"""The domain of rooms over HTTP: making one, and reading one."""

from __future__ import annotations

from collab.domain import Domain, Parts
from collab.settings import Settings


def _parts(settings: Settings) -> Parts:
    from collab.rooms.controllers import RoomsController  # noqa: PLC0415

    return Parts(
        routes=[RoomsController],
        bodies={"/rooms": settings.limits.largest_message},
    )


ROOMS = Domain("rooms", _parts)
