"""Seeing who is here, seeing where they are, and following them."""

from __future__ import annotations

import json
import re
from contextlib import AsyncExitStack

from playwright.async_api import Locator, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person, box_of
from tests.browser.room import Room, two
from tests.support.server import Server
from tests.support.sockets import ot_socket

LINES = "".join(f"line {n}\n" for n in range(1, 301))
_LISTEN = """() => {
  window.said = [];
  new MutationObserver(changes => changes.forEach(({ target }) => {
    const element = target.nodeType === 1 ? target : target.parentElement;
    const status = element?.closest('[role=status]');
    if (status?.textContent) said.push(status.textContent);
  })).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
_SCROLLED = "() => document.querySelector('.cm-scroller').scrollTop"


async def test_a_second_click_on_an_avatar_follows_and_escape_stops(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, LINES).url)
    await ann.press("Control+End")
    name = await ann.name()

    await bo.button(f"{name}: go to line 301").click()
    await bo.button(f"{name}: follow").click()
    await expect(following(bo)).to_have_text(re.compile(f"^Following {name}"))
    await ann.press("Control+Home")
    await ann.type("up here ")
    await bo.sees_in_text("up here line 1")
    await ann.press("Control+End")
    await ann.type("down here")
    await bo.sees_in_text("down here")

    await bo.press("Escape")
    await expect(following(bo)).to_have_text("")
    there = await bo.page.evaluate(_SCROLLED)
    await ann.press("Control+Home")
    await ann.type("gone")
    await expect(bo.button(f"{name}: go to line 1")).to_be_visible()
    assert await bo.page.evaluate(_SCROLLED) == there


async def test_typing_and_scrolling_oneself_stops_following(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, LINES).url)
    await ann.press("Control+Home")
    name = await ann.name()
    await expect(bo.button(f"{name}: go to line 1")).to_be_visible()
    await bo.button("People panel").click()

    await bo.button(f"Follow {name}").click()
    await expect(bo.button(f"Following {name}")).to_have_attribute("aria-pressed", "true")
    await bo.editor.focus()
    await bo.type("x")
    await expect(following(bo)).to_have_text("")
    await bo.button(f"Follow {name}").click()
    await expect(following(bo)).not_to_have_text("")
    await bo.editor.hover()
    await bo.page.mouse.wheel(0, 200)
    await expect(following(bo)).to_have_text("")


async def test_who_is_followed_and_loads_the_page_again_is_followed_still(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, LINES)
    ann, bo = await newcomer(), await newcomer()
    await bo.page.clock.install()
    name = await is_followed(ann, bo, room)
    # However long a busy machine takes, for them it is a moment.
    await bo.page.clock.pause_at(await bo.page.evaluate("Date.now() / 1000 + 1"))

    await ann.page.goto("about:blank")
    await expect(following(bo)).to_have_text(re.compile(f"^Following {name} · away"))
    await ann.enter(room.url)
    await bo.page.clock.resume()

    await expect(following(bo)).to_have_text(re.compile(f"^Following {name}(?! · away)"))
    await ann.press("Control+End")
    await ann.type("back again")
    await bo.sees_in_text("back again")


async def test_who_is_followed_and_stays_away_is_followed_no_more_which_is_said(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await newcomer(), await newcomer()
    await bo.page.clock.install()
    name = await is_followed(ann, bo, Room(shared_server, LINES))

    await ann.page.goto("about:blank")
    await expect(following(bo)).to_have_text(re.compile("away"))
    await bo.page.clock.fast_forward(10_000)

    await expect(following(bo)).to_have_text("")
    words = f"{name} has left. You no longer follow them."
    await expect(bo.page.get_by_role("status", name="Notices")).to_contain_text(words)


async def is_followed(ann: Person, bo: Person, room: Room) -> str:
    """Both enter, and Bo follows Ann, whose name is given back."""
    await ann.enter(room.url)
    await bo.enter(room.url)
    await ann.press("Control+Home")
    name = await ann.name()
    await bo.button(f"{name}: go to line 1").click()
    await bo.button(f"{name}: follow").click()
    await expect(following(bo)).not_to_have_text("")
    return name


async def test_the_panel_says_where_each_is_and_who_types_and_who_is_idle(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, LINES)
    ann, bo = await newcomer(), await newcomer()
    await bo.page.clock.install()
    await ann.enter(room.url)
    await bo.enter(room.url)
    await bo.button("1 person").or_(bo.button("2 people")).click()
    name = await ann.name()

    await ann.press("ArrowDown", "ArrowDown")
    await expect(entry(bo, name)).to_contain_text("Line 3")
    await ann.type("x")
    await expect(entry(bo, name)).to_contain_text("Line 3 · typing…")
    await expect(avatar(bo, name)).to_have_attribute("data-doing", "typing")
    await bo.page.clock.fast_forward(10_000)
    await expect(entry(bo, name)).not_to_contain_text("typing")
    await bo.page.clock.fast_forward(6 * 60_000)
    await expect(entry(bo, name)).to_contain_text("Line 3 · idle for 6 min")
    await expect(avatar(bo, name)).to_have_attribute("data-doing", "idle")
    await ann.press("ArrowDown")
    await expect(entry(bo, name)).not_to_contain_text("idle")
    await expect(entry(bo, name)).to_contain_text("Line 4")


async def test_five_are_shown_and_the_rest_are_counted(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "")
    async with AsyncExitStack() as here:
        for name in ("Bo", "Cy", "Di", "Ed", "Flo", "Gil"):
            url = room.url.replace("http", "ws", 1).replace("/r/", "/ws/")
            await (await here.enter_async_context(ot_socket(url))).join(name)
        ann = await newcomer()
        await ann.enter(room.url)
        avatars = ann.page.get_by_role("list", name="People here").get_by_role("listitem")
        await expect(avatars).to_have_count(6)
        await ann.button("2 more").click()
        panel = ann.page.get_by_role("complementary", name="People")
        await expect(panel.get_by_role("listitem")).to_have_count(7)
        await expect(panel.get_by_text("Gil")).to_be_visible()
    await expect(avatars).to_have_count(1)


async def test_joins_and_leaves_are_announced_and_no_keystroke_is(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    # Every text that a screen reader is given from now on.
    await ann.page.evaluate(_LISTEN)
    bo = await newcomer()
    await bo.enter(room.url)
    name = await bo.name()
    await expect(ann.page.get_by_text(f"{name} joined.")).to_be_attached()
    await bo.type("a word or two")
    await room.agree(ann, bo)
    await bo.page.goto("about:blank")
    await expect(ann.page.get_by_text(f"{name} left.")).to_be_attached()

    assert await ann.page.evaluate("said") == [f"{name} joined.", f"{name} left."]


async def test_where_is_everyone_is_told_and_shown(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann, bo = await two(newcomer, Room(shared_server, LINES).url)
    name = await ann.name()
    await ann.press("ArrowDown")
    await expect(bo.button(f"{name}: go to line 2")).to_be_visible()

    await bo.press("Control+k")
    await expect(bo.page.get_by_role("combobox", name="Search actions")).to_be_focused()
    await bo.type("where is")
    await bo.press("Enter")

    await expect(
        bo.page.get_by_role("status").filter(has_text=f"{name} is on line 2.")
    ).to_have_count(1)
    await expect(entry(bo, name)).to_contain_text("Line 2")
    await expect(bo.editor).to_be_focused()


async def test_the_panel_is_as_wide_as_one_makes_it_and_stays_so(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    await ann.enter(Room(shared_server, "").url)
    await ann.button("People panel").click()
    handle = ann.page.get_by_role("separator", name="Width of the panel")
    panel = ann.page.get_by_role("complementary", name="People")
    width = (await box_of(panel))["width"]

    await handle.focus()
    await ann.press("ArrowLeft", "ArrowLeft")
    assert (await box_of(panel))["width"] == width + 32
    edge = await box_of(handle)
    await ann.page.mouse.move(edge["x"] + 2, 400)
    await ann.page.mouse.down()
    await ann.page.mouse.move(edge["x"] + 2 - 70, 410, steps=4)
    await ann.page.mouse.up()
    assert (await box_of(panel))["width"] == width + 102
    await ann.reload()
    assert (await box_of(panel))["width"] == width + 102
    await expect(panel.get_by_role("heading", name="People")).to_be_visible()


def following(person: Person) -> Locator:
    return person.page.locator(".follow")


def entry(person: Person, name: str) -> Locator:
    """Somebody's line in the panel."""
    panel = person.page.get_by_role("complementary", name="People")
    return panel.get_by_role("listitem").filter(has_text=name)


def avatar(person: Person, name: str) -> Locator:
    return person.button(re.compile(f"^{name}: ")).locator(".avatar")


async def test_people_whom_chance_gave_one_colour_have_two_and_who_chose_keeps_theirs(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "x")
    people = []
    for number in range(3):
        person = await newcomer()
        identity = {"person": f"{number:032x}", "name": f"Nr {number}", "colour": 2}
        await person.context.add_init_script(
            f"localStorage['collab.identity'] ??= JSON.stringify({json.dumps(identity)})"
        )
        await person.enter(room.url)
        people.append(person)
    ann = people[0]
    avatars = ann.page.locator("header .avatar")
    for avatar, colour in zip(await avatars.all(), (2, 3, 4), strict=True):
        await expect(avatar).to_have_attribute("style", re.compile(rf"--person-{colour}\b"))

    bo = people[1]
    await bo.introduces("Bo", colour="Purple")
    await bo.reload()

    await expect(bo.page.locator("header .avatar").first).to_have_attribute(
        "style", re.compile(r"--person-2\b")
    )
