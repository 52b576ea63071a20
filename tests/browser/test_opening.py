"""A page fetches the texts that its person opens, and no others."""

from __future__ import annotations

import json
import re

from playwright.async_api import WebSocket, expect

from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.test_link import comes_back, goes_offline
from tests.browser.test_tabs import go_to_file, project, shows, tab, tabs
from tests.support.proxy import Proxy
from tests.support.server import Server

FILES = {f"part{n}.py": f"part {n}\n" for n in range(40)}


def hears(person: Person) -> list[str]:
    """The frames that a page receives from now on."""
    frames: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    person.page.on("websocket", listen)
    return frames


async def test_a_file_comes_when_it_is_opened_and_waits_for_a_connection_that_is_not_there(
    newcomer: Newcomer, shared_server: Server, link: Proxy
) -> None:
    room = await project(shared_server, FILES)
    url = room.through(link)
    ann = await newcomer()
    frames = hears(ann)
    await ann.enter(url)
    await go_to_file(ann, "part7.py")
    await shows(ann, "part7.py", "part 7")
    texts = [text for text in FILES.values() if any(json.dumps(text) in one for one in frames)]
    assert texts == [FILES["part7.py"]]

    bo = await newcomer()
    await bo.enter(room.url)
    await go_to_file(bo, "part8.py")
    await shows(bo, "part8.py", "part 8")
    await bo.press("Control+End")
    await bo.type("from bo")
    await bo.settles()
    # Where a person is in a file that is not here is known, but for the line.
    await expect(ann.page.get_by_role("button", name=re.compile("go to part8.py"))).to_be_visible()

    await goes_offline(ann, link)
    await go_to_file(ann, "part8.py", focused=False)
    waits = ann.page.get_by_text("part8.py is not on this device. It opens once you are connected.")
    await expect(waits).to_be_visible()
    await tab(ann, "part7.py").click()
    await ann.press("Control+End")
    await ann.type("kept")
    await shows(ann, "part7.py", "kept")
    await tab(ann, "part8.py").click()
    await bo.type("!")
    await comes_back(ann, link)
    await shows(ann, "part8.py", "from bo!")
    await expect(waits).not_to_be_attached()
    await expect(ann.editor).to_be_focused()
    await ann.settles()
    await tabs(ann, "main.py", "part7.py", "part8.py")

    await go_to_file(bo, "part7.py")
    await shows(bo, "part7.py", "kept")
    await ann.press("Control+End")
    await ann.type(" and ann")
    await tab(bo, "part8.py").click()
    await shows(bo, "part8.py", "from bo! and ann")

    # What was open is here again, and its own text is fetched alone.
    frames.clear()
    await ann.reload()
    await shows(ann, "part8.py", "from bo! and ann")
    assert not any(json.dumps(FILES["part9.py"]) in one for one in frames)
