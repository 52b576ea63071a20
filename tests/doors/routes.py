"""Every route of a room, as requests."""

from __future__ import annotations

from collections.abc import Iterator

from litestar.routes import HTTPRoute
from msgspec import Struct

from collab.app import create_app
from collab.live.permits import is_of_room
from collab.live.traffic import Traffic
from collab.settings import Settings
from tests.support.rooms import NOBODYS

_VALUES = {"link": NOBODYS, "path": "main.py", "sha256": "0" * 64, "who": NOBODYS}


class RoomRoute(Struct, frozen=True):
    """A method, the path behind that of the room, and what a caller must be allowed to do."""

    method: str
    path: str
    needs: str


def routes_of_rooms() -> Iterator[RoomRoute]:
    settings = Settings(database_url="postgresql://nowhere")
    for route in create_app(settings, Traffic(settings.limits)).routes:
        if not isinstance(route, HTTPRoute) or not is_of_room(route.path_format):
            continue
        path = ""
        for part in route.path_components[2:]:
            path += f"/{part if isinstance(part, str) else _VALUES.get(part.name, '1')}"
        for method, (handler, _) in route.route_handler_map.items():
            if method != "OPTIONS":
                yield RoomRoute(str(method), path, handler.opt["may"])
