"""Servers that are restarted under somebody who types."""

import asyncio
import re
from contextlib import ExitStack

from tests.browser.conftest import Newcomer
from tests.browser.person import NETWORK, Person
from tests.browser.room import Room
from tests.support.balancer import Balancer
from tests.support.server import Server

# Everything that the status bar ever says, from now on.
_LISTEN = """() => {
    const status = document.querySelector('.connection');
    window.said = new Set();
    const hear = () => window.said.add(status.textContent);
    const all = {childList: true, characterData: true, subtree: true};
    new MutationObserver(hear).observe(status, all);
}"""


async def test_a_page_carries_on_while_its_servers_are_restarted_one_by_one(
    database_url: str, newcomer: Newcomer
) -> None:
    with ExitStack() as stack:
        servers = [stack.enter_context(Server(database_url=database_url)) for _ in range(2)]
        room = Room(servers[0], "")
        async with Balancer(server.url for server in servers) as balancer:
            ann, bo = await newcomer(), await newcomer()
            for person in (ann, bo):
                # What a page asked just then, or fetched for later.
                person.excuses = re.compile(f"{NETWORK.pattern}|status of 503")
            await ann.enter(room.through(balancer))
            await bo.enter(room.through(balancer))
            await ann.page.evaluate(_LISTEN)
            words = "never a moment to wait, nor a word to type again, "

            async def restart(server: Server) -> None:
                assert await asyncio.to_thread(server.terminate) == 0
                await asyncio.to_thread(server.start)

            for server in servers:
                await asyncio.gather(ann.type(words, delay=30), restart(server))
            assert await room.agree(ann, bo) == 2 * words
            said = await kinds_said(ann)
            assert said >= {"Saved", "Server restarting, your work is safe"}
            # "Saving…" stands there only where a change takes more than 400 ms.
            assert said <= {"Editing…", "Saved", "Saving…", "Server restarting, your work is safe"}
            await ann.context.close()
            await bo.context.close()


async def kinds_said(person: Person) -> set[str]:
    """The kinds of things that the status bar has said."""
    said: list[str] = await person.page.evaluate("[...window.said]")
    return {words.partition(" ·")[0] for words in said}
