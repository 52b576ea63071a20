"""A first visit while the page loads, also from another machine."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Route, WebSocket, WebSocketRoute, expect

from tests.browser.chromium import ELSEWHERE
from tests.browser.conftest import Newcomer
from tests.browser.room import Room
from tests.support.server import Server

TEXT = "".join(f"def line_{number}(value):\n    return value * {number}\n" for number in range(500))
_WATCH = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const shift of list.getEntries())
    for (const { node } of shift.sources) window.shifts.push(node?.outerHTML?.slice(0, 80));
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [1280, 390])
async def test_nothing_moves_while_a_room_opens(
    shared_server: Server, newcomer: Newcomer, width: int
) -> None:
    room = Room(shared_server, TEXT)
    ann = await newcomer(viewport={"width": width, "height": 800})
    await ann.page.add_init_script(_WATCH)
    await ann.enter(room.url)
    assert await ann.page.evaluate("window.shifts") == []
    bo = await newcomer()
    await bo.page.add_init_script(_WATCH)
    await bo.enter(room.url)
    assert await bo.page.evaluate("window.shifts") == []


async def test_the_socket_of_a_room_is_opened_before_its_program_has_come_and_is_the_one(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "text")
    ann = await newcomer()
    opened: list[WebSocket] = []

    def count(socket: WebSocket) -> None:
        opened.append(socket)

    ann.page.on("websocket", count)

    async def after_the_socket(route: Route) -> None:
        if not opened:
            await ann.page.wait_for_event("websocket")
        await route.continue_()

    await ann.page.route("**/assets/*.js", after_the_socket)
    await ann.enter(room.url)
    assert len(opened) == 1


async def test_a_room_can_be_typed_into_before_its_socket_has_joined(
    shared_server: Server, newcomer: Newcomer
) -> None:
    room = Room(shared_server, "text")
    ann = await newcomer()
    heard: list[tuple[WebSocketRoute, str | bytes]] = []
    joined = asyncio.Event()

    def relay(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        page.on_message(
            lambda frame: server.send(frame) if joined.is_set() else heard.append((server, frame))
        )

    await ann.page.route_web_socket(re.compile("/ws/"), relay)
    await ann.page.goto(room.url)
    await expect(ann.editor).to_be_focused()
    await ann.press("Control+End")
    await ann.type(", typed early")
    await ann.sees("text, typed early")

    joined.set()
    for server, frame in heard:
        server.send(frame)
    assert await room.agree(ann) == "text, typed early"


async def test_nothing_moves_while_the_landing_page_opens(
    shared_server: Server, newcomer: Newcomer
) -> None:
    ann = await newcomer()
    await ann.page.add_init_script(_WATCH)
    await ann.page.goto(shared_server.url)
    await expect(ann.page.get_by_role("button", name="Create")).to_be_visible()
    assert await ann.page.evaluate("window.shifts") == []


async def test_everything_works_over_plain_http_from_another_machine(
    shared_server: Server, newcomer: Newcomer
) -> None:
    url = shared_server.url.replace("127.0.0.1", ELSEWHERE)
    ann, bo = await newcomer(), await newcomer()
    await ann.page.goto(url)
    assert not await ann.page.evaluate("isSecureContext")
    assert not await ann.page.evaluate("'clipboard' in navigator || 'randomUUID' in crypto")
    await ann.button("Create a room").click()
    await expect(ann.page).to_have_url(re.compile(re.escape(url) + "/r/"))
    await ann.settles()
    await bo.enter(ann.page.url)

    await ann.type("over plain HTTP")
    await bo.sees("over plain HTTP")

    await ann.button("Share").click()
    await ann.button("Copy link").click()
    await expect(ann.button("Copied")).to_be_visible()
    await ann.press("Escape")
    await ann.press("Control+a", "Control+v")
    await bo.sees(ann.page.url)
