"""Every screen, size and theme: a picture of it in test-results/, and nothing out of place."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.chromium import ELSEWHERE
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.support.server import Server

PICTURES = Path(__file__).parents[2] / "test-results" / "looks"
CODE = '''"""Two-body gravity, drawn as you type. 🪐"""
from dataclasses import dataclass
from orbit.vector import Vec, dot
G = 6.674e-11  # gravitational constant

@dataclass
class Body:
    name: str
    mass: float
    at: Vec
    speed: Vec

    def pull(self, other: "Body") -> Vec:
        gap = other.at - self.at
        return gap.unit() * (G * other.mass / dot(gap, gap))

def step(bodies: list[Body], dt: float) -> None:
    pulls = {b.name: sum_pull(b, bodies) for b in bodies}
    for b in bodies:
        b.speed += pulls[b.name] * dt
'''
SCREENS: dict[str, dict[str, object]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "narrow": {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True},
}
BEYOND = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  const dialog = document.querySelector('dialog[open]');
  const inside = dialog ? dialog.scrollWidth - dialog.clientWidth : 0;
  return Math.max(wide, inside);
}"""
# What has moved that nobody had touched, as browsers measure it.
_NOTE_SHIFTS = """
window.shifted = [];
new PerformanceObserver(list => {
  for (const { hadRecentInput, sources } of list.getEntries()) {
    if (!hadRecentInput) shifted.push(...sources.map(({ node }) => node?.className ?? node));
  }
}).observe({ type: 'layout-shift', buffered: true });
"""

_FRAME = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
"""Resolves after a frame has been drawn, and observers have been told of it."""

View = Callable[[Person, Server], Awaitable[None]]


async def landing(ann: Person, server: Server) -> None:
    await ann.page.goto(server.url)
    await expect(ann.button("Create a room")).to_be_visible()


async def missing(ann: Person, server: Server) -> None:
    await ann.page.goto(f"{server.url}/r/none")
    await expect(ann.page.get_by_role("heading", name="Room not found")).to_be_visible()


async def room(ann: Person, server: Server, *, host: str = "127.0.0.1") -> None:
    await ann.page.goto(Room(server, CODE).url.replace("127.0.0.1", host))
    await ann.settles()
    await expect(ann.editor.locator("span").first).to_be_visible()  # highlighted


async def find(ann: Person, server: Server) -> None:
    await room(ann, server)
    await ann.editor.focus()
    if await ann.page.evaluate("matchMedia('(pointer: coarse)').matches"):
        await _makes_room_for_keys(ann)
    await ann.press("Control+f")
    await ann.type("body")
    await expect(ann.page.get_by_text("1 of 4")).to_be_visible()


async def people(ann: Person, server: Server) -> None:
    await room(ann, server)
    await ann.button(re.compile("^People(?: panel)?$")).locator("visible=true").click()
    await expect(ann.page.get_by_role("heading", name="People")).to_be_visible()


async def share(ann: Person, server: Server) -> None:
    # By the address of this machine alone there would be no code to scan.
    await room(ann, server, host=ELSEWHERE)
    await ann.button("Share").click()
    await expect(ann.page.get_by_role("heading", name="Share this room")).to_be_visible()
    await expect(ann.page.locator(".qr path")).to_have_attribute("d", re.compile("^M"))
    await expect(ann.page.get_by_label("Command that clones this room")).to_be_visible()


async def profile(ann: Person, server: Server) -> None:
    await people(ann, server)
    await (
        ann.page.get_by_role("complementary")
        .get_by_role("button", name="Change name or colour")
        .click()
    )
    await expect(ann.page.get_by_role("heading", name="You in this room")).to_be_visible()


async def more(ann: Person, server: Server) -> None:
    await room(ann, server)
    await ann.button("More").click()
    await expect(ann.page.get_by_role("heading", name="More")).to_be_visible()


async def typing(ann: Person, server: Server) -> None:
    await room(ann, server)
    await ann.page.locator(".cm-line").nth(6).tap(position={"x": 80, "y": 8})
    await _makes_room_for_keys(ann)


async def _makes_room_for_keys(ann: Person) -> None:
    """Wait for the row of keys, which may move things though no browser puts it down to input: not
    to the focus of a test, and not to a tap that was half a second ago."""
    await expect(ann.page.get_by_role("region", name="Keys")).to_be_visible()
    await ann.page.evaluate(_FRAME)
    await ann.page.evaluate("shifted.length = 0")


EVERYWHERE: list[View] = [landing, missing, room, find, people, share, profile]
ON_PHONES: list[View] = [more, typing]


@pytest.mark.parametrize("screen", SCREENS)
async def test_every_screen_fits_and_stays_where_it_is(
    newcomer: Newcomer, shared_server: Server, screen: str
) -> None:
    ann = await newcomer(**SCREENS[screen], reduced_motion="reduce")
    await ann.page.add_init_script(_NOTE_SHIFTS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for view in EVERYWHERE if screen == "desktop" else EVERYWHERE + ON_PHONES:
        await view(ann, shared_server)
        found = (await ann.page.evaluate(BEYOND), await ann.page.evaluate("shifted"))
        for theme in ("light", "dark"):
            await ann.page.emulate_media(color_scheme=theme)
            await expect(ann.page.locator("html")).to_have_attribute("data-theme", theme)
            await ann.page.screenshot(path=PICTURES / f"{screen}-{view.__name__}-{theme}.png")
        assert found == (0, []), view.__name__
        await ann.page.evaluate("localStorage.clear()")
