"""The page treats what others write as text and nothing more, and its policies enforce this."""

import re

from playwright.async_api import expect

from tests.browser.chromium import ELSEWHERE
from tests.browser.conftest import Newcomer
from tests.browser.room import Room, two
from tests.support.server import Server

MARKUP = "<img src=/no onerror=window.fell=1>"
NAME = f"{MARKUP} Bo"[:40]
REFUSED = re.compile("Content Security Policy|^error: forbidden by script-src-attr")


async def test_names_and_texts_of_others_never_become_markup(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, f"{MARKUP}\n<script>window.fell = 1</script>")
    ann, bo = await two(newcomer, room.url)
    await bo.introduces(NAME)
    await bo.press("Control+End")
    await bo.type(f"\n{MARKUP}")
    await bo.choose_language("JavaScript")

    # The name stands at the caret, in the list, in the panel and in the notice.
    await ann.sees(f"{MARKUP}\n<script>window.fell = 1</script>\n{MARKUP}")
    await expect(ann.page.get_by_text(f"{NAME} changed the language")).to_be_visible()
    await expect(ann.page.get_by_text(NAME).first).to_be_visible()
    await ann.button("2 people").click()
    await expect(ann.page.locator(".roster").get_by_text(NAME).first).to_be_visible()
    await ann.reload()
    for person in (ann, bo):
        assert await person.page.evaluate("window.fell") is None
        # The editor itself has empty pictures beside its marks.
        made = person.page.locator("img:not(.cm-widgetBuffer), body script")
        assert await made.count() == 0


async def test_the_page_runs_nothing_that_was_put_into_it(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    ann.excuses = REFUSED
    await ann.page.evaluate(
        """async markup => {
          const blocked = new Promise(resolve =>
            document.addEventListener("securitypolicyviolation", resolve));
          document.body.insertAdjacentHTML("beforeend", markup);
          await blocked;
        }""",
        "<img src=data:, onerror=window.fell=1>",
    )
    assert await ann.page.evaluate("window.fell") is None


async def test_a_room_works_over_plain_http_in_a_local_network(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url.replace("127.0.0.1", ELSEWHERE))
    assert await ann.page.evaluate("isSecureContext") is False
    await ann.type("from the sofa")
    assert await room.agree(ann) == "from the sofa"


async def test_the_docs_work_under_a_policy_of_their_own(
    shared_server: Server, newcomer: Newcomer
) -> None:
    ann = await newcomer()
    await ann.page.goto(f"{shared_server.url}/docs")
    await ann.page.get_by_role("button", name="POST /rooms").first.click()
    await ann.button("Try it out").click()
    await ann.button("Execute").click()
    await expect(ann.page.get_by_text('"roomId"').first).to_be_visible()
