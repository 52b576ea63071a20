"""Two people in a room, with nothing in their way."""

import asyncio
import re

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room, two
from tests.support.server import Server

TRIP = "🧭 to 東京 🚀"


async def test_two_who_type_at_one_place_at_once_see_the_same_and_both_runs_whole(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "[]")
    ann, bo = await two(newcomer, room.url)
    for person in (ann, bo):
        await person.press("Control+Home", "ArrowRight")
    hers, his = "abcdefghijklmnopqrstuvwxyz" * 2, "0123456789" * 5

    await asyncio.gather(ann.type(hers, delay=4), bo.type(his, delay=4))

    text = await room.agree(ann, bo)
    assert text in (f"[{hers}{his}]", f"[{his}{hers}]")


async def test_two_who_type_and_delete_in_one_line_at_once_end_equal(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one two three four five six")
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+Home")
    await bo.press("Control+End")

    async def to_the_right() -> None:
        for _ in range(6):
            await ann.type("<>")
            await ann.press("ArrowRight", "ArrowRight", "Delete")

    async def to_the_left() -> None:
        for _ in range(6):
            await bo.type("+")
            await bo.press("ArrowLeft", "ArrowLeft", "Backspace")

    await asyncio.gather(to_the_right(), to_the_left())

    await room.agree(ann, bo)


async def test_emoji_stay_whole_whoever_types_around_them(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "🪐🪐")
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+Home", "ArrowRight")
    await bo.press("Control+End")

    await asyncio.gather(ann.type(TRIP, delay=4), bo.type("🎈 end", delay=4))

    assert await room.agree(ann, bo) == f"🪐{TRIP}🪐🎈 end"


async def test_an_avatar_is_the_way_to_its_persons_caret(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "top\n" * 300).url)
    await ann.press("Control+End")
    await ann.type("down here")

    name = await ann.name()
    await bo.button(f"{name}: go to line 301").click()

    await bo.sees_in_text("down here")
    await expect(bo.page.locator(".cm-peerFlag", has_text=name)).to_be_in_viewport()


async def test_the_count_of_people_is_live(newcomer: Newcomer, shared_server: Server) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    await expect(ann.button("1 person")).to_be_visible()
    bo = await newcomer()
    await bo.enter(room.url)
    await expect(ann.button("2 people")).to_be_visible()
    await expect(bo.button("2 people")).to_be_visible()

    await bo.page.get_by_role("link", name="Leave").click()

    await expect(ann.button("1 person")).to_be_visible()


async def test_two_tabs_of_one_person_count_once(newcomer: Newcomer, shared_server: Server) -> None:
    room = Room(shared_server, "")
    ann, bo = await newcomer(), await newcomer()
    await ann.enter(room.url)
    await bo.enter(room.url)
    second = Person(bo.context, await bo.context.new_page())
    await second.enter(room.url)
    await second.type("from the second tab")

    await ann.sees("from the second tab")
    for person in (ann, bo, second):
        await expect(person.button("2 people")).to_be_visible()
        await expect(person.button(re.compile(r"\(you\)"))).to_be_visible()
    assert second.complaints == []


async def test_a_name_and_a_colour_reach_the_others_and_are_kept(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "x")
    ann, bo = await two(newcomer, room.url)

    await bo.press("End")
    await bo.introduces("Bo the Bold", colour="Pink")

    avatar = ann.button(re.compile("^Bo the Bold:"))
    pink = "var(--person-4)"
    await expect(avatar.locator(".avatar")).to_have_attribute("style", re.compile(re.escape(pink)))
    await expect(ann.page.locator(".cm-peer-4 .cm-peerFlag")).to_have_text("Bo the Bold")

    await bo.reload()
    await expect(bo.button(re.compile(r"^Bo the Bold \(you\)"))).to_be_visible()
    await bo.type("y")
    await expect(ann.page.locator(".cm-peer-4 .cm-peerFlag")).to_have_text("Bo the Bold")


async def test_a_guest_has_a_friendly_name_and_cannot_have_an_empty_one(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    await ann.button(re.compile(r"^[A-Z][a-z]+ [A-Z][a-z]+ \(you\)")).click()
    await ann.page.get_by_label("Name", exact=True).fill("  ")
    await ann.button("Save").click()

    await expect(ann.page.get_by_role("alert")).to_have_text("A name needs at least one letter.")
    await expect(ann.page.get_by_role("dialog")).to_be_visible()


async def test_undo_takes_back_only_ones_own_typing_and_redo_brings_it_again(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "-")
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+End")
    await ann.page.keyboard.insert_text("hers")  # one step, however long a busy machine takes
    await bo.sees("-hers")
    await bo.press("Control+Home")
    await bo.type("his 🎈")
    await bo.press("ArrowRight", "ArrowRight", "ArrowRight")
    await bo.type("!")
    await ann.sees("his 🎈-he!rs")

    await ann.press("Control+z")
    await bo.sees("his 🎈-!")
    await ann.press("Control+z")
    await room.agree(ann, bo)
    assert room.text == "his 🎈-!"

    await ann.press("Control+y")
    await bo.sees("his 🎈-he!rs")
    await room.agree(ann, bo)


async def test_a_change_of_language_reaches_everybody_and_says_who_made_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "interface A {}")
    ann, bo = await two(newcomer, room.url)
    await expect(bo.editor).to_have_attribute("data-language", "python")

    await ann.choose_language("TypeScript")

    await expect(bo.page.get_by_label("Notices")).to_have_text(
        f"{await ann.name()} changed the language to TypeScript"
    )
    await expect(bo.language).to_have_text("TypeScript")
    await expect(bo.editor).to_have_attribute("data-language", "typescript")
    await expect(ann.editor).to_have_attribute("data-language", "typescript")
    await expect(ann.page.get_by_label("Notices")).to_have_text("")
    for person in (ann, bo):  # a name is what people called it
        await expect(person.page).to_have_title(re.compile(r"^main\.py "))
        await expect(person.editor).to_have_accessible_name(re.compile(r"^Text of main\.py\."))
    await bo.reload()
    await expect(bo.language).to_have_text("TypeScript")
    await expect(bo.page).to_have_title(re.compile(r"^main\.py "))
