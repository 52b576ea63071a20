"""A server whose work is counted: what an answer's time would tell, without a clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from collab.access import passwords
from collab.settings import Settings
from collab.store.connections import Connections
from tests.support.here import serving
from tests.support.server import DEADLINE

VERIFIED = "a password is verified"
_DIFFERING = {"x-request-id", "date"}


class Observed:
    """A server in this process, and what it asks of the database and of its thread of passwords."""

    def __init__(self, address: str, http: httpx.AsyncClient) -> None:
        self.address = address
        self.http = http
        self.work: list[object] = []

    async def ask(self, method: str, path: str, cookie: str = "", **body: object) -> Any:
        """Make a request. Returns all that the caller can tell of it: the answer, and the work that
        it took."""
        self.work.clear()
        headers = {"cookie": cookie} if cookie else {}
        answer = await self.http.request(method, path, json=body or None, headers=headers)
        told = {name: value for name, value in answer.headers.items() if name not in _DIFFERING}
        return answer.status_code, answer.content, told, [*self.work]

    async def dial(self, room_id: str, *, ot: bool, cookie: str = "") -> Any:
        """Open a socket that is turned away. Returns the same of it."""
        self.work.clear()
        frames = []
        async with connect(
            f"ws://{self.address}/ws/{room_id}",
            subprotocols=[Subprotocol("collab")] if ot else None,
            additional_headers={"cookie": cookie} if cookie else None,
        ) as socket:
            try:
                while True:
                    frames.append(await socket.recv())
            except ConnectionClosed:
                return frames, socket.close_code, socket.close_reason, [*self.work]


@asynccontextmanager
async def observing(database_url: str) -> AsyncIterator[Observed]:
    settings = Settings(port=0, database_url=database_url, tick=600)
    run, check = Connections._run, passwords.Passwords._do
    async with (
        serving(settings) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE) as http,
    ):
        observed = Observed(address, http)

        async def noting(self: Connections, *statement: object) -> Any:
            observed.work.append(statement[1])
            return await run(self, *statement)  # type: ignore[arg-type]

        async def checking(self: passwords.Passwords, *task: Any) -> Any:
            observed.work.append(VERIFIED)
            return await check(self, *task)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Connections, "_run", noting)
            patch.setattr(passwords.Passwords, "_do", checking)
            yield observed
