"""Lets the server live below a path of a host that it shares with other programs."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any


class BasePath:
    """Takes the base path off each request's path, whether or not the proxy has done so.

    `/pad/rooms`, as a proxy passes it on as it came, and `/rooms`, as one that strips its own path
    passes it on, are the same request.
    """

    def __init__(self, app: Any, base: str) -> None:
        self._app = app
        self._base = base

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        if self._base and scope["type"] != "lifespan":
            scope["path"] = self._below(scope["path"])
            if raw := scope.get("raw_path"):
                scope["raw_path"] = self._below(raw.decode("latin-1")).encode("latin-1")
        # Not awaited, so that a socket keeps no frame of this as long as it lasts.
        served: Awaitable[None] = self._app(scope, receive, send)
        return served

    def _below(self, path: str) -> str:
        if path == self._base:
            return "/"
        return path.removeprefix(self._base) if path.startswith(f"{self._base}/") else path
