"""Editing code in ways other than typing."""

import json
import re

import pytest
from playwright.async_api import expect

from collab.pages.files import STATIC
from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room, two
from tests.support.server import Server


async def test_find_and_replace_with_the_keyboard_alone(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "red green red\nred")
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.press("Control+h")
    await expect(ann.page.get_by_placeholder("Find")).to_be_focused()
    await ann.type("red")
    await ann.press("Control+h")
    await expect(ann.page.get_by_placeholder("Replace with")).to_be_focused()
    await ann.type("blue")
    await ann.button("Replace all").press("Enter")
    await ann.sees("blue green blue\nblue")
    await ann.press("Escape")

    await expect(ann.editor).to_be_focused()
    assert await room.agree(ann) == "blue green blue\nblue"


async def test_how_much_is_found_is_said_and_which_of_it_is_selected(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "red green Red\nredo").url)
    await ann.press("Control+Home", "Control+f")
    found = ann.page.get_by_role("search").get_by_role("status")
    await ann.type("re")
    await expect(found).to_have_text("1 of 4")
    await ann.type("d")
    await expect(found).to_have_text("1 of 3")
    await ann.press("Enter")
    await expect(found).to_have_text("2 of 3")
    await bo.press("Control+Home")
    await bo.type("red ")
    await expect(found).to_have_text("3 of 4")
    await ann.button("Match case").click()
    await expect(found).to_have_text("3 of 3")
    await ann.button("Whole words").click()
    await ann.button("Next match").click()
    await expect(found).to_have_text(re.compile("^[12] of 2$"))
    await ann.page.get_by_placeholder("Find").fill("blue")
    await expect(found).to_have_text("No matches")


async def test_every_occurrence_is_selected_one_by_one_and_typed_over_at_once(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "a.b(a)")
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.press("Control+Home", "Control+d", "Control+d")
    await expect(ann.page.get_by_text("(2 selected)")).to_be_visible()
    await ann.type("long")
    assert await room.agree(ann) == "long.b(long)"


async def test_comments_and_indentation_go_by_the_language(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "if x:\n  y")
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.press("Control+a", "Control+/")
    await ann.sees("# if x:\n#   y")
    await ann.press("Control+/", "Control+]")
    await ann.sees("    if x:\n      y")
    await ann.press("Control+[")
    assert await room.agree(ann) == "if x:\n  y"


async def test_a_language_that_cannot_be_fetched_has_comments_at_once_and_colours_when_it_can(
    newcomer: Newcomer, shared_server: Server
) -> None:
    manifest = json.loads((STATIC / ".vite/manifest.json").read_text("utf-8"))
    python = f"**/{manifest['node_modules/@codemirror/lang-python/dist/index.js']['file']}"
    room = Room(shared_server, "if x:\n  y")
    ann = await newcomer()
    ann.excuses = NETWORK
    await ann.page.route(python, lambda route: route.abort())
    async with ann.page.expect_event("requestfailed"):
        await ann.enter(room.url)

    await ann.press("Control+a", "Control+/")
    assert await room.agree(ann) == "# if x:\n#   y"

    await ann.page.unroute(python)
    await ann.press("Control+/")
    await coloured(ann)


async def test_a_block_folds_and_unfolds_and_the_text_is_as_it_was(
    newcomer: Newcomer, shared_server: Server
) -> None:
    text = "def f():\n    return 1\n\nx = 2"
    room = Room(shared_server, text)
    ann = await newcomer()
    await ann.enter(room.url)
    await coloured(ann)
    await ann.press("Control+Home", "Control+Shift+BracketLeft")
    await ann.sees("def f():…\n\nx = 2")
    await ann.press("Control+Shift+BracketRight")
    await ann.sees(text)
    assert room.text == text


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("Python", "def f( a ):\n  return {'🪐':a}", 'def f(a):\n    return {"🪐": a}\n'),
        ("JavaScript", "const a=[1,2]", "const a = [1, 2];\n"),
        ("TypeScript", "let a:number=1", "let a: number = 1;\n"),
    ],
)
async def test_a_file_is_formatted_and_the_others_see_it(
    newcomer: Newcomer, shared_server: Server, language: str, before: str, after: str
) -> None:
    room = Room(shared_server, before)
    ann, bo = await two(newcomer, room.url)
    await ann.choose_language(language)
    await ann.editor.focus()
    await ann.press("Alt+Shift+f")
    await bo.sees(after)
    assert await room.agree(ann, bo) == after


@pytest.mark.parametrize(
    ("language", "text", "place"),
    [("Python", "x = 1\ny = = 2", "2:5"), ("JavaScript", "const = 1", "1:7")],
)
async def test_what_cannot_be_formatted_is_said_with_its_place(
    newcomer: Newcomer, shared_server: Server, language: str, text: str, place: str
) -> None:
    room = Room(shared_server, text)
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.choose_language(language)
    await ann.editor.focus()
    await ann.press("Alt+Shift+f")
    notices = ann.page.get_by_label("Notices")
    words = rf"^The file could not be formatted: .*\({place}\)$"
    await expect(notices.get_by_text(re.compile(words))).to_be_visible()
    assert await room.agree(ann) == text


async def test_a_formatter_that_cannot_be_fetched_is_said_to_be_and_can_be_tried_again(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "x=1\n")
    ann = await newcomer()
    ann.excuses = NETWORK
    await ann.enter(room.url)
    await ann.page.route("**/*.wasm", lambda route: route.abort())
    await ann.press("Alt+Shift+f")
    notices = ann.page.get_by_label("Notices")
    await expect(notices.get_by_text("The formatter could not be loaded.")).to_be_visible()

    await ann.page.unroute("**/*.wasm")
    await ann.press("Alt+Shift+f")
    await ann.sees("x = 1\n")


async def coloured(person: Person) -> None:
    """The language is there."""
    await expect(person.editor.locator("span").first).to_be_attached()


async def test_what_no_key_writes_over_several_lines_is_one_edit_that_breaks_no_policy(
    newcomer: Newcomer, shared_server: Server
) -> None:
    """As an input method or dictation writes. A browser by itself would add style attributes."""
    room = Room(shared_server, "def one():\n    return 1\nclass Two:\n    pass\nend")
    ann = await newcomer()
    await ann.enter(room.url)
    await expect(ann.editor.locator("span").first).to_be_visible()  # highlighted
    await ann.press("Control+Home", "ArrowRight", *["Shift+ArrowDown"] * 3)

    await ann.page.keyboard.insert_text("\N{LATIN SMALL LETTER U WITH DIAERESIS}!")

    assert await room.agree(ann) == "d\N{LATIN SMALL LETTER U WITH DIAERESIS}!   pass\nend"
    await ann.type("x")
    await ann.press("Control+z", "Control+z")
    assert await room.agree(ann) == "def one():\n    return 1\nclass Two:\n    pass\nend"
