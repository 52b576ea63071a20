"""Measures how long one action holds the page's main thread, during which nothing typed is shown.

    uv run python -m tests.bench.holds [NAME ...]

Each row is the longest single task of the main thread, in ms of its own processor time, so other
load of the machine does not count. Chromium's trace says it. Beside it is the same of CodeMirror
alone, which does such things in one go.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
from playwright.async_api import Browser, Page
from playwright.async_api import Error as PlaywrightError

from frontend import npm
from tests.bench.doings import ACTIONS, GIVE_UP, QUIET, Action
from tests.bench.measured import Row, browsing, serving, table
from tests.support.server import Server

BUDGET = 50.0
_CLOSING = 10
"""Seconds for a page to close."""


async def held(browser: Browser, server: Server, action: Action) -> Row:
    """The longest task of the main thread while somebody does this, and just after."""
    context = await browser.new_context()
    try:
        async with asyncio.timeout(GIVE_UP / 1000):
            longest = await _measured(browser, await context.new_page(), server, action)
    except (TimeoutError, PlaywrightError):
        longest = math.inf
    # The page may still be busy, and then closes when it can.
    with suppress(TimeoutError, PlaywrightError):
        async with asyncio.timeout(_CLOSING):
            await context.close()
    return Row(f"held: {action.name}", longest, "ms", BUDGET)


async def _measured(browser: Browser, page: Page, server: Server, action: Action) -> float:
    room = server.create_room(initial_code=action.text, language=action.language)
    if action.files > 1:
        await _add_files(server, room, action.files - 1)
    if action.script:
        await page.add_init_script(action.script)
    await page.goto(f"{server.url}/r/{room}")
    await page.wait_for_selector(".cm-editor[data-complete=true]", timeout=GIVE_UP)
    await page.locator(".cm-content").focus()
    if action.prepare:
        await action.prepare(page)
    return await _longest(browser, page, lambda: action.do(page))


async def _add_files(server: Server, room: str, count: int) -> None:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for number in range(1, count + 1):
            archive.writestr(f"file_{number}.py", "")
    async with httpx.AsyncClient(base_url=server.url, timeout=GIVE_UP / 1000) as http:
        (await http.post(f"/rooms/{room}/import", content=made.getvalue())).raise_for_status()


async def floor(browser: Browser, program: str, action: Action) -> float | None:
    """The same of CodeMirror alone; None where that has no such thing."""
    if action.bare is None:
        return None
    page = await browser.new_page()
    await page.goto("about:blank")
    await page.evaluate(program)
    await page.evaluate(
        "([text, language]) => bare.open(text, language)", [action.text, action.language]
    )
    await page.evaluate(action.bare_prepare)
    bare = action.bare
    longest = await _longest(browser, page, lambda: page.evaluate(bare))
    await page.close()
    return longest


async def _longest(browser: Browser, page: Page, do: Callable[[], Awaitable[Any]]) -> float:
    await asyncio.sleep(QUIET)
    await browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
    try:
        await do()
        await asyncio.sleep(QUIET)
    finally:
        trace = await browser.stop_tracing()
    return longest_task(json.loads(trace))


def bare_program() -> str:
    """CodeMirror alone, as one script."""
    npm.install(tools=False)
    with tempfile.TemporaryDirectory(prefix="collab-bare-") as folder:
        program = Path(folder) / "bare.js"
        source = npm.FRONTEND / "src/testing/bare.ts"
        npm.run("exec", "--", "rolldown", str(source), "--format", "iife", "--file", str(program))
        return program.read_text(encoding="utf-8")


def longest_task(trace: dict[str, Any]) -> float:
    """Ms of processor time of the longest task on the main thread of any page in a trace."""
    events = trace["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [e for e in events if (e["pid"], e["tid"]) in main and "tdur" in e]
    return max((event["tdur"] / 1000 for event in tasks), default=0.0)


async def run(names: list[str]) -> None:
    """Print a row for each action whose name has one of these in it; for all, if there are none."""
    actions = [one for one in ACTIONS if not names or any(name in one.name for name in names)]
    program = bare_program()
    with serving() as server:
        for action in actions:
            # A browser of its own: one page that hangs holds up no other row.
            async with browsing() as browser:
                row = await held(browser, server, action)
                alone = await floor(browser, program, action)
                beside = "" if alone is None else f"  alone {alone:.1f}"
                sys.stdout.write(f"{row}{beside}\n")
                sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.holds", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="part of a row's name")
    names = parser.parse_args().names
    sys.stdout.write(table([]) + "\n")
    asyncio.run(run(names))


if __name__ == "__main__":
    main()
