"""Finds out who makes a request or opens a socket: by an opaque cookie, or by a JWT of a program.

A person who shows neither costs no query. Sockets of a session that has ended, wherever it was
ended, are turned away within a second.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from logging import getLogger
from typing import Any
from uuid import UUID

from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from collab.access.names import key_of
from collab.access.sessions import PREFIX, Found, Sessions, new_secret
from collab.errors import LogUnavailable, NotSignedIn
from collab.live import wire
from collab.live.addresses import parse_address
from collab.live.origin import is_welcome
from collab.live.who import Who, introduce

_LOG = getLogger(__name__)
_LOOK_EVERY = 0.4
"""Seconds between two looks at whether the sessions of open sockets still hold."""
_SAFE_COOKIE = "__Host-collab"
_PLAIN_COOKIE = "collab"
_STARTS = ("http.response.start", "websocket.accept")
_OTHER_SITES = (b"cross-site", b"same-site")
"""Values of Sec-Fetch-Site for what a page of another origin asks for."""
_MOST_COOKIE = 4096
"""Bytes of a Cookie header that is read."""


class Asking:
    """The Caller of one request or socket."""

    __slots__ = ("_found", "_scope", "_sessions", "_set_cookie", "_watch")

    def __init__(self, scope: Any, sessions: Sessions, watch: Watch) -> None:
        self._scope = scope
        self._sessions = sessions
        self._watch = watch
        self._found: asyncio.Future[Found | None] | None = None
        self._set_cookie: str | None = None

    async def who(self) -> Who | None:
        found = await self.found()
        return found.who if found else None

    async def found(self) -> Found | None:
        """Return the session, looked up once. Raises NotSignedIn and LogUnavailable."""
        if self._found is None:
            self._found = asyncio.ensure_future(self._look())
        return await asyncio.shield(self._found)

    def lately(self) -> Who | None:
        cookie = self._cookie_given(dict(self._scope["headers"]))
        found = self._sessions.lately(cookie) if cookie and self._found is None else None
        if found is None:
            return None
        self._found = asyncio.get_running_loop().create_future()
        self._found.set_result(found)
        self._watch_over(found)
        return found.who

    def shown(self) -> bytes | None:
        cookie = self._cookie_given(dict(self._scope["headers"]))
        return self._sessions.hash_of(cookie) if cookie and self._found is None else None

    async def guest(self) -> Who | None:
        if who := await self.who():
            return who
        if not self._is_own_page(dict(self._scope["headers"])):
            return None
        secret = new_secret()
        who = await self._sessions.begin_guest(secret)
        self.become(Found(who, "guest", None), secret)
        return who

    async def of_token(self, token: str) -> Who | None:
        found = await self._sessions.of_secret(token.removeprefix(PREFIX))
        return found.who if found and found.kind == "token" else None

    async def is_account(self, name: str) -> bool:
        return await self._sessions.is_account(key_of(name))

    def become(self, found: Found, secret: str) -> None:
        """Have the answer set the cookie of a new session, which this request now is of."""
        self._found = asyncio.get_running_loop().create_future()
        self._found.set_result(found)
        self._set_cookie = self._cookie(secret, self._sessions.seconds(found.kind))
        self._watch_over(found)

    def forget(self) -> None:
        """Have the answer take the cookie away."""
        self._found = asyncio.get_running_loop().create_future()
        self._found.set_result(None)
        self._set_cookie = self._cookie("", 0)

    def answer(self, message: Message) -> None:
        """Add the cookie to the head of an answer."""
        if self._set_cookie and message["type"] in _STARTS:
            headers = MutableScopeHeaders.from_message(message)
            headers.add("set-cookie", self._set_cookie)
            headers["cache-control"] = "no-store"

    async def _look(self) -> Found | None:
        headers = dict(self._scope["headers"])
        found = None
        if authorization := headers.get(b"authorization"):
            found = await self._by_token(authorization.decode("latin-1"))
        elif cookie := self._cookie_given(headers):
            found = await self._sessions.of_secret(cookie)
            if found and found.kind == "token":
                found = None  # an API token is no cookie
        if found:
            self._watch_over(found)
        return found

    async def _by_token(self, authorization: str) -> Found:
        # Only programs need these libraries.
        from collab.access import jwts  # noqa: PLC0415

        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedIn("bad_token", "Authorization is Bearer and a JWT of /auth/token.")
        try:
            found = await self._sessions.of_id(jwts.session_of(token))
            if found is None or found.key is None:
                raise NotSignedIn("token_revoked", "The API token was revoked or has expired.")
            if jwts.verify(token, found.key) != found.who.id:
                raise NotSignedIn("bad_token", "The token is no JWT of this server.")
        except jwts.BadJwt as error:
            raise NotSignedIn("bad_token", str(error)) from error
        return found

    def _is_own_page(self, headers: Mapping[bytes, bytes]) -> bool:
        """Return whether cookies count: for pages of this server and for programs.

        SameSite does not keep out a page of another port of this host, and the operator may have
        allowed other sites. Such a page does nothing in anybody's name.
        """
        if headers.get(b"sec-fetch-site") in _OTHER_SITES:
            return False
        origin, host = headers.get(b"origin"), headers.get(b"host", b"").decode("latin-1")
        any_port = bool((self._scope.get("state") or {}).get("any_port"))
        return is_welcome(origin.decode("latin-1") if origin else None, host, (), any_port=any_port)

    def _watch_over(self, found: Found) -> None:
        if self._scope["type"] == ScopeType.WEBSOCKET:
            self._watch.add(found.who.session, self._scope)

    def _cookie_given(self, headers: Mapping[bytes, bytes]) -> str | None:
        """Return the secret of a browser, if that is what was shown, by a page whose cookies
        count."""
        if b"authorization" in headers or not self._is_own_page(headers):
            return None
        return self._given(headers.get(b"cookie", b""))

    def _given(self, header: bytes) -> str | None:
        """Return the value of our cookie; None where there is none, or where there are two."""
        if not header or len(header) > _MOST_COOKIE:
            return None
        name = self._name() + "="
        parts = [part.strip() for part in header.decode("latin-1").split(";")]
        values = [part.removeprefix(name) for part in parts if part.startswith(name)]
        return values[0] if len(values) == 1 else None

    def _name(self) -> str:
        return _SAFE_COOKIE if is_safe(self._scope) else _PLAIN_COOKIE

    def _cookie(self, secret: str, seconds: int) -> str:
        secure = "; Secure" if is_safe(self._scope) else ""
        return f"{self._name()}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


class Watch:
    """The open sockets of this process, by session. Those of ended sessions are turned away."""

    def __init__(self) -> None:
        self._sockets: defaultdict[UUID, list[Any]] = defaultdict(list)

    def add(self, session: UUID, scope: Any) -> None:
        self._sockets[session].append(scope)
        scope["state"]["session"] = session

    def remove(self, scope: Any) -> None:
        session = scope["state"].get("session")
        if session and (scopes := self._sockets.get(session)):
            scopes[:] = [each for each in scopes if each is not scope]
            if not scopes:
                del self._sockets[session]

    def end(self, session: UUID) -> None:
        """Turn the sockets of a session away."""
        for scope in self._sockets.get(session, ()):
            words = "You were signed out."
            wire.turn_away(scope, NotSignedIn("signed_out", words))

    @asynccontextmanager
    async def watching(self, sessions: Sessions) -> AsyncIterator[None]:
        """Look again and again at whether the sessions of open sockets hold, until the block
        ends."""
        task = asyncio.create_task(self._look(sessions))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _look(self, sessions: Sessions) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            if not self._sockets:
                continue
            asked = list(self._sockets)
            try:
                alive = await sessions.alive(asked)
            except LogUnavailable as error:
                # Nothing is committed meanwhile.
                _LOG.warning("sessions cannot be looked at: %s", error)
                continue
            for session in asked:
                if session not in alive:
                    self.end(session)


class Callers:
    """A middleware that puts a Caller into each scope."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.sessions: Sessions | None = None

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            assert self.sessions, "requests come while the domain serves"
            asking = Asking(scope, self.sessions, self._watch)
            introduce(scope, asking)

            async def answer(message: Message) -> None:
                asking.answer(message)
                await send(message)

            try:
                await app(scope, receive, answer)
            finally:
                self._watch.remove(scope)

        return serve


def is_safe(scope: Any) -> bool:
    """Return whether a browser takes Secure cookies: over TLS, and of this machine."""
    if scope["scheme"] in ("https", "wss"):
        return True
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = parse_address(name.strip("[]"))
    return address is not None and address.is_loopback
