"""A link that stalls, breaks and comes back, and a server that dies, under people who type."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.async_api import Dialog, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room, two
from tests.support.database import hindered
from tests.support.proxy import Proxy
from tests.support.server import Server

# Presses "Try now", and notes what is said of the link from then on.
TRY_NOW = """async () => {
  const status = () => document.querySelector('.connection').textContent;
  [...document.querySelectorAll('button')].find(one => one.textContent === 'Try now').click();
  await new Promise(done => setTimeout(done));
  window.said = [status()];
  const note = () => status() === said.at(-1) || said.push(status());
  new MutationObserver(note)
    .observe(document, { subtree: true, childList: true, characterData: true });
}"""


async def test_saved_is_said_only_after_the_acknowledgement(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann, bo = await newcomer(), await newcomer()
    await ann.enter(room.through(link))
    await bo.enter(room.url)
    link.stall()

    await ann.type("is it there?")
    await bo.sees("i")

    await expect(ann.status).to_have_text("Saving…")
    link.resume()
    assert await room.agree(ann, bo) == "is it there?"


async def test_a_full_disk_shows_as_not_saved_yet_until_there_is_space(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)

    async with hindered(shared_server.database_url, room.id, "raise sqlstate '53100'"):
        await ann.type("a lot")
        await expect(ann.status).to_have_text("Saving… · 5 changes not saved yet")
        await expect(ann.page.locator(".pill")).to_have_text("Live")
        assert room.text == ""

    assert await room.agree(ann) == "a lot"


async def test_work_done_offline_merges_once_with_what_others_did(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "one 🪐 two")
    ann, bo = await two(newcomer, room.url)
    await ann.enter(room.through(link))
    await goes_offline(ann, link)

    await ann.press("Control+End")
    await ann.type(" and hers 🎈")
    await bo.press("Control+Home")
    await bo.type("his and ")
    await bo.settles()
    await expect(ann.status).to_have_text(re.compile(r"^Offline · 11 changes kept on this device$"))
    await ann.sees("one 🪐 two and hers 🎈")
    assert room.text == "his and one 🪐 two"
    await comes_back(ann, link)

    assert await room.agree(ann, bo) == "his and one 🪐 two and hers 🎈"
    await expect(ann.button("2 people")).to_be_visible()


async def test_a_change_whose_acknowledgement_was_lost_is_there_once(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann, bo = await newcomer(), await newcomer()
    await ann.enter(room.through(link))
    await bo.enter(room.url)
    link.stall()
    await ann.type("o")
    await bo.sees("o")
    await ann.type("nce")

    await goes_offline(ann, link)
    await ann.type(" only")
    await comes_back(ann, link)

    assert await room.agree(ann, bo) == "once only"


async def test_a_broken_link_counts_down_and_can_be_tried_at_once(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    ann.excuses = NETWORK
    await ann.enter(room.through(link))
    link.cut()
    await ann.type("x")

    # After five fast tries there are seconds to wait.
    waiting = re.compile(r"^Reconnecting in [2-9] s · 1 change kept on this device")
    await expect(ann.status).to_have_text(waiting)
    await expect(ann.page.locator(".pill")).to_have_text("Reconnecting")
    link.mend()
    await ann.page.evaluate(TRY_NOW)

    await ann.settles()
    said = await ann.page.evaluate("said")
    assert [words for words in said if words.startswith("Reconnecting in")] == []
    assert await room.agree(ann) == "x"


async def test_a_silent_link_is_noticed_and_replaced(
    shared_server: Server, link: Proxy, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    ann.excuses = NETWORK
    await ann.enter(room.through(link))
    link.stall()
    await ann.type("x")

    await expect(ann.page.locator(".pill")).not_to_have_text("Live")
    link.resume()
    assert await room.agree(ann) == "x"


async def test_nothing_that_said_saved_is_lost_when_the_server_is_killed_under_two_who_type(
    server: Server, newcomer: Newcomer
) -> None:
    room = Room(server, "")
    ann, bo = await two(newcomer, room.url)
    ann.excuses = bo.excuses = NETWORK
    await ann.type("saved before")
    await ann.settles()
    await bo.sees("saved before")
    await bo.press("Control+Home")
    hers, his = "abcdefghijklmnopqrstuvwxyz" * 3, "0123456789" * 8

    async def dies_and_comes_again() -> None:
        await bo.sees_in_text("before" + hers[:8])
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)

    await asyncio.gather(ann.type(hers, delay=15), bo.type(his, delay=15), dies_and_comes_again())

    assert await room.agree(ann, bo) == f"{his}saved before{hers}"
    await asyncio.gather(ann.reload(), bo.reload())
    assert await room.agree(ann, bo) == f"{his}saved before{hers}"


async def test_leaving_with_everything_saved_does_not_ask(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "")
    ann = await newcomer()
    await ann.enter(room.url)
    await ann.type("all of it")
    await ann.settles()

    with questions(ann, stay=False) as asked:
        await ann.page.get_by_role("link", name="Leave").click()
        await expect(ann.page.get_by_role("heading", level=1)).to_contain_text("together")

    assert asked.empty()


async def goes_offline(person: Person, link: Proxy) -> None:
    """The machine loses its network: the browser knows, and every connection is gone."""
    person.excuses = NETWORK
    await person.context.set_offline(True)
    link.cut()
    await expect(person.status).to_have_text(re.compile("^Offline"))


async def comes_back(person: Person, link: Proxy) -> None:
    link.mend()
    await person.context.set_offline(False)


@contextmanager
def questions(person: Person, *, stay: bool) -> Iterator[asyncio.Queue[str]]:
    """The kinds of the dialogs that the browser opens meanwhile, each answered."""
    asked: asyncio.Queue[str] = asyncio.Queue()

    async def answer(dialog: Dialog) -> None:
        await (dialog.dismiss() if stay else dialog.accept())
        asked.put_nowait(dialog.type)

    person.page.on("dialog", answer)
    yield asked
    person.page.remove_listener("dialog", answer)
