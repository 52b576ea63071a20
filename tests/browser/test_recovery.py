"""Work that outlives its page: kept on the device, and saved by a page that comes later, once."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room, two
from tests.browser.test_link import comes_back, goes_offline, questions
from tests.support.proxy import Proxy
from tests.support.server import Server

NO_STORAGE = "Object.defineProperty(window, 'indexedDB', { value: undefined })"
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"


@pytest.mark.parametrize("on_a_lan_address", [False, True])
async def test_what_was_typed_offline_in_a_tab_that_is_closed_is_saved_once_by_the_next(
    shared_server: Server, link: Proxy, newcomer: Newcomer, on_a_lan_address: bool
) -> None:
    room = Room(shared_server, "one 🪐 two")
    ann = await newcomer()
    if on_a_lan_address:
        # Without encryption browsers have no locks.
        await ann.context.add_init_script(NO_LOCKS)
    await ann.enter(room.through(link))
    await goes_offline(ann, link)
    await ann.press("Control+End")
    await ann.type(" and more 🎈")
    await expect(ann.status).to_have_text("Offline · 11 changes kept on this device")

    await closes(ann, asked=False)
    again = await opens_another(ann)
    await comes_back(again, link)
    await again.enter(room.through(link))

    assert await room.agree(again) == "one 🪐 two and more 🎈"
    await keeps(again, 0)


async def test_a_tab_that_crashes_before_its_acknowledgement_loses_and_doubles_nothing(
    server: Server, newcomer: Newcomer
) -> None:
    room = Room(server, "")
    ann = await newcomer()
    # A browser that keeps its storage in memory alone drops it when no tab has it open.
    elsewhere = await opens_another(ann)
    await elsewhere.enter(Room(server, "").url)
    await ann.page.bring_to_front()
    hush = Hush()
    await hush.begin(ann)
    await ann.enter(room.url)
    hush.now = True
    await ann.type("sent, ")
    await ann.type("and waiting")
    await written(ann, 17)

    await crashes(ann)
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)
    again = await opens_another(ann)
    await again.enter(room.url)

    assert await room.agree(again) == "sent, and waiting"
    await keeps(again, 0)


async def test_a_tab_leaves_the_work_of_one_that_lives_alone_and_saves_it_once_that_is_closed(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    hush = Hush()
    await hush.begin(ann)
    await ann.enter(room.url)
    hush.now = True
    await ann.type("one")
    await written(ann, 3)

    other = await opens_another(ann)
    await other.enter(room.url)
    await other.type("two ")
    await other.settles()
    assert room.text in ("two ", "two o", "otwo ")
    await keeps(other, 1)
    await closes(ann, asked=False)
    await appears(other)

    await other.sees_in_text("ne")
    await other.settles()
    assert sorted(await room.agree(other)) == sorted("onetwo ")
    await keeps(other, 0)


async def test_each_of_two_tabs_that_were_closed_is_taken_up_once(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "-")
    ann = await newcomer()
    bo = await opens_another(ann)
    await ann.enter(room.through(link))
    await bo.enter(room.through(link))
    await goes_offline(ann, link)
    await bo.page.bring_to_front()
    await bo.press("Control+End")
    await bo.type("bo")
    await written(bo, 2)
    await ann.page.bring_to_front()
    await ann.press("Control+Home")
    await ann.type("ann")
    await written(ann, 3)

    await closes(ann, asked=False)
    await closes(bo, asked=False)
    again = await opens_another(ann)
    await comes_back(again, link)
    await again.enter(room.through(link))

    await again.sees("ann-bo")
    assert await room.agree(again) == "ann-bo"
    await keeps(again, 0)


async def test_a_device_that_keeps_nothing_saves_all_the_same_and_asks_before_unsaved_work_is_left(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.context.add_init_script(NO_STORAGE)
    await ann.enter(room.through(link))
    await ann.type("saved, ")
    await ann.settles()
    await goes_offline(ann, link)
    await ann.type("not yet")
    await expect(ann.status).to_have_text("Offline · 7 changes kept in this tab")

    await closes(ann, asked=True)

    await comes_back(ann, link)
    assert await room.agree(ann) == "saved, not yet"


@pytest.mark.parametrize("how", ["another protocol", "an unknown change"])
async def test_an_old_page_says_that_there_is_a_new_version_and_its_work_is_saved_after_the_reload(
    shared_server: Server, newcomer: Newcomer, how: str
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    sockets: list[WebSocketRoute] = []

    def relay(page: WebSocketRoute) -> None:
        sockets.append(page)
        server = page.connect_to_server()
        # What the old page submits is lost on its way; what it is told, the test says.
        old = len(sockets) == 1
        page.on_message(
            lambda frame: None if old and '"submit"' in str(frame) else server.send(frame)
        )
        server.on_message(page.send)

    await ann.page.route_web_socket(re.compile("/ws/"), relay)
    await ann.enter(room.url)
    await ann.type("old ")
    if how == "another protocol":
        await sockets[0].close(code=4406, reason="This server speaks version 9.")
    else:
        sockets[0].send(json.dumps([2, ["somebody", 1, ["paint", "main", "red"]]]))

    await expect(ann.page.get_by_text("New version.")).to_be_visible()
    await ann.type("page")
    await expect(ann.status).to_contain_text("New version · 8 changes kept on this device")
    with questions(ann, stay=True) as asked:
        await ann.page.get_by_role("alert").get_by_role("button", name="Reload").click()
        await ann.sees("old page")
    assert asked.empty()

    assert await room.agree(ann) == "old page"
    await keeps(ann, 0)


async def test_work_that_this_version_cannot_read_is_offered_as_a_file_until_it_is_taken(
    shared_server: Server, newcomer: Newcomer, tmp_path: Path
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    await keep(ann, {"version": 99, "key": "k" * 48, "room": room.id, "at": 0, "future": "work"})

    offer = ann.page.locator(".toast", has_text="cannot read it")
    for _ in range(2):
        await ann.reload()
        await expect(offer).to_be_visible()
    async with ann.page.expect_download() as downloading:
        await offer.get_by_role("button", name="Download recovery file").click()
    path = tmp_path / "recovery.txt"
    await (await downloading.value).save_as(path)

    assert '"future": "work"' in path.read_text()
    await keeps(ann, 0)


async def test_a_paste_that_is_too_large_is_not_sent_and_its_size_is_told(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "before")
    ann = await newcomer()
    await ann.enter(room.url)

    await ann.page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", "x".repeat(3.04 * 2 ** 20));
          const how = { clipboardData, bubbles: true, cancelable: true };
          document.querySelector(".cm-content").dispatchEvent(new ClipboardEvent("paste", how));
        }"""
    )

    words = "This paste is 3.1 MiB; the limit is 2 MiB. Nothing was sent."
    await expect(ann.page.get_by_text(words)).to_be_visible()
    assert await room.agree(ann) == "before"


async def test_two_tabs_of_one_person_are_one_person_and_nobody_leaves_with_the_first(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann, bo = await two(newcomer, room.url)
    name = await ann.name()
    other = await opens_another(ann)
    await other.enter(room.url)
    await other.type("x")
    await bo.sees("x")
    await expect(bo.button("2 people")).to_be_visible()

    await ann.page.close()
    await other.type("y")
    await bo.sees("xy")

    await expect(bo.button("2 people")).to_be_visible()
    await expect(bo.page.get_by_text(f"{name} left")).to_have_count(0)


class Hush:
    """Between a page and the server, which hears all; from `now` on the page hears nothing."""

    now = False

    async def begin(self, person: Person) -> None:
        await person.page.route_web_socket(re.compile("/ws/"), self._relay)

    def _relay(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        server.on_message(lambda frame: None if self.now else page.send(frame))


async def opens_another(person: Person) -> Person:
    """Another tab of the same browser."""
    other = Person(person.context, await person.context.new_page())
    other.excuses = NETWORK
    return other


async def appears(person: Person) -> None:
    """The tab comes to the front, as browsers tell it."""
    await person.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


async def closes(person: Person, *, asked: bool) -> None:
    """Close the tab, and see whether the browser asks first; who is asked stays."""
    if not asked:
        # A page hears of what it has written a moment after that is on the disk.
        await person.page.wait_for_function(
            """() => {
              const leaving = new Event("beforeunload", { cancelable: true });
              dispatchEvent(leaving);
              return !leaving.defaultPrevented;
            }"""
        )
    with questions(person, stay=True) as dialogs:
        closed = asyncio.Event()
        person.page.once("close", lambda _: closed.set())
        await person.page.close(run_before_unload=True)
        question = asyncio.create_task(dialogs.get())
        ways = {question, asyncio.create_task(closed.wait())}
        ended, left = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in left:
            way.cancel()
        assert (question in ended) == asked


async def crashes(person: Person) -> None:
    """The process of the tab dies."""
    async with person.page.expect_event("crash"):
        session = await person.context.new_cdp_session(person.page)
        with_no_answer = asyncio.ensure_future(session.send("Page.crash"))
        with_no_answer.add_done_callback(lambda sent: sent.cancelled() or sent.exception())


_STORE = """
const store = (mode, use) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("collab");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const using = use(opening.result.transaction("records", mode).objectStore("records"));
    using.onsuccess = () => { opening.result.close(); resolve(using.result); };
  };
});
"""


async def keep(person: Person, record: dict[str, object]) -> None:
    """Put something among what the device keeps."""
    put = (
        "record => {" + _STORE + "return store('readwrite', all => all.put(record)).then(() => 1) }"
    )
    await person.page.evaluate(put, record)


async def keeps(person: Person, count: int) -> None:
    """Wait until the device keeps so many records, of any room."""
    await _stored(person, "(all, count) => all.length === count", count)


async def written(person: Person, changes: int) -> None:
    """Wait until a record has so many changes."""
    condition = """(all, changes) => all.some(({ work }) => changes ===
      [work.inFlight, ...work.waiting].reduce((sum, kept) => sum + (kept?.count ?? 0), 0))
    """
    await _stored(person, condition, changes)


async def _stored(person: Person, condition: str, argument: int) -> None:
    """Wait until it holds of all records. (`wait_for_function` takes any promise for a yes.)"""
    look = (
        "async argument => {"
        + _STORE
        + f"const holds = {condition};"
        + """
        while (!holds(await store('readonly', all => all.getAll()), argument))
          await new Promise(again => setTimeout(again, 20));
        }"""
    )
    async with asyncio.timeout(30):
        await person.page.evaluate(look, argument)
