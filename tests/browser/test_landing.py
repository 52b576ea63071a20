"""The ways into a room, and what the page says when there is none."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room
from tests.support.database import fetch_value
from tests.support.server import Server

NO_ROOM = "5f0c8a52-3c1e-4b6f-9d27-0f6f5b1f2a10"
NOT_FOUND = re.compile("status of 404")
"""The message that the browser itself writes to the console for an answer that says no."""


@pytest.mark.parametrize(
    ("beginning", "files", "language"),
    [
        ("Empty", ["main.py"], "python"),
        ("Python with tests", ["main.py", "test_main.py"], "python"),
        ("TypeScript", ["main.ts", "tsconfig.json"], "typescript"),
    ],
)
async def test_a_room_is_created_of_a_template_and_one_types_at_once(
    newcomer: Newcomer, shared_server: Server, beginning: str, files: list[str], language: str
) -> None:
    ann = await newcomer(first_visit=True)
    await ann.page.goto(shared_server.url)
    await ann.page.get_by_text(beginning, exact=True).click()

    await ann.button("Create a room").click()

    await expect(ann.page).to_have_url(re.compile(r"/r/[0-9a-f-]{36}$"))
    await expect(ann.page.locator(".tabs").get_by_text(files[0]).first).to_be_visible()
    await ann.settles()
    await expect(ann.editor).to_be_focused()
    await expect(ann.editor).to_have_attribute("data-language", language)
    await ann.type("hello")
    await ann.sees_in_text("hello")
    # The tree of several files is shown by itself.
    shown = files if len(files) > 1 else []
    await expect(ann.page.locator(".tree-name")).to_have_text(shown)


@pytest.mark.parametrize("way", ["{url}", "{id}", "  {url}/?from=mail#top ", "Join: {url}."])
async def test_a_room_is_joined_by_its_link_or_its_id(
    newcomer: Newcomer, shared_server: Server, way: str
) -> None:
    room = Room(shared_server, "here")
    ann = await arrival(newcomer, shared_server)

    await join(ann, way.format(url=room.url, id=room.url.rpartition("/")[2]))

    await ann.sees("here")
    await expect(ann.page).to_have_url(room.url)


async def test_what_is_no_link_is_said_to_be_none(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await arrival(newcomer, shared_server)

    for nonsense in ("", "the room of yesterday", "http://localhost/r/7f3a91c2"):
        await join(ann, nonsense)
        await expect(problem(ann)).to_contain_text("This is no room link or id.")
        await expect(pasted(ann)).to_be_focused()
        await expect(pasted(ann)).to_have_attribute("aria-invalid", "true")
        await expect(pasted(ann)).to_have_accessible_description(re.compile("no room link"))
        await pasted(ann).press("End")
        await ann.type("x")
        await expect(problem(ann)).to_have_text("")


async def test_an_unknown_room_leaves_two_ways_on_from_the_start_page(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await arrival(newcomer, shared_server)
    ann.excuses = NOT_FOUND

    await join(ann, NO_ROOM)

    await expect(problem(ann)).to_contain_text("Room not found")
    form = ann.page.locator("form")
    await form.get_by_role("button", name="Check the link").click()
    await expect(pasted(ann)).to_be_focused()
    await form.get_by_role("button", name="Create a room").click()
    await ann.settles()


@pytest.mark.parametrize("path", [f"/r/{NO_ROOM}", "/r/7f3a91c2", "/r/"])
async def test_the_address_of_no_room_says_so_and_leaves_two_ways_on(
    newcomer: Newcomer, shared_server: Server, path: str
) -> None:
    ann = await newcomer()
    ann.excuses = re.compile("404")
    await ann.page.goto(shared_server.url + path)

    await expect(ann.page.get_by_role("heading", name="Room not found")).to_be_visible()
    await expect(ann.page).to_have_title("Room not found · Collab")
    await ann.button("Check the link").click()
    await expect(pasted(ann)).to_have_value(shared_server.url + path)
    await expect(pasted(ann)).to_be_focused()
    await ann.button("Create a room").click()
    await ann.settles()


async def test_a_start_page_without_a_network_says_so_and_works_once_it_is_back(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await arrival(newcomer, shared_server)
    ann.excuses = NETWORK
    words = "Collab cannot be reached. Check your connection and try again."
    await ann.context.set_offline(True)

    await ann.button("Create a room").click()
    await expect(ann.page.get_by_text(words)).to_have_count(1)
    await join(ann, NO_ROOM)
    await expect(problem(ann)).to_have_text(words)

    await ann.context.set_offline(False)
    await ann.button("Create a room").click()
    await ann.settles()


async def test_a_server_in_trouble_is_told_in_words(
    database_url: str, server: Server, newcomer: Newcomer
) -> None:
    ann = await arrival(newcomer, server)
    ann.excuses = re.compile("status of 503")
    await fetch_value(database_url, "alter table room rename to elsewhere")

    await ann.button("Create a room").click()

    words = "Collab cannot be reached. Check your connection and try again."
    await expect(ann.page.get_by_text(words)).to_be_visible()
    await fetch_value(database_url, "alter table elsewhere rename to room")
    await ann.button("Create a room").click()
    await ann.settles()


async def test_back_from_a_new_room_the_start_page_can_create_another(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await arrival(newcomer, shared_server)
    await ann.button("Create a room").click()
    await ann.settles()
    first = ann.page.url

    await ann.page.go_back()
    await ann.button("Create a room").click()

    await expect(ann.page).not_to_have_url(first)
    await ann.settles()


async def arrival(newcomer: Newcomer, server: Server) -> Person:
    """Somebody on the start page."""
    person = await newcomer()
    await person.page.goto(server.url)
    return person


async def join(person: Person, link: str) -> None:
    await pasted(person).fill(link)
    await pasted(person).press("Enter")


def pasted(person: Person) -> Locator:
    return person.page.get_by_label("Room link or id")


def problem(person: Person) -> Locator:
    """Return the element in which the page explains what is wrong with the link."""
    return person.page.locator("form").get_by_role("alert").first
