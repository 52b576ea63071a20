"""The files of a room: tabs, ways to a file and to a place in it, following from file to file."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.async_api import Locator, expect

from collab.protocol import AddFile
from collab.room.state import Entry
from collab.store.log import connected
from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room, two
from tests.support.server import Server

LINES = "".join(f"line {n}\n" for n in range(1, 101))
FILES = {"utils.py": LINES, "notes.py": "three\n"}

# Click as a mouse does, and tell whether a text has the focus when the next event would be handled.
CLICKED = """tab => new Promise(resolve => {
    const next = new MessageChannel();
    next.port1.onmessage = () => resolve(document.activeElement.matches(".cm-content"));
    tab.focus();
    tab.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
    next.port2.postMessage(null);
})"""


async def project(server: Server, files: dict[str, str] = FILES) -> Room:
    """A room with main.py and these files."""
    room = Room(server, "one\n")
    entries = [
        Entry(
            revision,
            client="",
            seq=revision,
            author="",
            created_at=datetime.now(UTC),
            change=AddFile(name.partition(".")[0], name, "python", text),
            person="maker",
            origin="import",
        )
        for revision, (name, text) in enumerate(files.items(), start=2)
    ]
    async with connected(server.database_url, statement_timeout=60) as log:
        await log.append(UUID(room.id), entries)
    return room


def tab(person: Person, name: str) -> Locator:
    return person.page.get_by_role("tab", name=re.compile(rf"^(?:\w+ )?{re.escape(name)}"))


async def tabs(person: Person, *names: str) -> None:
    """Wait until these are the tabs, in this order."""
    await expect(person.page.locator("[role=tab] .file-name")).to_have_text(
        [re.compile(f"{re.escape(name)}$") for name in names]
    )


async def shows(person: Person, name: str, part: str) -> None:
    """Wait until this file is shown, and has this in it."""
    await expect(tab(person, name)).to_have_attribute("aria-selected", "true")
    await person.sees_in_text(part)


async def go_to_file(person: Person, letters: str, *, focused: bool = True) -> None:
    await person.press("Control+p")
    field = person.page.get_by_role("combobox", name="Go to file")
    await field.fill(letters)
    await expect(person.page.locator(".palette-option").first).to_contain_text(letters)
    await person.press("Enter")
    await expect(field).not_to_be_attached()
    if focused and await person.page.evaluate("matchMedia('(pointer: fine)').matches"):
        text = person.page.get_by_role("textbox", name=re.compile(f"^Text of .*{letters}"))
        await expect(text).to_be_focused()


async def test_a_room_of_one_file_has_no_tabs(newcomer: Newcomer, shared_server: Server) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "one").url)
    await expect(ann.page.get_by_role("heading", name="main.py")).to_be_visible()
    await expect(ann.page.get_by_role("tab")).to_have_count(0)


async def test_files_are_opened_by_a_few_letters_typed_into_and_closed(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = await project(shared_server)
    ann, bo = await two(newcomer, room.url)
    await tabs(ann, "main.py")
    await go_to_file(ann, "ut")
    await shows(ann, "utils.py", "line 1")
    await expect(ann.editor).to_be_focused()
    await ann.press("Control+Home")
    await ann.type("hello ")
    await ann.settles()
    await go_to_file(ann, "notes")
    await shows(ann, "notes.py", "three")
    await tabs(ann, "main.py", "utils.py", "notes.py")

    await go_to_file(bo, "utils")
    await shows(bo, "utils.py", "hello line 1")
    await bo.press("Control+Home")
    await bo.type("and ")
    await bo.settles()
    # What is typed right after the click is meant for the file: no frame passes before the focus.
    assert await tab(ann, "utils.py").evaluate(CLICKED)
    await shows(ann, "utils.py", "and hello line 1")
    await expect(ann.editor).to_be_focused()
    # The editor of each file undoes what was done in it.
    await ann.press("Control+z")
    await shows(ann, "utils.py", "and line 1")

    # What is selected is pasted by the middle button on Linux, but only into a text.
    await ann.press("Home", "Shift+End")
    await tab(ann, "utils.py").click(button="middle")
    await tabs(ann, "main.py", "notes.py")
    await tab(ann, "notes.py").click()
    await expect(ann.editor).to_be_focused()
    await ann.press("Control+End")
    await ann.type("four")
    await ann.sees("three\nfour")
    await tab(ann, "notes.py").focus()
    await ann.press("Delete")
    await tabs(ann, "main.py")
    await shows(ann, "main.py", "one")
    await expect(tab(ann, "main.py")).to_be_focused()
    assert room.text == "one\n"


async def test_files_that_were_shown_lately_come_first_and_control_and_tab_lead_back(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter((await project(shared_server)).url)
    await go_to_file(ann, "notes")
    await go_to_file(ann, "utils")
    await ann.press("Control+p")
    options = ann.page.locator(".palette-option")
    await expect(options.first).to_contain_text("notes.py")
    await ann.press("Enter")
    await shows(ann, "notes.py", "three")

    await ann.press("Control+Tab")
    await shows(ann, "utils.py", "line 1")
    await ann.press("Control+Tab")
    await shows(ann, "notes.py", "three")
    await ann.page.keyboard.down("Control")
    await ann.press("Tab", "Tab")
    await ann.page.keyboard.up("Control")
    await shows(ann, "main.py", "one")


async def test_tabs_are_moved_with_the_mouse_and_with_keys(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter((await project(shared_server)).url)
    await go_to_file(ann, "utils")
    await go_to_file(ann, "notes")
    await tab(ann, "notes.py").drag_to(tab(ann, "main.py"))
    await tabs(ann, "notes.py", "main.py", "utils.py")
    await tab(ann, "notes.py").focus()
    await ann.press("Alt+Shift+ArrowRight")
    await tabs(ann, "main.py", "notes.py", "utils.py")
    await ann.press("ArrowRight")
    await shows(ann, "utils.py", "line 1")
    await expect(tab(ann, "utils.py")).to_be_focused()


async def test_open_files_and_places_in_them_are_there_after_a_reload(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter((await project(shared_server)).url)
    await go_to_file(ann, "utils")
    await ann.press("Control+End", "ArrowUp", "ArrowUp")
    cursor = ann.page.locator(".status-cursor")
    await expect(cursor).to_have_text("Ln 99, Col 1")
    await go_to_file(ann, "notes")
    await ann.press("ArrowRight", "ArrowRight")
    await expect(cursor).to_have_text("Ln 1, Col 3")

    await ann.page.reload()
    await tabs(ann, "main.py", "utils.py", "notes.py")
    await shows(ann, "notes.py", "three")
    await expect(cursor).to_have_text("Ln 1, Col 3")
    await tab(ann, "utils.py").click()
    await shows(ann, "utils.py", "line 99")
    await expect(cursor).to_have_text("Ln 99, Col 1")


async def test_somebody_is_followed_from_file_to_file_and_dots_say_who_is_where(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = await project(shared_server)
    ann, bo = await two(newcomer, room.url)
    await ann.press("ArrowDown")
    name = await ann.name()
    await bo.button(f"{name}: go to line 2").click()
    await bo.button(f"{name}: follow").click()
    banner = bo.page.locator(".follow-banner")
    await expect(banner).to_contain_text(f"Following {name}")

    await go_to_file(ann, "utils")
    await shows(bo, "utils.py", "line 1")
    await expect(tab(bo, "utils.py")).to_contain_text(f"{name} here")
    await ann.press("Control+End")
    await ann.type("the end")
    await bo.sees_in_text("the end")
    await go_to_file(ann, "notes")
    await shows(bo, "notes.py", "three")
    await expect(banner).to_contain_text(f"Following {name}")

    await tab(bo, "main.py").click()
    await expect(banner).not_to_be_attached()
    await shows(bo, "main.py", "one")
    await expect(tab(bo, "notes.py")).to_contain_text(f"{name} here")
    await bo.button(f"{name}: go to line 1 of notes.py").click()
    await shows(bo, "notes.py", "three")


async def test_a_link_leads_to_lines_of_a_file_and_is_copied(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = await project(shared_server)
    ann = await newcomer(permissions=["clipboard-read", "clipboard-write"])
    await ann.enter(f"{room.url}/utils.py#L70-L72")
    await shows(ann, "utils.py", "line 71")
    await expect(ann.page.locator(".status-selected")).to_have_text("(23 selected)")
    assert ann.page.url == room.url
    await ann.press("Control+k")
    await ann.type("copy link")
    await expect(ann.page.locator(".palette-option").first).to_contain_text("Copy link")
    await ann.press("Enter")
    await expect(ann.page.get_by_role("status", name="Notices")).to_contain_text("link is copied")
    copied = await ann.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{room.url}/utils.py#L70-L72"


async def test_a_link_to_no_file_says_so(newcomer: Newcomer, shared_server: Server) -> None:
    room = await project(shared_server)
    ann = await newcomer()
    await ann.enter(f"{room.url}/src/none.py#L7")
    notices = ann.page.get_by_role("status", name="Notices")
    await expect(notices).to_contain_text("There is no file “src/none.py” in this room.")
    await shows(ann, "main.py", "one")


PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["wide", "phone"])
async def test_tabs_are_for_everybody(
    newcomer: Newcomer, shared_server: Server, screen: dict[str, object]
) -> None:
    ann = await newcomer(**screen, reduced_motion="reduce")
    await ann.page.goto((await project(shared_server)).url)
    await ann.settles()
    await go_to_file(ann, "utils")
    await shows(ann, "utils.py", "line 1")
    assert await axe.violations(ann.page) == []
    await ann.press("Control+p")
    await expect(ann.page.locator(".palette-option").first).to_be_visible()
    assert await axe.violations(ann.page) == []
