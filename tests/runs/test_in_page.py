"""The messages that the server takes from a page that runs a program, and from whom."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from collab.runs import in_page
from collab.settings import Settings
from tests.support.here import serving
from tests.support.server import DEADLINE
from tests.support.sockets import Socket, ot_socket

PNG = b"\x89PNG\r\n\x1a\n and more"


class Page:
    """A socket that was asked to run the program of a room."""

    def __init__(self, socket: Socket, room: str, api: httpx.AsyncClient) -> None:
        self.socket = socket
        self.room = room
        self.api = api

    async def hears(self, kind: str) -> Any:
        while True:
            message = await self.socket.receive()
            if isinstance(message, dict) and message["type"] == kind:
                return message

    async def says(self, n: int, **fields: object) -> Any:
        await self.socket.send("played", run=2, n=n, **fields)
        return await self.hears("play")

    async def output(self) -> list[tuple[str, str]]:
        parts = (await self.api.get("/runs/2/output")).json()
        return [(part["stream"], part["text"]) for part in parts]

    async def ended(self) -> Any:
        while (state := await self.hears("run"))["state"] != "ended":
            pass
        return state


@asynccontextmanager
async def asked(
    database_url: str, options: Mapping[str, Any] | None = None, **limits: object
) -> AsyncIterator[Page]:
    """A page that was asked to run the program of its room."""
    of_domains: dict[str, dict[str, Any]] = {"run": {"run": "browser"}, "limit_run": limits}
    settings = Settings(port=0, database_url=database_url, of_domains=of_domains)
    async with (
        serving(settings) as address,
        httpx.AsyncClient(timeout=DEADLINE) as http,
    ):
        made = await http.post(f"http://{address}/rooms", json={"initial_code": "print(1)"})
        room = made.json()["roomId"]
        http.base_url = httpx.URL(f"http://{address}/rooms/{room}")
        url = f"ws://{address}/ws/{room}"
        async with ot_socket(url) as socket:
            joined = await socket.join("ann")
            await socket.submit(1, joined["revision"], "run", "main", options or {})
            page = Page(socket, url, http)
            assert await page.hears("play") == {"type": "play", "run": 2}
            yield page


async def test_each_message_is_taken_once_and_from_the_page_alone(database_url: str) -> None:
    async with asked(database_url) as page:
        source = (await page.api.get("/runs/2/source")).json()
        assert (source["path"], source["language"]) == ("main.py", "python")
        assert source["files"] == [{"path": "main.py", "text": "print(1)"}]
        first = {"parts": [[1, "one\n"], [2, "two\n"]], "waiting": True}
        assert (await page.says(1, **first))["n"] == 1
        assert (await page.says(1, **first))["n"] == 1, "sent again, it is not printed again"
        assert (await page.says(3, parts=[[1, "too early"]]))["n"] == 1
        async with ot_socket(page.room) as other:
            await other.join("bo")
            bo = Page(other, page.room, page.api)
            await other.send("played", run=2, n=2, parts=[[1, "not mine"]])
            assert (await bo.hears("error"))["code"] == "unknown_run"
            await other.send("input", run=2, seq=1, text="Bö\n")
            assert (await page.hears("play"))["input"] == "Bö\n"
        picture = b64encode(PNG).decode()
        files = [
            ["a/made.png", len(PNG), picture[:8]],
            ["a/made.png", len(PNG), picture[8:]],
            ["part", 9, "YQ=="],
            ["bad", 1, "?"],
            ["two\nlines", 1, "YQ=="],
        ]
        told = await page.says(2, files=files, ended={"reason": "exit", "exit": 3})
        assert (told["n"], told["stop"]) == (2, True)
        state = await page.ended()
        assert (state["reason"], state["exit"], state["files"]) == ("exit", 3, 3)
        assert (await page.output()) == [
            ("stdout", "one\n"),
            ("stderr", "two\n"),
            ("input", "Bö\n"),
            ("picture", "a/made.png"),
        ]
        assert (await page.api.get("/runs/2/files/a/made.png")).content == PNG
        kept = {file["path"]: file["kept"] for file in (await page.api.get("/runs/2/files")).json()}
        assert kept == {"a/made.png": True, "part": False, "bad": False}
        assert (await page.says(3, parts=[[1, "late"]]))["stop"], "it has ended for everybody"


async def test_a_page_that_comes_back_goes_on_and_one_that_does_not_has_lost_its_run(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with asked(database_url) as page:
        await page.says(1, parts=[[1, "before\n"]])
        async with ot_socket(page.room) as again:
            # As the same client, so the first socket is closed.
            await again.join("ann")
            back = Page(again, page.room, page.api)
            assert await back.hears("play") == {"type": "play", "run": 2, "n": 1, "input": ""}
            assert (await back.says(2, parts=[[1, "after\n"]]))["n"] == 2
            async with ot_socket(page.room) as other:
                await other.join("bo")
                monkeypatch.setattr(in_page, "_AWAY", 0.0)
                await again.connection.close()
                bo = Page(other, page.room, page.api)
                assert (await bo.ended())["reason"] == "lost"
        assert "".join(text for _, text in await page.output()) == "before\nafter\n"


async def test_a_page_runs_pytest_and_tells_how_each_test_went(database_url: str) -> None:
    async with asked(database_url, {"tests": ["test_it.py"]}, output=2048) as page:
        source = (await page.api.get("/runs/2/source")).json()
        assert source["tests"][-3:] == ["-p", "collab_tests", "test_it.py"]
        origin = f"http://{page.api.base_url.netloc.decode()}"
        archive = await page.api.get(f"{origin}/runs/pytest")
        with ZipFile(BytesIO(archive.content)) as files:
            assert {"pytest/__init__.py", "py.py", "collab_tests.py"} <= {*files.namelist()}
        good = {"test": {"name": "good", "outcome": "passed", "path": "test_it.py", "line": 1}}
        await page.says(1, parts=[[3, f"{json.dumps(good)}\nno result\n"]])
        await page.says(2, parts=[[3, f"{json.dumps(good)}\n"]], ended={"reason": "exit"})
        assert (await page.ended())["tests"]["passed"] == 2
        results = (await page.api.get("/runs/2/tests")).json()
        assert results == [{**good["test"]}] * 2
    async with asked(database_url, {"tests": []}, output=1024, written=0) as page:
        for n in range(1, 11):
            await page.says(n, parts=[[3, "x" * 60_000]])
        await page.says(11, ended={"reason": "exit"})
        assert (await page.ended())["reason"] == "exit", "what is too long is left out"


@pytest.mark.parametrize(
    ("limits", "message", "reason"),
    [
        ({"output": 1024}, {"parts": [[1, "a" * 2000]]}, "output"),
        ({"time": 0.01}, {}, "time"),
        ({}, {"ended": {"reason": "failed", "words": "no Python"}}, "failed"),
        ({"cpu": 9}, {"ended": {"reason": "cpu"}}, "cpu"),
    ],
)
async def test_a_page_is_not_believed_beyond_the_limits(
    database_url: str, limits: dict[str, Any], message: dict[str, Any], reason: str
) -> None:
    async with asked(database_url, **limits) as page:
        await page.socket.send("played", run=2, n=1, **message)
        state = await page.ended()
        assert state["reason"] == reason
        assert len("".join(text for _, text in await page.output())) <= 1024
        assert reason != "failed" or state["words"].endswith("no Python")
        assert reason != "cpu" or state["words"] == "stopped: 9 s of CPU"


async def test_a_stop_ends_a_run_whose_page_says_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_page, "_GRACE", 0.0)
    async with asked(database_url) as page:
        await page.socket.send("stop", run=2)
        assert (await page.hears("play"))["stop"]
        assert (await page.ended())["reason"] == "stopped"
