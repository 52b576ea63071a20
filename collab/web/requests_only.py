"""Keeps the frames of middleware for requests off the sockets, which last for hours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send


def requests_only(middleware: Callable[..., ASGIApp]) -> Callable[[ASGIApp], ASGIApp]:
    """Return a middleware that does for requests what the given one does, and is not there for
    sockets: Litestar's own way round a middleware keeps a frame of it."""

    def install(app: ASGIApp) -> ASGIApp:
        inner = middleware(app=app)

        def choose(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            return (inner if scope["type"] == ScopeType.HTTP else app)(scope, receive, send)

        return choose

    return install
