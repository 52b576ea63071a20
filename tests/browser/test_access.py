"""For everybody: without a mouse, without sight, on a small screen, over a slow line."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest
from playwright.async_api import expect

from tests.browser import axe
from tests.browser.chromium import ELSEWHERE
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.support.server import Server

CODE = 'def greet(name):\n    return f"hello {name}"  # 🪐\n'
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LARGEST_PROGRAM = 170 * 1000
"""Bytes of gzipped JavaScript."""

# The programs that came over the network.
# What is asked for once there is an editor comes beside the typing, like a language.
_NOTE_THE_EDITOR = """
new MutationObserver((_, observer) => {
  if (!document.querySelector(".cm-content")) return;
  window.shown = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });"""
_LOADED = """() => performance.getEntriesByType("resource")
    .filter(resource => resource.transferSize > 0 && resource.name.endsWith(".js"))
    .map(resource => [resource.name, resource.startTime < window.shown])"""

# What Tab can reach, by document order. One of the radios with a name stands for all of them.
_STOPS = """
const stops = () => [...document.querySelectorAll(
  'a[href], button, input, select, textarea, [tabindex="0"]'
)].filter(element => {
  const behind = element.closest('dialog') !== document.querySelector('dialog');
  const radio = element.type === 'radio' && !element.checked;
  return !behind && !radio && element.checkVisibility();
});
"""
_COUNT = f"() => {{ {_STOPS} return stops().length; }}"
_WHERE = f"() => {{ {_STOPS} return stops().indexOf(document.activeElement); }}"

# As another tab would: no window has to be opened over what is looked at.
CHOOSE_THEME = """theme => dispatchEvent(new StorageEvent('storage', {
  key: 'collab.settings', newValue: JSON.stringify({ theme })
}))"""

State = Callable[[Person, Server], Awaitable[None]]


async def landing(person: Person, server: Server) -> None:
    await person.page.goto(server.url)
    await expect(person.button("Create a room")).to_be_visible()


async def not_found(person: Person, server: Server) -> None:
    await person.page.goto(f"{server.url}/r/none")
    await person.button("Check the link").click()


async def room(person: Person, server: Server, *, host: str = "127.0.0.1") -> None:
    await person.page.goto(Room(server, CODE).url.replace("127.0.0.1", host))
    await person.settles()
    await person.editor.click()
    await expect(person.editor.locator("span").first).to_be_visible()  # highlighted


async def people_panel(person: Person, server: Server) -> None:
    await room(person, server)
    # On a phone it has a place in the foot, on a wide screen one at the edge.
    await person.button(re.compile("^People(?: panel)?$")).locator("visible=true").click()
    await expect(person.page.get_by_role("heading", name="People")).to_be_visible()


async def share_dialog(person: Person, server: Server) -> None:
    # By the address of this machine alone there would be no code to scan.
    await room(person, server, host=ELSEWHERE)
    await person.button("Share").click()
    await expect(person.page.locator(".qr path")).to_have_attribute("d", re.compile("^M"))
    await expect(person.page.get_by_label("Command that clones this room")).to_be_visible()


async def name_dialog(person: Person, server: Server) -> None:
    await people_panel(person, server)
    panel = person.page.get_by_role("complementary")
    await panel.get_by_role("button", name="Change name or colour").click()
    await expect(person.page.get_by_role("heading", name="You in this room")).to_be_visible()


async def palette(person: Person, server: Server) -> None:
    await room(person, server)
    await person.press("Control+k")
    await expect(person.page.locator(".palette-option").first).to_be_visible()


async def shortcuts(person: Person, server: Server) -> None:
    await room(person, server)
    await person.press("F1")
    await expect(person.page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()


async def settings(person: Person, server: Server) -> None:
    await room(person, server)
    await person.press("Control+,")
    await expect(person.page.get_by_role("heading", name="Settings")).to_be_visible()


async def find_panel(person: Person, server: Server) -> None:
    await room(person, server)
    await person.press("Control+f")
    await expect(person.page.get_by_placeholder("Find")).to_be_focused()


async def more_sheet(person: Person, server: Server) -> None:
    await room(person, server)
    await person.button("More").click()
    await expect(person.page.get_by_role("heading", name="More")).to_be_visible()


async def accept_key(person: Person, server: Server) -> None:
    await room(person, server)
    await person.press("Control+End")
    await person.type("\n\nif __name__")
    await expect(person.button("Accept the suggestion")).to_be_visible()


STATES = [
    landing,
    not_found,
    room,
    people_panel,
    share_dialog,
    name_dialog,
    palette,
    shortcuts,
    settings,
]


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("state", [*STATES, find_panel])
async def test_axe_finds_nothing_in_any_theme(
    newcomer: Newcomer, shared_server: Server, state: State, screen: dict[str, object]
) -> None:
    await axe_finds_nothing(newcomer, shared_server, state, screen)


@pytest.mark.parametrize("state", [more_sheet, accept_key])
async def test_axe_finds_nothing_in_what_only_a_phone_has(
    newcomer: Newcomer, shared_server: Server, state: State
) -> None:
    await axe_finds_nothing(newcomer, shared_server, state, PHONE)


async def axe_finds_nothing(
    newcomer: Newcomer, server: Server, state: State, screen: dict[str, object]
) -> None:
    # Reduced motion: half-way through a transition no colour is one of the theme's.
    person = await newcomer(**screen, reduced_motion="reduce")
    await state(person, server)

    found = {}
    for theme in ("light", "dark", "contrast"):
        await person.page.evaluate(CHOOSE_THEME, theme)
        await expect(person.page.locator("html")).to_have_attribute("data-theme", theme)
        found[theme] = await axe.violations(person.page)
    assert found == {"light": [], "dark": [], "contrast": []}


@pytest.mark.parametrize("state", [*STATES, find_panel])
async def test_nothing_needs_sideways_scrolling_at_320_pixels(
    newcomer: Newcomer, shared_server: Server, state: State
) -> None:
    person = await newcomer(viewport={"width": 320, "height": 640})
    await state(person, shared_server)

    for element in (
        "document.documentElement",
        "document.querySelector('dialog') ?? document.body",
    ):
        width = f"(element => element.scrollWidth - element.clientWidth)({element})"
        assert await person.page.evaluate(width) == 0
    beyond = """() => [...document.querySelectorAll('a[href], button, input, select')]
      .filter(element => element.checkVisibility() && !element.closest('.hidden'))
      .filter(element => element.getBoundingClientRect().right > innerWidth + 0.5)
      .map(element => element.outerHTML)"""
    assert await person.page.evaluate(beyond) == []


@pytest.mark.parametrize("state", STATES)
async def test_tab_reaches_everything(
    newcomer: Newcomer, shared_server: Server, state: State
) -> None:
    person = await newcomer()
    await state(person, shared_server)
    stops = await person.page.evaluate(_COUNT)

    reached = set()
    # More, since from the last the way leads out of the page, and a window that scrolls is a stop.
    for _ in range(stops + 2):
        editing = await person.page.evaluate("document.activeElement?.matches('.cm-content')")
        await person.press(*(["Escape", "Tab"] if editing else ["Tab"]))
        reached.add(await person.page.evaluate(_WHERE))

    assert reached >= set(range(stops))


async def test_tab_indents_in_the_editor_and_leaves_it_after_escape(
    newcomer: Newcomer, shared_server: Server
) -> None:
    person = await newcomer()
    await person.enter(Room(shared_server, "x").url)

    await person.press("Tab")
    await person.sees("    x")
    await expect(person.editor).to_be_focused()
    await person.press("Escape", "Tab")
    await expect(person.editor).not_to_be_focused()
    await person.sees("    x")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("share this", "Share this room"),
        ("change your name", "You in this room"),
        ("settings", "Settings"),
    ],
)
async def test_a_window_is_opened_used_and_left_with_the_keyboard_alone(
    newcomer: Newcomer, shared_server: Server, words: str, title: str
) -> None:
    person = await newcomer()
    await person.enter(Room(shared_server, "").url)
    window = person.page.get_by_role("dialog", name=title)

    await person.press("Control+k")
    await expect(person.page.get_by_role("combobox", name="Search actions")).to_be_focused()
    await person.type(words)
    await person.press("Enter")
    await expect(window).to_be_visible()
    assert await person.page.evaluate("document.activeElement.matches('[data-first]')")
    outline = await person.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await person.press("Escape")

    await expect(window).to_have_count(0)
    await expect(person.editor).to_be_focused()


async def test_the_program_that_typing_waits_for_is_small(
    newcomer: Newcomer, shared_server: Server
) -> None:
    person = await newcomer()
    await person.page.add_init_script(_NOTE_THE_EDITOR)
    await person.enter(Room(shared_server, CODE).url)

    loaded = await person.page.evaluate(_LOADED)
    assert len(loaded) == len({name for name, _ in loaded})  # nothing twice
    programs = [name for name, early in loaded if early]
    assert len(programs) >= 3  # the theme, the page, the room
    size = 0
    for program in programs:
        with httpx.stream("GET", program, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            size += sum(map(len, answer.iter_raw()))
    assert size <= LARGEST_PROGRAM
