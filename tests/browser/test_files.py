"""The tree of files: with keys, the mouse and a finger, alone and with others, offline too."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room
from tests.browser.test_tabs import project
from tests.support.proxy import Proxy
from tests.support.server import Server

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
SCREENS: dict[str, dict[str, object]] = {
    "wide": {"viewport": {"width": 1280, "height": 800}},
    "phone": PHONE,
    "side": {"viewport": {"width": 844, "height": 390}, "is_mobile": True, "has_touch": True},
}


def row(person: Person, name: str) -> Locator:
    return person.page.get_by_role("treeitem").filter(has=person.page.get_by_text(name, exact=True))


async def rows(person: Person, *names: str) -> None:
    """Wait until these are the rows, from top to bottom; an indent of two spaces is a level."""
    await expect(person.page.get_by_role("treeitem")).to_have_count(len(names))
    for name in names:
        level = str(1 + (len(name) - len(name.lstrip())) // 2)
        await expect(row(person, name.strip())).to_have_attribute("aria-level", level)
    await expect(person.page.locator(".tree-name")).to_have_text([one.strip() for one in names])


async def opens(person: Person, name: str) -> None:
    """Open a file of the tree, and wait until one can type in it."""
    await row(person, name).click()
    text = person.page.get_by_role("textbox", name=f"Text of {name}")
    await expect(text).to_be_focused()


async def opens_files(person: Person) -> None:
    await person.button(re.compile("^Files(?: panel)?$")).locator("visible=true").click()
    await expect(row(person, "main.py")).to_be_visible()


async def enters(newcomer: Newcomer, url: str, **options: object) -> Person:
    person = await newcomer(**options)
    await person.page.goto(url)
    await person.settles()
    await opens_files(person)
    return person


async def names(person: Person, name: str) -> None:
    """Write a name where one is asked for."""
    field = person.page.locator(".tree-field")
    await expect(field).to_be_focused()
    await field.fill(name)
    await person.press("Enter")
    await expect(field).not_to_be_attached()


async def makes(person: Person, what: str, name: str) -> None:
    await person.page.get_by_role("complementary").get_by_role("button", name=what).click()
    await names(person, name)


async def test_files_and_folders_are_made_named_moved_and_removed_with_keys(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\n")
    ann = await enters(newcomer, room.url)
    await makes(ann, "New folder", "src")
    await makes(ann, "New file", "lib.py")
    await rows(ann, "src", "  lib.py", "main.py")
    # What is new is shown, to be typed into.
    await expect(ann.page.get_by_role("tab", name="lib.py")).to_have_attribute(
        "aria-selected", "true"
    )
    await ann.editor.focus()
    await ann.type("x = 1")
    await ann.settles()

    await row(ann, "src").focus()
    await ann.press("ArrowLeft")
    await rows(ann, "src", "main.py")
    await ann.press("ArrowRight", "ArrowRight")
    await expect(row(ann, "lib.py")).to_be_focused()
    await ann.press("F2")
    await expect(ann.page.locator(".tree-field")).to_have_value("lib.py")
    await ann.type("con")
    await ann.press("Enter")
    await expect(ann.page.get_by_role("alert").filter(has_text="Windows")).to_be_visible()
    await names(ann, "core.py")
    await expect(row(ann, "core.py")).to_be_focused()
    await ann.press("End")
    await expect(row(ann, "main.py")).to_be_focused()
    await ann.press("c")
    await expect(row(ann, "core.py")).to_be_focused()
    await ann.press("Enter")
    await expect(ann.editor).to_be_focused()
    await ann.sees("x = 1")

    await row(ann, "core.py").focus()
    await ann.press("Delete")
    await rows(ann, "src", "main.py")
    await expect(row(ann, "main.py")).to_be_focused()
    await ann.button("Removed").click()
    await ann.button("Restore src/core.py").click()
    await rows(ann, "src", "  core.py", "main.py")
    await row(ann, "core.py").click()
    await ann.sees("x = 1")
    await ann.settles()
    await ann.page.reload()
    await expect(ann.page.get_by_role("tab", name="core.py")).to_have_attribute(
        "aria-selected", "true"
    )
    await ann.sees("x = 1")


async def test_several_are_selected_and_moved_by_the_palette_and_by_the_mouse(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await enters(newcomer, Room(shared_server, "").url)
    for name in ("a.py", "b.py", "c.py"):
        await row(ann, "main.py").focus()
        await makes(ann, "New file", name)
    await row(ann, "main.py").focus()
    await makes(ann, "New folder", "lib")
    await rows(ann, "lib", "a.py", "b.py", "c.py", "main.py")
    await row(ann, "a.py").click()
    await row(ann, "b.py").click(modifiers=["Shift"])
    await row(ann, "main.py").click(modifiers=["Control"])
    await expect(ann.page.locator("[role=treeitem][aria-selected=true]")).to_have_count(3)
    await ann.press("Control+k")
    await ann.type("move the file")
    await expect(ann.page.locator(".palette-option").first).to_contain_text("Move the file")
    await ann.press("Enter")
    await ann.page.get_by_role("combobox", name="Move 3 files").fill("lib")
    await ann.press("Enter")
    await rows(ann, "lib", "  a.py", "  b.py", "  main.py", "c.py")

    await row(ann, "c.py").drag_to(row(ann, "lib"))
    await rows(ann, "lib", "  a.py", "  b.py", "  c.py", "  main.py")
    await row(ann, "b.py").drag_to(
        ann.page.get_by_role("tree"), target_position={"x": 90, "y": 400}
    )
    await rows(ann, "lib", "  a.py", "  c.py", "  main.py", "b.py")
    await row(ann, "b.py").click(button="right")
    await ann.page.get_by_role("menuitem", name="Duplicate").click()
    await rows(ann, "lib", "  a.py", "  c.py", "  main.py", "b_2.py", "b.py")


async def test_what_others_do_to_files_is_seen_at_once_and_said(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\n")
    ann = await enters(newcomer, room.url)
    bo = await enters(newcomer, room.url)
    name = await ann.name()
    said = bo.page.get_by_role("status", name="Notices")
    await makes(ann, "New file", "lib.py")
    await rows(bo, "lib.py", "main.py")
    await expect(said).to_contain_text(f"{name} added lib.py")
    await opens(bo, "lib.py")
    await bo.type("from bo")
    await ann.sees("from bo")
    # Each types into the file that the other one names and moves.
    await opens(ann, "lib.py")
    await ann.press("Control+End")
    await asyncio.gather(ann.type(" and ann"), renames(bo, "lib.py", "core.py"))
    await rows(ann, "core.py", "main.py")
    await ann.settles()
    await row(bo, "core.py").click()
    await bo.sees("from bo and ann")

    await row(ann, "core.py").focus()
    await ann.press("Delete")
    await rows(bo, "main.py")
    await expect(said).to_contain_text(f"{name} removed core.py")
    await bo.sees("one\n")
    await bo.button("Removed").click()
    await bo.button("Restore core.py").click()
    await rows(ann, "core.py", "main.py")
    await row(ann, "core.py").click()
    await ann.sees("from bo and ann")


async def renames(person: Person, name: str, other: str) -> None:
    await row(person, name).focus()
    await person.press("F2")
    await names(person, other)


async def test_files_are_made_moved_and_typed_into_offline_beside_what_others_do(
    newcomer: Newcomer, shared_server: Server, link: Proxy
) -> None:
    room = Room(shared_server, "one\n")
    bo = await enters(newcomer, room.url)
    ann = await enters(newcomer, room.through(link))
    ann.excuses = NETWORK
    await makes(bo, "New folder", "src")
    await rows(ann, "src", "main.py")
    link.cut()
    await expect(ann.status).not_to_have_text("Saved")
    await row(ann, "src").focus()
    await makes(ann, "New file", "new.py")
    await ann.editor.focus()
    await ann.type("made offline")
    await row(ann, "main.py").focus()
    await ann.press("F2")
    await names(ann, "start.py")
    await rows(ann, "src", "  new.py", "start.py")
    # Meanwhile the folder goes, and the file is edited.
    await opens(bo, "main.py")
    await bo.press("Control+Home")
    await bo.type("zero ")
    await row(bo, "src").focus()
    await bo.press("Delete")
    await rows(bo, "main.py")
    await bo.settles()

    link.mend()
    await ann.settles()
    await rows(ann, "new.py", "start.py")
    await rows(bo, "new.py", "start.py")
    await row(bo, "new.py").click()
    await bo.sees("made offline")
    await row(ann, "start.py").click()
    await ann.sees("zero one\n")


async def test_a_finger_that_rests_on_a_file_opens_what_can_be_done_to_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await enters(newcomer, Room(shared_server, "one\n").url, **PHONE)
    box = await row(ann, "main.py").bounding_box()
    assert box
    touch = await ann.context.new_cdp_session(ann.page)
    point = {"x": box["x"] + 60, "y": box["y"] + 20}
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    menu = ann.page.get_by_role("menu")
    await expect(menu).to_be_visible()
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await menu.get_by_role("menuitem", name="Rename").tap()
    await names(ann, "start.py")
    await rows(ann, "start.py")
    # A tap opens the file, and the text is in sight.
    await row(ann, "start.py").tap()
    await expect(ann.page.get_by_role("tree")).not_to_be_attached()
    await expect(ann.editor).to_be_visible()
    await ann.sees("one\n")


async def test_of_ten_thousand_files_the_rows_in_view_are_drawn_and_all_are_reached(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = await project(shared_server, {f"file_{n}.py": "" for n in range(1, 10_000)})
    ann = await enters(newcomer, room.url)
    drawn = ann.page.get_by_role("treeitem")
    await expect(row(ann, "file_1.py")).to_have_attribute("aria-setsize", "10000")
    assert await drawn.count() < 100
    await row(ann, "file_1.py").focus()
    await ann.press("End")
    await expect(row(ann, "main.py")).to_be_focused()
    await expect(row(ann, "main.py")).to_be_in_viewport()
    assert await drawn.count() < 100
    await ann.press("ArrowUp", "F2")
    await names(ann, "aaa.py")
    await expect(row(ann, "aaa.py")).to_be_focused()
    await expect(row(ann, "aaa.py")).to_have_attribute("aria-posinset", "1")
    await ann.button("Filter the files").click()
    await ann.page.get_by_role("searchbox").fill("e_777")
    await rows(ann, "file_777.py", *(f"file_777{n}.py" for n in range(10)))

    # Of very many removed files a part is shown, and more with each press.
    await ann.page.get_by_role("searchbox").fill("e_7")
    await row(ann, "file_7.py").focus()
    await ann.press("Control+a", "Delete")
    await expect(drawn).to_have_count(0)
    await ann.button(re.compile("^Removed 1111")).click()
    restore = ann.button(re.compile("^Restore file_7"))
    await expect(restore).to_have_count(200)
    await ann.button("Show more").click()
    await expect(restore).to_have_count(400)
    await restore.first.click()
    await expect(drawn).to_have_count(1)
    await expect(row(ann, "file_7.py")).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_tree_is_for_everybody(
    newcomer: Newcomer, shared_server: Server, screen: str
) -> None:
    still = {**SCREENS[screen], "reduced_motion": "reduce"}  # no colour is half way to another
    ann = await enters(newcomer, Room(shared_server, "one\n").url, **still)
    await makes(ann, "New folder", "src")
    await makes(ann, "New file", "lib.py")
    await ann.settles()
    if screen != "wide":
        await opens_files(ann)
    assert await axe.violations(ann.page) == []
    await row(ann, "main.py").focus()
    await ann.press("Shift+F10")
    await expect(ann.page.get_by_role("menuitem").first).to_be_focused()
    assert await axe.violations(ann.page) == []
    await ann.press("Escape")
    await expect(row(ann, "main.py")).to_be_focused()
    await ann.press("F2")
    await expect(ann.page.locator(".tree-field")).to_be_focused()
    assert await axe.violations(ann.page) == []
    await ann.press("Escape", "Delete")
    await ann.button("Removed").click()
    assert await axe.violations(ann.page) == []


async def test_a_name_that_looks_like_another_shows_what_is_not_seen_in_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room_id = shared_server.create_room(files={"main.py": "", "ma\u200bin.py": ""})
    ann = await enters(newcomer, f"{shared_server.url}/r/{room_id}/main.py")
    names = ann.page.locator(".tree-name")
    await expect(names).to_have_count(2)
    assert sorted(await names.all_inner_texts()) == ["maU+200Bin.py", "main.py"]


async def test_the_left_pane_is_made_wider_with_the_mouse_and_with_keys_and_stays_so(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\n")
    ann = await enters(newcomer, room.url)
    edge = ann.page.get_by_role("separator", name="Width of the left panel")
    await expect(edge).to_have_attribute("aria-valuenow", "224")
    assert await width(ann) == 224
    box = await edge.bounding_box()
    assert box
    await ann.page.mouse.move(box["x"] + 4, 300)
    await ann.page.mouse.down()
    await ann.page.mouse.move(box["x"] + 64, 320)
    await ann.page.mouse.up()
    await expect(edge).to_have_attribute("aria-valuenow", "284")
    assert await width(ann) == 284
    await edge.focus()
    await ann.press("ArrowRight", "ArrowRight", "ArrowLeft")
    await expect(edge).to_have_attribute("aria-valuenow", "300")
    await ann.press("Home")
    await expect(edge).to_have_attribute("aria-valuenow", "160")
    assert await width(ann) == 160

    await ann.page.reload()
    await expect(row(ann, "main.py")).to_be_visible()
    assert await width(ann) == 160
    await ann.button("Close the files panel").click()
    await expect(ann.page.get_by_role("tree")).not_to_be_attached()
    stage = await ann.page.locator(".stage").bounding_box()
    assert stage
    assert stage["x"] == 48  # the rail alone is beside the editor


async def width(person: Person) -> float:
    box = await person.page.locator(".pane-left").bounding_box()
    assert box
    return box["width"]
