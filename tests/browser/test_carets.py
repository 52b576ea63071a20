"""The carets, flags and selections of the others, and one's own."""

from playwright.async_api import expect

from tests.browser.carets import sees_caret, sees_covered
from tests.browser.conftest import Newcomer
from tests.browser.person import box_of
from tests.browser.room import Room, two
from tests.support.server import Server


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
    box = await box_of(flag)
    second = await box_of(ann.page.locator(".cm-line").nth(1))
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
    box, own = await box_of(flag), await box_of(lines.nth(1))
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
    caret = await box_of(ann.page.locator(".cm-peerCaret"))
    # Bo's caret comes to stand 20 px left of the edge.
    await ann.page.set_viewport_size({"width": 1280, "height": 800})
    scroller = ann.page.locator(".cm-scroller")
    box = await box_of(scroller)
    away = box["x"] + box["width"] - 20 - caret["x"]
    await scroller.evaluate(
        """(scroller, away) => {
          scroller.querySelector(".cm-content").style.paddingLeft = `${away + 300}px`;
          scroller.scrollLeft = 300;
        }""",
        away,
    )
    await expect(ann.page.locator(".cm-peerCaret.cm-peerLeft")).to_be_visible()
    shown = await box_of(flag)
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
        box = await box_of(flag)
        heights.append(box["height"])
    assert heights[1] > 1.8 * heights[0]
