"""Measures how fast the page is, in a real browser, beside its budgets.

    uv run python -m tests.bench.page [--keys N]

Chromium, a server of its own, and nothing else on the way.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from random import Random
from statistics import median, quantiles

from playwright.async_api import Browser, BrowserContext, Page

from collab.client import Room, connect
from collab.pages.files import STATIC
from tests.bench import holds
from tests.bench.doings import ACTIONS
from tests.bench.far import Far
from tests.bench.measured import Row, browsing, serving, table
from tests.support.server import Server

LINES = 5_000
TEXT = "".join(f"def line_{n}(value):\n    return value * {n}\n" for n in range(LINES // 2))
SHORT = "".join(TEXT.splitlines(keepends=True)[:200])
WRITERS = 10
RATE = 5.0
"""Keys a second and writer."""
_ROUND_TRIP = 0.8
"""Seconds: a link by satellite."""
_SLOWER = 4
_QUIET = 2.0
"""Seconds after which everything that comes by itself has come."""

# When one can type, what has moved until then, and when a key's letter is painted.
_WATCH = """
window.moved = 0;
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;
}).observe({ type: "layout-shift", buffered: true });
function look() {
  const focused = document.activeElement;
  if (focused?.classList.contains("cm-content") || document.querySelector("form button")) {
    window.ready = performance.now();
    window.scripts = scripts();
  } else requestAnimationFrame(look);
}
const scripts = () => performance.getEntriesByType("resource")
  .filter(entry => entry.transferSize > 0)  // what was in the cache cost nothing
  .map(entry => new URL(entry.name).pathname).filter(path => path.endsWith(".js"));
requestAnimationFrame(look);
window.painted = [];
addEventListener("keydown", event => {
  const line = document.querySelector(".cm-activeLine");
  const before = line?.textContent.length;
  function after() {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      if (document.querySelector(".cm-activeLine")?.textContent.length === before)
        requestAnimationFrame(after);
      else window.painted.push(performance.now() - event.timeStamp);
    };
    channel.port2.postMessage(0);
  }
  if (event.key.length === 1) requestAnimationFrame(after);
}, true);
window.pressed = [];
addEventListener("keydown", event => {
  if (event.key.length === 1) window.pressed.push(performance.timeOrigin + event.timeStamp);
}, true);
"""
_SEE = """() => {
  window.seen = [];
  const line = document.querySelector(".cm-line");
  let length = line.textContent.length;
  new MutationObserver(() => {
    const now = document.querySelector(".cm-line").textContent.length;
    for (; length < now; length++) window.seen.push(performance.timeOrigin + performance.now());
  }).observe(document.querySelector(".cm-content"),
             { childList: true, subtree: true, characterData: true });
}"""


async def run(keys: int) -> list[Row]:
    with serving() as server:
        async with browsing() as browser:
            return [
                *await _loading(browser, server),
                *await _far_away(browser, server),
                *await _typing(browser, server, keys),
                *await _seeing(browser, server, keys),
                *[await holds.held(browser, server, action) for action in ACTIONS],
            ]


async def _loading(browser: Browser, server: Server) -> list[Row]:
    rows: list[Row] = []
    room = f"{server.url}/r/{server.create_room(initial_code=TEXT)}"
    for name, url in (("landing", server.url), ("room", room)):
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        cold, scripts, moved = await _opened(context, url, slower=_SLOWER)
        warm = [(await _opened(context, url, slower=1))[0] for _ in range(5)]
        await context.close()
        rows += [
            Row(f"{name}: first load, gzipped JavaScript", _kilobytes(scripts), "kB", 170),
            Row(f"{name}: usable, warm", median(warm) / 1000, "s", 1),
            Row(f"{name}: usable, cold, 4x slower CPU", cold / 1000, "s", 2.5),
            Row(f"{name}: layout shift", moved, "", 0),
        ]
    return rows


async def _opened(
    context: BrowserContext, url: str, *, slower: int
) -> tuple[float, list[str], float]:
    """Ms until one can type or choose, the scripts loaded by then, and how much has moved when all
    is quiet."""
    page = await context.new_page()
    await page.add_init_script(_WATCH)
    session = await context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    await page.goto(url, wait_until="commit")
    await page.wait_for_function("() => window.ready", polling=20)
    ready: float = await page.evaluate("window.ready")
    scripts: list[str] = await page.evaluate("window.scripts")
    await asyncio.sleep(_QUIET)
    moved: float = await page.evaluate("window.moved")
    await page.close()
    return ready, scripts, moved


async def _far_away(browser: Browser, server: Server) -> list[Row]:
    """The way from an address to a typed letter, in round trips of a slow link, that of TCP's own
    included. What the machine itself takes is measured without a link and is no part of it."""
    path = f"/r/{server.create_room(initial_code=SHORT)}"
    near, far = [], []
    for _ in range(3):
        near.append(await _typed(browser, server.url + path))
        async with Far(server.url, _ROUND_TRIP) as link:
            far.append(await _typed(browser, link.url + path))
    rows = []
    for name, budget, at in (("a typed glyph", 4.5, 0), ("Saved", 8.5, 1)):
        trips = (min(t[at] for t in far) - min(t[at] for t in near)) / 1000 / _ROUND_TRIP
        rows.append(Row(f"room: round trips to {name}, first visit", trips, "", budget))
    return rows


async def _typed(browser: Browser, url: str) -> tuple[float, float]:
    """Ms from the start until a first letter is in the text, and until it is saved."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.add_init_script(_WATCH)
    await page.goto(url, wait_until="commit")
    await page.wait_for_function("() => window.ready", polling=20)
    await page.keyboard.press("x")
    seen = "() => document.querySelector('.cm-line')?.textContent[0] === 'x' && performance.now()"
    typed: float = await (await page.wait_for_function(seen, polling=20)).json_value()
    saved = (
        "() => document.querySelector('.connection')?.textContent === 'Saved' && performance.now()"
    )
    done: float = await (await page.wait_for_function(saved, polling=20)).json_value()
    await context.close()
    return typed, done


def _kilobytes(scripts: Sequence[str]) -> float:
    """Return the size in kB of these scripts as the server sends them: gzipped at build time,
    but plain where gzip would make a small one larger.
    """
    packed = [STATIC / f"{path[1:]}.gz" for path in scripts]
    sent = [path if path.exists() else path.with_suffix("") for path in packed]
    return sum(path.stat().st_size for path in sent) / 1000


async def _typing(browser: Browser, server: Server, keys: int) -> list[Row]:
    """A key's way to the screen in a long file, while others write in it."""
    room_id = server.create_room(initial_code=TEXT)
    async with AsyncExitStack() as stack:
        page = await _at_the_editor(browser, f"{server.url}/r/{room_id}")
        writers = [
            await stack.enter_async_context(
                connect(f"{server.url}/r/{room_id}", name=f"Writer {n}")
            )
            for n in range(WRITERS)
        ]
        stop = asyncio.Event()
        typing = [asyncio.create_task(_write(w, n, stop)) for n, w in enumerate(writers)]
        await _press(page, keys)
        stop.set()
        await asyncio.gather(*typing)
        painted = await page.evaluate("window.painted")
        await page.context.close()
    percentile = quantiles(painted, n=20)
    where = f"{LINES:,} lines, {WRITERS} writing"
    return [
        Row(f"key to glyph, p50; {where}", percentile[9], "ms", 16),
        Row(f"key to glyph, p95; {where}", percentile[18], "ms", 50),
    ]


async def _write(writer: Room, seed: int, stop: asyncio.Event) -> None:
    """Type somewhere in the file, not in step with anybody."""
    random = Random(seed)
    at = random.randrange(len(TEXT))
    text = await writer.open(writer.nodes[0].path)
    while not stop.is_set():
        text.replace(at, at, "x")
        at += 1
        await asyncio.sleep(random.uniform(0.5, 1.5) / RATE)


async def _seeing(browser: Browser, server: Server, keys: int) -> list[Row]:
    """A key's way from one browser to another."""
    url = f"{server.url}/r/{server.create_room(initial_code='')}"
    writer = await _at_the_editor(browser, url)
    reader = await _at_the_editor(browser, url)
    await reader.evaluate(_SEE)
    await _press(writer, keys)
    await reader.wait_for_function("keys => window.seen.length >= keys", arg=keys)
    pressed: list[float] = await writer.evaluate("window.pressed")
    seen: list[float] = await reader.evaluate("window.seen")
    await writer.context.close()
    await reader.context.close()
    times = [there - here for here, there in zip(pressed, seen, strict=True)]
    return [Row("key in one browser to text in another, median", median(times), "ms", 15)]


async def _at_the_editor(browser: Browser, url: str) -> Page:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.add_init_script(_WATCH)
    await page.goto(url)
    await page.wait_for_function("() => window.ready")
    await page.wait_for_selector(".cm-editor[data-complete=true]")
    return page


async def _press(page: Page, keys: int) -> None:
    random = Random(0)
    for _ in range(keys):
        await page.keyboard.press("x")
        await asyncio.sleep(random.uniform(0.08, 0.12))


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.page", description=__doc__)
    parser.add_argument("--keys", type=int, default=100, help="default: %(default)s")
    options = parser.parse_args()
    sys.stdout.write(table(asyncio.run(run(options.keys))) + "\n")


if __name__ == "__main__":
    main()
