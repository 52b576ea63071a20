"""An owner opens and shuts a room while others are in it."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.support.proxy import Proxy
from tests.support.server import Server


async def owned(person: Person, server: Server) -> str:
    """Make a room on the page. Returns its address."""
    await person.page.goto(server.url)
    await person.button("Create a room").click()
    await person.settles()
    return person.page.url


async def sets_the_door(owner: Person, words: str) -> None:
    """Leaves the dialog open. From the return on the server goes by the new rule."""
    if not await owner.page.get_by_role("dialog").count():
        await owner.button("Share").click()
    async with owner.page.expect_response(
        lambda answer: answer.request.method == "PATCH" and answer.url.endswith("/access")
    ):
        await owner.page.get_by_label("Who may enter").select_option(words)
    await expect(owner.page.locator("#room-door")).to_have_value(
        {"Anyone with the link can view": "viewer", "Only members": "none"}.get(words, "ask")
    )


async def test_who_loses_the_role_in_mid_word_keeps_the_words_and_asks_for_it(
    newcomer: Newcomer, shared_server: Server, link: Proxy
) -> None:
    owner = await newcomer()
    bo = await newcomer(permissions=["clipboard-read", "clipboard-write"])
    url = await owned(owner, shared_server)
    await bo.enter(url.replace(shared_server.url, link.url))
    await bo.type("before ")
    await bo.settles()
    link.stall(both=True)
    await bo.type("on the way")
    await sets_the_door(owner, "Anyone with the link can view")
    link.resume()
    await expect(bo.editor).to_have_attribute("aria-readonly", "true")
    await expect(bo.page.get_by_text("The text was not saved")).to_be_visible()
    await bo.settles()
    saved = await owner.text()  # a letter may have passed before the link was stalled
    await bo.sees(saved)
    await expect(bo.button("Ask to edit").first).to_be_visible()
    await bo.button("Copy it").click()
    copied = await bo.page.evaluate("() => navigator.clipboard.readText()")
    assert copied
    assert saved + copied == "before on the way"
    await bo.editor.click()
    await bo.type("more")
    await bo.sees(saved)
    await bo.button("Ask to edit").first.click()
    dialog = owner.page.get_by_role("dialog")
    await dialog.get_by_role("button", name=re.compile("^Approve")).click()
    await expect(bo.editor).not_to_have_attribute("aria-readonly", "true")
    assert await axe.violations(owner.page) == []


async def test_a_stranger_finds_no_room_or_asks_to_be_let_in(
    newcomer: Newcomer, shared_server: Server
) -> None:
    owner, bo = await newcomer(), await newcomer()
    bo.excuses = re.compile(r"status of 40[34] ")
    url = await owned(owner, shared_server)
    await sets_the_door(owner, "Only members")
    await bo.page.goto(url)
    await expect(bo.page.get_by_role("heading", name="Room not found")).to_be_visible()
    await expect(bo.button("Sign in")).to_be_visible()
    await sets_the_door(owner, "Anyone with the link can ask to enter")
    await bo.page.reload()
    await expect(bo.page.get_by_role("heading", name="Ask to enter")).to_be_visible()
    assert await axe.violations(bo.page) == []
    await bo.page.get_by_label("Your name").fill("Bo")
    await bo.button("Ask to be let in").click()
    notice = owner.page.get_by_text("Bo asks to come in or to edit.")
    await expect(notice).to_be_attached()
    await owner.button("Approve Bo").click()
    await bo.settles()
    assert await bo.name() == "Bo", "the owner knows whom they let in"
    await expect(notice).to_have_count(0)
    await expect(bo.editor).not_to_have_attribute("aria-readonly", "true")
    await owner.button("Lock: the others only watch").click()
    await expect(bo.editor).to_have_attribute("aria-readonly", "true")
    await owner.button("Unlock: everybody as before").click()
    await expect(bo.editor).not_to_have_attribute("aria-readonly", "true")
