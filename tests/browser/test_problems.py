"""The knowledge of language servers on the page: problems, and lists of names."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.test_ai import looks_well
from tests.support.server import Server

MAIN = "import os\nfrom shapes import area\n\nprint(area('2'), os.sep)\n"
FILES = {
    "main.py": MAIN,
    "shapes.py": "def area(r: float) -> float:\n    return 3 * r * r\n\n\ncircumference = 6\n",
    "unseen.py": "size: int = 'two'\n",
}


async def test_problems_are_underlined_counted_and_listed_and_names_are_completed(
    newcomer: Newcomer, learned_server: Server
) -> None:
    room_id = learned_server.create_room(files=FILES)
    ann = await newcomer()
    page = ann.page
    await ann.enter(f"{learned_server.url}/r/{room_id}")
    await expect(page.locator(".cm-lintRange-error")).to_have_text("'2'")
    # One of these is in a file that nobody has opened.
    await page.get_by_role("button", name="Problems: 2 errors").click()
    row = page.get_by_role("region", name="main.py").get_by_role("button")
    await expect(row).to_contain_text("Ln 4")
    await looks_well(ann, "problems")
    await row.click()
    await expect(page.locator(".cm-content")).to_be_focused()
    await ann.press("F8")
    await expect(page.locator(".cm-lintRange-error")).to_have_text("'two'")
    await ann.press("F8")
    await expect(page.locator(".cm-lintRange-error")).to_have_text("'2'")
    await ann.press("Control+End")
    await ann.type("os.getcw")
    await ann.press("Control+Space")
    await expect(page.get_by_role("option", name="getcwd ").first).to_be_visible()
    await expect(page.locator(".cm-infoWords")).to_contain_text("current working directory")
    await ann.press("Enter", "(", ")", "Control+Home", "Enter")
    # It follows edits: the error is a line further down now.
    await expect(row.first).to_contain_text("Ln 5")
    # Suggestions, too, know what stands in the other files alone.
    await ann.press("Control+End", "Enter")
    await ann.type("from shapes import circumf")
    ghost = page.locator(".cm-ghost")
    while not await ghost.count():
        async with page.expect_response("**/autocomplete") as answered:
            await ann.press("Alt+Backslash")
        await (await answered.value).finished()
    await expect(ghost).to_have_attribute("data-text", "erence")
