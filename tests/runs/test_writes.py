"""What a run writes to the database: little, once, and told as it was written."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from collab.errors import LogUnavailable
from collab.runs import running
from collab.settings import Settings
from collab.store.connections import Connections
from tests.faults.test_runs import Watcher
from tests.support.database import run as run_sql
from tests.support.here import serving
from tests.support.server import DEADLINE
from tests.support.sockets import ot_socket

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is of Linux")

LOSE = "update run set state = 'ended', reason = 'lost', ended_at = now() where room_id = '{}'"


@asynccontextmanager
async def room_of(
    database_url: str, source: str
) -> AsyncIterator[tuple[Watcher, httpx.AsyncClient, Callable[..., Any]]]:
    """Ann in a new room with a program, its REST API, and how she runs it."""
    settings = Settings(port=0, database_url=database_url)
    async with serving(settings) as address, httpx.AsyncClient(timeout=DEADLINE) as http:
        made = await http.post(f"http://{address}/rooms", json={"initial_code": source})
        room = made.json()["roomId"]
        http.base_url = httpx.URL(f"http://{address}/rooms/{room}")
        await http.get(f"http://{address}/runs")  # the sandbox is found before anything is counted
        async with ot_socket(f"ws://{address}/ws/{room}") as socket:
            joined = await socket.join("ann")

            async def run() -> None:
                await socket.submit(1, joined["revision"], "run", "main", {})

            yield Watcher(socket), http, run


async def test_a_run_costs_the_database_a_few_statements(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    really = Connections._run

    async def note(self: Connections, way: Any, *statement: object) -> Any:
        asked.append(" ".join(str(statement[0]).split()))
        return await really(self, way, *statement)

    async with room_of(database_url, "print('hello')") as (ann, _, run):
        monkeypatch.setattr(Connections, "_run", note)
        await run()
        await ann.until(state="ended")
    assert ann.text == "hello\n"
    of_runs = [
        text
        for text in asked
        if any(name in text for name in (" run ", " run_output ", " run_input "))
        and not text.startswith("update run set seen_at")  # its owner lives: one a second for all
    ]
    expected = ["insert into run ", "update run set path", "with fence as", "update run set state"]
    assert len(of_runs) in (4, 5), of_runs  # the last comes after the end was told: what is kept
    for text, beginning in zip(of_runs, expected, strict=False):
        assert text.startswith(beginning)
    assert len([text for text in asked if " entry " in text]) == 2, "its entry, and its files"


async def test_what_the_database_did_without_an_answer_is_there_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = Connections._run
    unanswered: list[str] = []

    async def answer_late(self: Connections, way: Any, *statement: object) -> Any:
        answer = await really(self, way, *statement)
        text = " ".join(str(statement[0]).split())
        of_run = text.startswith(("insert into run ", "update run set")) or "run_output" in text
        if of_run and "returning" in text and text not in unanswered:
            unanswered.append(text)
            raise LogUnavailable("no answer")
        return answer

    monkeypatch.setattr(Connections, "_run", answer_late)
    monkeypatch.setattr(running, "_PAUSE", 0.0)
    async with room_of(database_url, "print('hello')") as (ann, http, run):
        await run()
        await ann.until(state="ended")
        assert (ann.state["reason"], ann.state["exit"]) == ("exit", 0)
        assert ann.chunks == [(1, [[1, "hello\n"]])]
        parts = (await http.get(f"/runs/{ann.state['run']}/output")).json()
        assert [part["text"] for part in parts] == ["hello\n"]
    assert len(unanswered) >= 4, unanswered


async def test_a_run_that_others_take_for_lost_ends_as_lost_where_it_runs(
    database_url: str,
) -> None:
    source = "import time\nprint('on', flush=True)\nwhile True:\n    time.sleep(1)\n"
    async with room_of(database_url, source) as (ann, http, run):
        await run()
        await ann.until(text="on\n")
        room = str(http.base_url).rstrip("/").rpartition("/")[2]
        await run_sql(database_url, LOSE.format(room))
        await ann.until(state="ended")
        assert ann.state["reason"] == "lost"
        assert (await http.get("/runs")).json()[0]["reason"] == "lost"
