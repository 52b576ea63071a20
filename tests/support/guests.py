"""People whom a server knows by their cookie alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.support.server import DEADLINE, Server
from tests.support.sockets import Socket


class Guest:
    """A browser: it keeps the cookie that a server gives it, and shows it to any server."""

    def __init__(self, cookie: str = "") -> None:
        self.cookie = cookie

    def ask(self, server: Server, method: str, path: str, /, **body: Any) -> httpx.Response:
        """Make a request. `body` are the fields of the JSON, without any there is none."""
        headers = {"cookie": self.cookie} if self.cookie else {}
        answer = httpx.request(
            method, server.url + path, json=body or None, headers=headers, timeout=DEADLINE
        )
        self._keep(answer.headers.get("set-cookie"))
        return answer

    def done(self, server: Server, method: str, path: str, /, **body: Any) -> Any:
        """Make a request that must be granted. Returns the body of the answer."""
        answer = self.ask(server, method, path, **body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def room(self, server: Server, **access: object) -> str:
        """Make a room with the text "hello" that this person owns, with this door."""
        room_id: str = self.done(server, "POST", "/rooms", initial_code="hello")["roomId"]
        if access:
            self.done(server, "PATCH", f"/rooms/{room_id}/access", **access)
        return room_id

    def who(self, server: Server, room_id: str) -> str:
        """The public id of this person, who may read the room."""
        found: str = self.done(server, "GET", f"/rooms/{room_id}/access")["who"]
        return found

    @asynccontextmanager
    async def socket(
        self, server: Server, room_id: str, *, plain: bool = False
    ) -> AsyncIterator[Socket]:
        """A socket of this browser; not joined yet."""
        headers = {"origin": server.url} | ({"cookie": self.cookie} if self.cookie else {})
        async with connect(
            server.room_url(room_id),
            subprotocols=None if plain else [Subprotocol("collab")],
            compression=None,
            max_size=None,
            additional_headers=headers,
        ) as connection:
            assert connection.response
            self._keep(connection.response.headers.get("set-cookie"))
            yield Socket(connection)

    def _keep(self, header: str | None) -> None:
        if header:
            self.cookie = header.partition(";")[0]


def enter(server: Server, room_id: str, owner: Guest, role: str) -> Guest:
    """A new person who has become a member by a link."""
    link = owner.done(server, "POST", f"/rooms/{room_id}/links", role=role)
    person = Guest()
    person.done(server, "POST", f"/rooms/{room_id}/enter", secret=link["secret"])
    return person
