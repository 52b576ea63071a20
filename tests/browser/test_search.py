"""Search and replace in all files of a room, by two people, one of them on a phone."""

from __future__ import annotations

import asyncio
import re

import httpx
from playwright.async_api import Locator, Route, expect

from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.support.server import DEADLINE, Server

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
FILES = {
    "main.py": "from lib import area\n\nprint(area(2))\n",
    "src/lib.py": "def area(r):\n    return 3 * r * r  # the Area\n",
    "notes.md": "areas\n",
}


def rows(person: Person) -> Locator:
    return person.page.get_by_role("tree", name="Results").get_by_role("treeitem")


def told(person: Person, words: str | re.Pattern[str]) -> Locator:
    return person.page.get_by_role("complementary").get_by_role("status").filter(has_text=words)


def field(person: Person, name: str) -> Locator:
    return person.page.get_by_role("search").get_by_label(name, exact=True)


async def pressed(person: Person, name: str) -> None:
    await person.page.get_by_role("search").get_by_role("button", name=name, exact=True).click()


def texts(server: Server, room_id: str) -> dict[str, str]:
    files = f"{server.url}/rooms/{room_id}/files"
    return {path: httpx.get(f"{files}/{path}", timeout=DEADLINE).text for path in FILES}


async def test_one_replaces_in_all_files_while_another_types(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room_id = shared_server.create_room(files=FILES)
    ann, bo = await newcomer(), await newcomer(**PHONE)
    for person in (ann, bo):
        await person.page.goto(f"{shared_server.url}/r/{room_id}")
        await person.settles()

    # What is found is a list for the keys, and the editor shows what is chosen there.
    await ann.editor.focus()
    text, typed = await ann.text(), asyncio.Event()

    async def comes_late(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await ann.page.route("**/SearchPane-*.js", comes_late)
    await ann.press("Control+Shift+F")
    await ann.type("are")  # before the search is there
    typed.set()
    await expect(field(ann, "Search")).to_be_focused()
    await ann.type("a")
    await expect(field(ann, "Search")).to_have_value("area")
    await ann.sees(text)
    await expect(told(ann, "5 matches in 3 files")).to_be_visible()
    await expect(rows(ann)).to_have_count(8)
    await expect(rows(ann).nth(7).locator("mark")).to_have_text("Area")  # not of "are" any more
    assert not await axe.violations(ann.page)
    await ann.press("ArrowDown", "End")
    await expect(rows(ann).nth(7)).to_be_focused()
    await ann.press("Enter")
    await expect(ann.editor).to_be_focused()
    await ann.sees(FILES["src/lib.py"])
    assert await ann.page.evaluate("getSelection().toString()") == "Area"
    await ann.press("F4")
    await ann.sees(FILES["main.py"])
    await expect(rows(ann).nth(1)).to_have_attribute("aria-selected", "true")

    # A pattern that is none has words. Browsers complain of the answer.
    ann.excuses = re.compile(r"400 \(Bad Request\)")
    await ann.press("Control+Shift+H")
    await pressed(ann, "Pattern")
    await field(ann, "Search").fill("(are")
    await expect(told(ann, "missing ), unterminated subpattern")).to_be_visible()
    await expect(ann.button("Replace all")).to_have_attribute("aria-disabled", "true")
    await field(ann, "Search").fill(r"\b(are)a\b")
    await field(ann, "Replace with").fill("<$1>")
    await expect(rows(ann).locator("ins").first).to_have_text("<are>")
    await expect(told(ann, "4 matches in 2 files")).to_be_visible()
    await pressed(ann, "Match case")
    await expect(told(ann, "3 matches in 2 files")).to_be_visible()
    assert not await axe.violations(ann.page)

    # One is left out; meanwhile somebody types beside the others.
    await rows(ann).nth(1).focus()
    await ann.press("Delete")
    await expect(told(ann, "2 matches in 2 files")).to_be_visible()
    await bo.editor.focus()
    await bo.press("Control+Home")
    await bo.type("# one\n", delay=30)
    await bo.settles()
    await pressed(ann, "Replace all")
    await bo.type("# two\n", delay=5)
    await expect(told(ann, "Replaced 2 matches in 2 files.")).to_be_visible()
    await bo.settles()
    after = {
        "main.py": "# one\n# two\nfrom lib import area\n\nprint(<are>(2))\n",
        "src/lib.py": "def <are>(r):\n    return 3 * r * r  # the Area\n",
        "notes.md": "areas\n",
    }
    assert texts(shared_server, room_id) == after
    await ann.sees(after["main.py"])
    await bo.sees(after["main.py"])
    name = await ann.page.evaluate("JSON.parse(localStorage['collab.identity']).name")
    await expect(bo.page.get_by_text(f"{name} replaced text in 2 files")).to_be_visible()
    await expect(ann.page.get_by_text("replaced text in 2 files")).to_have_count(0)

    # It is taken back as one, and what the other has typed stays.
    await pressed(ann, "Undo")
    await ann.sees("# one\n# two\n" + FILES["main.py"])
    assert texts(shared_server, room_id) == FILES | {"main.py": "# one\n# two\n" + FILES["main.py"]}

    # Undo takes it back from the text, too, where it was the last thing that one did.
    await pressed(ann, "Replace all")
    await expect(told(ann, "Replaced 3 matches in 2 files.")).to_be_visible()
    await ann.editor.focus()
    await ann.press("Control+z")
    await expect(ann.page.get_by_text("The replacement was undone.")).to_be_visible()
    await ann.sees("# one\n# two\n" + FILES["main.py"])

    # On a phone the list lies over the text, until something in it is chosen.
    await bo.button("More").tap()
    await bo.button("Show the search panel").tap()
    await field(bo, "Search").fill("areas")
    await expect(rows(bo)).to_have_count(2)
    assert not await axe.violations(bo.page)
    await rows(bo).nth(1).tap()
    await bo.sees(FILES["notes.md"])
    await expect(rows(bo)).to_have_count(0)


async def test_ten_thousand_matches_are_a_list_of_which_little_is_drawn(
    newcomer: Newcomer, shared_server: Server
) -> None:
    files = {f"f{n}.txt": "needle in a haystack\n" * 500 for n in range(20)}
    room_id = shared_server.create_room(files=files)
    ann = await newcomer()
    await ann.enter(f"{shared_server.url}/r/{room_id}")
    await ann.press("Control+Shift+F")
    await field(ann, "Search").fill("needle")
    await expect(told(ann, "10,000 matches in 20 files")).to_be_visible()
    assert await rows(ann).count() < 100
    await ann.press("ArrowDown", "End")
    await expect(rows(ann).last).to_be_focused()
    await expect(rows(ann).last).to_have_attribute("aria-posinset", "500")
    await ann.press("Home", "ArrowLeft", "ArrowDown")
    await expect(rows(ann).nth(1)).to_be_focused()
    await expect(rows(ann).nth(1)).to_have_attribute("aria-level", "1")
