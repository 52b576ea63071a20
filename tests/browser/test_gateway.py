"""A gateway that breaks a page's connection at a frame that is too large for it."""

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room
from tests.support.proxy import Proxy
from tests.support.server import Server

LINES = "".join(f"{number:06} is the number of this line 🪐\n" for number in range(4800))
"""Some 200 kB."""


async def test_a_large_paste_goes_through_a_gateway_that_takes_frames_of_64_kb(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    async with Proxy(shared_server.url, most_bytes=2**16) as gateway:
        ann = await newcomer()
        await ann.enter(room.through(gateway))

        await paste(ann, LINES)
        await ann.type("and this after it")

        await expect(ann.status).to_have_text("Saved")
        assert room.text == f"{LINES}and this after it"
        assert gateway.broken == 0
        await ann.context.close()


async def test_a_change_that_breaks_three_links_is_handed_back_and_the_next_ones_are_saved(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "before\n")
    async with Proxy(shared_server.url, most_bytes=8000) as gateway:
        ann = await newcomer()
        ann.excuses = NETWORK
        await ann.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await ann.enter(room.through(gateway))
        await ann.press("Control+End")

        await paste(ann, LINES[:20_000])
        await ann.type("after")

        said = "The text was not saved: the connection broke each time that it was sent."
        notice = ann.page.locator(".toast", has_text=said)
        await expect(notice).to_be_visible()
        assert gateway.broken == 3
        await expect(ann.status).to_have_text("Saved")
        assert room.text == "before\nafter"
        await ann.sees("before\nafter")
        await notice.get_by_role("button", name="Copy it").click()
        copied = await ann.page.evaluate("navigator.clipboard.readText()")
        assert copied.replace("\r\n", "\n") == LINES[:20_000]
        await ann.context.close()


async def paste(person: Person, text: str) -> None:
    await person.editor.evaluate(
        """(editor, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const init = { clipboardData, bubbles: true, cancelable: true };
            editor.dispatchEvent(new ClipboardEvent("paste", init));
        }""",
        text,
    )
