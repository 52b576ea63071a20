"""Small things that people stumble over."""

from __future__ import annotations

import re
from itertools import chain

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room, two
from tests.browser.test_phone import at_the_text, key
from tests.browser.test_settings import settings
from tests.support.server import Server

# Every letter of some lines with its colour: those of the start page's picture, or of a room.
_COLOURS = """selector => [...document.querySelectorAll(selector)].map(line => {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const letters = [];
  for (let node; node = walker.nextNode();) {
    if (node.parentElement.closest('.preview-number')) continue;
    const { color } = getComputedStyle(node.parentElement);
    for (const letter of node.data) letters.push([letter, color]);
  }
  return letters;
})"""
# What is painted over the ring around an element, a little outside its edges.
_OVER_RING = """element => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return [[x, top - 3], [x, bottom + 3], [left - 3, y], [right + 3, y]]
    .map(point => document.elementFromPoint(...point))
    .map(over => over.contains(element) || getComputedStyle(over).backgroundColor)
    .filter(paper => paper !== true && paper !== 'rgba(0, 0, 0, 0)');
}"""


async def test_two_tabs_of_one_person_have_one_name(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "x")
    ann, bo = await two(newcomer, room.url)
    second = Person(ann.context, await ann.context.new_page())
    await second.enter(room.url)

    await ann.introduces("Ada Lind", colour="Gold")

    await expect(second.button("Ada Lind (you)")).to_be_attached()
    people = bo.page.get_by_role("list", name="People here").get_by_role("button")
    await expect(people.filter(has_text="Ada Lind")).to_have_count(1)
    await expect(people).to_have_count(2)
    await ann.page.close()
    await expect(people.filter(has_text="Ada Lind")).to_have_count(1)
    assert second.complaints == []


# Every letter is there, in its colour if it has one.
_ALIKE = f"""drawn => {{
    const shown = ({_COLOURS})(".cm-line").flat();
    return shown.length === drawn.length
        && drawn.every(([letter, colour], n) =>
            letter === shown[n][0] && (colour === null || colour === shown[n][1]));
}}"""


@pytest.mark.parametrize("beginning", ["Empty", "JavaScript", "TypeScript"])
async def test_what_the_picture_on_the_start_page_colours_a_room_colours_alike(
    newcomer: Newcomer, shared_server: Server, beginning: str
) -> None:
    ann = await newcomer()
    await ann.page.goto(shared_server.url)
    await ann.page.get_by_text(beginning, exact=True).click()
    drawn = await ann.page.evaluate(_COLOURS, ".preview-line")
    ink = await ann.page.locator("body").evaluate("body => getComputedStyle(body).color")
    text = "\n".join("".join(letter for letter, _ in line) for line in drawn)
    language = "python" if beginning == "Empty" else beginning.lower()
    room_id = shared_server.create_room(initial_code=text, language=language)
    await ann.enter(f"{shared_server.url}/r/{room_id}")

    coloured = [[letter, colour if colour != ink else None] for letter, colour in chain(*drawn)]
    await ann.page.wait_for_function(_ALIKE, arg=coloured)


@pytest.mark.parametrize(("language", "width"), [("python", 4), ("javascript", 2)])
async def test_tab_goes_as_far_as_the_language_has_it(
    newcomer: Newcomer, shared_server: Server, language: str, width: int
) -> None:
    room_id = shared_server.create_room(initial_code="", language=language)
    ann = await newcomer()
    await ann.enter(f"{shared_server.url}/r/{room_id}")
    await ann.press("Tab")
    await ann.type("x")
    await ann.sees(f"{' ' * width}x")
    await expect(ann.button(re.compile("^Indentation"))).to_have_text(f"Spaces: {width}")


async def test_an_empty_room_says_what_to_do_and_says_it_no_more_once_there_is_text(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    hint = ann.page.locator(".cm-placeholder")
    await expect(hint).to_contain_text("Type or paste code here.")
    await ann.type("x")
    await expect(hint).to_have_count(0)
    assert await room.agree(ann) == "x"


async def test_the_palette_follows_somebody_by_name_and_covers_not_the_line_one_is_at(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "line\n" * 300).url)
    await bo.press("ArrowDown")
    name = await bo.name()
    await expect(ann.button(f"{name}: go to line 2")).to_be_visible()

    await ann.press("Control+k")
    await expect(ann.page.locator(".palette-option").first).to_be_visible()
    assert not await overlap(ann, ".palette", ".cm-activeLine")
    await ann.type(f"follow {name}")
    await ann.press("Enter")
    await expect(ann.page.locator(".follow")).to_contain_text(f"Following {name}")
    await ann.press("Escape", "Control+End", "Control+k")
    await expect(ann.page.locator(".palette-section").first).to_have_text("Recent")
    await expect(ann.page.locator(".palette-option").first).to_contain_text(f"Follow {name}")
    assert not await overlap(ann, ".palette", ".cm-activeLine")


async def test_who_is_not_connected_sees_the_others_as_last_seen(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "one\ntwo").url)
    await bo.press("ArrowDown")
    name = await bo.name()
    await expect(ann.button(f"{name}: go to line 2")).to_be_visible()
    await ann.button("People panel").click()
    await expect(ann.page.get_by_text("Line 2", exact=True)).to_be_visible()
    ann.excuses = NETWORK

    await ann.context.set_offline(True)

    await expect(ann.button("1 last seen")).to_be_visible()
    await expect(ann.page.get_by_text("Last seen on line 2")).to_be_visible()
    picture = ann.button(re.compile(f"^{name}: .* as last seen")).locator(".avatar")
    await expect(picture).to_have_attribute("data-doing", "unknown")
    await ann.context.set_offline(False)
    await expect(ann.button("2 people")).to_be_visible()


async def test_a_colour_that_cannot_be_read_leaves_its_own_name_readable(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(color_scheme="light")
    await ann.enter(Room(shared_server, "def f(): pass").url)
    await settings(ann)
    label = ann.page.locator(".colour", has_text="Keywords").locator("span")
    await ann.page.get_by_label("Keywords").fill("#ffffff")
    await expect(label).to_have_css("color", "rgb(29, 27, 24)")
    await ann.button(re.compile("^Use the theme.s colours$")).click()
    await ann.button("Use my colours again").click()
    await expect(ann.page.get_by_label("Keywords")).to_have_value("#ffffff")


async def test_a_reset_can_be_undone(newcomer: Newcomer, shared_server: Server) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "x").url)
    await settings(ann)
    await ann.page.get_by_label("Font size").fill("20")
    await ann.button("Reset everything").click()
    await expect(ann.page.locator(".cm-scroller")).to_have_css("font-size", "13px")
    await ann.button("Undo the reset").click()
    await expect(ann.page.locator(".cm-scroller")).to_have_css("font-size", "20px")
    await expect(ann.button("Reset everything")).to_be_visible()


async def test_escape_is_a_key_of_the_key_row(newcomer: Newcomer, shared_server: Server) -> None:
    ann = await at_the_text(newcomer, Room(shared_server, "class Greeter:\n    "), line=1)
    await ann.type("def hello")
    accept = ann.button("Accept the suggestion")
    await expect(accept).to_be_visible()
    await key(ann, "Esc")
    await expect(accept).to_have_count(0)
    await expect(ann.editor).to_be_focused()


async def test_a_file_that_cannot_be_formatted_leads_to_the_place(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room_id = shared_server.create_room(
        initial_code="let a = 1;\nlet b = 2;\nconst = 3\n", language="javascript"
    )
    ann = await newcomer()
    await ann.enter(f"{shared_server.url}/r/{room_id}")
    await ann.press("Alt+Shift+f")
    await ann.button("Go to line 3").click()
    await expect(ann.page.get_by_text("Ln 3, Col 7")).to_be_visible()
    await expect(ann.editor).to_be_focused()


async def test_a_name_of_a_room_that_is_too_long_is_cut_and_that_is_said(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "x").url)
    await ann.press("F2")
    await ann.page.get_by_label("Name of the room").fill("n" * 70)
    await ann.press("Enter")
    await expect(ann.page.locator(".room-name-text")).to_have_text("n" * 60)
    await expect(ann.page.locator(".toast")).to_contain_text("at most 60 characters")


async def test_an_address_without_hyphens_is_that_of_the_room(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "here")
    ann = await newcomer()
    await ann.enter(f"{shared_server.url}/r/{room.id.replace('-', '').upper()}?from=mail")
    await ann.sees("here")
    await expect(ann.page).to_have_url(f"{room.url}?from=mail")


async def test_rings_around_what_has_the_focus_are_whole(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "x").url)
    await ann.button("Share").click()
    copy = ann.button("Copy link")
    await expect(copy).to_be_focused()
    assert await copy.evaluate(_OVER_RING) == []
    await ann.press("Escape")
    await settings(ann)
    slider = ann.page.get_by_label("Font size")
    await slider.focus()
    assert await slider.evaluate(_OVER_RING) == []
    await ann.press("Escape")
    await ann.language.focus()
    await expect(ann.language).to_have_css("outline-offset", "-2px")


async def overlap(person: Person, one: str, other: str) -> bool:
    first, second = [await box(person.page.locator(place).first) for place in (one, other)]
    return first[0] < second[1] and second[0] < first[1]


async def box(of: Locator) -> tuple[float, float]:
    """Its top and its bottom."""
    found = await of.bounding_box()
    assert found
    return found["y"], found["y"] + found["height"]
