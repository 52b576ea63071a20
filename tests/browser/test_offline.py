"""The page without a network, what it remembers, and what a newer one does to it."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

from playwright.async_api import WebSocketRoute, expect

import collab
from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room, two
from tests.browser.test_link import comes_back, goes_offline
from tests.support.proxy import Proxy
from tests.support.server import Server

KEEPING = {"service_workers": "allow"}
_KEPT = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller || (await navigator.serviceWorker.ready).installing)
    await new Promise(again => setTimeout(again, 20));
  return navigator.serviceWorker.controller.state;
}"""
_TAKEN_OVER = """async name => {
  const registration = await navigator.serviceWorker.ready;
  while (!(await caches.has(name)) || registration.installing || registration.waiting)
    await new Promise(again => setTimeout(again, 20));
}"""
_NONCE = "document.querySelector('meta[property=csp-nonce]').nonce"
_TOP = """() => {
  const { top } = document.querySelector('.cm-scroller').getBoundingClientRect();
  return [...document.querySelectorAll('.cm-line')]
    .find(line => line.getBoundingClientRect().bottom > top + 8).textContent;
}"""


async def test_a_room_that_is_reloaded_offline_has_its_last_text_and_takes_what_is_typed(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "one 🪐 two")
    ann = await newcomer(**KEEPING)
    await ann.enter(room.through(link))
    await keeps_the_page(ann)
    await ann.press("Control+End")
    await ann.type(", saved")
    await ann.settles()
    await goes_offline(ann, link)
    await ann.type(", kept")
    await expect(ann.status).to_have_text("Offline · 6 changes kept on this device")

    for more in ("", " 🎈"):
        await ann.page.reload()
        await expect(ann.editor).to_be_focused()
        await ann.sees("one 🪐 two, saved, kept" + more)
        await expect(ann.status).to_contain_text("kept on this device")
        if not more:
            await ann.type(" 🎈")
            await expect(ann.status).to_have_text("Offline · 8 changes kept on this device")

    await comes_back(ann, link)
    assert await room.agree(ann) == "one 🪐 two, saved, kept 🎈"


async def test_what_others_did_meanwhile_joins_the_text_that_was_reloaded_offline(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "middle")
    ann, bo = await newcomer(**KEEPING), await newcomer()
    await ann.enter(room.through(link))
    await bo.enter(room.url)
    await keeps_the_page(ann)
    await goes_offline(ann, link)
    await bo.press("Control+Home")
    await bo.type("before ")
    await bo.settles()
    await ann.reload_kept("middle")
    await ann.press("Control+End")
    await ann.type(" after")

    await comes_back(ann, link)
    assert await room.agree(ann, bo) == "before middle after"


async def test_a_room_that_is_not_found_any_more_says_what_is_not_saved_and_hands_it_out(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "text")
    ann = await newcomer(**KEEPING, permissions=["clipboard-read", "clipboard-write"])
    await ann.enter(room.through(link))
    await keeps_the_page(ann)
    await goes_offline(ann, link)

    async def refuse(socket: WebSocketRoute) -> None:
        await going.wait()
        await socket.close(code=4404, reason="Room not found")

    going = asyncio.Event()
    await ann.page.route_web_socket(re.compile("/ws/"), refuse)
    await ann.reload_kept("text")
    await ann.press("Control+End")
    await ann.type(", kept")
    going.set()
    said = ann.page.get_by_role("status").filter(has_text="6 changes of yours are not saved.")
    await expect(said).to_be_visible()
    await said.get_by_role("button", name="Copy the text").click()
    assert await ann.page.evaluate("navigator.clipboard.readText()") == "text, kept"

    await ann.page.unroute_all()
    other = Person(ann.context, await ann.context.new_page())
    await ann.page.close()
    await comes_back(other, link)
    await other.enter(room.through(link))
    assert await room.agree(other) == "text, kept"


# The texts are kept as of another revision than the work is.
_APART = """
const { put } = IDBObjectStore.prototype;
IDBObjectStore.prototype.put = function (value, ...others) {
  const texts = this.name === "rooms" ? { ...value, revision: value.revision - 1 } : value;
  return put.call(this, texts, ...others);
};
"""


async def test_offline_work_that_fits_no_kept_text_is_shown_beside_the_last_one(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "one two")
    ann = await newcomer(**KEEPING)
    await ann.page.add_init_script(_APART)
    await ann.enter(room.through(link))
    await keeps_the_page(ann)
    await ann.press("Control+End")
    await ann.type(" saved")
    await ann.settles()
    await goes_offline(ann, link)
    await ann.type(" and kept")
    await expect(ann.status).to_have_text("Offline · 9 changes kept on this device")

    await ann.page.reload()

    await expect(ann.page.get_by_text("the last text that this device knows")).to_be_visible()
    waiting = ann.page.get_by_role("region", name="Your text that waits")
    await expect(waiting).to_contain_text("and kept")
    await expect(ann.page.get_by_role("region", name="main.py")).to_contain_text("one two saved")
    await comes_back(ann, link)
    assert await room.agree(ann) == "one two saved and kept"
    await expect(waiting).to_have_count(0)


async def test_a_page_that_is_kept_has_a_nonce_of_its_own_each_time(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    ann = await newcomer(**KEEPING)
    await ann.enter(Room(shared_server, "x").through(link))
    await keeps_the_page(ann)
    nonces = {await ann.page.evaluate(_NONCE)}
    await goes_offline(ann, link)
    for _ in range(2):
        await ann.page.reload()
        await ann.sees("x")
        nonces.add(await ann.page.evaluate(_NONCE))
        font = await ann.editor.evaluate("text => getComputedStyle(text).whiteSpace")
        assert font == "pre"  # CodeMirror's own styles are there, as the nonce lets them
    assert len(nonces) == 3


async def test_a_kept_page_that_meets_another_protocol_says_so_and_the_next_one_is_the_servers(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "text")
    ann = await newcomer(**KEEPING)
    await ann.enter(room.through(link))
    await keeps_the_page(ann)
    await goes_offline(ann, link)

    async def refuse(socket: WebSocketRoute) -> None:
        await socket.close(code=4406, reason="This server speaks version 9.")

    await ann.page.route_web_socket(re.compile("/ws/"), refuse)
    await ann.reload_kept("text")
    await expect(ann.page.get_by_text("New version.")).to_be_visible()
    await ann.press("Control+End")
    await ann.type(", kept")
    await expect(ann.status).to_contain_text("New version · 6 changes kept on this device")

    link.mend()
    await ann.context.set_offline(False)
    other = Person(ann.context, await ann.context.new_page())
    other.excuses = NETWORK
    async with other.page.expect_response(re.compile("/r/")) as answered:
        await other.page.goto(room.through(link))
    assert (await (await answered.value).header_value("date")) is not None
    await ann.page.close()
    await other.sees_in_text("text")
    await other.reload()
    assert await room.agree(other) == "text, kept"


async def test_a_new_build_takes_over_with_its_own_files_and_an_open_page_keeps_its_own(
    server: Server, newcomer: Newcomer, tmp_path: Path
) -> None:
    room = Room(server, "text")
    ann = await newcomer(**KEEPING)
    ann.excuses = NETWORK
    await ann.enter(room.url)
    await keeps_the_page(ann)
    old = await build(ann)

    await asyncio.to_thread(server.terminate)
    rebuilt(tmp_path)
    server.run_in(tmp_path)
    await asyncio.to_thread(server.start)
    await ann.press("Control+End")
    await ann.type(", typed in the old page")
    await room.agree(ann)
    await ann.button("Share").click()  # a part that the old page has not loaded, and the server not
    await expect(ann.page.get_by_role("dialog")).to_be_visible()
    await ann.press("Escape")

    await ann.reload()
    new = await build(ann)
    assert new != old
    async with asyncio.timeout(60):
        await ann.page.evaluate(_TAKEN_OVER, "collab / another")
    await asyncio.to_thread(server.kill)
    await ann.page.reload()
    await ann.sees("text, typed in the old page")
    assert await build(ann) == new


async def test_a_reload_leaves_the_caret_and_the_view_where_they_were_in_the_text(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "".join(f"line {n}\n" for n in range(1, 301)))
    ann, bo = await two(newcomer, room.url)
    await ann.press("Control+Home", *["ArrowDown"] * 120, "End")
    at = ann.page.get_by_role("contentinfo")
    await expect(at).to_contain_text(re.compile(r"Ln 121, Col 9"))
    await ann.page.locator(".cm-scroller").evaluate("scroller => { scroller.scrollTop += 40; }")
    await ann.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    top = await ann.page.evaluate(_TOP)

    await ann.reload()
    await expect(at).to_contain_text(re.compile(r"Ln 121, Col 9"))
    assert await ann.page.evaluate(_TOP) == top

    url = ann.page.url
    await ann.page.goto("about:blank")
    await bo.press("Control+Home")
    await bo.type("new\nnew\n")
    await bo.settles()
    await ann.enter(url)
    await expect(at).to_contain_text(re.compile(r"Ln 123, Col 9"))
    await ann.type("!")
    assert "\nline 121!\n" in await agreed(ann, room)


async def agreed(person: Person, room: Room) -> str:
    await person.settles()
    return room.text


async def keeps_the_page(person: Person) -> None:
    """Wait until the browser has all that it needs without a network."""
    async with asyncio.timeout(60):
        await person.page.evaluate(_KEPT)


async def build(person: Person) -> str:
    """Return the name of the program that a page has."""
    source: str = await person.page.evaluate("document.querySelector('script[type=module]').src")
    return source


def rebuilt(folder: Path) -> None:
    """Put a server there whose page is another build: every file has another name."""
    root = Path(collab.__file__).parents[1]
    for name in ("collab", "ot", "alembic"):
        unwanted = shutil.ignore_patterns("__pycache__", "*.br", "*.gz")
        shutil.copytree(root / name, folder / name, ignore=unwanted)
    shutil.copy(root / "alembic.ini", folder)
    static = folder / "collab" / "static"
    names = [path.name for path in (static / "assets").iterdir()]
    for path in static.rglob("*"):
        if path.suffix in (".js", ".html", ".css", ".json") and "docs-assets" not in path.parts:
            text = path.read_text("utf-8")
            for name in names:
                text = text.replace(name, another(name))
            path.write_text(text, "utf-8")
    worker = static / "sw.js"
    build_id = re.compile('BUILD = "[^"]+"')
    worker.write_text(build_id.sub('BUILD = "another"', worker.read_text("utf-8")), "utf-8")
    for name in names:
        (static / "assets" / name).rename(static / "assets" / another(name))


def another(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-another{dot}{suffix}"
