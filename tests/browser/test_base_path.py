"""A server below a path of a host, behind a real nginx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from collab import options
from tests.browser.conftest import Newcomer
from tests.support import nginx
from tests.support.server import Server

BASE = "/pad/one"


@pytest.fixture(params=[True, False], ids=["taken off", "left"])
def address(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Give the server's address behind the proxy. Every other path of that host answers 404."""
    program = nginx.executable()
    if program is None:
        pytest.skip("nginx is neither here nor can it be installed by this user")
    with (
        Server("--base-path", BASE, database_url=database_url) as server,
        nginx.below(program, server.url, tmp_path, base=BASE, strips=request.param) as url,
    ):
        yield url


async def test_page_socket_and_docs_are_below_the_path(address: str, newcomer: Newcomer) -> None:
    ann, bo = await newcomer(), await newcomer()
    await ann.page.goto(f"{address}/")
    await ann.button("Create a room").click()
    await expect(ann.page).to_have_url(re.compile(f"^{re.escape(address)}/r/[0-9a-f-]{{36}}$"))
    await ann.settles()
    await expect(ann.editor).to_be_focused()
    await ann.type("hello")
    await ann.sees("hello")
    await bo.page.goto(ann.page.url)
    await bo.sees("hello")
    # What is loaded later, from there too: the palette, and the way home.
    await ann.page.keyboard.press("ControlOrMeta+k")
    await expect(ann.page.get_by_role("dialog")).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await bo.page.get_by_role("link", name="Collab, start page").first.click()
    await expect(bo.page).to_have_url(f"{address}/")
    await bo.page.goto(f"{address}/docs")
    await expect(bo.page.get_by_text("Create a room")).to_be_visible()
    schema = await bo.page.request.get(f"{address}/docs/openapi.json")
    assert (await schema.json())["servers"] == [{"url": BASE}]


def test_a_path_that_is_none_is_refused() -> None:
    for wrong in ("pad", "/pad/", "/p d", "/pad\n", "//pad"):
        with pytest.raises(SystemExit):
            options.read(["--base-path", wrong], {})
    assert options.read(["--base-path", "/pad/one"], {}).base_path == "/pad/one"
    assert options.read([], {}).base_path == ""
