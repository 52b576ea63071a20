"""Keeps pages of other sites, and names that are not ours, from the REST API."""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.exceptions import PermissionDeniedException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from collab.errors import PeerError
from collab.live.origin import Welcome

_SAFE = ("GET", "HEAD", "OPTIONS")
_PROBES = ("/health", "/ready", "/metrics")
"""Paths that probes ask for by an address, and that reveal nothing of a room."""


class Origins(ASGIMiddleware):
    """Answers 403 to requests from other sites' pages, which browsers send without asking first."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, welcome: Welcome) -> None:
        self._welcome = welcome

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        try:
            if scope.get("method") not in _SAFE:
                self._welcome.check(scope)
            elif not scope["path"].startswith(_PROBES):
                self._welcome.check_host(scope)
        except PeerError as error:
            raise PermissionDeniedException(error.message) from error
        await next_app(scope, receive, send)
