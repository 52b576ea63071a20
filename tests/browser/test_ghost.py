"""Ghost text: what the server suggests, in grey after the caret, and never in the document."""

import asyncio
import json
import re

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.browser.test_access import PHONE
from tests.support.server import Server

A_CLASS = "class Greeter:\n    "
_BAND = """element => {
  const { top, bottom, right } = element.getBoundingClientRect();
  return { top, bottom, right, colour: getComputedStyle(element).backgroundColor };
}"""

# Notes what is said to screen readers; it does not stay for long.
_NOTE_ANNOUNCEMENTS = """
window.announced = [];
new MutationObserver(records => {
  for (const { target, addedNodes } of records)
    if (target.matches?.('.cm-announced[aria-live=polite]'))
      for (const { textContent } of addedNodes) announced.push(textContent);
}).observe(document, { subtree: true, childList: true });
"""


async def test_a_pause_brings_a_suggestion_that_tab_accepts_and_one_undo_takes_back(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, A_CLASS)
    ann = await suggested(newcomer, room, "def hello", "(self):")
    await ann.settles()
    assert room.text == f"{A_CLASS}def hello"

    await ann.press("Tab")

    await ann.sees(f"{A_CLASS}def hello(self):")
    await expect(ghost(ann)).to_have_count(0)
    await ann.press("Control+z")
    await ann.sees(f"{A_CLASS}def hello")


async def test_what_was_typed_before_the_page_could_suggest_brings_one_too(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, A_CLASS)
    ann = await newcomer()
    typed = asyncio.Event()

    async def late(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await ann.page.route(re.compile(r"/assist-[^/]*\.js$"), late)
    await ann.page.goto(room.url)
    await ann.settles()
    await ann.editor.click()
    await ann.press("Control+End")
    await ann.type("def hello")
    typed.set()

    await expect(ghost(ann)).to_have_attribute("data-text", "(self):")


async def test_typing_along_eats_it_also_past_a_bracket_and_a_word_can_be_taken(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, A_CLASS)
    ann = await suggested(newcomer, room, "def hello", "(self):")

    await ann.type("(")
    await expect(ghost(ann)).to_have_attribute("data-text", "self):")
    await ann.type("se")
    await expect(ghost(ann)).to_have_attribute("data-text", "lf):")
    await ann.press("Control+ArrowRight")
    await expect(ghost(ann)).to_have_attribute("data-text", "):")
    await ann.press("Tab")

    assert await room.agree(ann) == f"{A_CLASS}def hello(self):"


@pytest.mark.parametrize("key", ["Escape", "ArrowLeft", "Shift+Home", "Backspace"])
async def test_escape_a_step_a_selection_or_a_deletion_ends_it(
    newcomer: Newcomer, shared_server: Server, key: str
) -> None:
    ann = await suggested(newcomer, Room(shared_server, A_CLASS), "def hello", "(self):")
    await ann.press(key)
    await expect(ghost(ann)).to_have_count(0)


async def test_with_nothing_shown_tab_indents(newcomer: Newcomer, shared_server: Server) -> None:
    room = Room(shared_server, A_CLASS)
    ann = await suggested(newcomer, room, "def hello", "(self):")
    await ann.press("Escape", "Tab")  # Escape was for the suggestion: Tab does not leave
    assert await room.agree(ann) == "class Greeter:\n        def hello"


async def test_a_suggestion_of_several_lines_is_shown_below_and_accepted_whole(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "\n")
    ann = await suggested(newcomer, room, "if __name__", ' == "__main__":')
    block = ann.page.locator(".cm-ghostBlock")
    await expect(block).to_have_attribute("data-text", "    main()")
    await expect(block).to_be_visible()

    await ann.press("Tab")

    assert await room.agree(ann) == '\nif __name__ == "__main__":\n    main()'


async def test_the_band_of_the_caret_s_line_goes_on_over_all_lines_of_a_suggestion(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await suggested(newcomer, Room(shared_server, "\n"), "if __name__", ' == "__main__":')
    for line, below in [
        (".cm-content .cm-activeLine", ".cm-ghostBlock"),
        (".cm-foldGutter .cm-activeLineGutter", ".cm-foldGutter .cm-activeLineGutter + *"),
    ]:
        upper = await ann.page.locator(line).first.evaluate(_BAND)
        lower = await ann.page.locator(below).first.evaluate(_BAND)
        assert upper["colour"] == lower["colour"] != "rgba(0, 0, 0, 0)"
        assert abs(upper["bottom"] - lower["top"]) < 0.5
        assert upper["right"] == lower["right"]


async def test_alternatives_go_round(newcomer: Newcomer, shared_server: Server) -> None:
    ann = await suggested(newcomer, Room(shared_server, "\n"), "if __name__", ' == "__main__":')
    first = await shown(ann)
    await ann.press("Alt+]")
    await expect(ghost(ann)).not_to_have_count(2)
    assert await shown(ann) != first
    await ann.press("Alt+[")
    assert await shown(ann) == first


async def test_an_edit_of_another_elsewhere_moves_it_and_one_at_its_place_ends_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, A_CLASS)
    bo = await newcomer()
    await bo.enter(room.url)
    ann = await suggested(newcomer, room, "def hello", "(self):")
    await bo.sees_in_text("def hello")
    await bo.press("Control+Home")
    await bo.type("import this\n")

    await ann.sees_in_text("import this")
    await expect(ghost(ann)).to_have_attribute("data-text", "(self):")
    await bo.press("Control+End")
    await bo.type("2")
    await ann.sees_in_text("def hello2")
    await expect(ghost(ann)).to_have_count(0)
    assert "(self)" not in await room.agree(ann, bo)


async def test_the_status_item_turns_it_off_for_good_and_a_key_asks_all_the_same(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, A_CLASS).url)
    await ann.button("Suggestions on").click()
    await expect(ann.button("Suggestions off")).to_be_visible()
    await ann.reload()
    await expect(ann.button("Suggestions off")).to_be_visible()
    asked = []
    ann.page.on("request", lambda request: asked.append(request.url))

    await ann.press("Control+End")
    await ann.type("def hello")
    await ann.settles()  # what is typed is saved, long after the pause or not: nothing was asked
    assert not [url for url in asked if "autocomplete" in url]
    await ann.press("Alt+\\")
    await expect(ghost(ann)).to_have_attribute("data-text", "(self):")


async def test_an_answer_to_what_is_no_more_is_not_waited_for(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, A_CLASS).url)
    await ann.page.route("**/autocomplete", never)
    async with ann.page.expect_event("request", lambda r: "autocomplete" in r.url):
        await ann.press("Control+End")
        await ann.type("def hello")
    await expect(ann.button("Suggestions: thinking…")).to_be_visible()

    async with ann.page.expect_event("requestfailed", lambda r: "autocomplete" in r.url):
        await ann.press("ArrowLeft")

    await expect(ann.button("Suggestions on")).to_be_visible()
    await expect(ghost(ann)).to_have_count(0)


async def test_a_server_that_cannot_say_is_told_of_in_the_status_bar_alone_and_asked_again(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    ann.excuses = re.compile("status of 503")
    await ann.enter(Room(shared_server, A_CLASS).url)
    failing = "**/autocomplete"
    await ann.page.route(failing, lambda route: route.fulfill(status=503))
    await ann.press("Control+End")
    await ann.type("def hello")

    await expect(ann.button("Suggestions: not reachable")).to_be_visible()
    await expect(ann.page.get_by_label("Notices")).to_have_text("")
    await ann.page.unroute(failing)
    # It is asked again by itself.
    await expect(ghost(ann)).to_have_attribute("data-text", "(self):")
    await expect(ann.button("Suggestion 1 of 2 by Collab")).to_be_visible()


@pytest.mark.parametrize("spoken", [True, False])
async def test_a_suggestion_is_read_out_politely_unless_one_does_not_want_it(
    newcomer: Newcomer, shared_server: Server, spoken: bool
) -> None:
    ann = await newcomer()
    kept = json.dumps(json.dumps({"spoken": spoken}))
    await ann.page.add_init_script(f"localStorage.setItem('collab.settings', {kept})")
    await ann.page.add_init_script(_NOTE_ANNOUNCEMENTS)
    await ann.enter(Room(shared_server, A_CLASS).url)
    await ann.press("Control+End")
    await ann.type("def hello")
    await expect(ghost(ann)).to_have_attribute("data-text", "(self):")

    said = [words for words in await ann.page.evaluate("announced") if "self" in words]
    assert said == (["Suggestion: (self):"] if spoken else [])


async def test_a_completion_list_is_opened_by_its_key_and_has_the_place_for_itself(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "hello_world = 1\n" + A_CLASS)
    ann = await suggested(newcomer, room, "def hello", "(self):")

    await ann.press("Control+Space")
    entry = ann.page.get_by_role("listbox").get_by_text("hello_world")
    await expect(entry).to_be_visible()
    await expect(ghost(ann)).to_have_count(0)
    await entry.click()

    assert await room.agree(ann) == f"hello_world = 1\n{A_CLASS}def hello_world"


async def test_a_composition_has_the_place_for_itself(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, A_CLASS)
    ann = await suggested(newcomer, room, "def hello", "(self):")
    keyboard = await ann.context.new_cdp_session(ann.page)

    await keyboard.send(
        "Input.imeSetComposition", {"text": "か", "selectionStart": 1, "selectionEnd": 1}
    )
    await expect(ghost(ann)).to_have_count(0)
    await keyboard.send("Input.insertText", {"text": "火"})
    await ann.sees(f"{A_CLASS}def hello火")


async def test_tab_accepts_in_vim_too(newcomer: Newcomer, shared_server: Server) -> None:
    room = Room(shared_server, A_CLASS)
    ann = await newcomer()
    await ann.context.add_init_script(
        "localStorage.setItem('collab.settings', JSON.stringify({ keymap: 'vim' }))"
    )
    await ann.enter(room.url)
    await expect(ann.page.locator(".cm-vim-panel")).to_be_visible()
    await ann.type("GAdef hello")
    await expect(ghost(ann)).to_have_attribute("data-text", "(self):")
    await ann.press("Tab")
    assert await room.agree(ann) == f"{A_CLASS}def hello(self):"


async def test_a_file_that_is_too_large_to_ask_about_is_said_to_be(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "x = 1\n" * 34_000).url)
    await ann.press("Control+End")
    await ann.type("def hello")
    await expect(ann.button("Suggestions: file too large")).to_be_visible()

    await ann.press("Control+a", "Delete")
    await expect(ann.button("Suggestions on")).to_be_visible()


async def test_on_a_phone_a_key_above_the_keyboard_accepts(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, A_CLASS)
    ann = await newcomer(**PHONE)
    await ann.page.goto(room.url)
    await ann.settles()
    await ann.editor.tap()
    await ann.press("Control+End")
    await ann.type("def hello")

    await ann.button("Accept the suggestion").tap()

    await ann.sees(f"{A_CLASS}def hello(self):")
    await expect(ann.editor).to_be_focused()


async def never(_route: Route) -> None:
    """Lets a request wait."""


async def suggested(newcomer: Newcomer, room: Room, typed: str, suggestion: str) -> Person:
    """Somebody who has typed this at the end, and sees this beside the caret."""
    person = await newcomer()
    await person.enter(room.url)
    await person.press("Control+End")
    await person.type(typed)
    await expect(ghost(person)).to_have_attribute("data-text", suggestion)
    return person


def ghost(person: Person) -> Locator:
    return person.page.locator(".cm-line .cm-ghost")


async def shown(person: Person) -> str | None:
    """All of the ghost, over its lines."""
    parts = await person.page.locator(".cm-ghost").evaluate_all(
        "ghosts => ghosts.map(ghost => ghost.dataset.text)"
    )
    return "\n".join(parts)
