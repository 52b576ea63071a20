"""Lines so long that a browser would lay out their colours for seconds."""

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.room import Room
from tests.support.server import Server

LONG = "x = (" + "'word', " * 25_000 + ")"
TEXT = f"def f(a):\n{LONG}\ny = (1)\nend = 1"
WORDS = "Line 2 is very long, so it has no colours, no matching of brackets and no suggestions."


NOTE_THE_LONGEST = """() => {
  const content = document.querySelector(".cm-content");
  const measure = Element.prototype.getBoundingClientRect;
  window.longest = 0;
  Element.prototype.getBoundingClientRect = function () {
    window.longest = Math.max(window.longest, content.textContent.length);
    return measure.call(this);
  };
}"""
"""Keep the length of the longest text that is ever in the editor while it is laid out."""


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

    # To wrap it, the part in view is laid out, and never all of it.
    await ann.page.evaluate(NOTE_THE_LONGEST)
    await ann.press("Control+,")
    wrap = ann.page.get_by_role("group", name="Wrap long lines", exact=True)
    await wrap.get_by_role("radio", name="On").check(force=True)
    await expect(ann.page.locator(".cm-lineWrapping")).to_be_visible()
    await ann.press("Escape")
    await ann.press("Control+Home")
    await ann.type("1")
    await expect(lines.first).to_contain_text("1def")
    assert 1_000 < await ann.page.evaluate("window.longest") < 50_000
