"""A setting applies at once, in every tab, and the device keeps it."""

import json
import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room, two
from tests.browser.test_access import DESKTOP, PHONE
from tests.support.server import Server

CODE = "def greet(name):\n    return name  # a comment\n"
BLACK = "rgb(0, 0, 0)"


async def test_settings_are_in_force_at_once_and_in_every_tab_and_are_kept(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, CODE)
    ann = await newcomer()
    await ann.enter(room.url)
    second = Person(ann.context, await ann.context.new_page())
    await second.enter(room.url)

    await settings(second)
    await choose(second, "Theme", "High contrast")
    await choose(second, "Line numbers", "Off")
    await choose(second, "Wrap long lines", "On")
    await choose(second, "Tab width", "2")
    await second.page.get_by_label("Font size").fill("20")

    for person in (second, ann):
        await likes_are_in_force(person)
    await second.press("Escape")
    await expect(second.editor).to_be_focused()
    await ann.reload()
    await likes_are_in_force(ann)
    await ann.press("Control+End", "Tab")
    await ann.sees(f"{CODE}  ")
    assert second.complaints == []


async def likes_are_in_force(person: Person) -> None:
    await expect(person.page.locator(".editor-card")).to_have_css("background-color", BLACK)
    await expect(person.page.locator(".cm-lineNumbers")).to_have_count(0)
    await expect(person.page.locator(".cm-lineWrapping")).to_have_count(1)
    await expect(person.page.locator(".cm-scroller")).to_have_css("font-size", "20px")
    item = person.page.locator(".status-indent")
    await expect(item).to_have_text("Spaces: 2")


async def test_a_change_of_settings_loses_neither_text_nor_undo_nor_selection(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "-")
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.press("Control+End")
    await ann.type("typed")
    await ann.press("Shift+ArrowLeft")
    await settings(ann)
    await choose(ann, "Line numbers", "Off")
    await choose(ann, "Key bindings", "Vim")
    await expect(ann.page.locator(".cm-vim-panel")).to_be_attached()
    await choose(ann, "Key bindings", "Default")
    await expect(ann.page.locator(".cm-vim-panel")).to_have_count(0)
    await ann.press("Escape")

    await expect(ann.page.get_by_text("(1 selected)")).to_be_visible()
    await ann.press("Control+z")
    assert await room.agree(ann) == "-"


async def test_every_setting_is_in_the_palette_too(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, CODE).url)
    for letters in ("theme dark", "font size larger", "tab width 8", "numbers off"):
        await ann.press("Control+k")
        await expect(ann.page.get_by_role("combobox", name="Search actions")).to_be_focused()
        await ann.type(letters)
        await ann.press("Enter")
        await expect(ann.editor).to_be_focused()

    await expect(ann.page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(ann.page.locator(".cm-scroller")).to_have_css("font-size", "14px")
    await expect(ann.page.locator(".status-indent")).to_have_text("Spaces: 8")
    await expect(ann.page.locator(".cm-lineNumbers")).to_have_count(0)


async def test_language_and_indentation_are_chosen_in_the_status_bar(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.choose_language("Rust")
    await ann.editor.focus()
    await ann.type("mod x;\n")
    await expect(ann.page.locator(".cm-line span", has_text="mod")).to_be_visible()
    await ann.page.locator(".status-indent").click()
    await ann.page.get_by_role("option", name="Tabs").click()
    await expect(ann.page.locator(".status-indent")).to_have_text("Tabs: 4")
    await ann.editor.focus()
    await ann.press("Tab")
    await ann.type("y")
    await ann.press("Control+/")
    assert await room.agree(ann) == "mod x;\n\t// y"


async def test_vim_edits_undoes_and_lets_others_edit(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\ntwo\nthree")
    ann, bo = await two(newcomer, room.url)
    await with_keymap(ann, "Vim")
    await ann.type("ggjdd")
    await bo.sees("one\nthree")
    await ann.type("Onew? ")
    await ann.press("Escape")
    await bo.press("Control+End")
    await bo.type("!")
    await ann.sees("one\nnew? \nthree!")
    await ann.type("uuuu")  # the line may have been opened and written in two steps

    assert await room.agree(ann, bo) == "one\ntwo\nthree!"
    await ann.press("Control+k")
    await expect(ann.page.get_by_role("combobox", name="Search actions")).to_be_focused()


async def test_emacs_kills_yanks_and_finds_actions_by_meta_x(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\ntwo")
    ann = await newcomer()
    await ann.enter(room.url)
    await with_keymap(ann, "Emacs")
    await ann.press("Control+Home", "Control+k")
    await ann.sees("\ntwo")
    await ann.press("Control+n", "Control+e", "Control+y")
    assert await room.agree(ann) == "\ntwoone"

    await ann.press("Alt+x")
    await expect(ann.page.get_by_role("combobox", name="Search actions")).to_be_focused()


async def test_emacs_knows_keys_with_marks_on_them(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\ntwo")
    ann = await newcomer()
    await ann.enter(room.url)
    await with_keymap(ann, "Emacs")
    await ann.press("Alt+Shift+Period", "!", "Alt+Shift+Comma", ">", "Alt+Semicolon")
    assert await room.agree(ann) == "# >one\ntwo!"


async def test_emacs_leaves_the_search_by_control_g(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "one two").url)
    await with_keymap(ann, "Emacs")
    for field in ("Find", "Replace with"):
        await ann.press("Control+s")
        await ann.page.get_by_label(field, exact=True).focus()
        await ann.press("Control+g")
        await expect(ann.page.get_by_role("search")).to_have_count(0)
        await expect(ann.editor).to_be_focused()
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)


async def test_others_carets_have_names_always_or_are_not_there(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "text").url)
    await bo.press("Control+End")
    flag = ann.page.locator(".cm-peerFlag")
    await settings(ann)
    await choose(ann, "Carets of others", "With names")
    # The flag's own fading is over: what is seen is the setting.
    await flag.evaluate("flag => flag.getAnimations().forEach(a => a.finish())")
    await expect(flag).to_have_css("opacity", "1")
    await choose(ann, "Carets of others", "Hidden")
    await expect(flag).to_be_hidden()
    await choose(ann, "Carets of others", "Names on activity")
    await expect(flag).to_have_css("opacity", "0")


async def test_ones_own_colours_are_for_one_theme_and_a_faint_one_is_told_of(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(color_scheme="light")
    await ann.enter(Room(shared_server, CODE).url)
    keyword = ann.page.locator(".cm-line span", has_text="def").first
    usual = await keyword.evaluate("word => getComputedStyle(word).color")
    await settings(ann)
    warning = ann.page.get_by_role("status").filter(has_text="Hard to read")

    await ann.page.get_by_label("Keywords").fill("#004400")
    await expect(keyword).to_have_css("color", "rgb(0, 68, 0)")
    await expect(warning).to_have_count(0)
    await ann.page.get_by_label("Keywords").fill("#ddeedd")
    await expect(warning).to_have_text("Hard to read here: keywords.")

    await choose(ann, "Theme", "Dark")
    await expect(keyword).to_have_css("color", "rgb(255, 162, 115)")
    await choose(ann, "Theme", "Light")
    await expect(keyword).to_have_css("color", "rgb(221, 238, 221)")
    await ann.button(re.compile("^Use the theme.s colours$")).click()
    await expect(keyword).to_have_css("color", usual)


async def test_everything_is_reset_at_once(newcomer: Newcomer, shared_server: Server) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, CODE).url)
    await settings(ann)
    await choose(ann, "Theme", "Dark")
    await choose(ann, "Suggestions", "Off")
    await ann.button("Reset everything").click()

    await expect(ann.page.locator("html")).to_have_attribute("data-theme", "light")
    assert await ann.page.evaluate("localStorage.getItem('collab.settings')") is None


@pytest.mark.parametrize(
    "kept", ["{", "[]", "null", '{"theme":7,"fontSize":"big","colours":[1],"keymap":"ed"}']
)
async def test_garbage_in_the_storage_breaks_nothing(
    newcomer: Newcomer, shared_server: Server, kept: str
) -> None:
    ann = await newcomer()
    script = f"localStorage.setItem('collab.settings', {json.dumps(kept)})"
    await ann.context.add_init_script(script)
    await ann.enter(Room(shared_server, CODE).url)
    await expect(ann.page.locator("html")).to_have_attribute("data-theme", "light")
    await expect(ann.page.locator(".cm-scroller")).to_have_css("font-size", "13px")


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing_in_the_high_contrast_theme(
    newcomer: Newcomer, shared_server: Server, screen: dict[str, object]
) -> None:
    ann = await newcomer(**screen, reduced_motion="reduce")
    await ann.context.add_init_script(
        "localStorage.setItem('collab.settings', JSON.stringify({ theme: 'contrast' }))"
    )
    await ann.page.goto(Room(shared_server, CODE).url)
    await ann.settles()
    await ann.editor.click()
    await expect(ann.editor.locator("span").first).to_be_visible()
    assert await axe.violations(ann.page) == []
    await settings(ann)
    assert await axe.violations(ann.page) == []


async def test_choices_on_a_line_of_their_own_fill_it_on_a_phone(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(**PHONE)
    await ann.page.goto(Room(shared_server, CODE).url)
    await ann.settles()
    await settings(ann)
    theme = ann.page.get_by_role("group", name="Theme", exact=True)

    row = await theme.bounding_box()
    choices = await theme.locator(".segments").bounding_box()

    assert row
    assert choices
    assert choices["y"] > row["y"]
    assert (choices["x"], choices["width"]) == (row["x"], row["width"])


async def settings(person: Person) -> None:
    await person.press("Control+,")
    await expect(person.page.get_by_role("dialog", name="Settings")).to_be_visible()


async def choose(person: Person, setting: str, option: str) -> None:
    """In the settings. The radio itself is hidden under its words."""
    await radio(person, setting, option).check(force=True)


def radio(person: Person, setting: str, option: str) -> Locator:
    group = person.page.get_by_role("group", name=setting, exact=True)
    return group.get_by_role("radio", name=re.compile(f"^{option}$"))


async def with_keymap(person: Person, keymap: str) -> None:
    """Choose a keymap, and wait until keys go to it."""
    await settings(person)
    await choose(person, "Key bindings", keymap)
    await person.press("Escape")
    await expect(person.editor).to_be_focused()
    here = {"Vim": ".cm-vim-panel", "Emacs": ".cm-emacsMode"}[keymap]
    await expect(person.page.locator(here)).to_be_attached()
