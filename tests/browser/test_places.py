"""The page keeps things in place and finds room for them, also on phones held sideways and at
400 %.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.person import box_of
from tests.browser.room import Room, two
from tests.browser.test_landing import NO_ROOM, NOT_FOUND, join, problem
from tests.support.server import Server

PHONE_ON_ITS_SIDE = {
    "viewport": {"width": 844, "height": 390},
    "is_mobile": True,
    "has_touch": True,
}
# A window of 1280 by 800 at 400 %.
ENLARGED = {"viewport": {"width": 320, "height": 200}, "device_scale_factor": 4}
_PLACES = """() => [...document.querySelectorAll(
  '.status-bar > *, .status-bar .connection .dot'
)].map(one => [one.className, Math.round(one.getBoundingClientRect().left)])"""
_HEADS = """() => [...document.querySelectorAll('h1, .choices, .or, .input, .features')]
  .map(one => Math.round(one.getBoundingClientRect().top + scrollY))"""


async def test_neither_typing_nor_selecting_moves_the_items_of_the_status_bar(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    await ann.type("x" * 12)
    await ann.settles()
    before = await ann.page.evaluate(_PLACES)

    await ann.type("y" * 40, delay=15)
    typing = await ann.page.evaluate(_PLACES)
    await ann.press("Shift+Home")
    selected = await ann.page.evaluate(_PLACES)
    await ann.settles()

    assert typing == before
    assert selected == before


@pytest.mark.parametrize(
    "screen",
    [
        {"viewport": {"width": 1280, "height": 800}},
        {"viewport": {"width": 820, "height": 1180}, "has_touch": True, "is_mobile": True},
        {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
        {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True},
    ],
    ids=["desktop", "tablet", "phone", "narrow"],
)
async def test_nothing_on_the_start_page_moves_for_what_it_has_to_say(
    newcomer: Newcomer, shared_server: Server, screen: dict[str, Any]
) -> None:
    ann = await newcomer(**screen)
    ann.excuses = re.compile(f"{NOT_FOUND.pattern}|status of 503")
    await ann.page.goto(shared_server.url)
    await expect(ann.page.locator(".create-room .primary")).to_be_visible()
    await ann.page.evaluate("() => document.fonts.ready")
    before = await ann.page.evaluate(_HEADS)

    await join(ann, "the room of yesterday")
    await expect(problem(ann)).to_contain_text("no room link")
    assert await ann.page.evaluate(_HEADS) == before
    await join(ann, NO_ROOM)
    await expect(problem(ann)).to_contain_text("Room not found")
    assert await ann.page.evaluate(_HEADS) == before
    await ann.page.route("**/rooms", lambda route: route.fulfill(status=503))
    await ann.page.locator(".create-room .primary").click()
    await expect(ann.page.get_by_text("Collab cannot be reached.")).to_be_visible()
    assert await ann.page.evaluate(_HEADS) == before


async def test_a_start_page_on_an_upright_tablet_has_no_void(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(viewport={"width": 820, "height": 1180})
    await ann.page.goto(shared_server.url)
    shown = await box_of(ann.page.locator(".preview"))
    start = await box_of(ann.page.locator(".start"))
    features = await box_of(ann.page.locator(".features"))
    assert shown["y"] - (start["y"] + start["height"]) < 60
    assert features["y"] - (shown["y"] + shown["height"]) < 60


async def test_notices_and_the_one_who_is_followed_cover_no_line(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "line\n" * 100).url)
    await bo.press("ArrowDown")
    name = await bo.name()
    await ann.button(re.compile(f"^{name}: go to")).click()
    await ann.button(f"{name}: follow").click()
    await bo.choose_language("JavaScript")
    await expect(ann.page.locator(".toast")).to_have_count(1)

    text = await box_of(ann.page.locator(".cm-editor"))
    toast = await box_of(ann.page.locator(".toast"))
    follow = await box_of(ann.page.locator(".follow-banner"))
    assert text["y"] + text["height"] <= toast["y"]
    assert follow["y"] + follow["height"] <= text["y"]


async def test_what_one_person_does_again_and_again_is_one_notice(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "x").url)
    for language in ("JavaScript", "TypeScript", "Ruby", "TypeScript"):
        await bo.choose_language(language)
        await expect(ann.page.locator(".toast")).to_contain_text(language)
    await expect(ann.page.locator(".toast")).to_have_count(1)


async def test_a_phone_on_its_side_is_a_phone_with_room_for_the_text(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(**PHONE_ON_ITS_SIDE)
    await ann.page.goto(Room(shared_server, "line\n" * 60).url)
    await ann.settles()

    nav = await box_of(ann.page.get_by_role("navigation", name="Views"))
    text = await box_of(ann.page.locator(".cm-editor"))
    assert await ann.page.locator(".rail").is_hidden()
    assert nav["x"] + nav["width"] <= text["x"] + 1
    assert text["height"] >= 250
    await ann.button("People").tap()
    await expect(ann.page.get_by_role("heading", name="People")).to_be_visible()
    await ann.button("Code").tap()
    await ann.page.locator(".cm-line").first.tap()
    await ann.page.set_viewport_size({"width": 844, "height": 190})
    await expect(ann.page.get_by_role("region", name="Keys")).to_be_in_viewport(ratio=1)
    assert (await box_of(ann.page.locator(".cm-editor")))["height"] >= 100


async def test_a_low_window_of_a_desktop_stays_a_desktop(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(viewport={"width": 1000, "height": 420})
    await ann.enter(Room(shared_server, "x").url)
    await expect(ann.page.locator(".rail")).to_be_visible()
    await expect(ann.page.get_by_role("navigation", name="Views")).to_be_hidden()


async def test_at_400_percent_there_is_text_to_see_while_one_searches(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(**ENLARGED)
    await ann.page.goto(Room(shared_server, "some words\n" * 60).url)
    await ann.settles()
    await ann.page.locator(".cm-line").first.click()
    await ann.press("Control+f")
    await expect(ann.page.get_by_placeholder("Find")).to_be_focused()
    await ann.type("words")

    await expect(ann.page.get_by_role("search").get_by_text("60")).to_be_visible()
    find = await box_of(ann.page.get_by_role("search"))
    status = await box_of(ann.page.locator(".status-bar"))
    assert status["y"] + status["height"] <= 200
    assert status["y"] - (find["y"] + find["height"]) >= 66  # three lines
    assert await ann.page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_what_the_settings_change_is_seen_beside_them(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "def f():\n    return 1\n").url)
    await ann.press("Control+,")
    dialog = ann.page.get_by_role("dialog", name="Settings")
    await expect(dialog).to_be_visible()

    seen = await dialog.evaluate(
        "one => [getComputedStyle(one, '::backdrop').backdropFilter,"
        " getComputedStyle(one, '::backdrop').backgroundColor]"
    )
    assert seen == ["none", "rgba(0, 0, 0, 0)"]
    edge = (await box_of(dialog))["x"]
    for line in await ann.page.locator(".cm-line span").all():
        at = await box_of(line)
        assert at["x"] + at["width"] < edge


async def test_no_line_of_the_sheet_of_keys_is_hidden(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "x").url)
    await ann.press("F1")
    sheet = ann.page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(sheet.get_by_text("Escape, then Tab, leaves")).to_be_in_viewport(ratio=1)
    assert await sheet.evaluate("one => one.scrollHeight - one.clientHeight") <= 0


_WORDS = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const { x, y, width, height } = range.getBoundingClientRect();
  return { x, y, width, height };
}"""


@pytest.mark.parametrize("width", [780, 820, 1000, 1280])
async def test_nothing_in_the_status_bar_lies_over_anything_else_or_beyond_the_edge(
    newcomer: Newcomer, shared_server: Server, width: int
) -> None:
    ann = await newcomer(viewport={"width": width, "height": 900})
    await ann.enter(Room(shared_server, "x").url)
    items = ann.page.locator(".status-bar > :visible")
    boxes = [await item.bounding_box() for item in await items.all()]
    words = [await item.evaluate(_WORDS) for item in await items.all()]
    spans = sorted((box["x"], box["x"] + box["width"]) for box in [*filter(None, boxes), words[0]])
    assert spans[-1][1] <= width
    first = words[0]["x"] + words[0]["width"]
    others = [box["x"] for box in boxes[1:] if box and box["width"]]
    assert first <= min(others)


async def test_a_phone_on_its_side_shows_the_way_into_a_room_at_once(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(**PHONE_ON_ITS_SIDE)
    await ann.page.goto(shared_server.url)
    await expect(ann.button("Create a room")).to_be_in_viewport(ratio=1)


async def test_at_400_per_cent_no_tip_is_cut_off(newcomer: Newcomer, shared_server: Server) -> None:
    ann = await newcomer(**ENLARGED)
    await ann.enter(Room(shared_server, "x").url)
    await ann.press("Control+f")
    for name in ("Previous match", "Next match", "Close the search", "Match case"):
        await ann.button(name).hover()
        tip = ann.button(name).locator(".tip")
        await expect(tip).to_have_css("visibility", "visible")
        await expect(tip).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    "screen",
    [{"width": 390, "height": 844}, {"width": 320, "height": 640}, {"width": 844, "height": 390}],
    ids=["phone", "narrow", "side"],
)
@pytest.mark.parametrize("line", [2, 12, 60])
async def test_the_palette_of_a_touch_screen_leaves_the_line_one_is_at_in_sight(
    newcomer: Newcomer, shared_server: Server, screen: dict[str, int], line: int
) -> None:
    ann = await newcomer(viewport=screen, is_mobile=True, has_touch=True)
    await ann.page.goto(Room(shared_server, "def f():\n" * 60).url)
    await ann.settles()
    await ann.editor.focus()
    await ann.press("Control+Home", *["ArrowDown"] * (line - 1))
    await ann.press("Control+k")
    await expect(ann.page.locator(".palette-option").first).to_be_visible()
    palette = ann.page.locator("dialog.palette")
    await expect(palette).to_be_in_viewport(ratio=1)
    await ann.page.wait_for_function(
        """() => {
          const line = document.querySelector('.cm-activeLine').getBoundingClientRect();
          const text = document.querySelector('.cm-scroller').getBoundingClientRect();
          const window = document.querySelector('dialog.palette').getBoundingClientRect();
          const inSight = line.bottom <= window.top || line.left + 200 <= window.left;
          return inSight && line.top >= text.top && line.bottom <= innerHeight;
        }"""
    )


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_the_note_of_the_share_dialog_touches_nothing(
    newcomer: Newcomer, shared_server: Server, width: int
) -> None:
    ann = await newcomer(viewport={"width": width, "height": 800})
    await ann.enter(Room(shared_server, "x").url)
    await ann.button("Share").click()
    note = ann.page.get_by_text("This link works on this machine only")
    await expect(note).to_be_visible()
    link = await box_of(ann.page.get_by_label("Link to this room"))
    words = await note.evaluate(_WORDS)
    assert words["y"] >= link["y"] + link["height"] + 8
