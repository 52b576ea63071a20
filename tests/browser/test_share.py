"""Bringing others, and taking the file away."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.chromium import ELSEWHERE
from tests.browser.conftest import Newcomer
from tests.browser.room import Room, two
from tests.support.server import Server


@pytest.mark.parametrize("allowed", [["clipboard-read", "clipboard-write"], []])
async def test_a_copied_link_pasted_on_the_start_page_leads_to_the_room(
    newcomer: Newcomer, shared_server: Server, allowed: list[str]
) -> None:
    room = Room(shared_server, "found it")
    ann = await newcomer()
    await ann.context.grant_permissions(allowed)
    await ann.enter(room.url)

    await ann.button("Share").click()
    await expect(ann.button("Copy link")).to_be_focused()
    await ann.press("Enter")

    await expect(ann.button("Copied")).to_be_visible()
    await expect(ann.page.get_by_text("Link copied")).to_be_attached()
    await ann.page.goto(shared_server.url)
    await ann.page.get_by_label("Room link or id").focus()
    await ann.press("Control+v", "Enter")
    await ann.sees("found it")


async def test_a_browser_that_copies_nothing_selects_the_link_and_says_so(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    # As on plain HTTP, in a browser without the old way either.
    await ann.page.add_init_script(
        "delete Navigator.prototype.clipboard; document.execCommand = () => false;"
    )
    await ann.enter(room.url)
    await ann.button("Share").click()
    await ann.button("Copy link").click()

    await expect(ann.page.get_by_role("alert")).to_contain_text("The link is selected: copy it.")
    assert await ann.page.evaluate("getSelection().toString()") == room.url
    await ann.press("Escape")
    await expect(ann.button("Share")).to_be_focused()


async def test_a_room_on_a_server_that_listens_to_this_machine_alone_offers_no_code_for_phones(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.button("Share").click()

    dialog = ann.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("This link works on this machine only")
    await expect(dialog.get_by_role("img", name="QR code")).to_have_count(0)
    await expect(dialog.get_by_label("Link to this room")).to_have_value(room.url)


async def test_a_room_that_others_can_reach_is_offered_at_the_address_they_have(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    # As a server says that listens to everybody; not every machine that tests is in a network.
    await ann.page.route("**/lan", lambda route: route.fulfill(json={"address": "192.168.1.5"}))
    await ann.enter(room.url)
    await ann.button("Share").click()

    dialog = ann.page.get_by_role("dialog")
    await expect(dialog.get_by_role("img", name="QR code")).to_be_visible()
    link = room.url.replace("127.0.0.1", "192.168.1.5")
    await expect(dialog.get_by_label("Link to this room")).to_have_value(link)
    await expect(dialog).to_contain_text("Anyone with the link")


async def test_a_page_by_a_name_of_its_own_offers_its_own_link(
    newcomer: Newcomer, shared_server: Server
) -> None:
    url = Room(shared_server, "").url.replace("127.0.0.1", ELSEWHERE)
    ann = await newcomer()
    await ann.enter(url)
    await ann.button("Share").click()

    await expect(ann.page.get_by_role("img", name="QR code")).to_be_visible()
    await expect(ann.page.get_by_label("Link to this room")).to_have_value(url)


async def test_the_room_is_renamed_where_it_is_shared(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "").url)
    await ann.button("Share").click()
    await ann.page.get_by_label("Room name").fill("Orbit")
    await ann.button("Rename").click()

    await expect(bo.page.locator(".room-name-text")).to_have_text("Orbit")
    await expect(ann.page.get_by_role("dialog")).to_be_visible()
    await ann.press("Escape")
    await expect(ann.page.locator(".room-name-text")).to_have_text("Orbit")


async def test_the_file_is_downloaded_as_it_is_shown(
    newcomer: Newcomer, shared_server: Server, tmp_path: Path
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "one\n").url)
    await ann.press("Control+End")
    await ann.type("🪐 two")
    await ann.button("Share").click()

    async with ann.page.expect_download() as begun:
        await ann.button("Download main.py").click()

    download = await begun.value
    assert download.suggested_filename == "main.py"
    await download.save_as(tmp_path / "main.py")
    assert (tmp_path / "main.py").read_text(encoding="utf-8") == "one\n🪐 two"
