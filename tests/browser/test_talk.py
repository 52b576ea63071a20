"""The chat and the comments on code, as people see them."""

from __future__ import annotations

import asyncio
import re

import httpx
from playwright.async_api import expect

from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.browser.test_link import comes_back, goes_offline
from tests.browser.test_phone import PHONE
from tests.support.guests import Guest
from tests.support.proxy import Proxy
from tests.support.server import DEADLINE, Server

WAIT = DEADLINE * 1000
BESIDE = """() => {
  const top = selector => document.querySelector(selector).getBoundingClientRect().top;
  return Math.abs(top('.comment-card[data-shown=true]') - top('.cm-comment-shown')) < 30;
}"""
HOSTILE = "<img src=x onerror=alert(1)> \u202eevil [x](javascript:alert(1)) **bold**"


async def test_people_chat_and_comment_on_code_that_others_move(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\ntwo\nthree\n")
    ann, bo = await newcomer(), await newcomer()
    await ann.enter(room.url)
    await bo.enter(room.url)
    for person in (ann, bo):
        await person.button("Chat panel").click()
    field = ann.page.get_by_role("textbox", name="Message to the room")
    await field.fill(HOSTILE)
    await field.press("Enter")
    log = bo.page.get_by_role("log", name="Chat")
    await expect(log.locator("strong")).to_have_text("bold", timeout=WAIT)
    await expect(log.locator("img, script, a")).to_have_count(0)
    await expect(log.locator(".unseen")).to_have_text("U+202E")
    assert await axe.violations(bo.page) == []

    name_version(shared_server, room.id, "one", "Cy")
    await expect(log.locator(".chat-happening").last).to_contain_text("Cy named a version “one”")

    await ann.page.locator(".cm-line", has_text="two").click()
    await ann.page.keyboard.press("Control+Alt+m")
    comment = ann.page.get_by_role("textbox", name="Comment", exact=True)
    await comment.fill("why?")
    await comment.press("Enter")
    await expect(ann.page.get_by_label("Comment, main.py:2")).to_be_visible(timeout=WAIT)
    await bo.page.locator(".cm-line").first.click()
    await bo.page.keyboard.press("Home")
    await bo.page.keyboard.type("zero")
    await bo.page.keyboard.press("Enter")
    card = ann.page.get_by_label("Comment, main.py:3")
    await expect(card).to_be_visible(timeout=WAIT)
    await card.get_by_role("button").first.click()
    await expect(card.get_by_role("textbox", name="Answer")).to_be_visible()
    await ann.page.wait_for_function(BESIDE)
    assert await axe.violations(ann.page) == []

    rename(shared_server, room.id, "main.py", "app.py", "Cy")
    await expect(log.locator(".chat-happening").last).to_have_text(
        re.compile("Cy renamed main.py to app.py")
    )
    await expect(ann.page.get_by_label("Comment, app.py:3")).to_be_visible()


async def test_a_search_shows_what_was_said_and_is_still_there(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "x")
    ann, bo = await newcomer(), await newcomer()
    for person in (ann, bo):
        await person.enter(room.url)
        await person.button("Chat panel").click()
    say(shared_server, room.id, "no fruit")
    field = ann.page.get_by_role("textbox", name="Message to the room")
    for words in ("an apple", "two apples"):
        await field.fill(words)
        await field.press("Enter")
    await bo.button("Search what was said").click()
    await bo.page.get_by_role("textbox", name="Search what was said").fill("apple")
    found = bo.page.locator(".chat-group")
    await expect(found).to_have_text([re.compile("two apples"), re.compile("an apple")])
    mine = ann.page.locator(".message", has_text="an apple")
    await mine.hover()
    await mine.get_by_role("group", name="Message").get_by_role("button", name="Delete").click()
    await mine.locator(".message-ask").get_by_role("button", name="Delete").click()
    await expect(found).to_have_text([re.compile("two apples")])
    await found.get_by_role("button", name="Show").click()
    await expect(bo.page.locator(".message", has_text="two apples")).to_be_in_viewport()


async def test_a_mention_on_a_phone_is_one_notice_that_leads_to_its_place(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "\n".join(f"line {number}" for number in range(200)))
    bo = await newcomer(**PHONE)
    await bo.page.goto(room.url)
    await bo.settles()
    nav = bo.page.get_by_role("navigation", name="Views")
    await nav.get_by_role("button", name="Chat").tap()
    await write_by_touch(bo, "hello")
    own = bo.page.locator(".message")
    await own.locator(".words").tap()
    await own.get_by_role("button", name="React").tap()
    await own.get_by_role("group", name="Reactions").get_by_role("button").first.tap()
    await expect(own.locator(".reaction[aria-pressed=true]")).to_have_count(1)
    await nav.get_by_role("button", name="Code").tap()

    for text in ("one", "two"):
        say(shared_server, room.id, text, mentions=["@here"])
    notices = bo.page.get_by_role("status", name="Notices")
    await expect(notices).to_contain_text("two (2 mentions)")
    await expect(notices.locator(".toast")).to_have_count(1)
    await nav.get_by_role("button", name="Chat").tap()
    await expect(notices.locator(".toast")).to_have_count(0)

    start = "\n".join(f"line {number}" for number in range(150))
    anchor = {"file": "main", "revision": 1, "start": len(start) + 1, "end": len(start) + 9}
    say(shared_server, room.id, "look here", mentions=["@here"], anchor=anchor)
    await notices.get_by_role("button", name="Show").tap()
    await expect(bo.page.get_by_label("Comment, main.py:151")).to_contain_text("look here")
    # The thread is a sheet, over which its line can be read.
    await expect(bo.page.locator(".cm-line", has_text="line 150")).to_be_in_viewport(ratio=1)
    await expect(notices.locator(".toast")).to_have_count(0)
    assert await axe.violations(bo.page) == []


def say(server: Server, room_id: str, text: str, **body: object) -> None:
    address = f"{server.url}/rooms/{room_id}/messages"
    httpx.post(address, json={"text": text, **body}, timeout=DEADLINE).raise_for_status()


async def write_by_touch(person: Person, text: str) -> None:
    await person.page.get_by_role("textbox", name="Message to the room").fill(text)
    await person.button("Send").tap()
    await expect(person.page.locator(".message .words")).to_have_text(text)


def name_version(server: Server, room_id: str, name: str, author: str) -> None:
    address = f"{server.url}/rooms/{room_id}/versions"
    httpx.post(
        address, json={"name": name}, headers={"X-Collab-Name": author}, timeout=DEADLINE
    ).raise_for_status()


def rename(server: Server, room_id: str, path: str, new: str, author: str) -> None:
    address = f"{server.url}/rooms/{room_id}/files/{path}"
    answer = httpx.patch(
        address, json={"path": new}, headers={"X-Collab-Name": author}, timeout=DEADLINE
    )
    answer.raise_for_status()


def texts(server: Server, room_id: str) -> list[str]:
    messages = httpx.get(f"{server.url}/rooms/{room_id}/messages", timeout=DEADLINE).json()[
        "messages"
    ]
    return [one["text"] for one in messages]


async def write(person: Person, text: str) -> None:
    field = person.page.get_by_role("textbox", name="Message to the room")
    await field.fill(text)
    await field.press("Enter")


async def test_what_was_written_offline_in_a_tab_that_was_closed_is_said_once(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "x")
    ann = await newcomer()
    await ann.enter(room.through(link))
    await ann.button("Chat panel").click()
    await write(ann, "before")
    await expect(ann.page.get_by_label("Not sent yet")).to_have_count(0)
    await goes_offline(ann, link)
    await write(ann, "kept")
    await expect(ann.page.get_by_label("Not sent yet")).to_contain_text("Waits on this device")
    await ann.page.close()
    # The tab is opened again, and a duplicate of it with it. Both find the message on the device.
    tabs = [await ann.context.new_page() for _ in range(2)]
    await comes_back(ann, link)
    await asyncio.gather(*(tab.goto(room.through(link)) for tab in tabs))
    for tab in tabs:
        log = tab.get_by_role("log", name="Chat")
        await expect(log.locator(".message .words")).to_have_text(["before", "kept"])
        await expect(tab.get_by_label("Not sent yet")).to_have_count(0)
        await expect(log.locator(".message .words")).to_have_text(["before", "kept"])
    assert texts(shared_server, room.id) == ["before", "kept"]


async def test_who_may_not_write_any_more_is_told_so_and_gets_back_what_was_on_its_way(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    owner = Guest()
    room_id = owner.room(shared_server)
    room = f"/rooms/{room_id}"
    editor = await newcomer()
    await editor.enter(f"{link.url}/r/{room_id}")
    await editor.button("Chat panel").click()
    await editor.editor.click()
    await editor.press("Control+End")
    await editor.type(" wo")
    await editor.settles()
    link.stall(both=True)
    await editor.type("rd")
    await write(editor, "and this")
    owner.done(shared_server, "PATCH", f"{room}/access", open="viewer")
    link.resume()
    # In mid-word: what was saved stays, what was not is offered, and nobody can type.
    await expect(editor.page.get_by_role("button", name="Copy it")).to_be_visible()
    await editor.sees("hello wo")
    await expect(editor.editor).to_have_attribute("aria-readonly", "true")
    waiting = editor.page.get_by_label("Not sent yet")
    await expect(waiting).to_contain_text("is sent once you may write here")
    field = editor.page.get_by_role("textbox", name="Message to the room")
    await expect(field).to_have_count(0)
    assert owner.done(shared_server, "GET", room)["code"] == "hello wo"
    assert texts(shared_server, room_id) == []
    # With the role, the message goes.
    owner.done(shared_server, "PATCH", f"{room}/access", open="editor")
    await expect(editor.page.locator(".message .words")).to_have_text("and this")
    await expect(waiting).to_have_count(0)
    await editor.editor.click()
    await editor.press("Control+End")
    await editor.type("!")
    await editor.settles()
    assert owner.done(shared_server, "GET", room)["code"] == "hello wo!"
    assert texts(shared_server, room_id) == ["and this"]
