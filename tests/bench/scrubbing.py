"""Measure how smoothly the past is gone through: python -m tests.bench.scrubbing

A room of 50,000 revisions and 20 files, in which two others type. Somebody drags the slider of the
timeline over the whole life of the room and back, then plays it, then shows who wrote what.

`held` is the longest single task of the page's main thread, in ms of its own processor time;
`shown` is from a movement of the slider to the text of its revision on the screen, wall time.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from random import Random
from statistics import quantiles

from playwright.async_api import Browser, Page, expect

from collab.client import connect
from tests.bench.holds import longest_task
from tests.bench.measured import Row, browsing, serving, table
from tests.browser.long_room import FILES, LONG, LongRoom
from tests.support.server import Server

HELD = 50.0
SHOWN = 250.0
STEPS = 150
"""Movements of the pointer from one end of the slider to the other."""
PLAYED = 5.0
"""Seconds."""
WRITERS = 2
KEYS = 5.0
"""A second and writer."""

# From each movement of the slider to the frame in which its revision is on the screen.
_WATCH = """() => {
  window.shown = [];
  const past = document.querySelector("[aria-label='The past of the room']");
  const slider = past.querySelector("[type=range]");
  const text = past.querySelector(".cm-content");
  let waiting = null;
  slider.addEventListener("input", () => { waiting ??= performance.now(); });
  new MutationObserver(() => {
    if (waiting === null) return;
    const begun = waiting;
    waiting = null;
    requestAnimationFrame(() => window.shown.push(performance.now() - begun));
  }).observe(text, { childList: true, subtree: true, characterData: true });
}"""


async def run() -> list[Row]:
    with serving() as server:
        room = LongRoom(server)
        await room.write()
        async with typing(server, room), browsing() as browser:
            page = await opened(browser, room)
            drag = await held(browser, page, lambda: dragged(page))
            shown: list[float] = await page.evaluate("window.shown")
            play = await held(browser, page, lambda: played(page))
            colours = await held(browser, page, lambda: filtered(page))
    return [
        Row("held: the slider is dragged through the room", drag, "ms", HELD),
        Row("shown: a revision under the slider, p50", quantiles(shown, n=20)[9], "ms", SHOWN),
        Row("shown: a revision under the slider, p95", quantiles(shown, n=20)[-1], "ms", SHOWN),
        Row("held: the room is played 32 times as fast", play, "ms", HELD),
        Row("held: the text of one person is marked", colours, "ms", HELD),
    ]


@asynccontextmanager
async def typing(server: Server, room: LongRoom) -> AsyncIterator[None]:
    """Two who type in the first file until the block ends."""

    async def write(number: int) -> None:
        rng = Random(number)
        async with connect(f"{server.url}/r/{room.id}", name=f"Writer {number}") as writer:
            text = await writer.open(FILES[0])
            while True:
                at = rng.randrange(len(text.text) + 1)
                text.replace(at, at, "x")
                await asyncio.sleep(rng.uniform(0.5, 1.5) / KEYS)

    tasks = [asyncio.create_task(write(number)) for number in range(WRITERS)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in done), done


async def opened(browser: Browser, room: LongRoom) -> Page:
    """A page that shows the timeline of a room, at its end."""
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await page.goto(room.url)
    await page.wait_for_selector(".cm-editor[data-complete=true]")
    await page.get_by_role("button", name="History panel").click()
    await page.get_by_role("button", name="Open the timeline").click()
    past = page.get_by_label("The past of the room")
    await past.get_by_label("File", exact=True).select_option(label=FILES[0])
    await expect(past.locator(".cm-line").first).not_to_be_empty()
    await page.evaluate(_WATCH)
    return page


async def held(browser: Browser, page: Page, act: Callable[[], Awaitable[None]]) -> float:
    """The longest task of the main thread while somebody does this."""
    await browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
    try:
        await act()
    finally:
        trace = await browser.stop_tracing()
    return longest_task(json.loads(trace))


async def dragged(page: Page) -> None:
    """Drag the slider to its start and back to its end, as a hand does."""
    slider = page.get_by_label("The past of the room").get_by_role("slider")
    box = await slider.bounding_box()
    assert box is not None
    y, width = box["y"] + box["height"] / 2, box["width"] - 16
    places = [box["x"] + 8 + width * n / STEPS for n in range(STEPS, -1, -1)]
    await page.mouse.move(places[0], y)
    await page.mouse.down()
    for x in [*places, *reversed(places)]:
        await page.mouse.move(x, y)
        await asyncio.sleep(1 / 60)
    await page.mouse.up()
    assert int(await slider.input_value()) > LONG * 0.9


async def played(page: Page) -> None:
    past = page.get_by_label("The past of the room")
    await past.get_by_role("slider").fill(str(LONG // 2))
    for _ in range(3):
        await past.locator(".timeline-speed").click()
    await past.get_by_role("button", name="Play").click()
    await asyncio.sleep(PLAYED)
    await past.get_by_role("button", name="Pause").click()


async def filtered(page: Page) -> None:
    past = page.get_by_label("The past of the room")
    await past.get_by_label("Whose text is coloured").select_option(label="Ann")
    await expect(past.locator(".past-found").first).to_be_visible()


def main() -> None:
    sys.stdout.write(table(asyncio.run(run())) + "\n")


if __name__ == "__main__":
    main()
