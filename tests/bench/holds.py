"""How long one action holds the page's main thread: while it does, nothing typed is shown.

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect
from playwright.async_api import Error as PlaywrightError

from frontend import npm
from tests.bench.measured import Row, browsing, serving, table
from tests.support.server import Server

BUDGET = 50.0
_GIVE_UP = 60_000
"""ms after which something hangs: then a row has no figure but infinity."""
_QUIET = 1.5
"""Seconds for what follows an action."""
_SETTLED = 6
"""Seconds after which an open page has fetched all that it fetches by itself."""
_CLOSING = 10
"""Seconds for a page to close."""


def python(lines: int) -> str:
    """Lines of which the formatter changes every one."""
    return "".join(f"value_{n}  =  call( {n},'text {n}' )\n" for n in range(lines))


def script(size: int) -> str:
    """JavaScript that nobody has laid out, of about so many characters."""
    function = (
        "function f{0}(a,b){{const c=[a,'x{0}'];if(b>{0}){{return c[0]}}else{{return g(c)}}}}\n"
    )
    text = ""
    while len(text) < size:
        text += function.format(len(text))
    return text


LONG = "const value = [" + "'some words', 12345, " * 10_000 + "]\n"
LARGE = "".join(f"def line_{n}(value):\n    return value * {n}\n" for n in range(15_000))


@dataclass(frozen=True)
class Action:
    """One thing a person does in a text."""

    name: str
    text: str
    language: str
    do: Callable[[Page], Awaitable[None]]
    bare: str | None = None
    """The same in CodeMirror alone: calls of what `frontend/src/testing/bare.ts` has."""
    prepare: Callable[[Page], Awaitable[None]] | None = None
    bare_prepare: str = ""
    script: str = ""
    """What runs in the page before anything else does."""


async def _format(page: Page) -> None:
    before = await page.evaluate("document.querySelector('.cm-content').textContent")
    await page.keyboard.press("Alt+Shift+F")
    await page.wait_for_function(
        "before => document.querySelector('.cm-content').textContent !== before",
        arg=before,
        timeout=_GIVE_UP,
    )


async def _wrap(page: Page) -> None:
    await page.keyboard.press("Control+,")
    group = page.get_by_role("group", name="Wrap long lines", exact=True)
    # The radio itself is hidden under its words.
    await group.get_by_role("radio", name="On").check(force=True, timeout=_GIVE_UP)
    await page.wait_for_selector(".cm-lineWrapping", state="attached", timeout=_GIVE_UP)
    await page.keyboard.press("Escape")


async def _type(page: Page) -> None:
    for key in "some words":
        await page.keyboard.press(key)
        await asyncio.sleep(0.05)


async def _paste(page: Page) -> None:
    await page.evaluate(
        """text => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          document.querySelector(".cm-content").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        LARGE,
    )


async def _find(page: Page) -> None:
    await page.keyboard.press("Control+f")
    await page.keyboard.type("value * 14999", delay=20)
    await page.keyboard.press("Enter")


async def _replace_all(page: Page) -> None:
    await page.keyboard.press("Control+f")
    await page.locator(".find [name=search]").fill("value")
    await page.locator(".find [name=replace]").fill("number")
    await page.get_by_role("button", name="Replace all").click()
    await expect(page.locator(".find-count")).to_contain_text("Replaced", timeout=_GIVE_UP)


async def _indent_all(page: Page) -> None:
    await page.keyboard.press("Control+a")
    await page.keyboard.press("Tab")


async def _comment_all(page: Page) -> None:
    await page.keyboard.press("Control+a")
    await page.keyboard.press("Control+/")


async def _undo_all(page: Page) -> None:
    await page.keyboard.press("Control+z")


async def _offline(page: Page) -> None:
    await page.context.set_offline(True)
    await _replace_all(page)
    await page.keyboard.press("Escape")
    await asyncio.sleep(_QUIET)


async def _open_again(page: Page) -> None:
    await page.context.set_offline(False)
    await page.reload()
    await expect(page.locator(".connection")).to_have_text("Saved", timeout=_GIVE_UP)


# Another's "b" is read as another letter, once.
_MISREAD = """
const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
Object.defineProperty(MessageEvent.prototype, "data", {
  get() {
    const data = get.call(this);
    const misread = typeof data === "string" && data.startsWith("[") && data.length < 2000;
    return misread ? data.replace('"b"', '"x"') : data;
  },
});
"""


async def _meet(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    other = await (await browser.new_context()).new_page()
    await other.goto(page.url)
    await other.wait_for_selector(".cm-editor[data-complete=true]", timeout=_GIVE_UP)
    await other.locator(".cm-content").focus()
    # What that page fetches after it is open would be measured too.
    await asyncio.sleep(_SETTLED)


async def _mend(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    await browser.contexts[-1].pages[0].keyboard.press("b")
    mended = page.get_by_text("brought back in line with the room")
    await expect(mended).to_be_visible(timeout=_GIVE_UP)


ACTIONS = [
    Action(
        "format 1,000 changed lines of Python", python(1_000), "python", _format, "bare.format()"
    ),
    Action(
        "format 4,000 changed lines of Python", python(4_000), "python", _format, "bare.format()"
    ),
    Action("format a script of 79 kB", script(79_000), "javascript", _format, "bare.format()"),
    Action("wrap a line of 200 kB", LONG, "javascript", _wrap, "bare.wrap()"),
    Action("type in a line of 200 kB", LONG, "javascript", _type, "bare.type()"),
    Action(
        "type in a wrapped line of 200 kB",
        LONG,
        "javascript",
        _type,
        "bare.type()",
        _wrap,
        "bare.wrap()",
    ),
    Action("paste 800 kB", "", "python", _paste, f"bare.paste({json.dumps(LARGE)})"),
    Action("find in 800 kB", LARGE, "python", _find, "bare.find('value * 14999')"),
    Action(
        "replace 45,000 matches in 800 kB",
        LARGE,
        "python",
        _replace_all,
        "bare.replaceAll('value', 'number')",
    ),
    Action("indent 30,000 lines", LARGE, "python", _indent_all, "bare.indent()"),
    Action("comment 30,000 lines", LARGE, "python", _comment_all, "bare.comment()"),
    Action(
        "take that back",
        LARGE,
        "python",
        _undo_all,
        "bare.undo()",
        _comment_all,
        "bare.comment()",
    ),
    Action("open with that done offline", LARGE, "python", _open_again, prepare=_offline),
    Action("mend a text of 800 kB", LARGE, "python", _mend, prepare=_meet, script=_MISREAD),
]


async def held(browser: Browser, server: Server, action: Action) -> Row:
    """The longest task of the main thread while somebody does this, and just after."""
    context = await browser.new_context()
    try:
        async with asyncio.timeout(_GIVE_UP / 1000):
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
    if action.script:
        await page.add_init_script(action.script)
    await page.goto(f"{server.url}/r/{room}")
    await page.wait_for_selector(".cm-editor[data-complete=true]", timeout=_GIVE_UP)
    await page.locator(".cm-content").focus()
    if action.prepare:
        await action.prepare(page)
    return await _longest(browser, page, lambda: action.do(page))


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
    await asyncio.sleep(_QUIET)
    await browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
    try:
        await do()
        await asyncio.sleep(_QUIET)
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
