"""Lines so long that a browser would lay out their colours for seconds."""

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.room import Room
from tests.support.server import Server

LONG = "x = (" + "'word', " * 2_000 + ")"
TEXT = f"def f(a):\n{LONG}\ny = (1)\nend = 1"
WORDS = "Line 2 is very long, so it has no colours, no matching of brackets and no suggestions."


async def test_a_very_long_line_has_no_colours_and_no_brackets_matched_and_that_is_said_once(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, TEXT).url)
    lines = ann.page.locator(".cm-line")
    coloured = "span:not([class*=cm-widget], .cm-lineGap)"
    await expect(lines.nth(0).locator(coloured).first).to_be_visible()
    notice = ann.page.get_by_text(WORDS)
    await expect(notice).to_be_visible()
    await expect(lines.nth(1)).to_contain_text("'word', 'word'")
    await expect(lines.nth(1).locator(coloured)).to_have_count(0)

    matched = ann.page.locator(".cm-matchingBracket")
    await ann.press("Control+Home", "ArrowDown", "ArrowDown", "End")
    await expect(matched).to_have_count(2)
    await ann.press("ArrowUp", "Home", *["ArrowRight"] * 5)
    await expect(ann.page.locator(".status-cursor")).to_contain_text("Ln 2, Col 6")
    await expect(matched).to_have_count(0)

    await expect(notice).to_have_count(0)
    await ann.press("Control+End")
    await ann.type("2")
    await expect(lines.last).to_have_text("end = 12")
    await expect(notice).to_have_count(0)
