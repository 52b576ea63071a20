"""Files that are looked at: images, other assets, and Markdown as it is read."""

from __future__ import annotations

import re
import struct
import zlib

import httpx
from playwright.async_api import Locator, expect

from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.browser.test_files import opens_files, row, rows
from tests.browser.test_tabs import go_to_file, tab
from tests.support.server import DEADLINE, Server

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
README = """# Orbit

Two bodies, [tested](docs/test.md). See [here](#last) and [there](https://example.com/).

![logo](img/logo.png) ![far](https://example.com/a.png)

```python
def pull(other): return 1  # N
```

- near

<script>window.fell = 1</script><img src="x" onerror="window.fell = 2">
<p style="position: fixed" class="palette" onclick="window.fell = 3">raw <b>words</b></p>
<form action="/x"><input name="q"></form><iframe src="/"></iframe>
<a href="javascript:window.fell = 4">run</a>
"""


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\x0a\x6b\x5c" * width) * height
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def put(server: Server, room: Room, path: str, content: bytes) -> None:
    address = f"{server.url}/rooms/{room.id}/files/{path}"
    httpx.put(address, content=content, timeout=DEADLINE).raise_for_status()


def remove(server: Server, room: Room, path: str) -> None:
    address = f"{server.url}/rooms/{room.id}/files/{path}"
    httpx.delete(address, timeout=DEADLINE).raise_for_status()


def project(server: Server) -> Room:
    room = Room(server, "print(1)\n")
    put(server, room, "img/logo.png", png(320, 200))
    put(server, room, "data.bin", bytes(range(256)))
    put(server, room, "docs/test.md", b"# Tests\n")
    put(server, room, "README.md", (README + "line\n\n" * 150 + "## Last\n").encode())
    return room


def preview(person: Person) -> Locator:
    return person.page.get_by_role("region", name="Preview of README.md")


async def test_assets_are_opened_like_texts_and_shown_or_named(
    newcomer: Newcomer, shared_server: Server
) -> None:
    ann = await newcomer()
    room = project(shared_server)
    await ann.enter(room.url)
    await go_to_file(ann, "logo.png", focused=False)
    image = ann.page.get_by_role("img", name="logo.png")
    await expect(image).to_have_js_property("naturalWidth", 320)
    await expect(ann.page.get_by_text(re.compile("320 . 200"))).to_be_visible()
    await ann.button("Larger").click()
    await expect(image).to_have_css("width", "480px")
    await ann.button("Original size").click()
    await expect(image).to_have_css("width", "320px")
    assert await axe.violations(ann.page) == []

    await go_to_file(ann, "data.bin", focused=False)
    card = ann.page.locator(".asset-card")
    await expect(card).to_contain_text("BIN file · 256 bytes")
    async with ann.page.expect_download() as coming:
        await ann.page.get_by_role("link", name="Download").click()
    download = await coming.value
    assert download.suggested_filename == "data.bin"
    assert (await download.path()).read_bytes() == bytes(range(256))
    assert await axe.violations(ann.page) == []

    await ann.page.reload()
    await expect(card).to_be_visible()
    # What others do to the tree closes nothing, and an asset that is gone gives way to a text.
    put(shared_server, room, "other.py", b"x")
    await expect(card).to_be_visible()
    remove(shared_server, room, "data.bin")
    await expect(ann.editor).to_be_visible()

    # A folder can be closed among what the filter finds, and Enter shows an asset.
    await opens_files(ann)
    await ann.button("Filter the files").click()
    await ann.page.get_by_role("searchbox").fill("logo")
    await rows(ann, "img", "  logo.png")
    await row(ann, "img").click()
    await rows(ann, "img")
    await row(ann, "img").click()
    await rows(ann, "img", "  logo.png")
    await ann.button("Close all folders").click()
    await rows(ann, "img")
    await row(ann, "img").focus()
    await ann.press("ArrowRight", "ArrowRight", "Enter")
    await expect(image).to_be_visible()
    # A link leads on from an asset that was shown last.
    await ann.page.goto(f"{room.url}/docs/test.md")
    await expect(ann.editor).to_contain_text("# Tests")
    await expect(ann.page).to_have_url(room.url)


async def test_markdown_is_read_beside_its_text_while_another_types(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = project(shared_server)
    ann, bo = await newcomer(), await newcomer(**PHONE)
    asked: list[str] = []
    ann.page.on("request", lambda request: asked.append(request.url))
    await ann.enter(room.url)
    await go_to_file(ann, "README.md")
    await ann.button("Preview").click()
    await expect(preview(ann).get_by_role("heading", name="Orbit")).to_be_visible()
    await expect(preview(ann).get_by_role("img", name="logo")).to_have_js_property(
        "naturalWidth", 320
    )
    await expect(preview(ann).locator("pre span").first).to_have_text("def")
    await expect(preview(ann)).to_contain_text("raw words")
    near = preview(ann).get_by_role("listitem").filter(has_text="near")
    await expect(near).to_have_css("list-style-type", "disc")
    far = preview(ann).get_by_role("link", name="far (image at example.com)")
    await expect(far).to_have_attribute("rel", "noopener noreferrer")
    for forbidden in ("script", "form", "input", "iframe", "[onclick]", "[onerror]", "[style]"):
        await expect(preview(ann).locator(f".paper-section > div {forbidden}")).to_have_count(0)
    await expect(preview(ann).locator(".palette")).to_have_count(0)
    await expect(preview(ann).get_by_text("run", exact=True)).not_to_have_attribute(
        "href", re.compile("")
    )
    assert await ann.page.evaluate("window.fell") is None
    assert [address for address in asked if "example.com" in address] == []
    assert await axe.violations(ann.page) == []

    # Scrolled in step, both ways.
    await ann.page.locator(".cm-scroller").evaluate("it => { it.scrollTop = it.scrollHeight }")
    await expect(preview(ann).get_by_role("heading", name="Last")).to_be_in_viewport()
    await preview(ann).evaluate("it => { it.scrollTop = 0 }")
    await expect(ann.page.locator(".cm-line").first).to_be_in_viewport()
    await preview(ann).get_by_role("link", name="here", exact=True).click()
    await expect(preview(ann).get_by_role("heading", name="Last")).to_be_in_viewport()

    # On a phone the preview is in the place of the text.
    await bo.page.goto(room.url)
    await bo.settles()
    await go_to_file(bo, "README.md")
    await bo.page.keyboard.press("Control+Home")
    await bo.button("Preview").click()
    await expect(preview(bo).get_by_role("heading", name="Orbit")).to_be_visible()
    await expect(bo.editor).to_be_hidden()
    await ann.editor.focus()
    await ann.press("Control+Home", "End")
    await ann.type("al *mechanics*")
    for person in (ann, bo):
        await expect(
            preview(person).get_by_role("heading", name="Orbital mechanics")
        ).to_be_attached()
    await bo.button("Preview").click()
    await expect(bo.editor).to_be_visible()

    await preview(ann).evaluate("it => { it.scrollTop = 0 }")
    await preview(ann).get_by_role("link", name="tested").click()
    await expect(tab(ann, "test.md")).to_have_attribute("aria-selected", "true")
    assert ann.complaints == []
