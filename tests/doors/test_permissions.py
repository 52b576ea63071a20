"""Every route of a room and every message says what its sender must be allowed to do."""

from __future__ import annotations

from typing import get_args

from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute, WebSocketRoute

from collab.app import create_app
from collab.domains import DOMAINS
from collab.live.permits import Needs, is_of_room
from collab.live.traffic import Traffic
from collab.protocol import ClientMessage, PlainMessage
from collab.room.doors import What
from collab.room.needs import NEEDS
from collab.settings import Settings

KNOWN = {what for part in get_args(Needs) for what in (get_args(part) or (part,))}


def test_every_route_of_a_room_says_what_it_needs() -> None:
    settings = Settings(database_url="postgresql://nowhere")
    app = create_app(settings, Traffic(settings.limits))
    silent, walked = [], 0
    for route in app.routes:
        if not is_of_room(route.path_format):
            assert "/rooms/{" not in route.path_format.replace("/me/rooms/{", "")
            continue
        if isinstance(route, WebSocketRoute):
            handlers: list[tuple[str, BaseRouteHandler]] = [("socket", route.route_handler)]
        else:
            assert isinstance(route, HTTPRoute)
            handlers = [
                (method, handler) for method, (handler, _) in route.route_handler_map.items()
            ]
        for method, handler in handlers:
            if method == "OPTIONS":
                continue
            walked += 1
            if handler.opt.get("may") not in KNOWN:
                silent.append(f"{method} {route.path_format}")
            changes = method in {"PUT", "PATCH", "DELETE"}
            if changes and handler.opt.get("may") in {"read", "knock"}:
                # It is one's own membership.
                assert route.path_format == "/rooms/{room_id}/members/{who}", route.path_format
    assert (silent, walked > 40) == ([], True)


def test_every_message_says_what_it_needs() -> None:
    assert NEEDS.keys() == {*get_args(ClientMessage), *get_args(PlainMessage)}
    settings = Settings(database_url="postgresql://nowhere")
    for domain in DOMAINS:
        if extension := domain.parts(settings).extension:
            assert extension.needs.keys() == extension.messages.keys(), domain.name
            assert set(extension.needs.values()) <= set(get_args(What))
