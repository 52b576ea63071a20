"""Find and replace, as one writes into it."""

from playwright.async_api import Locator, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person, box_of
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


async def test_in_an_editor_between_two_panes_its_parts_are_below_one_another(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(viewport={"width": 820, "height": 900})
    await ann.enter(Room(shared_server, TEXT).url)
    for panel in ("Files panel", "People panel"):
        await ann.button(panel).click()
    await ann.press("Control+f")
    fields = await box_of(ann.page.locator(".find-field").first)
    row = await box_of(ann.button("Next match"))
    assert row["y"] >= fields["y"] + fields["height"]
    assert (await box_of(field(ann)))["width"] > 80


async def test_on_a_phone_it_comes_out_from_under_a_panel(
    newcomer: Newcomer, shared_server: Server
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    ann = await newcomer(**phone)
    await ann.page.goto(Room(shared_server, TEXT).url)
    await ann.settles()
    await ann.button("People").tap()
    await expect(ann.page.get_by_role("complementary", name="People")).to_be_visible()
    await ann.button("Actions").tap()
    await expect(ann.page.get_by_role("combobox", name="Search actions")).to_be_focused()
    await ann.type("Find and replace")
    await ann.press("Enter")

    await expect(ann.page.get_by_role("complementary", name="People")).to_be_hidden()
    await expect(field(ann)).to_be_focused()


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
