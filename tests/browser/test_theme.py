"""Light and dark, as the device has it or as a person chose."""

import asyncio
import re
from typing import Literal

import pytest
from playwright.async_api import Locator, Route, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.support.server import Server

SURFACE = {"light": "rgb(255, 254, 251)", "dark": "rgb(23, 26, 25)"}

# Notes each theme the page takes, and when; `first-paint` is a moment on the same clock.
_NOTE_THEMES = """
window.themes = [];
new MutationObserver(() =>
  window.themes.push([document.documentElement.dataset.theme, performance.now()])
).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-theme'] });
"""
_FIRST_PAINT = """() => new Promise(resolve => new PerformanceObserver(list => {
  const paint = list.getEntriesByName('first-paint')[0];
  if (paint) resolve(paint.startTime);
}).observe({ type: 'paint', buffered: true }))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_page_is_as_the_device_has_it(
    newcomer: Newcomer, shared_server: Server, scheme: Literal["light", "dark"]
) -> None:
    ann = await newcomer(color_scheme=scheme)
    await ann.enter(Room(shared_server, "").url)
    await expect(card(ann)).to_have_css("background-color", SURFACE[scheme])

    other: Literal["light", "dark"] = "light" if scheme == "dark" else "dark"
    await ann.page.emulate_media(color_scheme=other)
    await expect(card(ann)).to_have_css("background-color", SURFACE[other])


async def test_a_device_that_asks_for_more_contrast_has_the_high_contrast_theme_where_dark_is_meant(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(color_scheme="dark", contrast="more")
    await ann.context.add_init_script(_NOTE_THEMES)
    await ann.enter(Room(shared_server, "").url)
    root = ann.page.locator("html")
    await expect(root).to_have_attribute("data-theme", "contrast")
    noted = await ann.page.evaluate("window.themes.map(([theme]) => theme)")
    assert set(noted) == {"contrast"}, "another theme flashed"
    await ann.page.emulate_media(color_scheme="light")
    await expect(root).to_have_attribute("data-theme", "light")
    await ann.page.emulate_media(color_scheme="dark")
    await expect(root).to_have_attribute("data-theme", "contrast")
    await ann.page.emulate_media(contrast="no-preference")
    await expect(root).to_have_attribute("data-theme", "dark")


async def test_a_chosen_theme_is_kept_on_every_page(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(color_scheme="light")
    await ann.enter(Room(shared_server, "").url)
    await ann.button("Use the dark theme").click()

    await ann.reload()
    await expect(card(ann)).to_have_css("background-color", SURFACE["dark"])
    await ann.page.goto(shared_server.url)
    await expect(ann.button("Use the light theme")).to_be_visible()
    await expect(ann.page.locator(".preview")).to_have_css("background-color", SURFACE["dark"])


async def test_a_chosen_theme_is_there_before_the_first_paint_and_does_not_flash(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(color_scheme="light")
    await ann.enter(Room(shared_server, "").url)
    await ann.button("Use the dark theme").click()
    await ann.context.add_init_script(_NOTE_THEMES)
    painted = asyncio.Event()

    async def late(route: Route) -> None:
        await painted.wait()
        await route.continue_()

    # Over a slow line, the page is painted before its program is there.
    await ann.page.route("**/assets/*.js", late)
    await ann.page.reload(wait_until="commit")
    first_paint = await ann.page.evaluate(_FIRST_PAINT)
    painted.set()
    await ann.settles()

    themes = await ann.page.evaluate("themes")
    assert {theme for theme, _ in themes} == {"dark"}
    assert themes[0][1] < first_paint


async def test_the_theme_goes_round_and_back_to_that_of_the_device(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer(color_scheme="dark")
    await ann.enter(Room(shared_server, "").url)

    for name, seen in (("light", "light"), ("dark", "dark"), ("theme of this device", "dark")):
        await ann.button(re.compile(f"^Use the {name}")).click()
        await expect(card(ann)).to_have_css("background-color", SURFACE[seen])
    await ann.page.emulate_media(color_scheme="light")

    await expect(card(ann)).to_have_css("background-color", SURFACE["light"])


async def test_a_theme_chosen_in_one_tab_is_the_theme_of_the_others(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    second = Person(ann.context, await ann.context.new_page())
    await second.enter(room.url)

    await second.button("Use the dark theme").click()

    await expect(card(ann)).to_have_css("background-color", SURFACE["dark"])
    assert second.complaints == []


def card(person: Person) -> Locator:
    return person.page.locator(".editor-card")
