"""Answers what is still being done when the server stops."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

_ANSWER = (
    b'{"status_code":503,"detail":"The server is restarting; try again.",'
    b'"extra":{"code":"restarting"}}'
)
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", b"%d" % len(_ANSWER)),
    (b"retry-after", b"2"),
]


class Stopping:
    """Tells who waits for an answer that a stopping server gives up: to uvicorn that is an error of
    ours."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        # A socket keeps no frame of this as long as it lasts.
        serve = self._answer if scope["type"] == "http" else self._app
        return serve(scope, receive, send)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        started = False

        async def note(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, note)
        except asyncio.CancelledError:
            if started:
                raise
            await send({"type": "http.response.start", "status": 503, "headers": _HEADERS})
            await send({"type": "http.response.body", "body": _ANSWER})
