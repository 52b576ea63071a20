"""The pictures of the README, taken of a real server with a few people at it.

uv run python -m tests.browser.screenshots
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from msgspec import json
from playwright.async_api import Browser, expect

from tests.bench.measured import browsing, serving
from tests.browser.person import Person
from tests.support.server import Server

FOLDER = Path(__file__).parents[2] / "frontend" / "screenshots"
WIDE = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
COLOURS = {"A": 3, "B": 0, "C": 2, "D": 1}
CODE = '''"""Readings of the weather station, as it sends them: one line an hour."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import mean


@dataclass(frozen=True)
class Reading:
    station: str
    hour: int
    celsius: float


def read(lines: Iterable[str]) -> Iterator[Reading]:
    for line in lines:
        station, hour, celsius = line.split(",")
        yield Reading(station, int(hour), float(celsius))


def warmest(readings: list[Reading]) -> Reading:
    return max(readings, key=lambda reading: reading.celsius)


def average(readings: list[Reading]) -> float:
    return mean(reading.celsius for reading in readings)
'''


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with serving() as server:
        async with browsing() as browser:
            await _landing(browser, server)
            await _room(browser, server)


async def _landing(browser: Browser, server: Server) -> None:
    person = await _person(browser, "Ada", **WIDE)
    await person.page.goto(server.url)
    await expect(person.button("Create a room")).to_be_visible()
    await person.page.evaluate("() => document.fonts.ready")
    await person.page.screenshot(path=FOLDER / "landing.png")
    await person.context.close()


async def _room(browser: Browser, server: Server) -> None:
    """One room, seen in the light, in the dark, and on a phone."""
    room_id = server.create_room(initial_code=CODE)
    url = f"{server.url}/r/{room_id}"
    ada, ben, cleo, dora = people = [
        await _person(browser, "Ada Lind", **WIDE),
        await _person(browser, "Ben Okoro", **WIDE, color_scheme="dark"),
        await _person(browser, "Cleo Martin", **WIDE),
        await _person(browser, "Dora Weiss", **PHONE),
    ]
    for person in people:
        await person.page.goto(url)
        await person.settles()
    for person in (ada, ben):
        await person.button("People panel").click()
        await person.page.mouse.move(700, 700)  # the button's tip goes

    await _at_end_of(ben, "yield Reading")
    await ben.type("  # a bad line raises ValueError")
    await ada.editor.focus()
    await ada.press("Control+End")
    await ada.type("\n\nif __name__", delay=20)
    # Ghost text comes by itself, when nothing more is typed.
    await expect(ada.page.locator(".cm-ghost").first).to_be_visible()
    # Who moves is named at the caret for a while: all are, at once.
    await _at_end_of(cleo, "return max")
    await cleo.press("Shift+Home")
    await ben.press("Backspace", "r")
    for person in people:
        await person.settles()
    await ada.sees_in_text("raises ValueError")
    for person in (ada, ben):  # the panel gathers where people are
        await expect(person.page.get_by_text("Line 22", exact=True)).to_be_visible()
    for person, name in ((ada, "room-light"), (ben, "room-dark"), (dora, "phone")):
        await person.page.screenshot(path=FOLDER / f"{name}.png")
    for person in people:
        await person.context.close()


async def _person(browser: Browser, name: str, **options: Any) -> Person:
    """Somebody with a name, and a colour of their own."""
    context = await browser.new_context(**({"color_scheme": "light"} | options))
    identity = {"person": f"{ord(name[0]):032x}", "name": name, "colour": COLOURS[name[0]]}
    known = json.encode(json.encode(identity).decode()).decode()
    await context.add_init_script(f"localStorage.setItem('collab.identity', {known})")
    return Person(context, await context.new_page())


async def _at_end_of(person: Person, part: str) -> None:
    await person.page.locator(".cm-line", has_text=part).click()
    await person.press("End")


if __name__ == "__main__":
    asyncio.run(main())
