"""Programs, whose output everybody in the room sees and may answer."""

from __future__ import annotations

import asyncio
import re
import sys

import httpx
import pytest
from playwright.async_api import Route, expect

from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.room import Room
from tests.browser.test_access import CHOOSE_THEME
from tests.support.guests import Guest
from tests.support.server import DEADLINE, Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is of Linux")
WAIT = DEADLINE * 1000
SOURCE = "import time\nprint('hello', input('name? '))\ntime.sleep(600)\n"
FAILING = "def half(x):\n    return 1 / x\n\nhalf(0)\n"
WRITING = """open('made.txt', 'w').write('made here')
open('drawn.svg', 'w').write(
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">'
    '<script>parent.document.title = "ran"</script><rect width="40" height="30"/></svg>'
)
"""
DRAWN = "image => image.complete && image.naturalWidth === 40"
TESTS = "def test_good(): pass\n\ndef test_bad():\n    assert 1 == 2\n"


async def test_one_runs_a_program_another_answers_it_and_both_see_it_end(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, SOURCE)
    ann, bo = await newcomer(), await newcomer()
    await ann.enter(room.url)
    await bo.enter(room.url)
    await ann.button("Run").first.click()
    texts = [person.page.get_by_role("log", name="Output") for person in (ann, bo)]
    await expect(texts[0]).to_contain_text("name? ", timeout=WAIT)

    # Who comes later sees what was printed before.
    await bo.button("Output").first.click()
    await expect(texts[1]).to_contain_text("name? ", timeout=WAIT)
    answer = bo.page.get_by_label("Input for the program")
    await answer.fill("Bö")
    await answer.press("Enter")
    for text in texts:
        # The line says who typed it.
        lines = text.locator(".cm-line")
        await expect(lines).to_have_text([re.compile("^name\\? Bö.+$"), "hello Bö", ""])

    await bo.button("Stop").click()
    for person, text in zip((ann, bo), texts, strict=True):
        await expect(text).to_contain_text("KeyboardInterrupt", timeout=WAIT)
        status = person.page.locator(".output-status")
        await expect(status).to_contain_text("ran main.py · revision 2", timeout=WAIT)
        await expect(status).to_contain_text("stopped", timeout=WAIT)


async def test_who_only_watches_sees_the_output_and_is_told_why_run_does_nothing(
    newcomer: Newcomer, shared_server: Server
) -> None:
    owner = Guest()
    room_id = owner.done(shared_server, "POST", "/rooms", initial_code=SOURCE)["roomId"]
    room = f"/rooms/{room_id}"
    owner.done(shared_server, "PATCH", f"{room}/access", open="viewer")
    viewer = await newcomer()
    await viewer.enter(f"{shared_server.url}/r/{room_id}")
    run = owner.done(shared_server, "POST", f"{room}/runs", path="main.py")["run"]
    await viewer.button("Output").first.click()
    output = viewer.page.get_by_role("log", name="Output")
    await expect(output).to_contain_text("name? ", timeout=WAIT)
    for button in ("Stop", "Run again with the same input"):
        await expect(viewer.button(button)).to_have_count(0)
    await expect(viewer.page.get_by_label("Input for the program")).to_have_count(0)
    press = viewer.button("Run").first
    await expect(press).to_have_attribute("aria-disabled", "true")
    await press.click(force=True)
    await expect(viewer.page.get_by_text("You are a viewer here").first).to_be_visible()
    # The role comes, and with it what it allows.
    owner.done(shared_server, "PATCH", f"{room}/access", open="editor")
    await viewer.button("Stop").click()
    await expect(viewer.page.locator(".output-status")).to_contain_text("stopped", timeout=WAIT)
    assert [told["run"] for told in owner.done(shared_server, "GET", f"{room}/runs")] == [run]


async def test_the_line_of_a_traceback_is_marked_and_found_where_it_has_gone(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, FAILING)
    # Half-way through a transition no colour is one of the theme's.
    ann, bo = await newcomer(reduced_motion="reduce"), await newcomer()
    await ann.enter(room.url)
    await bo.enter(room.url)
    # CodeMirror has a command of its own on that key, once all of the editor is there.
    await expect(ann.page.locator("[data-complete]")).to_be_visible()
    await ann.press("Control+Enter")
    # The output is shown by an editor, too.
    lines = ann.page.locator(".stage .cm-line")
    message = lines.get_by_text("ZeroDivisionError: division by zero")
    await expect(message).to_be_visible(timeout=WAIT)

    # An equal line before it: only what was done to the text tells which one it was.
    await bo.editor.click()
    await bo.press("Control+Home")
    await bo.page.keyboard.insert_text("def twice(x):\n    return 1 / x\n")
    await expect(lines.first).to_have_text("def twice(x):")
    await ann.page.get_by_role("link", name="line 2").click()
    await expect(ann.page.locator(".status-bar")).to_contain_text("Ln 4, Col 1")
    await expect(lines.nth(3)).to_contain_text("ZeroDivisionError")

    # The text is another one now, and the page says so.
    await ann.page.get_by_role("button", name="Compare", exact=True).click()
    await expect(ann.page.get_by_role("dialog")).to_contain_text("def twice(x):")
    await ann.press("Escape")
    for theme in ("light", "dark", "contrast"):
        await ann.page.evaluate(CHOOSE_THEME, theme)
        await expect(ann.page.locator("html")).to_have_attribute("data-theme", theme)
        assert await axe.violations(ann.page) == [], theme


async def test_an_answer_that_comes_late_takes_back_nothing_of_what_was_told(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "open(input('name? '), 'w').write('made here')\n")
    ann = await newcomer()
    answered, held = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        answered.set()
        await held.wait()
        await route.fulfill(response=answer)

    await ann.page.route(f"**/rooms/{room.id}/runs", late)
    await ann.enter(room.url)
    await ann.button("Run").first.click()
    await answered.wait()
    field = ann.page.get_by_label("Input for the program")
    await field.fill("made.txt", timeout=WAIT)
    await field.press("Enter")
    status = ann.page.locator(".output-status")
    await expect(status).to_contain_text("exit 0", timeout=WAIT)
    async with ann.page.expect_request(f"**/rooms/{room.id}/runs/*/output"):
        held.set()
    await expect(ann.page.get_by_role("log", name="Output")).to_contain_text("name? ")
    await expect(status).to_contain_text("exit 0")
    await expect(ann.button("Look")).to_be_visible()
    await expect(ann.button("Stop")).to_have_count(0)


async def test_tests_are_run_and_what_a_program_wrote_is_taken_into_the_room(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, WRITING)
    files = f"{shared_server.url}/rooms/{room.id}/files"
    async with httpx.AsyncClient(timeout=DEADLINE) as http:
        await http.put(f"{files}/test_it.py", content=TESTS)
    ann = await newcomer(reduced_motion="reduce")
    await ann.enter(room.url)
    await ann.button("Run").first.click()
    await ann.button("Look").click(timeout=WAIT)
    await ann.page.wait_for_function("() => [...document.images].some(" + DRAWN + ")")
    assert await ann.page.title() != "ran"
    row = ann.page.locator(".written-row").filter(has_text="made.txt")
    await row.get_by_role("button", name="Take into the room").click()
    await expect(ann.page.get_by_text("“made.txt” is in the room now.")).to_be_visible()
    async with httpx.AsyncClient(timeout=DEADLINE) as http:
        assert (await http.get(f"{files}/made.txt")).text == "made here"

    await ann.button("Tests").click()
    await ann.button("Run tests").click()
    tests = ann.page.locator(".tests-bar")
    await expect(tests).to_contain_text("ran the tests · 1 passed, 1 failed", timeout=WAIT)
    assert await axe.violations(ann.page) == []
    await ann.button("test_bad test_it.py:3").click()
    await expect(ann.page.locator(".status-bar")).to_contain_text("Ln 3, Col 1")
    failed = ann.page.locator(".stage .cm-line").get_by_text("test_bad: assert 1 == 2")
    await expect(failed).to_be_visible()

    # The mark goes with its line; the tests run when she pauses, whatever the panel shows.
    await ann.page.get_by_label("When I pause").check()
    await ann.page.locator(".output-tab").get_by_text("Output").click()
    await ann.page.locator(".stage .cm-content").first.click()
    await ann.press("Control+Home")
    await ann.page.keyboard.insert_text("def test_more(): pass\n")
    await expect(failed).to_be_visible()
    await ann.page.locator(".output-tab").get_by_text("Tests").click()
    await expect(tests).to_contain_text("2 passed, 1 failed", timeout=WAIT)
