"""Every action, by a few letters or by its key."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room, two
from tests.support.proxy import Proxy
from tests.support.server import Server


async def test_an_action_is_found_by_a_few_letters_and_done_with_the_keyboard_alone(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\ntwo")
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.press("Control+k")
    await expect(field(ann)).to_be_focused()
    await ann.type("tog com")

    await expect(chosen(ann)).to_have_text(re.compile("^Toggle comment"))
    await expect(chosen(ann).locator("kbd")).to_have_text("Ctrl /")
    await ann.press("Enter")

    await expect(ann.editor).to_be_focused()
    await ann.sees("# one\ntwo")
    assert await room.agree(ann) == "# one\ntwo"


async def test_arrow_keys_go_round_the_list_and_the_field_says_where_they_are(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    await ann.press("Control+k")
    await ann.type("carets of others:")
    await expect(options(ann)).to_have_count(3)

    await ann.press("ArrowDown")
    await expect(chosen(ann)).to_have_text(re.compile("with names"))
    named = await chosen(ann).get_attribute("id")
    await expect(field(ann)).to_have_attribute("aria-activedescendant", str(named))
    await ann.press("ArrowUp", "ArrowUp")
    await expect(chosen(ann)).to_have_text(re.compile("names on activity"))
    await ann.press("ArrowDown")
    await expect(chosen(ann)).to_have_text(re.compile("hidden"))
    await ann.press("Enter")

    await expect(ann.page.locator(".cm-editor")).to_have_attribute("data-carets", "never")
    await ann.press("Control+k")
    await ann.type("carets of others:")
    checked = options(ann).filter(has_text="in force")
    await expect(checked).to_have_text(re.compile("hidden"))


@pytest.mark.parametrize("way", ["Escape", "Control+k", "beside"])
async def test_the_palette_closes_and_gives_the_focus_back_with_nothing_done(
    newcomer: Newcomer, shared_server: Server, way: str
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "as it was").url)
    await ann.press("Control+k")
    await expect(field(ann)).to_be_focused()

    if way == "beside":
        await ann.page.mouse.click(5, 5)
    else:
        await ann.press(way)

    await expect(field(ann)).to_have_count(0)
    await expect(ann.editor).to_be_focused()
    await ann.sees("as it was")


async def test_the_field_in_the_top_bar_opens_it_and_what_is_not_there_is_said(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    await ann.button("Go to line or action").click()
    await expect(field(ann)).to_be_focused()
    await ann.type("xyzzy")

    await expect(options(ann)).to_have_count(0)
    await expect(ann.page.get_by_text("No action is called that.")).to_be_visible()
    await ann.press("Enter")
    await expect(field(ann)).to_be_focused()


@pytest.mark.parametrize("first", [("Control+g",), ("Control+k", ":")])
async def test_a_number_is_the_way_to_a_line_also_after_astral_characters(
    newcomer: Newcomer, shared_server: Server, first: tuple[str, ...]
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "🪐\n" * 300).url)
    await ann.press(first[0])
    await expect(field(ann)).to_be_focused()
    await ann.press(*first[1:])
    await expect(field(ann)).to_have_value(":")
    await ann.type("250:2")
    await expect(chosen(ann)).to_have_text("Go to line 250, column 2")
    await ann.press("Enter")

    await expect(ann.page.get_by_text("Ln 250, Col 2")).to_be_visible()
    await ann.type("here")
    await ann.sees_in_text("🪐here")


@pytest.mark.parametrize("opened_by", ["F1", "?"])
async def test_the_sheet_tells_every_key_and_its_key_is_text_in_the_editor(
    newcomer: Newcomer, shared_server: Server, opened_by: str
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    await ann.type("?")
    await ann.sees("?")
    await ann.language.focus()
    await ann.press("Tab")  # anywhere outside editor and fields
    await ann.page.get_by_role("link", name="Collab, start page").focus()

    await ann.press(opened_by)

    sheet = ann.page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(sheet.get_by_text("Toggle comment")).to_be_visible()
    await expect(sheet.get_by_text("Ctrl K", exact=True)).to_be_visible()
    await ann.press("Escape")
    await expect(ann.page.get_by_role("link", name="Collab, start page")).to_be_focused()


async def test_no_column_of_the_sheet_begins_inside_a_section(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    await ann.press("F1")
    sections = ann.page.locator(".sheet section")
    await expect(sections.first).to_be_visible()

    # A section that is broken is in two boxes, one in each column.
    boxes = await sections.evaluate_all("all => all.map(one => one.getClientRects().length)")
    left = await sections.evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")

    assert boxes == [1] * len(boxes)
    assert len(set(left)) == 3


async def test_every_key_of_the_sheet_is_shown_in_the_palette(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    await ann.press("F1")
    lines = ann.page.locator(".sheet-line")
    await expect(lines.first).to_be_visible()
    keys = await lines.evaluate_all(
        "lines => lines.map(l => [l.querySelector('dt').textContent, "
        "l.querySelector('kbd').textContent])"
    )
    await ann.press("Escape", "Control+k")
    await expect(options(ann).first).to_be_visible()

    shown = await options(ann).evaluate_all(
        "options => options.map(o => [o.querySelector('.palette-title').textContent, "
        "o.querySelector('kbd')?.textContent])"
    )
    # Without a suggestion nothing can be done with one.
    keys = [line for line in keys if "suggestion" not in line[0]]
    assert len(keys) > 20
    assert [line for line in keys if line not in shown] == []


async def test_keys_of_the_text_work_from_outside_the_editor_and_rest_in_a_field(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "text").url)
    await ann.page.get_by_role("link", name="Collab, start page").focus()
    await ann.press("Control+f")
    await expect(ann.page.get_by_placeholder("Find")).to_be_focused()

    await ann.type("t")
    await ann.press("Control+a", "Control+/")
    await ann.sees("text")


async def test_control_s_tells_the_truth_about_what_is_saved(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    notices = ann.page.get_by_label("Notices")
    await ann.press("Control+s", "Control+s")
    await expect(notices).to_have_text("Saved. Every change is saved by itself.")
    await expect(ann.page.get_by_label("Name this version")).to_be_focused()
    await ann.press("Escape")

    ann.excuses = NETWORK
    await ann.context.set_offline(True)
    await ann.type("x")
    await expect(ann.status).to_have_text(re.compile("(Offline|Reconnecting).*1 change"))
    await ann.press("Control+s")
    await expect(notices).to_contain_text(re.compile(r"1 change.*as soon as that is possible\."))


async def test_the_palette_opens_also_without_a_network(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    async with ann.page.expect_event("requestfinished", lambda r: "/Palette-" in r.url):
        await ann.enter(Room(shared_server, "").url)
    ann.excuses = NETWORK
    await ann.context.set_offline(True)
    await ann.press("Control+k")
    await ann.type("undo")
    await expect(chosen(ann)).to_have_text(re.compile("^Undo"))


async def test_windows_that_a_broken_network_kept_back_are_fetched_when_it_is_mended(
    newcomer: Newcomer, link: Proxy, shared_server: Server
) -> None:
    ann = await newcomer()
    ann.excuses = NETWORK
    await ann.page.route("**/Settings-*.js", lambda route: route.abort())
    async with ann.page.expect_event("requestfailed", lambda r: "/Settings-" in r.url):
        await ann.enter(Room(shared_server, "").through(link))
    await ann.page.unroute("**/Settings-*.js")
    link.cut()
    await expect(ann.status).not_to_have_text("Saved")
    async with ann.page.expect_event("requestfinished", lambda r: "/Settings-" in r.url):
        link.mend()
    await ann.context.set_offline(True)
    await ann.press("Control+,")
    await expect(ann.page.get_by_role("dialog", name="Settings")).to_be_visible()


async def test_a_palette_that_cannot_be_loaded_says_so_and_gives_the_focus_back(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    ann.excuses = re.compile("ERR_FAILED|Failed to fetch")
    await ann.page.route("**/Palette-*.js", lambda route: route.abort())
    await ann.enter(Room(shared_server, "").url)
    await ann.press("Control+k")
    notices = ann.page.get_by_label("Notices")
    await expect(notices).to_contain_text("This part of the page could not be loaded.")
    await expect(ann.editor).to_be_focused()


async def test_lines_move_copy_and_go_and_the_others_see_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\ntwo\nthree")
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+Home", "Alt+ArrowDown")
    await bo.sees("two\none\nthree")
    await ann.press("Alt+Shift+ArrowDown")
    await bo.sees("two\none\none\nthree")
    await ann.press("Control+Shift+k")
    await bo.sees("two\none\nthree")
    await ann.press("Control+]")
    assert await room.agree(ann, bo) == "two\none\n    three"


def field(person: Person) -> Locator:
    return person.page.get_by_role("combobox", name="Search actions")


def options(person: Person) -> Locator:
    return person.page.locator(".palette-option")


def chosen(person: Person) -> Locator:
    return person.page.locator(".palette-option[aria-selected=true]")
