"""Keeps a replica in step with its server: connects, sends, hears, and connects again."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from collab.client.errors import NoEntry, NoServer
from collab.client.replica import Replica
from ot import OperationError

_FINAL = {
    4401: "This program was signed out, or its token has ended.",
    4403: "This server may not be used from here.",
    4404: "There is no such room, or it does not let this program in.",
    4406: "The server speaks another version of the protocol.",
    4409: "The same client has joined elsewhere.",
    4410: "This program has no access to the room any more.",
    4411: "Somebody in the room has stopped this agent.",
    4423: "The room lets in whom its owner has let in.",
}
"""Close codes after which coming back helps nothing."""
_TOO_LARGE = 1009
_MOST_BREAKS = 3
"""Links in a row that broke as the same change was sent over them, until it is set aside."""
_PING_EVERY = 10.0
"""Seconds; a link that does not answer for as long is given up."""
_STEADY = 5.0
"""Seconds after which a link counts as one that lasts."""


class Link:
    """The connection of one replica. `told` is called after each message was taken."""

    def __init__(
        self,
        replica: Replica,
        url: str,
        credentials: Callable[[], Awaitable[dict[str, str]]],
        told: Callable[[], None],
    ) -> None:
        self._replica, self._url = replica, url
        self._credentials, self._told = credentials, told
        self._news = asyncio.Event()
        self._words = ""
        self._breaks = 0
        self._tries = 0

    def wake(self) -> None:
        """Send what the replica has to say."""
        self._news.set()

    async def run(self) -> None:
        """Stay connected for ever. Raises NoEntry where the server ends it for good."""
        while True:
            began = time.monotonic()
            try:
                await self._visit()
            except (ConnectionClosed, InvalidHandshake, NoServer, OSError, TimeoutError) as lost:
                self._after(lost)
            except OperationError as error:  # what is held here is not what the server has
                self._replica.give_up("out_of_step", str(error))
            self._replica.lost()
            self._told()
            if time.monotonic() - began > _STEADY:
                self._tries = 0
            await asyncio.sleep(self._pause())

    def _pause(self) -> float:
        """Return the seconds until the next try: up to one for five tries, then ever more."""
        self._tries += 1
        longest = min(30.0, 2.0 ** max(0, self._tries - 5))
        return longest * (secrets.randbelow(100) + 1) / 100 if self._tries > 1 else 0.0

    async def _visit(self) -> None:
        headers = await self._credentials()
        async with connect(
            self._url,
            subprotocols=[Subprotocol("collab")],
            additional_headers=headers,
            compression=None,
            max_size=None,
            ping_interval=_PING_EVERY,
            ping_timeout=_PING_EVERY,
        ) as socket:
            with suppress(ConnectionClosed):  # what the server has said before is heard first
                await socket.send(_encode(self._replica.join(time.time_ns() // 10**6)))
            sending = asyncio.create_task(self._send(socket))
            try:
                while True:
                    self._hear(json.loads(await socket.recv()))
            finally:
                sending.cancel()
                with suppress(asyncio.CancelledError, ConnectionClosed):
                    await sending

    def _hear(self, message: Any) -> None:
        if isinstance(message, dict) and message.get("type") == "error":
            self._words = str(message["message"])
            if message["code"] == "name_taken":
                raise NoEntry("name_taken", self._words)
        revision = self._replica.revision
        try:
            self._replica.take(message)
        finally:
            self._told()  # at once, also what was taken before an error
        if self._replica.revision > revision:
            self._breaks = 0
        self.wake()

    async def _send(self, socket: ClientConnection) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            for message in self._replica.to_send():
                await socket.send(_encode(message))

    def _after(self, lost: BaseException) -> None:
        """Find out what a lost link means. Raises NoEntry where it is the end."""
        closed = lost.rcvd if isinstance(lost, ConnectionClosed) else None
        code = closed.code if closed else 1006
        if code in _FINAL:
            raise NoEntry(f"closed_{code}", self._words or _FINAL[code]) from lost
        self._breaks += code == 1006 and self._replica.is_sent
        if self._replica.is_sent and (code == _TOO_LARGE or self._breaks >= _MOST_BREAKS):
            words = "The connection broke each time that the change was sent."
            self._replica.refuse_flying("breaks_links", words)
            self._breaks = 0


def _encode(message: Any) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
