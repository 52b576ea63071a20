"""Limits the bodies of requests: their size, their speed, and the bytes of one address."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from collab.errors import PeerError
from collab.live import wire
from collab.live.traffic import Traffic


class Bodies(ASGIMiddleware):
    """Passes each body on within the limits of its route and of its address."""

    scopes = (ScopeType.HTTP,)

    def __init__(
        self, traffic: Traffic, most: Mapping[str, int], streamed: Collection[str] = ()
    ) -> None:
        """`most` has the largest body in bytes, by the path of the route. Others take none. Of the
        routes in `streamed` no body is held in memory."""
        self._traffic = traffic
        self._streamed = streamed
        self._most = most

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        route = scope["path_template"]
        held = route not in self._streamed
        body = _Body(scope, receive, self._traffic, self._most.get(route, 0), held=held)
        try:
            await next_app(scope, body.receive, send)
        finally:
            body.let_go()


class _Body:
    """One body while it comes. Raises HTTPException where a limit is met."""

    def __init__(
        self, scope: Scope, receive: Receive, traffic: Traffic, most: int, *, held: bool
    ) -> None:
        now = asyncio.get_running_loop().time()
        client = scope["client"]
        self._scope = scope
        self._receive = receive
        self._limits = traffic.limits
        self._account = traffic.addresses.account(client[0] if client else "", now)
        self._most = most
        self._is_held = held
        self._announced = int(dict(scope["headers"]).get(b"content-length", b"0"))
        self._began = now
        self._size = 0
        self._ended = False

    async def receive(self) -> Any:
        if self._ended:
            return await self._receive()
        self._check(self._announced)
        limits = self._limits
        due = self._began + limits.request_within + self._size / limits.least_rate
        try:
            async with asyncio.timeout_at(due):
                message = await self._receive()
        except TimeoutError:
            words = (
                f"The body came too slowly; the limit is {limits.request_within} s"
                f" and then {limits.least_rate} bytes a second."
            )
            raise _refusal(408, "too_slow", words) from None
        if message["type"] == "http.request":
            self._ended = not message.get("more_body")
            await self._take(len(message["body"]))
        return message

    async def _take(self, size: int) -> None:
        self._size += size
        try:
            if self._is_held:
                self._account.hold(size)
            self._check(self._size)
        except PeerError as error:
            raise _refusal(429, error.code, error.message) from error
        loop = asyncio.get_running_loop()
        if wait := self._account.take(0, size, loop.time()):
            await wire.rest(self._scope, wait)
            self._began += wait

    def _check(self, size: int) -> None:
        if size > self._most:
            words = f"The request is too large; the limit is {self._most} bytes."
            raise _refusal(413, "too_large", words)

    def let_go(self) -> None:
        if self._is_held:
            self._account.hold(-self._size)


def _refusal(status: int, code: str, words: str) -> HTTPException:
    """An answer with a stable code beside the words, as an `error` of a WebSocket has. The rest of
    the body is not read, so the connection ends, and clients have to know."""
    headers = {"connection": "close"}
    return HTTPException(words, status_code=status, extra={"code": code}, headers=headers)
