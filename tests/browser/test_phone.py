"""A phone in the hand: fingers, a keyboard on the screen, and input methods that compose."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import CDPSession, Route, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.support.server import Server

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/147.0.0.0 Mobile Safari/537.36"
)
"""By this name the editor takes an Android phone, and talks to input methods in another way."""
KEYBOARD = 336
"""px that a phone's keyboard takes."""
_HIDDEN = """() => [...document.querySelectorAll('button, a[href], select, .cm-cursor-primary')]
  .filter(element => element.checkVisibility() && !element.closest('.hidden, .key-row'))
  .filter(element => element.getBoundingClientRect().bottom > innerHeight + 0.5)
  .map(element => element.outerHTML)"""
_CARET_IN_EDITOR = """() => {
  const caret = document.querySelector('.cm-cursor-primary').getBoundingClientRect();
  const text = document.querySelector('.cm-scroller').getBoundingClientRect();
  return text.top <= caret.top && caret.bottom <= text.bottom && text.bottom <= innerHeight;
}"""
_SMALL = """() => [...document.querySelectorAll('button, a[href], select, input, [role=separator]')]
  .filter(element => element.checkVisibility() && !element.closest('.hidden'))
  .map(element => [element.outerHTML, element.getBoundingClientRect()])
  .filter(([_, { width, height }]) => width < 24 || height < 24)
  .map(([html]) => html)"""


async def test_the_key_row_types_what_a_phone_hides_and_the_keyboard_stays(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "x = ")
    ann = await at_the_text(newcomer, room)

    await key(ann, "Opening bracket")
    await ann.sees("x = ()")
    await ann.type("1")
    await key(ann, "Closing bracket")
    await key(ann, "Colon")
    await ann.sees("x = (1):")
    await key(ann, "Left")
    await key(ann, "Left")
    await key(ann, "Quotation mark")
    await expect(ann.editor).to_be_focused()
    await key(ann, "Undo")
    await ann.sees("x = (1):")
    await key(ann, "Redo")
    await ann.press("Home")
    await key(ann, "Tab")
    await expect(ann.editor).to_be_focused()
    text = await room.agree(ann)
    assert text.startswith("    x = (1")


async def test_with_the_keyboard_up_nothing_lies_under_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await at_the_text(newcomer, Room(shared_server, "line\n" * 60))
    nav = ann.page.get_by_role("navigation", name="Views")
    await expect(nav).to_be_visible()

    await ann.page.set_viewport_size({"width": 390, "height": 844 - KEYBOARD})

    await expect(nav).to_be_hidden()
    await expect(ann.page.get_by_role("region", name="Keys")).to_be_in_viewport(ratio=1)
    await ann.type("seen")
    await expect(ann.page.locator(".cm-cursor-primary")).to_be_in_viewport()
    assert await ann.page.evaluate(_HIDDEN) == []
    await ann.page.set_viewport_size({"width": 390, "height": 844})
    await expect(nav).to_be_visible()


async def test_the_caret_of_a_tap_stays_above_the_keyboard_that_it_brings(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await at_the_text(newcomer, Room(shared_server, "line\n" * 60))
    caret = ann.page.locator(".cm-cursor-primary")
    low = await ann.page.locator(".cm-scroller").bounding_box()
    assert low
    await ann.page.touchscreen.tap(240, low["y"] + low["height"] - 20)
    await expect(caret).to_be_in_viewport()

    await ann.page.set_viewport_size({"width": 390, "height": 844 - KEYBOARD})

    await ann.page.wait_for_function(_CARET_IN_EDITOR)
    await expect(ann.page.get_by_role("region", name="Keys")).to_be_in_viewport(ratio=1)


async def test_who_has_scrolled_away_from_the_caret_stays_there_when_a_phone_gets_lower(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await at_the_text(newcomer, Room(shared_server, "line\n" * 200))
    scroller = ann.page.locator(".cm-scroller")
    await scroller.evaluate("scroller => { scroller.scrollTop = 2000; }")

    await ann.page.set_viewport_size({"width": 390, "height": 844 - KEYBOARD})

    await expect(ann.page.get_by_role("navigation", name="Views")).to_be_hidden()
    await ann.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert await scroller.evaluate("scroller => scroller.scrollTop") == 2000


async def test_lists_lie_over_the_text_notices_under_it_and_both_leave_the_keys_alone(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "reading = 1\n" * 40)
    ann = await at_the_text(newcomer, room)
    bo = await newcomer()
    await bo.enter(room.url)
    await ann.page.set_viewport_size({"width": 390, "height": 844 - KEYBOARD})

    await ann.press("Control+End")
    await ann.type("rea")
    await ann.press("Control+Space")
    await lies_over_the_text(ann, ".cm-tooltip-autocomplete")
    await ann.press("Escape")
    await bo.choose_language("JavaScript")
    notice, keys = [
        await ann.page.locator(place).bounding_box() for place in (".toast", ".key-row")
    ]
    text = await ann.page.locator(".stage").bounding_box()
    assert notice
    assert keys
    assert text
    assert text["y"] + text["height"] <= notice["y"] < keys["y"] - notice["height"]


async def test_a_suggestion_is_accepted_by_a_key_of_its_own(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "class Greeter:\n    ")
    ann = await at_the_text(newcomer, room, line=1)
    await ann.type("def hello")

    accept = ann.button("Accept the suggestion")
    await expect(accept).to_be_visible()
    assert await accept.evaluate("key => key.scrollHeight - key.clientHeight") == 0
    await accept.tap()

    await expect(accept).to_have_count(0)
    assert await room.agree(ann) == "class Greeter:\n    def hello(self):"


async def test_what_suggestions_are_at_is_seen_at_the_foot_and_a_finger_turns_them_off(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await at_the_text(newcomer, Room(shared_server, "x = 1"))
    await ann.page.route("**/autocomplete", never)
    item = ann.page.get_by_role("contentinfo").get_by_role("button", name="Suggest")

    await expect(item).to_have_text("Suggest: on", use_inner_text=True)
    box = await item.bounding_box()
    assert box
    await ann.type("\ny = ")
    await expect(item).to_have_text("Suggest: …", use_inner_text=True)
    later = await item.bounding_box()
    assert later
    assert later["width"] == box["width"]
    await item.tap()

    await expect(item).to_have_text("Suggest: off", use_inner_text=True)
    await expect(item).to_have_attribute("aria-pressed", "false")
    await expect(item).to_have_accessible_name("Suggest: off")


async def test_everything_on_a_phone_is_large_enough_for_a_finger(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await at_the_text(newcomer, Room(shared_server, "x"))

    assert await ann.page.evaluate(_SMALL) == []
    for window, title in {"Share": "Share this room", "People": "People", "More": "More"}.items():
        await ann.button(window).tap()
        await expect(ann.page.get_by_role("heading", name=title)).to_be_visible()
        assert await ann.page.evaluate(_SMALL) == [], window
        await ann.press("Escape")


async def test_a_phone_shows_the_people_and_goes_to_them(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "line\n" * 200)
    bo = await newcomer()
    await bo.enter(room.url)
    await bo.press("Control+End")
    await bo.type("down here")
    ann = await at_the_text(newcomer, room)

    await ann.button("People").tap()
    panel = ann.page.get_by_role("complementary", name="People")
    await panel.get_by_role("button", name="Go to").tap()

    await expect(panel).to_be_hidden()
    await ann.sees_in_text("down here")


async def test_more_leads_to_what_a_phone_has_no_room_for(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await at_the_text(newcomer, Room(shared_server, "x"))
    await ann.button("More").tap()
    await ann.button("Rename the room").tap()
    await expect(ann.page.get_by_label("Name of the room")).to_be_focused()
    await ann.page.keyboard.insert_text("Orbit")
    await ann.press("Enter")
    await expect(ann.page.locator(".room-name-text")).to_have_text("Orbit")

    await ann.button("More").tap()
    await ann.button("Leave the room").tap()
    await expect(ann.button("Create a room")).to_be_visible()


@pytest.mark.parametrize(
    ("steps", "word"),
    [
        (["k", "ka", "kan", "かん", "漢", "漢字"], "漢字"),  # an input method for Japanese
        (["h", "he", "hel", "hell", "hello"], "hello "),  # a keyboard that composes every word
    ],
    ids=["ios", "android"],
)
async def test_what_is_composed_while_others_type_is_there_once_and_whole(
    newcomer: Newcomer, shared_server: Server, steps: list[str], word: str
) -> None:
    room = Room(shared_server, "first\n\nlast")
    ann = await at_the_text(newcomer, room, line=1)
    bo = await newcomer()
    await bo.enter(room.url)
    device = await ann.context.new_cdp_session(ann.page)

    async def others() -> None:
        await bo.press("Control+Home")
        await bo.type("before ", delay=8)
        await bo.press("Control+End")
        await bo.type(" and after", delay=8)

    await asyncio.gather(composes(device, steps, word), others())

    text = await room.agree(ann, bo)
    assert text == f"before first\n{word}\nlast and after"


@pytest.mark.parametrize("phone", [{}, {"user_agent": ANDROID}], ids=["ios", "android"])
@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (("ArrowRight", "ArrowRight"), "# <<first 漢字"),  # in the words before
        (("End",), "# first 漢字<<"),  # where it is being composed
    ],
    ids=["before", "there"],
)
async def test_what_is_composed_in_a_line_where_another_types_is_whole(
    newcomer: Newcomer,
    shared_server: Server,
    phone: dict[str, Any],
    keys: tuple[str, ...],
    text: str,
) -> None:
    room = Room(shared_server, "# first ")
    ann = await at_the_text(newcomer, room, **phone)
    bo = await newcomer()
    await bo.enter(room.url)
    method = await ann.context.new_cdp_session(ann.page)
    heard = await hearing(method, "<")

    await composing(method, "ka")
    await bo.sees_in_text("ka")
    await bo.press(*keys)
    await bo.type("<<")
    while not heard.is_set():
        await composing(method, "ki")
        await composing(method, "ka")
    await composing(method, "漢字")
    await method.send("Input.insertText", {"text": "漢字"})

    await ann.sees(text)
    assert await room.agree(ann, bo) == text


async def hearing(device: CDPSession, word: str) -> asyncio.Event:
    """Tells when a page's socket has brought this."""
    heard = asyncio.Event()

    def listen(event: dict[str, Any]) -> None:
        if word in event["response"]["payloadData"]:
            heard.set()

    device.on("Network.webSocketFrameReceived", listen)
    await device.send("Network.enable")
    return heard


async def at_the_text(newcomer: Newcomer, room: Room, *, line: int = 0, **options: Any) -> Person:
    """Somebody on a phone who has put a finger on the end of a line."""
    person = await newcomer(**PHONE, **options)
    await person.page.goto(room.url)
    await person.settles()
    await person.page.locator(".cm-line").nth(line).tap(position={"x": 240, "y": 8})
    await expect(person.page.get_by_role("region", name="Keys")).to_be_visible()
    await expect(person.page.locator(".cm-editor")).to_have_attribute("data-complete", "true")
    return person


async def never(_: Route) -> None:
    """Give no answer."""


async def lies_over_the_text(person: Person, selector: str) -> None:
    box, text = [await person.page.locator(place).bounding_box() for place in (selector, ".stage")]
    assert box
    assert text
    assert text["y"] <= box["y"] < box["y"] + box["height"] <= text["y"] + text["height"]


async def key(person: Person, name: str) -> None:
    await person.page.get_by_role("region", name="Keys").get_by_role("button", name=name).tap()


async def composing(device: CDPSession, text: str) -> None:
    """The input method shows this as what it has so far."""
    end = len(text)
    await device.send(
        "Input.imeSetComposition", {"text": text, "selectionStart": end, "selectionEnd": end}
    )


async def composes(device: CDPSession, steps: list[str], word: str) -> None:
    for step in steps:
        await composing(device, step)
    await device.send("Input.insertText", {"text": word})
