"""A server with a model, and people at it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from collab.postgres import embedded
from collab.settings import Settings
from tests.socket.test_many_processes import two_servers
from tests.support.database import made_database
from tests.support.here import serving
from tests.support.models import Model, model
from tests.support.ports import free_port
from tests.support.server import DEADLINE, Server
from tests.support.sockets import Socket

KEY = "sk-the-key-of-the-operator-0123456789"


class Person:
    """A browser at a server: it keeps the cookie that it is given, as httpx would not."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._http = httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE)
        self.headers: dict[str, str] = {}

    async def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        answer = await self._http.request(method, path, json=body, headers=self.headers)
        if cookie := answer.headers.get("set-cookie"):
            self.headers = {"cookie": cookie.partition(";")[0]}
        return answer

    async def code(self, path: str, body: object) -> str:
        """Return the code with which a request is refused."""
        answer = await self.ask("POST", path, body)
        assert 400 <= answer.status_code < 500, answer.text
        found: str = answer.json()["extra"]["code"]
        return found

    async def lines(self, path: str, body: object) -> list[Any]:
        """Return the lines of an answer."""
        answer = await self.ask("POST", path, body)
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    async def text(self, path: str, body: object) -> str:
        """Return an answer, which must be whole."""
        first, *pieces, last = await self.lines(path, body)
        assert (first["type"], last["type"]) == ("begin", "end"), last
        return "".join(piece["text"] for piece in pieces)

    async def room(self, code: str = "x = 1\n", **files: str) -> str:
        """Return the address of a new room of this person."""
        body = {"files": {"main.py": code, **files}}
        answer = await self.ask("POST", "/rooms", body)
        assert answer.status_code == 201, answer.text
        return f"/rooms/{answer.json()['roomId']}"

    async def files(self, room: str) -> dict[str, str]:
        """Return the ids of the files of a room, by path."""
        found = (await self.ask("GET", f"{room}/files")).json()["files"]
        return {file["path"]: file["id"] for file in found}

    async def agree(self, agreed: bool = True) -> None:
        answer = await self.ask("PUT", "/me/ai", {"agreed": agreed})
        assert answer.status_code == 200, answer.text

    @asynccontextmanager
    async def stream(self, path: str, body: object) -> AsyncIterator[AsyncIterator[str]]:
        """Give the lines of an answer as they come, until the block ends."""
        async with self.try_stream(path, body) as (status, lines):
            assert status == 200
            yield lines

    @asynccontextmanager
    async def try_stream(
        self, path: str, body: object
    ) -> AsyncIterator[tuple[int, AsyncIterator[str]]]:
        """Give the status and the lines of an answer as they come, until the block ends."""
        async with self._http.stream("POST", path, json=body, headers=self.headers) as answer:
            yield answer.status_code, answer.aiter_lines()

    @asynccontextmanager
    async def socket(self, room: str) -> AsyncIterator[Socket]:
        """Open a socket of this browser; not joined yet."""
        async with connect(
            f"ws://{self.address}/ws/{room.removeprefix('/rooms/')}",
            subprotocols=[Subprotocol("collab")],
            additional_headers=self.headers | {"origin": f"http://{self.address}"},
        ) as connection:
            yield Socket(connection)

    async def close(self) -> None:
        await self._http.aclose()


Serve = Callable[..., AbstractAsyncContextManager[Person]]
PATIENT = "--limit-ai-silence=600"
"""So that no answer ends by itself that has to end because somebody wants it to."""
LIMITS = (
    PATIENT,
    "--limit-ai-answer=500",
    "--limit-ai-tokens-person=20000",
    "--limit-ai-tokens-room=12000",
    "--limit-ai-at-once-person=1",
)


@pytest.fixture(scope="session")
def port() -> int:
    """The port of the models. The servers get it once; each test has its own model there."""
    return free_port()


@pytest.fixture
async def upstream(port: int) -> AsyncIterator[Model]:
    async with model(port) as made:
        yield made.says("It is ", "fine.")


@pytest.fixture(scope="module")
def servers(
    postgres: embedded.Server, template: str, port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Server]]:
    """Two servers on one database, with a model that answers and one that completes."""
    key = tmp_path_factory.mktemp("ai") / "key"
    key.write_text(f"{KEY}\n")
    url = f"http://127.0.0.1:{port}"
    answers = ("--ai=openai", f"--ai-url={url}", "--ai-model=tiny", f"--ai-key-file={key}")
    completes = ("--ai-complete=openai", f"--ai-complete-url={url}", "--ai-complete-model=qwen")
    options = (*answers, *completes, "--ai-hosts=127.0.0.1", "--completion-servers=0", *LIMITS)
    with (
        made_database(postgres, template) as database_url,
        two_servers(database_url, *options) as pair,
    ):
        yield pair


@pytest.fixture
async def ann(servers: tuple[Server, Server], upstream: Model) -> AsyncIterator[Person]:
    """Somebody at one of the servers who has agreed."""
    async with at(servers[0]) as person:
        await person.agree()
        yield person


@pytest.fixture
async def bob(servers: tuple[Server, Server], upstream: Model) -> AsyncIterator[Person]:
    """Somebody at the other server, who was not asked yet."""
    async with at(servers[1]) as person:
        yield person


@asynccontextmanager
async def at(server: Server) -> AsyncIterator[Person]:
    person = Person(server.url.removeprefix("http://"))
    try:
        yield person
    finally:
        await person.close()


@pytest.fixture
def serve(database_url: str, upstream: Model, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Return what serves in this process, with other settings; gives a person who has agreed."""
    monkeypatch.setenv("COLLAB_AI_KEY", KEY)

    @asynccontextmanager
    async def serve(**options: Any) -> AsyncIterator[Person]:
        named = {"ai": "openai", "url": upstream.url, "model": "tiny", "hosts": ["127.0.0.1"]}
        of_domains = {"ai": named | options}
        settings = Settings(port=0, database_url=database_url, of_domains=of_domains)
        async with serving(settings) as address:
            person = Person(address)
            await person.agree()
            yield person
            await person.close()

    return serve
