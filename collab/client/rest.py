"""Requests to the server beside the socket, and the credentials of both.

httpx is imported when something is first asked for: a program that only edits an open room never
loads it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from collab.client.errors import Busy, NoEntry, NoServer, NotThere, RoomError, Taken

if TYPE_CHECKING:
    import httpx

_FRESH = 600.0
"""Seconds for which a JWT is used. The server takes it for 15 minutes."""
_TIMEOUT = 60.0


class Rest:
    """One program's requests to one server. A `token` is an API token of an account."""

    def __init__(self, server: str, name: str, person: str, token: str | None = None) -> None:
        self.server = server
        self._headers = {"x-collab-name": quote(name), "x-collab-person": person}
        self._token = token
        self._jwt, self._until = "", 0.0
        self._cookie = ""
        self._client: httpx.AsyncClient | None = None

    async def leave(self) -> None:
        """End the session of the guest that a link made, if any, and close the connections."""
        with suppress(RoomError):
            if self._cookie:
                await self.ask("POST", "/auth/signout")
        if self._client:
            await self._client.aclose()

    async def enter(self, room: str, secret: str, name: str) -> None:
        """Become a member of a room by a role link. Without a token, as a new guest.

        Raises NoEntry where the link does not hold.
        """
        if not self._cookie:
            await self.ask("POST", f"/rooms/{room}/enter", json={"secret": secret, "name": name})

    async def credentials(self) -> dict[str, str]:
        """Return the headers that say who this program is. Raises RoomError for a bad token."""
        if self._token and time.monotonic() > self._until:
            body = {"token": self._token}
            answer = await self._send("POST", "/auth/token", json=body)
            self._jwt, self._until = answer.json()["token"], time.monotonic() + _FRESH
        if self._jwt:
            return {"authorization": f"Bearer {self._jwt}"}
        return {"cookie": self._cookie} if self._cookie else {}

    def forget(self) -> None:
        """Get new credentials before the next request."""
        self._until = 0.0

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request, with the options of `httpx.AsyncClient.request`.

        Raises RoomError with the server's code and words, and NoServer where none answers.
        """
        headers = {**self._headers, **await self.credentials(), **options.pop("headers", {})}
        return await self._send(method, path, headers=headers, **options)

    async def stream(self, path: str, **headers: str) -> httpx.Response:
        """Begin to read an answer that comes piece by piece. Close it. Raises as `ask`."""
        client = self._opened()
        headers = {**self._headers, **await self.credentials(), **headers}
        request = client.build_request("GET", path, headers=headers, timeout=None)
        return await self._checked(client, request, stream=True)

    async def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        client = self._opened()
        return await self._checked(client, client.build_request(method, path, **options))

    async def _checked(
        self, client: httpx.AsyncClient, request: httpx.Request, *, stream: bool = False
    ) -> httpx.Response:
        import httpx  # noqa: PLC0415

        try:
            answer = await client.send(request, stream=stream)
            if answer.is_success:
                self._keep(answer.headers.get("set-cookie", ""))
                return answer
            await answer.aread()
        except httpx.HTTPError as error:
            words = f"{self.server} does not answer: {str(error) or type(error).__name__}"
            raise NoServer("no_server", words) from error
        raise _error(answer)

    def _opened(self) -> httpx.AsyncClient:
        import httpx  # noqa: PLC0415

        if self._client is None:
            self._client = httpx.AsyncClient(base_url=self.server, timeout=_TIMEOUT)
        return self._client

    def _keep(self, set_cookie: str) -> None:
        """Keep the cookie of a guest. A cookie jar would not send a Secure one to this machine."""
        if set_cookie:
            self._cookie = set_cookie.partition(";")[0]


def _error(answer: httpx.Response) -> RoomError:
    """Return the error that an answer tells of."""
    try:
        body = answer.json()
        extra, words = body.get("extra") or {}, str(body["detail"])
    except (ValueError, KeyError, AttributeError):
        words = f"The server answered {answer.status_code}; is this a Collab server?"
        return NoServer("no_collab", words)
    if isinstance(extra, list):
        extra, words = {}, "; ".join([words, *(str(e.get("message", "")) for e in extra)])
    code = str(extra.get("code") or {404: "not_there", 429: "too_many"}.get(answer.status_code, ""))
    if code in ("room_not_found", "ask_to_enter", "signed_out", "bad_token", "token_revoked"):
        return NoEntry(code, words)
    if answer.status_code == 404:
        return (NoEntry if words == "Room not found" else NotThere)(code or "not_there", words)
    kind = {412: Taken, 429: Busy}.get(answer.status_code, RoomError)
    return kind(code or f"http_{answer.status_code}", words)
