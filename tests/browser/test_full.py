"""A room that has no place for one more."""

import re

from playwright.async_api import expect

from tests.browser.conftest import Newcomer
from tests.browser.room import Room
from tests.support.server import Server


async def test_who_finds_a_room_full_is_told_so_and_comes_in_when_there_is_a_place(
    database_url: str, newcomer: Newcomer
) -> None:
    with Server("--limit-sessions", "1", database_url=database_url) as server:
        room = Room(server, "inside")
        ann, bo = await newcomer(), await newcomer()
        await ann.enter(room.url)
        await bo.page.goto(room.url)

        await expect(
            bo.page.get_by_text("This room is full: the limit is 1 at once.")
        ).to_be_visible()
        await expect(bo.status).to_have_text(re.compile("^Reconnecting in"))
        await ann.page.get_by_role("link", name="Leave").click()
        await bo.sees("inside")
        await bo.settles()
        await bo.context.close()
