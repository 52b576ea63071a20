"""The actions at the page whose longest task is measured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page, expect

GIVE_UP = 60_000
"""ms after which something hangs: then a row has no figure but infinity."""
QUIET = 1.5
"""Seconds for what follows an action."""
_SETTLED = 6
"""Seconds after which an open page has fetched all that it fetches by itself."""


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


PRINTS = (
    "for n in range(52_000):\n"
    "    print(f'\\x1b[3{n % 8}mline {n}\\x1b[0m of main.py:{n % 9}', '.' * 45)\n"
)
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
    """A script that runs in the page before anything else."""
    files: int = 1
    """The files of the room; `text` is that of the first."""


async def _format(page: Page) -> None:
    before = await page.evaluate("document.querySelector('.cm-content').textContent")
    await page.keyboard.press("Alt+Shift+F")
    await page.wait_for_function(
        "before => document.querySelector('.cm-content').textContent !== before",
        arg=before,
        timeout=GIVE_UP,
    )


async def _wrap(page: Page) -> None:
    await page.keyboard.press("Control+,")
    group = page.get_by_role("group", name="Wrap long lines", exact=True)
    # The radio itself is hidden under its words.
    await group.get_by_role("radio", name="On").check(force=True, timeout=GIVE_UP)
    await page.wait_for_selector(".cm-lineWrapping", state="attached", timeout=GIVE_UP)
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
    await expect(page.locator(".find-count")).to_contain_text("Replaced", timeout=GIVE_UP)


async def _replace_one(page: Page) -> None:
    await page.keyboard.press("Control+f")
    await page.locator(".find [name=search]").fill("value * 14999")
    await page.locator(".find [name=replace]").fill("nothing")
    await page.get_by_role("button", name="Replace", exact=True).click()
    await page.get_by_role("button", name="Replace", exact=True).click()


async def _select_next(page: Page) -> None:
    for _ in range(len("def l")):
        await page.keyboard.press("ArrowRight")
    # The word is selected first. No other is like it.
    await page.keyboard.press("Control+d")
    await page.keyboard.press("Control+d")


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
    await asyncio.sleep(QUIET)


async def _open_again(page: Page) -> None:
    await page.context.set_offline(False)
    await page.reload()
    await expect(page.locator(".connection")).to_have_text("Saved", timeout=GIVE_UP)


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


def _row(page: Page, name: str) -> Locator:
    return page.get_by_role("treeitem").filter(has=page.get_by_text(name, exact=True))


async def _show_files(page: Page) -> None:
    await page.get_by_role("button", name="Files panel", exact=True).click()
    await expect(_row(page, "file_1.py")).to_be_visible(timeout=GIVE_UP)


async def _hide_files(page: Page) -> None:
    await expect(_row(page, "file_1.py")).to_be_visible(timeout=GIVE_UP)
    await page.get_by_role("button", name="Close the files panel").click()
    await expect(_row(page, "file_1.py")).not_to_be_attached()


async def _open_files(page: Page) -> None:
    await page.reload()
    await expect(_row(page, "file_1.py")).to_be_visible(timeout=GIVE_UP)


async def _end_of_files(page: Page) -> None:
    await _row(page, "file_1.py").focus()
    await page.keyboard.press("End")
    await expect(_row(page, "main.py")).to_be_focused(timeout=GIVE_UP)


async def _filter_files(page: Page) -> None:
    await page.get_by_role("button", name="Filter the files").click()
    await page.keyboard.type("e_777", delay=20)
    await expect(page.get_by_role("treeitem")).to_have_count(11, timeout=GIVE_UP)


async def _rename_another(page: Page) -> None:
    """Another file gets a name while the tree is shown."""
    server, _, room = page.url.partition("/r/")
    file = f"{server}/rooms/{room[:36]}/files/file_5.py"
    answer = await page.request.patch(file, data={"path": "aaa.py"})
    assert answer.ok
    await expect(_row(page, "aaa.py")).to_be_visible(timeout=GIVE_UP)


async def _meet(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    other = await (await browser.new_context()).new_page()
    await other.goto(page.url)
    await other.wait_for_selector(".cm-editor[data-complete=true]", timeout=GIVE_UP)
    await other.locator(".cm-content").focus()
    # What that page fetches after it is open would be measured too.
    await asyncio.sleep(_SETTLED)


async def _mend(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    await browser.contexts[-1].pages[0].keyboard.press("b")
    mended = page.get_by_text("brought back in line with the room")
    await expect(mended).to_be_visible(timeout=GIVE_UP)


async def _print(page: Page) -> None:
    """Run the program that is shown, to its end."""
    await page.get_by_role("button", name="Run", exact=True).first.click()
    status = page.locator(".output-status")
    await expect(status).to_contain_text("exit 0", timeout=GIVE_UP)


_TREE: dict[str, Any] = {"files": 10_000}

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
    Action("replace one match in 800 kB", LARGE, "python", _replace_one),
    Action("select the next occurrence in 800 kB", LARGE, "python", _select_next),
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
    Action("draw the tree of 10,000 files", "", "python", _show_files, None, _hide_files, **_TREE),
    Action("open the room with that tree", "", "python", _open_files, **_TREE),
    Action("go to the end of that tree", "", "python", _end_of_files, **_TREE),
    Action("filter that tree", "", "python", _filter_files, **_TREE),
    Action("another renames one of them", "", "python", _rename_another, **_TREE),
    Action("4 MiB of output", PRINTS, "python", _print),
    Action("mend a text of 800 kB", LARGE, "python", _mend, prepare=_meet, script=_MISREAD),
]
