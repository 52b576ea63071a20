"""Asking a model, edits that it proposes and ghost text of it, as a person sees them."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import expect

from collab.client import NoEntry, connect
from tests.ai.conftest import PATIENT
from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.browser.test_access import CHOOSE_THEME
from tests.browser.test_looks import BEYOND, PICTURES
from tests.support.database import fetch_value
from tests.support.models import WAIT, Model, chat, model
from tests.support.server import DEADLINE, Server

HOSTILE = "It **ends early**, see main.py:2.\n\n<img src=x> ![a](http://evil.test/a.png)"


@pytest_asyncio.fixture(loop_scope="session")
async def upstream() -> AsyncIterator[Model]:
    async with model() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def asked(upstream: Model, database_url: str) -> AsyncIterator[Server]:
    """Serve with a model."""
    options = ("--ai-url", upstream.url, "--ai-model", "tiny", "--ai-hosts", "127.0.0.1")
    patient = ("--completion-timeout=60", PATIENT)
    with Server("--ai", "openai", *options, *patient, database_url=database_url) as server:
        yield server


async def test_a_person_agrees_asks_accepts_a_part_of_an_edit_and_is_completed(
    asked: Server, upstream: Model, database_url: str, newcomer: Newcomer
) -> None:
    room = Room(asked, "one\ntwo\nthree\n")
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.press("Control+Alt+a")
    host = upstream.url.removeprefix("http://")
    await expect(ann.page.get_by_text(f"is sent to {host}, model tiny.").first).to_be_visible()
    assert upstream.asked == []
    await looks_well(ann, "consent")
    await ann.button("Agree").click()

    field = ann.page.get_by_role("textbox", name="Question")
    upstream.say = [chat(HOSTILE), WAIT]
    await field.fill("Why?")
    await field.press("Enter")
    log = ann.page.get_by_role("log", name="Conversation")
    await expect(log.locator("strong")).to_have_text("ends early")
    await expect(log.locator("img")).to_have_count(0)
    await ann.button("Stop").click()
    await expect(log.get_by_text("Stopped.")).to_be_visible()
    await upstream.left.wait()
    await expect(ann.button("main.py:1-3")).to_be_visible()
    await looks_well(ann, "ask")

    # It is private, unless the person tells the room.
    upstream.says("Since **it** is so.")
    await ann.page.get_by_role("checkbox", name="Tell the room").check()
    await field.fill("And why?")
    await field.press("Enter")
    await expect(log.locator("strong").nth(1)).to_have_text("it")
    said = f"{asked.url}/rooms/{room.id}/messages"
    async with httpx.AsyncClient(timeout=DEADLINE) as rest:
        while not (messages := (await rest.get(said)).json()["messages"]):
            pass
    assert [one["text"] for one in messages] == [
        "**tiny** was asked:\n> And why?\n\nSince **it** is so."
    ]

    upstream.says("ONE\ntwo\n", "THREE\u202e")
    await ann.editor.focus()
    await ann.press("Control+a", "Control+Alt+e")
    instruction = ann.page.get_by_role("textbox", name="What should change")
    await instruction.fill("Say it louder")
    await instruction.press("Enter")
    unseen = ann.page.get_by_role("region", name="Part 2 of 2").locator(".unseen")
    await expect(unseen).to_have_text("U+202E")
    await ann.page.get_by_role("checkbox", name="Part 2 of 2").uncheck()
    await looks_well(ann, "edit")
    assert room.text == "one\ntwo\nthree\n", "a proposal changes nothing"
    await ann.button("Accept 1 of 2").click()
    await ann.sees("ONE\ntwo\nthree\n")
    await ann.settles()
    origin = "select origin from entry order by revision desc limit 1"
    assert await fetch_value(database_url, origin) == "ai"

    upstream.says("frob", "nicate()\u202e hidden")
    await expect(ann.editor).to_be_focused()
    await ann.press("Control+End")
    await ann.type("zq = qz")
    await expect(ann.page.locator(".cm-ghost")).to_have_attribute("data-text", "frobnicate()")
    await expect(ann.button(re.compile("Suggestion by tiny"))).to_be_visible()
    await ann.press("Tab")
    await ann.sees("ONE\ntwo\nthree\nzq = qzfrobnicate()")

    if sys.platform == "linux":  # the sandbox of runs is
        upstream.left.clear()
        upstream.say = [chat("It goes on"), WAIT]
        await field.fill("Tell me more")
        await field.press("Enter")
        await expect(log).to_contain_text("It goes on")
        upstream.says("Nobody defined it.")
        await ann.button("Run").first.click()
        output = ann.page.get_by_role("log", name="Output")
        error = "NameError: name 'ONE' is not defined"
        await expect(output).to_contain_text(error, timeout=DEADLINE * 1000)
        await ann.button("More about the output").click()
        await ann.page.get_by_role("menuitem", name="Explain it with AI").click()
        # Two answers at once would be in each other's way.
        await upstream.left.wait()
        answers = log.get_by_role("article")
        await expect(answers.nth(-2)).to_contain_text("Stopped.")
        await expect(answers.last).to_contain_text("Nobody defined it.")
        assert error in upstream.asked[-1][2]["messages"][-1]["content"]


async def test_whoever_has_the_panel_open_sees_that_the_owner_turns_ai_off(
    asked: Server, upstream: Model, newcomer: Newcomer
) -> None:
    ann, bo = await newcomer(), await newcomer()
    await ann.page.goto(asked.url)
    await ann.button("Create a room").click()
    await ann.settles()
    await bo.enter(ann.page.url)
    for person in (ann, bo):
        await person.press("Control+Alt+a")
        await person.button("Agree").click()
    upstream.say = [chat("It is"), WAIT]
    field = bo.page.get_by_role("textbox", name="Question")
    await field.fill("Why?")
    await field.press("Enter")
    await expect(bo.page.get_by_role("log", name="Conversation")).to_contain_text("It is")
    await ann.button("Who may send what").click()
    await ann.page.get_by_role("menuitem", name="Turn AI off in this room").click()
    off = "AI is off in this room: nothing of it is sent to a model."
    await expect(bo.page.get_by_text(off)).to_be_visible()
    await upstream.left.wait()
    await looks_well(ann, "off")
    await ann.button("Turn it on in this room").click()
    await expect(field).to_be_visible()


async def test_people_see_an_agent_stop_it_and_take_back_all_it_did_in_one_action(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\n")
    ann = await newcomer()
    await ann.enter(room.url)
    async with connect(room.url, name="Ann's helper", agent_for="Ann") as agent:
        await agent.write("made.py", "made = 1\n")
        await agent.edit("main.py", "one", "ONE")
        await ann.sees("ONE\n")
        await ann.editor.focus()
        await ann.press("Control+End")
        await ann.type("two")
        await agent.until(lambda: agent.revision > 3)
        await agent.edit("main.py", "ONE", "1")
        await ann.sees("1\ntwo")
        await ann.button("People panel").click()
        await expect(ann.page.get_by_text("Agent for Ann")).to_be_visible()
        await looks_well(ann, "agent")
        await ann.button("Take back all that Ann's helper did").click()
        await ann.sees("one\ntwo")
        await agent.until(lambda: [node.path for node in agent.nodes] == ["main.py"])
        await ann.button("Stop Ann's helper").click()
        with pytest.raises(NoEntry, match="stopped"):
            await agent.until(lambda: False)
        await expect(ann.page.get_by_text("Agent for Ann")).to_have_count(0)


async def looks_well(person: Person, name: str) -> None:
    """In every theme and size: axe finds nothing, nothing is wider than the page, and there is a
    picture of it in test-results/."""
    before = person.page.viewport_size
    assert before
    for width, height in ((1280, 800), (390, 844), (844, 390)):
        await person.page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark", "contrast"):
            await person.page.evaluate(CHOOSE_THEME, theme)
            await expect(person.page.locator("html")).to_have_attribute("data-theme", theme)
            if width == 1280 or theme == "light":  # colours are those of the theme at any size
                assert await axe.violations(person.page) == [], (name, theme, width)
            await person.page.screenshot(path=PICTURES / f"ai-{name}-{width}-{theme}.png")
        assert await person.page.evaluate(BEYOND) <= 0, (name, width)
    await person.page.set_viewport_size(before)
