"""A browser for the tests of this folder.

They use Playwright's asynchronous interface: the synchronous one keeps an event loop of its own
running in the main thread, where pytest-asyncio could then start none. So that one browser serves
them all, every test and fixture here runs in the session's loop: mark a fixture with
`@pytest_asyncio.fixture(loop_scope="session")`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser import chromium
from tests.browser.person import TELL_OF_VIOLATIONS, Person
from tests.support.proxy import Proxy
from tests.support.server import DEADLINE, Server

HERE = Path(__file__).parent
PATIENCE = 1000 * DEADLINE
"""ms after which what a person waits for does not come."""

# Who is there for the first time is shown the tree of a room of several files. The script runs in
# empty frames, too, which have no storage.
KNOWS_THE_FILES = "try { localStorage['collab.files.seen'] = 'yes' } catch {}"

Newcomer = Callable[..., Awaitable[Person]]

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            names = item.fixturenames
            if "newcomer" in names:
                # Last, so that people leave before the servers and links that they are at go.
                names.sort(key="newcomer".__eq__)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the session. Take a `browser.new_context()` for each person."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=chromium.executable(), args=list(chromium.FLAGS)
        )
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def newcomer(browser: Browser) -> AsyncIterator[Newcomer]:
    """Brings a person, in a browser context with these options.

    When the test is over, nobody's console may have complained.
    """
    people: list[Person] = []

    async def bring(*, first_visit: bool = False, **options: object) -> Person:
        usual = {
            "viewport": {"width": 1280, "height": 800},
            "color_scheme": "light",
            # What a service worker asks for no route of a test can answer; see test_offline.py.
            "service_workers": "block",
        }
        context = await browser.new_context(**(usual | options))  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(TELL_OF_VIOLATIONS)
        if not first_visit:
            await context.add_init_script(KNOWS_THE_FILES)
        person = Person(context, await context.new_page())
        people.append(person)
        return person

    yield bring
    for person in people:
        await person.context.close()
    assert [words for person in people for words in person.complaints] == []


@pytest_asyncio.fixture(loop_scope="session")
async def link(shared_server: Server) -> AsyncIterator[Proxy]:
    """A way to the shared server that this test may stall, cut and mend."""
    async with Proxy(shared_server.url) as proxy:
        yield proxy
