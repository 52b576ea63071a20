"""Naming a room."""

import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room, two
from tests.support.server import Server


async def test_a_room_is_renamed_in_place_and_everybody_sees_it_and_who_did_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "x")
    ann, bo = await two(newcomer, room.url)
    await expect(name(ann)).to_have_text(re.compile("^Room [0-9a-f]{8}$"))

    await name(ann).click()
    await ann.page.keyboard.insert_text("  Orbit \t simulator 🪐 ")
    await ann.press("Enter")

    for person in (ann, bo):
        await expect(name(person)).to_have_text("Orbit simulator 🪐")
        await expect(person.page).to_have_title("main.py · Orbit simulator 🪐 · Collab")
    await expect(bo.page.get_by_label("Notices")).to_have_text(
        f"{await ann.name()} renamed the room to “Orbit simulator 🪐”"
    )
    await expect(ann.page.get_by_label("Notices")).to_have_text("")
    await ann.reload()
    await expect(name(ann)).to_have_text("Orbit simulator 🪐")


async def test_f2_renames_and_gives_the_focus_back_and_escape_or_nothing_leaves_the_name(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)

    for words, key in (("Never", "Escape"), ("   ", "Enter")):
        await ann.press("F2")
        await ann.page.keyboard.insert_text(words)
        await ann.press(key)
        await expect(name(ann)).to_have_text(re.compile("^Room [0-9a-f]{8}$"))
        await expect(ann.editor).to_be_focused()
    await ann.press("F2")
    await ann.page.keyboard.insert_text("Kept")
    await ann.editor.click()
    await expect(name(ann)).to_have_text("Kept")
    await ann.type("typed")
    await ann.sees("typed")


def name(person: Person) -> Locator:
    return person.page.locator(".room-name-text")
