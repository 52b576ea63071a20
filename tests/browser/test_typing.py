"""Two people in a room, with nothing in their way."""

import asyncio
import re

from playwright.async_api import expect

from tests.browser.carets import sees_caret, sees_covered
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room, two
from tests.support.server import Server

TRIP = "🧭 to 東京 🚀"


async def test_two_who_type_at_one_place_at_once_see_the_same_and_both_runs_whole(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "[]")
    ann, bo = await two(newcomer, room.url)
    for person in (ann, bo):
        await person.press("Control+Home", "ArrowRight")
    hers, his = "abcdefghijklmnopqrstuvwxyz" * 2, "0123456789" * 5

    await asyncio.gather(ann.type(hers, delay=4), bo.type(his, delay=4))

    text = await room.agree(ann, bo)
    assert text in (f"[{hers}{his}]", f"[{his}{hers}]")


async def test_two_who_type_and_delete_in_one_line_at_once_end_equal(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one two three four five six")
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+Home")
    await bo.press("Control+End")

    async def to_the_right() -> None:
        for _ in range(6):
            await ann.type("<>")
            await ann.press("ArrowRight", "ArrowRight", "Delete")

    async def to_the_left() -> None:
        for _ in range(6):
            await bo.type("+")
            await bo.press("ArrowLeft", "ArrowLeft", "Backspace")

    await asyncio.gather(to_the_right(), to_the_left())

    await room.agree(ann, bo)


async def test_emoji_stay_whole_whoever_types_around_them(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "🪐🪐")
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+Home", "ArrowRight")
    await bo.press("Control+End")

    await asyncio.gather(ann.type(TRIP, delay=4), bo.type("🎈 end", delay=4))

    assert await room.agree(ann, bo) == f"🪐{TRIP}🪐🎈 end"


async def test_a_caret_is_where_its_person_is_and_says_who(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "first\n🪐 second line").url)
    await ann.press("Control+End", *["ArrowLeft"] * 5)

    await sees_caret(bo, await ann.name(), line=1, column=len("🪐 second".encode("utf-16-le")) // 2)
    await bo.press("Control+Home", "ArrowRight")
    await sees_caret(ann, await bo.name(), line=0, column=1)


async def test_a_caret_follows_what_its_person_types_and_what_others_type_before_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "😀 tail").url)
    await ann.press("Control+End")
    await ann.type("s 🙂")
    await bo.press("Control+Home")
    await bo.type("🎈🎈")

    await ann.sees("🎈🎈😀 tails 🙂")
    await sees_caret(bo, await ann.name(), line=0, column=15)
    await sees_caret(ann, await bo.name(), line=0, column=4)


async def test_a_selection_of_another_covers_what_is_selected(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "🪐 pick this word").url)
    await ann.press("Control+End", "Control+Shift+ArrowLeft")

    await sees_covered(bo, line=0, columns=(13, 17))
    await ann.press("ArrowRight")
    await expect(bo.page.locator(".cm-peerSelection")).to_have_count(0)


async def test_an_avatar_is_the_way_to_its_persons_caret(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "top\n" * 300).url)
    await ann.press("Control+End")
    await ann.type("down here")

    name = await ann.name()
    await bo.button(f"{name}: go to line 301").click()

    await bo.sees_in_text("down here")
    await expect(bo.page.locator(".cm-peerFlag", has_text=name)).to_be_in_viewport()


async def test_the_count_of_people_is_live(newcomer: Newcomer, shared_server: Server) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    await expect(ann.button("1 person")).to_be_visible()
    bo = await newcomer()
    await bo.enter(room.url)
    await expect(ann.button("2 people")).to_be_visible()
    await expect(bo.button("2 people")).to_be_visible()

    await bo.page.get_by_role("link", name="Leave").click()

    await expect(ann.button("1 person")).to_be_visible()


async def test_two_tabs_of_one_person_count_once(newcomer: Newcomer, shared_server: Server) -> None:
    room = Room(shared_server, "")
    ann, bo = await newcomer(), await newcomer()
    await ann.enter(room.url)
    await bo.enter(room.url)
    second = Person(bo.context, await bo.context.new_page())
    await second.enter(room.url)
    await second.type("from the second tab")

    await ann.sees("from the second tab")
    for person in (ann, bo, second):
        await expect(person.button("2 people")).to_be_visible()
        await expect(person.button(re.compile(r"\(you\)"))).to_be_visible()
    assert second.complaints == []


async def test_a_name_and_a_colour_reach_the_others_and_are_kept(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "x")
    ann, bo = await two(newcomer, room.url)

    await bo.press("End")
    await bo.introduces("Bo the Bold", colour="Pink")

    avatar = ann.button(re.compile("^Bo the Bold:"))
    pink = "var(--person-4)"
    await expect(avatar.locator(".avatar")).to_have_attribute("style", re.compile(re.escape(pink)))
    await expect(ann.page.locator(".cm-peer-4 .cm-peerFlag")).to_have_text("Bo the Bold")

    await bo.reload()
    await expect(bo.button(re.compile(r"^Bo the Bold \(you\)"))).to_be_visible()
    await bo.type("y")
    await expect(ann.page.locator(".cm-peer-4 .cm-peerFlag")).to_have_text("Bo the Bold")


async def test_a_guest_has_a_friendly_name_and_cannot_have_an_empty_one(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    await ann.button(re.compile(r"^[A-Z][a-z]+ [A-Z][a-z]+ \(you\)")).click()
    await ann.page.get_by_label("Name", exact=True).fill("  ")
    await ann.button("Save").click()

    await expect(ann.page.get_by_role("alert")).to_have_text("A name needs at least one letter.")
    await expect(ann.page.get_by_role("dialog")).to_be_visible()


async def test_undo_takes_back_only_ones_own_typing_and_redo_brings_it_again(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "-")
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+End")
    await ann.page.keyboard.insert_text("hers")  # one step, however long a busy machine takes
    await bo.sees("-hers")
    await bo.press("Control+Home")
    await bo.type("his 🎈")
    await bo.press("ArrowRight", "ArrowRight", "ArrowRight")
    await bo.type("!")
    await ann.sees("his 🎈-he!rs")

    await ann.press("Control+z")
    await bo.sees("his 🎈-!")
    await ann.press("Control+z")
    await room.agree(ann, bo)
    assert room.text == "his 🎈-!"

    await ann.press("Control+y")
    await bo.sees("his 🎈-he!rs")
    await room.agree(ann, bo)


async def test_a_change_of_language_reaches_everybody_and_says_who_made_it(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "interface A {}")
    ann, bo = await two(newcomer, room.url)
    await expect(bo.editor).to_have_attribute("data-language", "python")

    await ann.language.select_option("TypeScript")

    await expect(bo.page.get_by_label("Notices")).to_have_text(
        f"{await ann.name()} changed the language to TypeScript"
    )
    await expect(bo.language).to_have_value("typescript")
    await expect(bo.editor).to_have_attribute("data-language", "typescript")
    await expect(ann.editor).to_have_attribute("data-language", "typescript")
    await expect(ann.page.get_by_label("Notices")).to_have_text("")
    for person in (ann, bo):  # a name is what people called it
        await expect(person.page).to_have_title(re.compile(r"^main\.py "))
        await expect(person.editor).to_have_accessible_name(re.compile(r"^Text of main\.py\."))
    await bo.reload()
    await expect(bo.language).to_have_value("typescript")
    await expect(bo.page).to_have_title(re.compile(r"^main\.py "))


async def test_who_has_not_clicked_or_typed_has_no_caret(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "first\nsecond")
    ann, bo = await two(newcomer, room.url)
    await bo.press("End")
    await sees_caret(ann, await bo.name(), line=0, column=5)
    assert await bo.page.locator(".cm-peerCaret").count() == 0


async def test_a_flag_covers_no_line_that_is_typed_into(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "first\nsecond\nthird")
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+End")
    await bo.press("End")
    await sees_caret(ann, await bo.name(), line=0, column=5)
    flag = ann.page.locator(".cm-peerFlag")
    box, second = (
        await flag.bounding_box(),
        await ann.page.locator(".cm-line").nth(1).bounding_box(),
    )
    assert box
    assert second
    assert box["y"] + box["height"] <= second["y"] + 1
    await expect(flag).to_have_css("filter", "none")
    # Ann types where Bo's flag is.
    await ann.press("Control+Home")
    await expect(flag).to_have_css("filter", "opacity(0.25)")


async def test_a_flag_covers_no_letters_of_the_line_above_where_there_is_room_after_its_own(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "}\nsecond\n\nfourth\nfifth")
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+End")
    name = await bo.name()
    flag = ann.page.locator(".cm-peerFlag")
    lines = ann.page.locator(".cm-line")

    await bo.press("Control+Home", "ArrowDown", "ArrowRight")
    await sees_caret(ann, name, line=1, column=1)
    # Right of the one letter above, there is room over the caret.
    await expect(ann.page.locator(".cm-peerAfter")).to_have_count(0)
    await bo.press("Home")
    await sees_caret(ann, name, line=1, column=0)
    box, own = await flag.bounding_box(), await lines.nth(1).bounding_box()
    assert box
    assert own
    assert box["y"] >= own["y"] - 1
    word = await lines.nth(1).evaluate(
        """line => {
          const range = document.createRange();
          range.selectNodeContents(line);
          return range.getBoundingClientRect().right;
        }"""
    )
    assert box["x"] >= word
    # Over an empty line it covers nothing.
    await bo.press("ArrowDown", "ArrowDown")
    await sees_caret(ann, name, line=3, column=0)
    await expect(ann.page.locator(".cm-peerAfter")).to_have_count(0)


async def test_of_carets_in_one_place_one_flag_is_shown_which_counts_the_others(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "first\nsecond\nthird")
    ann, bo = await two(newcomer, room.url)
    cy = await newcomer()
    await cy.enter(room.url)
    await ann.press("Control+End")
    await bo.press("End")
    await sees_caret(ann, await bo.name(), line=0, column=5)
    await cy.press("End")
    await sees_caret(ann, await cy.name(), line=0, column=5)
    under = ann.page.locator(".cm-peerUnder .cm-peerFlag")
    await expect(under).to_have_text(await bo.name())
    await expect(under).to_be_hidden()
    await expect(ann.page.locator(".cm-peerFlag[data-under='+1']")).to_have_text(await cy.name())


async def test_who_reloads_the_page_has_a_caret_again_where_it_was(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "first\nsecond").url)
    await bo.press("Control+End")
    await sees_caret(ann, await bo.name(), line=1, column=6)
    await bo.reload()
    await sees_caret(ann, await bo.name(), line=1, column=6)


async def test_flags_stay_in_view_at_the_right_edge_also_when_the_text_is_scrolled_sideways(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, f"{'x' * 300}\n" * 5).url)
    await bo.press("Control+Home", "ArrowDown", "ArrowDown", *["ArrowRight"] * 60)
    name = await bo.name()
    await sees_caret(ann, name, line=2, column=60)
    flag = ann.page.locator(".cm-peerFlag")
    caret = await ann.page.locator(".cm-peerCaret").bounding_box()
    assert caret
    # Bo's caret comes to stand 20 px left of the edge.
    await ann.page.set_viewport_size({"width": 1280, "height": 800})
    scroller = ann.page.locator(".cm-scroller")
    box = await scroller.bounding_box()
    assert box
    away = box["x"] + box["width"] - 20 - caret["x"]
    await scroller.evaluate(
        """(scroller, away) => {
          scroller.querySelector(".cm-content").style.paddingLeft = `${away + 300}px`;
          scroller.scrollLeft = 300;
        }""",
        away,
    )
    await expect(ann.page.locator(".cm-peerCaret.cm-peerLeft")).to_be_visible()
    shown = await flag.bounding_box()
    assert shown
    assert shown["x"] + shown["width"] <= box["x"] + box["width"]
    await scroller.evaluate("scroller => { scroller.scrollLeft += 300; }")
    await expect(ann.page.locator(".cm-peerCaret:not(.cm-peerLeft)")).to_be_visible()


async def test_the_own_caret_has_the_own_colour(newcomer: Newcomer, shared_server: Server) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "text").url)
    await ann.introduces(await ann.name(), colour="Pink")
    await ann.press("End")
    colours: list[str] = await ann.page.evaluate(
        """() => {
          const probe = document.createElement("i");
          document.querySelector(".editor").append(probe);
          probe.style.color = "var(--own)";
          const drawn = document.querySelector(".cm-cursor-primary");
          const own = getComputedStyle(probe).color;
          probe.style.color = "var(--accent)";
          return [getComputedStyle(drawn).borderLeftColor, own, getComputedStyle(probe).color];
        }"""
    )
    drawn, own, accent = colours
    assert drawn == own
    assert drawn != accent


async def test_carets_and_dots_are_seen_in_the_colours_of_the_system(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "first\nsecond").url)
    await ann.page.emulate_media(forced_colors="active")
    await ann.press("Control+End")
    await bo.press("End")
    await bo.type("!")
    await sees_caret(ann, await bo.name(), line=0, column=6)
    for drawn, part in (
        (".cm-peerCaret", "background-color"),
        (".cm-cursor-primary", "border-left-color"),
        (".avatar", "border-top-color"),
    ):
        colours = await ann.page.locator(drawn).first.evaluate(
            """(drawn, part) => [
              getComputedStyle(drawn).getPropertyValue(part),
              getComputedStyle(document.querySelector(".cm-content")).backgroundColor,
              getComputedStyle(document.body).backgroundColor,
            ]""",
            part,
        )
        assert colours[0] not in colours[1:], drawn
        assert colours[0] != "rgba(0, 0, 0, 0)", drawn


async def test_flags_and_carets_are_as_large_as_the_code(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, "first\nsecond\nthird").url)
    await bo.press("Control+End")
    await sees_caret(ann, await bo.name(), line=2, column=5)
    caret, flag = ann.page.locator(".cm-peerCaret"), ann.page.locator(".cm-peerFlag")
    editor = ann.page.locator(".cm-editor")
    heights: list[float] = []
    for size in (10, 28):
        await editor.evaluate(
            "(editor, size) => { editor.style.setProperty('--code-size', `${size}px`); }", size
        )
        await expect(flag).to_have_css("font-size", f"{max(10, size * 0.78):g}px")
        width = float((await caret.evaluate("caret => getComputedStyle(caret).width"))[:-2])
        assert abs(width - max(2, size * 0.11)) < 0.1
        box = await flag.bounding_box()
        assert box
        heights.append(box["height"])
    assert heights[1] > 1.8 * heights[0]
