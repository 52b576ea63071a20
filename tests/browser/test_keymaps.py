"""Vim and Emacs keys in the built page: among edits of others, and as the page names them."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room, two
from tests.browser.test_link import goes_offline
from tests.browser.test_settings import choose, settings, with_keymap
from tests.support.proxy import Proxy
from tests.support.server import Server

BLOCK = """() => {
  const rgb = colour => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const block = getComputedStyle(document.querySelector('.cm-fat-cursor'));
  const paper = getComputedStyle(document.querySelector('.cm-editor')).backgroundColor;
  return [block.color, block.backgroundColor, paper].map(rgb);
}"""


@pytest.mark.parametrize(
    ("text", "before", "others", "after", "expected"),
    [
        ("one two three", "ggwve", "RRRR ", "d", "RRRR one  three"),
        ("one\ntwo\nthree", "ggjV", "RRRR\n", "d", "RRRR\none\nthree"),
        ("one\ntwo\nthree\nfour", "ggjVj", "RRRR\n", "d", "RRRR\none\nfour"),
        ("one two\none two", "ggw<C-v>jl", "RRRR ", "d", "RRRR one o\none o"),
        ("one\ntwo", "ggifo", "RRRR\n", "o<Esc>j0.", "RRRR\nfooone\nfootwo"),
        ("one\ntwo", "gg2ifo", "RRRR\n", "o<Esc>", "RRRR\nfoofooone\ntwo"),
        ("one\ntwo", "ggqaAx", "RRRR\n", "y<Esc>qj@a", "RRRR\nonexy\ntwoxy"),
        ("one two", "ggwmagg", "RRRR ", "`ax", "RRRR one wo"),
        ("x a\nx b\nx c", ":1,2s/x/y/gc<CR>y", "RRRR\n", "yy", "RRRR\ny a\ny b\nx c"),
    ],
)
async def test_vim_among_edits(
    newcomer: Newcomer,
    shared_server: Server,
    text: str,
    before: str,
    others: str,
    after: str,
    expected: str,
) -> None:
    room = Room(shared_server, text)
    ann, bo = await two(newcomer, room.url)
    await with_keymap(ann, "Vim")
    await expect(ann.page.locator(".cm-vim-panel")).to_be_visible()
    await vim_keys(ann, before)
    await bo.press("Control+Home")
    await bo.page.keyboard.insert_text(others)
    await ann.sees_in_text(others)
    await vim_keys(ann, after)

    assert await room.agree(ann, bo) == expected
    assert ann.complaints == []


async def test_an_emacs_region_goes_on_when_others_edit(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one two three")
    ann, bo = await two(newcomer, room.url)
    await with_keymap(ann, "Emacs")
    await ann.press("Control+Home", "Alt+f", "Control+Space", "Alt+f")
    await bo.press("Control+Home")
    await bo.type("RRRR ")
    await ann.sees("RRRR one two three")
    await ann.press("Alt+f", "Control+w")
    assert await room.agree(ann, bo) == "RRRR one"


async def test_a_second_control_s_finds_the_next_match_in_emacs(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "a x\nb x\nc x").url)
    await with_keymap(ann, "Emacs")
    await ann.press("Control+Home", "Control+s")
    await ann.type("x")
    count = ann.page.locator(".find-count")
    await expect(count).to_have_text("1 of 3")
    for nth, key in [("2 of 3", "s"), ("3 of 3", "s"), ("2 of 3", "r")]:
        await ann.press(f"Control+{key}")
        await expect(count).to_have_text(nth)
    await expect(ann.page.locator(".toast")).to_have_count(0)


@pytest.mark.parametrize("theme", ["Light", "Dark", "High contrast"])
async def test_the_block_cursor_and_its_letter_can_be_read(
    newcomer: Newcomer, shared_server: Server, theme: str
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "def two(): pass").url)
    await settings(ann)
    await choose(ann, "Theme", theme)
    await choose(ann, "Key bindings", "Vim")
    await ann.press("Escape")
    await expect(ann.page.locator(".cm-focused .cm-fat-cursor")).to_be_attached()
    letter, block, paper = await ann.page.evaluate(BLOCK)
    assert contrast(letter, block) >= 4.5
    assert contrast(block, paper) >= 3


async def test_vims_message_line_is_in_the_pages_font_and_colours(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "one\ntwo\nthree").url)
    await with_keymap(ann, "Vim")
    await ann.type("ggyj")
    said = ann.page.locator(".cm-vim-message")
    await expect(said).to_have_text(re.compile("lines? yanked"))
    await expect(said).to_have_css("color", await token(ann, "ink"))
    await ann.type(":nonsense")
    await expect(ann.page.locator(".cm-vim-panel input")).to_have_css(
        "font-family", re.compile("JetBrains")
    )
    await ann.press("Enter")
    await expect(said).to_have_text(re.compile("nonsense"))
    await expect(said).to_have_css("color", await token(ann, "danger"))


async def test_colon_w_says_how_things_stand_and_colon_q_leaves(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "one").url)
    await with_keymap(ann, "Vim")
    await ann.type(":w\n")
    await expect(ann.page.locator(".toast")).to_contain_text("Every change is saved by itself")
    await ann.type(":q\n")
    await expect(ann.page).to_have_url(f"{shared_server.url}/")


async def test_colon_q_asks_first_while_something_is_not_saved(
    newcomer: Newcomer, shared_server: Server, link: Proxy
) -> None:
    room = Room(shared_server, "one")
    ann = await newcomer()
    await ann.enter(room.through(link))
    await with_keymap(ann, "Vim")
    await goes_offline(ann, link)
    await ann.type("x:q\n")
    question = ann.page.get_by_text("1 change is not saved yet. Leave the room?")
    await expect(question).to_be_visible()
    await ann.type("n")
    await expect(question).to_have_count(0)
    await expect(ann.editor).to_be_focused()
    await ann.sees("ne")


@pytest.mark.parametrize(
    ("keymap", "find", "palette", "never"),
    [("Vim", "/", "Ctrl K", "Ctrl F"), ("Emacs", "C-s", "M-x", "Ctrl F")],
)
async def test_buttons_and_the_sheet_name_the_keys_of_the_keymap(
    newcomer: Newcomer, shared_server: Server, keymap: str, find: str, palette: str, never: str
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "one").url)
    field = ann.page.locator(".command-field kbd")
    await expect(field).to_have_text("Ctrl K")
    await with_keymap(ann, keymap)
    await expect(field).to_have_text(palette)
    tip = ann.page.locator(".rail .tip").filter(has_text="Find")
    await expect(tip).to_have_text(f"Find · {find}")
    await ann.press("F1")
    sheet = ann.page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(
        sheet.locator("kbd").filter(has_text=re.compile(f"^{re.escape(find)}$"))
    ).to_be_visible()
    await expect(sheet.locator("kbd").filter(has_text=re.compile(f"^{never}$"))).to_have_count(0)


async def vim_keys(person: Person, keys: str) -> None:
    """Type keys as Vim writes them."""
    names = {"<Esc>": "Escape", "<CR>": "Enter", "<C-v>": "Control+v"}
    for key in re.findall(r"<[\w-]+>|.", keys):
        if key in names:
            await person.press(names[key])
        else:
            await person.type(key)


async def token(person: Person, name: str) -> str:
    """A colour of the style sheet as browsers compute it."""
    colour: str = await person.page.evaluate(
        """name => {
          const probe = document.body.appendChild(document.createElement('i'));
          probe.style.color = `var(--${name})`;
          const { color } = getComputedStyle(probe);
          probe.remove();
          return color;
        }""",
        name,
    )
    return colour


def contrast(one: list[int], other: list[int]) -> float:
    """The contrast of two colours, as WCAG has it."""

    def luminance(colour: list[int]) -> float:
        parts = [part / 255 for part in colour]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
