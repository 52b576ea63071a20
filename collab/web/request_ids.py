"""Gives every request an id, which its answer and all its log lines carry."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable
from logging import DEBUG, INFO, getLogger

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, bound_contextvars

_LOG = getLogger(__name__)
_GIVEN = re.compile(rb"[A-Za-z0-9_.-]{1,64}")
_QUIET = ("/health", "/ready", "/metrics", "/assets/")


class RequestIds:
    """A middleware that takes the X-Request-ID that a proxy gave, else makes one."""

    def __call__(self, app: ASGIApp) -> ASGIApp:
        def name(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            given = dict(scope["headers"]).get(b"x-request-id", b"")
            request_id = given.decode() if _GIVEN.fullmatch(given) else secrets.token_hex(8)
            if scope["type"] == ScopeType.HTTP:
                return _answer(app, scope, receive, send, request_id)
            bind_contextvars(request=request_id)  # for good, as the task is of this socket alone
            return app(scope, receive, send)

        return name


async def _answer(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, request_id: str
) -> None:
    """Answer a request, and log it."""
    status = 0

    async def send_named(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            MutableScopeHeaders(message)["x-request-id"] = request_id
        await send(message)

    began = time.perf_counter()
    with bound_contextvars(request=request_id):
        await app(scope, receive, send_named)
        level = DEBUG if scope["path"].startswith(_QUIET) else INFO
        took = 1000 * (time.perf_counter() - began)
        # The template of the path, in which a room has no id.
        path = scope.get("path_template", "")
        _LOG.log(level, "%s %s: %d in %.1f ms", scope.get("method"), path, status, took)
