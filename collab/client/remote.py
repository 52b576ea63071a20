"""What a program asks of a room without being in it: files, runs, chat."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from collab.client.address import Address
from collab.client.errors import RoomError
from collab.client.rest import Rest
from collab.client.running import Run


class Remote:
    """One room over REST. People are told what is changed as `name`. Every call raises RoomError,
    NoEntry where the room does not let this program in, and NoServer."""

    def __init__(
        self, address: Address, *, name: str, token: str | None = None, person: str | None = None
    ) -> None:
        self.address, self.name = address, name
        self.person = person or secrets.token_urlsafe(12)
        """The public id of this program, which the log has with all that it does."""
        self.rest = Rest(address.server, name, self.person, token)
        self._talk_key = secrets.token_urlsafe(24)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await self.rest.leave()

    async def credentials(self) -> dict[str, str]:
        """Return the headers that open the room's socket. Enters by the link, if it has one."""
        if self.address.secret:
            await self.rest.enter(self.address.room, self.address.secret, self.name)
        return await self.rest.credentials()

    async def ask(self, method: str, path: str, **options: Any) -> Any:
        """Send a request below /rooms/{room_id}. Returns the httpx.Response."""
        if self.address.secret:
            await self.rest.enter(self.address.room, self.address.secret, self.name)
        return await self.rest.ask(method, f"/rooms/{self.address.room}{path}", **options)

    async def read_bytes(self, path: str) -> bytes:
        """Return the content of a file or asset as it was last committed."""
        content: bytes = (await self.ask("GET", _file(path))).content
        return content

    async def put(self, path: str, content: bytes) -> int:
        """Make this the content of a file, which is added with its folders where it is missing.
        UTF-8 is a text, of which only the difference is written. Returns the revision."""
        return await self._changed("PUT", path, content=content)

    async def add(self, path: str, content: bytes) -> int:
        """Add a file with its folders. Raises Taken where one is there. Returns the revision."""
        headers = {"if-none-match": "*"}
        return await self._changed("PUT", path, content=content, headers=headers)

    async def move(self, path: str, to: str) -> int:
        """Give a file or folder another path. Returns the revision."""
        return await self._changed("PATCH", path, json={"path": to})

    async def remove(self, path: str) -> int:
        """Remove a file, or a folder with all that is in it. Returns the revision."""
        return await self._changed("DELETE", path)

    async def run(
        self,
        path: str | None = None,
        *,
        args: Sequence[str] | None = None,
        stdin: str | None = None,
    ) -> Run:
        """Run a file, or the room's program. Everybody in the room sees it."""
        body = {"path": path, "args": list(args) if args is not None else None, "stdin": stdin}
        given = {name: value for name, value in body.items() if value is not None}
        answer = await self.ask("POST", "/runs", json=given)
        return Run(self.rest, self.address.room, answer.json()["run"])

    async def say(self, words: str, **more: Any) -> None:
        """Say something in the chat, or with the `anchor` of PROTOCOL.md in a new thread."""
        body = {"text": words, "nonce": secrets.token_urlsafe(12), **more}
        await self.ask("POST", "/messages", json=body, headers={"talk-key": self._talk_key})

    async def _changed(self, method: str, path: str, **options: Any) -> int:
        answer = await self.ask(method, _file(path), **options)
        revision: int = answer.json().get("revision", 0)
        return revision


def _file(path: str) -> str:
    """Return the path of requests about a file. Raises RoomError for one that leads elsewhere: it
    may come from a model."""
    names = path.strip("/").split("/")
    if not {"", ".", ".."}.isdisjoint(names):
        raise RoomError("bad_path", f"{path or 'Nothing'} is no path of a file in a room.")
    return f"/files/{quote('/'.join(names))}"
