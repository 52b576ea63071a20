"""The past of a room: a version is named, looked at, compared and brought back."""

from __future__ import annotations

import re

from playwright.async_api import Request, expect

from tests.browser.axe import violations
from tests.browser.conftest import Newcomer
from tests.browser.long_room import FILES, LongRoom
from tests.browser.room import Room, two
from tests.support.server import Server


async def test_one_names_a_version_and_another_goes_back_to_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "first line\n")
    ann, bo = await two(newcomer, room.url)
    await ann.type("ann ")
    await room.agree(ann, bo)
    await ann.press("Control+s")
    name = ann.page.get_by_label("Name this version")
    await name.fill("Before the demo")
    await name.press("Enter")
    await expect(ann.page.get_by_role("button", name="Before the demo")).to_be_visible()
    await name.press("Escape")
    await ann.press("Control+a", "Delete")
    await ann.type("ruined")
    await room.agree(ann, bo)

    await bo.button("History panel").click()
    await bo.page.get_by_role("button", name="Before the demo").click()
    past = bo.page.get_by_label("The past of the room")
    await expect(past.get_by_role("heading")).to_have_text(
        re.compile(r"^Before the demo · Revision \d+$")
    )
    text = past.get_by_label("The text as it was")
    await expect(text).to_have_text(re.compile("^ann first line"))
    assert await violations(bo.page) == []

    await past.focus()
    await bo.press("Shift+ArrowRight")
    await expect(text).to_have_text("ruined")
    await bo.press("Shift+ArrowLeft")
    await expect(text).to_have_text(re.compile("^ann first line"))
    await past.get_by_role("button", name="Compare with now").click()
    await expect(past.locator(".cm-changedText").first).to_be_visible()
    assert await violations(bo.page) == []

    await past.get_by_role("button", name="Restore…").click()
    await bo.page.get_by_role("menuitem", name="The room").click()
    await bo.page.get_by_role("dialog").get_by_role("button", name="Restore").click()
    await expect(past).to_have_count(0)
    await expect(ann.editor).to_contain_text("ann first line")
    assert await room.agree(ann, bo) == "ann first line\n"
    await bo.page.get_by_role("button", name="Undo").click()
    await expect(ann.editor).to_have_text("ruined")


async def test_the_past_of_a_long_room_is_gone_through_while_two_type(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = LongRoom(shared_server)
    await room.write()
    ann, bo = await two(newcomer, room.url)
    asked: list[str] = []

    def heed(request: Request) -> None:
        asked.append(request.url.partition(room.id)[2])

    bo.page.on("request", heed)
    await bo.button("History panel").click()
    await bo.page.get_by_role("button", name="Open the timeline").click()
    past = bo.page.get_by_label("The past of the room")
    text, slider = past.get_by_label("The text as it was"), past.get_by_role("slider")
    first = text.locator(".cm-line").first
    await past.get_by_label("File", exact=True).select_option(label=FILES[0])
    for revision in (25_000, 24_990, 49_000, 700, 12_345):
        await slider.fill(str(revision))
        await ann.type("typed by ann ")
        await expect(past.get_by_role("heading")).to_have_text(f"Revision {revision}")
        await expect(first).to_have_text(room.first_line(revision))
    assert sum("text=true" in url for url in asked) <= 2, "no text is read whole again"
    assert sum("/step/" in url for url in asked) >= 4

    await past.focus()
    await bo.press("ArrowRight")
    await expect(past.get_by_role("heading")).not_to_have_text("Revision 12345")
    await bo.press("Space")
    await expect(past.get_by_role("button", name="Pause")).to_be_visible()
    await bo.press("Space")
    await expect(past.get_by_role("button", name="Play")).to_be_visible()

    await past.get_by_label("File", exact=True).select_option(label=FILES[0])
    await slider.fill("30050")
    await expect(first).to_have_text(room.first_line(30_050))
    ribbon = past.locator(".past-ribbon").first
    author = ("Ann", "Bo")[int(room.first_line(30_050)) // 100 % 2]
    await expect(ribbon).to_have_attribute("title", re.compile(rf"^{author}, .+, revision \d+"))
    await past.get_by_label("Whose text is coloured").select_option(label=author)
    await expect(past.locator(".past-found").first).to_be_visible()
    assert await violations(bo.page) == []

    await past.get_by_role("button", name="Compare with now").click()
    await past.get_by_label("To", exact=True).select_option(label="Another revision…")
    number = past.get_by_label("To: the number of a revision")
    await number.fill("30060")
    await number.press("Enter")
    await expect(past.locator(".cm-changedText, .cm-insertedLine").first).to_be_visible()
    assert await violations(bo.page) == []
    await past.get_by_role("button", name="Show the text").click()

    await past.get_by_label("File", exact=True).select_option(label=FILES[1])
    await past.get_by_role("button", name="Restore…").click()
    await bo.page.get_by_role("menuitem", name="The folder lib").click()
    dialog = bo.page.get_by_role("dialog")
    await expect(dialog.locator("li")).to_have_count(10)
    await dialog.get_by_role("button", name="Cancel").click()

    await bo.page.set_viewport_size({"width": 390, "height": 844})
    assert await violations(bo.page) == []
    box = await past.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (390, 844), "a phone shows nothing else"
    await bo.page.set_viewport_size({"width": 1280, "height": 800})
    await past.focus()
    await bo.press("Escape")
    await expect(past).to_have_count(0)

    await bo.page.get_by_role("button", name="Who wrote this").click()
    marks = bo.page.locator(".cm-editor .past-ribbon")
    await expect(marks.first).to_have_attribute("title", re.compile(r"revision \d+"))
    await bo.editor.click()
    await bo.press("Control+Home")
    await bo.type("bo ")
    await expect(marks.first).to_have_attribute("title", re.compile(r", revision (5\d{4})$"))
    assert await violations(bo.page) == []
