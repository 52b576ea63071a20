"""Find and replace, as one writes into it."""

from playwright.async_api import Locator, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.support.server import Server

TEXT = "first\n" + "filler\n" * 200 + "red one\nred two\nred three\n"


async def test_what_one_writes_is_found_at_once_and_the_focus_stays_in_the_field(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await at_the_field(newcomer, Room(shared_server, TEXT))
    await ann.type("red t")

    await expect(count(ann)).to_have_text("1 of 2")
    await expect(ann.page.locator(".cm-searchMatch-selected")).to_be_in_viewport()
    await expect(ann.page.get_by_text("Ln 203, Col 6")).to_be_visible()
    await expect(field(ann)).to_be_focused()
    await ann.type("h")
    await expect(count(ann)).to_have_text("1 of 1")
    await expect(ann.page.get_by_text("Ln 204, Col 7")).to_be_visible()


async def test_a_broken_pattern_is_said_to_be_broken_and_moves_nothing(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await at_the_field(newcomer, Room(shared_server, TEXT))
    await ann.button("Pattern").click()
    arrow = await ann.button("Next match").bounding_box()
    await field(ann).fill("(red")

    await expect(count(ann)).to_have_text("Broken pattern: unterminated group")
    await expect(field(ann)).to_have_attribute("aria-invalid", "true")
    assert await ann.button("Next match").bounding_box() == arrow
    await field(ann).fill("(red)")
    await expect(count(ann)).to_have_text("1 of 3")
    await expect(field(ann)).not_to_have_attribute("aria-invalid", "true")


async def test_replacing_all_says_how_many_and_the_next_search_begins_anew(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "red red\nred\n")
    ann = await at_the_field(newcomer, room)
    await ann.type("red")
    await ann.page.get_by_label("Replace with").fill("")
    await ann.button("Replace all").click()

    await expect(count(ann)).to_have_text("Replaced 3 matches")
    assert await room.agree(ann) == " \n\n"
    await expect(count(ann)).to_have_text("Replaced 3 matches")
    await field(ann).fill("re")
    await expect(count(ann)).to_have_text("No matches")


async def at_the_field(newcomer: Newcomer, room: Room) -> Person:
    person = await newcomer()
    await person.enter(room.url)
    await person.press("Control+f")
    await expect(field(person)).to_be_focused()
    return person


def field(person: Person) -> Locator:
    return person.page.get_by_label("Find", exact=True)


def count(person: Person) -> Locator:
    return person.page.locator(".find-count")
