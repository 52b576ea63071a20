"""Programs that run in the page of who presses Run, for a server without a sandbox."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Error, expect

from tests.browser.conftest import Newcomer
from tests.browser.room import Room
from tests.support.server import DEADLINE, Server
from tests.support.sockets import ot_socket

HOSTILE = Path(__file__).parents[1] / "runs" / "inside" / "hostile.js"
WAIT = 3 * DEADLINE * 1000
"""Python in a page takes some seconds to come."""
PYTHON = """
import asyncio, sqlite3, sys
from lib.greeting import greet
print(greet(input("name? ")), sys.stdin.read().split())
asyncio.run(asyncio.sleep(0))
open("made.txt", "w").write("made here")
print(*sqlite3.connect("made.db").execute("select 'from ' || 'sqlite'").fetchone())
try:
    bytearray(1 << 30)
except MemoryError:
    sys.exit("no memory")
"""
TYPESCRIPT = """
import { two } from "./two.ts";
enum Answer { No, Yes }
console.log(await new Promise((then) => setTimeout(() => then({ two, yes: Answer.Yes }), 1)));
for await (const text of process.stdin) {
  console.log("heard", text.trim());
  break;
}
while (true) {}
"""
TESTS = """
import numpy_of_the_room, pytest
def test_good(): assert numpy_of_the_room.two == 2
def test_bad():
    assert "a" == "b"
@pytest.mark.skip(reason="not now")
def test_later(): pass
"""
IN_THE_FRAME = (
    "document.cookie",
    "localStorage.length",
    "parent.document.title",
    "indexedDB.open('collab')",
    "fetch('/health')",
)


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    with Server("--run=browser", database_url=database_url) as server:
        yield server


@pytest.fixture
def brief(database_url: str) -> Iterator[Server]:
    """A server whose programs have little time."""
    with Server("--run=browser", "--limit-run-cpu=2", database_url=database_url) as server:
        yield server


async def test_python_runs_in_a_page_and_everybody_answers_it(
    server: Server, newcomer: Newcomer
) -> None:
    room = Room(server, PYTHON)
    async with httpx.AsyncClient(base_url=f"{server.url}/rooms/{room.id}", timeout=WAIT) as api:
        greeting = "def greet(name):\n    return f'hello {name}'\n"
        await api.put("/files/lib/greeting.py", content=greeting)
        refused = await api.post("/runs", json={})
        assert (refused.status_code, refused.json()["extra"]["code"]) == (409, "runs_in_page")
        ann, bo = await newcomer(), await newcomer()
        await ann.enter(room.url)
        await bo.enter(room.url)
        await ann.button("Run").first.click()
        await bo.button("Output").first.click()
        texts = [person.page.get_by_role("log", name="Output") for person in (ann, bo)]
        await expect(texts[1]).to_contain_text("name? ", timeout=WAIT)
        answer = bo.page.get_by_label("Input for the program")
        await expect(answer).to_have_attribute("placeholder", "The program waits for input")
        for line in ("Bö", "and more"):
            await answer.fill(line)
            await answer.press("Enter")
        await bo.button("End the input").click()
        for text in texts:
            await expect(text).to_contain_text("hello Bö ['and', 'more']")
            await expect(text).to_contain_text("from sqlite")
            await expect(text).to_contain_text("no memory")
        await expect(ann.page.locator(".output-status")).to_contain_text("exit 1")
        (row,) = (await api.get("/runs")).json()
        assert (await api.get(f"/runs/{row['run']}/files/made.txt")).text == "made here"
        assert (row["rung"], row["reason"], row["exit"]) == ("browser", "exit", 1)

        await api.put("/files/numpy_of_the_room.py", content="two = 2\n")
        await api.put("/files/test_it.py", content=TESTS)
        await bo.button("Tests").click()
        await bo.button("Run tests").click()
        tests = bo.page.locator(".tests-bar")
        await expect(tests).to_contain_text("1 passed, 1 failed, 1 skipped", timeout=WAIT)
        await expect(bo.button("test_bad test_it.py:4")).to_be_visible()
        reason = bo.page.locator(".test-message summary").first
        await expect(reason).to_have_text("AssertionError: assert 'a' == 'b'")
        assert "\x1b" not in await bo.page.locator(".test-message pre").first.inner_text()

        await api.put("/files/main.py", content="import numpy.linalg\n")
        await ann.button("Run").first.click()
        await expect(texts[0]).to_contain_text(
            "ModuleNotFoundError: No module named 'numpy'", timeout=WAIT
        )
        await expect(texts[0]).to_contain_text("where the server has a sandbox")
        await expect(texts[0]).not_to_contain_text("micropip")
    await expect(ann.page.locator("iframe")).to_have_count(0)


async def test_typescript_runs_in_a_page_and_is_stopped_though_it_spins(
    brief: Server, newcomer: Newcomer
) -> None:
    room = Room(brief, "")
    async with httpx.AsyncClient(base_url=f"{brief.url}/rooms/{room.id}", timeout=WAIT) as api:
        await api.put("/files/main.ts", content=TYPESCRIPT)
        await api.put("/files/two.ts", content="export const two: number = 2;\n")
    ann = await newcomer()
    await ann.enter(f"{room.url}/main.ts")
    await ann.button("Run").first.click()
    text = ann.page.get_by_role("log", name="Output")
    await expect(text).to_contain_text("{ two: 2, yes: 1 }")
    answer = ann.page.get_by_label("Input for the program")
    await answer.fill("one")
    await answer.press("Enter")
    await expect(text).to_contain_text("heard one")
    status = ann.page.locator(".output-status")
    await expect(status).to_contain_text("stopped: 2 s of CPU")
    await ann.button("Run").first.click()
    await expect(answer).to_have_attribute("placeholder", "The program waits for input")
    await ann.button("Stop").click()
    await expect(status).to_contain_text(re.compile(r" s · stopped$"))
    await expect(ann.page.locator("iframe")).to_have_count(0)


async def test_a_program_in_a_page_reaches_nothing_of_ours_and_is_lost_with_the_page(
    server: Server, browser: Browser
) -> None:
    room = server.create_room(initial_code=HOSTILE.read_text(), language="javascript")
    async with ot_socket(server.room_url(room)) as socket:
        joined = await socket.join("bo")
        arguments = {"args": [server.url, room]}
        await socket.submit(1, joined["revision"], "program", arguments)
    # Each try is told on the console, where for other people nothing may be.
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{server.url}/r/{room}")
    await page.evaluate(
        "() => { window.heard = []; addEventListener('message', ({data}) => heard.push(data));"
        " new BroadcastChannel('collab').onmessage = ({data}) => heard.push(data); }"
    )
    await page.get_by_role("button", name="Run", exact=True).first.click()
    text = page.get_by_role("log", name="Output")
    await expect(text).to_contain_text('"null"]', timeout=WAIT)
    worked, tried, origin = json.loads(await text.inner_text())
    assert (worked, tried, origin) == ([], 26, "null")
    assert await page.evaluate("window.heard") == []

    (frame,) = page.main_frame.child_frames
    for way in IN_THE_FRAME:
        with pytest.raises(Error, match=r"SecurityError|Failed to fetch"):
            await frame.evaluate(f"async () => await ({way})")
    async with httpx.AsyncClient(base_url=f"{server.url}/rooms/{room}", timeout=WAIT) as api:
        runs = (await api.get("/runs")).json()
        assert [run["state"] for run in runs] == ["running"], "it has started none itself"
        await context.close()
        accept = {"accept": "text/event-stream"}
        told = (await api.get(f"/runs/{runs[0]['run']}/output", headers=accept)).text
        assert '"reason":"lost"' in told
