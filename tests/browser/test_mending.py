"""A page that has misread what another person typed."""

import re

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.support.server import Server

MENDED = "The file was brought back in line with the room."


class Misreading:
    """Between a page and the server: a text that the page reads as another, and its submissions,
    which are held back until `release`."""

    def __init__(self, text: str, other: str) -> None:
        self._text, self._other = f'"{text}"', f'"{other}"'
        self._held: list[str | bytes] | None = []

    async def begin(self, person: Person) -> None:
        await person.page.route_web_socket(re.compile("/ws/"), self._relay)

    def release(self) -> None:
        held, self._held = self._held, None
        for frame in held or []:
            self._server.send(frame)

    def _relay(self, page: WebSocketRoute) -> None:
        self._server = page.connect_to_server()
        page.on_message(self._from_page)
        self._server.on_message(lambda frame: page.send(self._misread(str(frame))))

    def _from_page(self, frame: str | bytes) -> None:
        if self._held is not None and '"submit"' in str(frame):
            self._held.append(frame)
        else:
            self._server.send(frame)

    def _misread(self, frame: str) -> str:
        return frame.replace(self._text, self._other) if frame.startswith("[") else frame


@pytest.mark.parametrize("other", ["x", "xyz"])
async def test_a_page_that_misread_a_letter_finds_out_when_all_is_quiet_and_keeps_its_own_work(
    shared_server: Server, newcomer: Newcomer, other: str
) -> None:
    room = Room(shared_server, "")
    ann, bo = await newcomer(), await newcomer()
    misreading = Misreading("b", other)
    await misreading.begin(ann)
    await ann.enter(room.url)
    await bo.enter(room.url)

    await bo.type("b")
    await ann.sees(other)
    await ann.press("Control+End")
    await ann.type(" and hers")

    await expect(ann.page.get_by_text(MENDED)).to_be_visible()
    await ann.sees("b and hers")
    assert room.text == "b"
    misreading.release()
    assert await room.agree(ann, bo) == "b and hers"
    await expect(ann.page.get_by_text("not be saved")).to_have_count(0)
