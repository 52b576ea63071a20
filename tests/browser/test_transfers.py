"""Files come in and go out: dropped, picked, pasted, and downloaded; with others in the room."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import Download, Locator, expect

from tests.browser import axe
from tests.browser.conftest import Newcomer
from tests.browser.person import Person
from tests.browser.room import Room
from tests.browser.test_files import PHONE, enters, makes, names, row, rows
from tests.files.zips import a_zip
from tests.support.git_server import GitServer, commit, serving_git
from tests.support.proxy import Proxy
from tests.support.server import Server

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
PASTE_A_PICTURE = """() => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array([137, 80, 78, 71])], "image.png", {type: "image/png"}));
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def gits(tmp_path: Path) -> Iterator[GitServer]:
    with serving_git(tmp_path) as gits:
        project = gits.repository("project")
        for name in ("a.py", "b.py"):
            (project / name).write_text(name)
        commit(project)
        yield gits


@pytest.fixture
def server_of_gits(gits: GitServer, database_url: str) -> Iterator[Server]:
    """A server that imports from this machine as if it were another one."""
    trusting = {"SSL_CERT_FILE": str(gits.certificate)}
    option = "--files-git-hosts=localhost"
    with Server(option, database_url=database_url, environment=trusting) as server:
        yield server


async def drops(person: Person, place: Locator, *paths: Path) -> None:
    """Drop files and folders of the disk, as a browser gets them of a desktop."""
    box = await place.bounding_box()
    assert box
    mouse = await person.context.new_cdp_session(person.page)
    for kind in ("dragEnter", "dragOver", "drop"):
        await mouse.send(
            "Input.dispatchDragEvent",
            {
                "type": kind,
                "x": box["x"] + box["width"] / 2,
                "y": box["y"] + min(box["height"] / 2, 60),
                "data": {
                    "items": [],
                    "files": [str(path) for path in paths],
                    "dragOperationsMask": 1,
                },
            },
        )


def a_project(folder: Path) -> Path:
    for path, content in {
        "src/app.py": b"print(1)\n",
        "src/logo.png": PNG,
        "notes.md": b"# Notes\n",
        ".git/HEAD": b"ref",
        "con.txt": b"no desktop of another kind can store it",
    }.items():
        file = folder / "project" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / "project" / "empty").mkdir()
    return folder / "project"


async def unpacked(download: Download) -> dict[str, bytes]:
    path = await download.path()
    data = await asyncio.to_thread(path.read_bytes)
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def test_a_folder_comes_in_by_a_drop_is_asked_about_once_and_goes_out_again(
    newcomer: Newcomer, shared_server: Server, tmp_path: Path
) -> None:
    room = Room(shared_server, "one\n")
    ann, bo = await enters(newcomer, room.url), await enters(newcomer, room.url)
    page, dialog = ann.page, ann.page.get_by_role("dialog")
    project = a_project(tmp_path)
    await drops(ann, page.get_by_role("tree"), project)
    await expect(dialog).to_contain_text("3 files were added; 2 files were left out.")
    await expect(dialog).to_contain_text("Git keeps its own data in it.")
    await expect(dialog).to_contain_text("Windows keeps the name con.txt for itself.")
    assert await axe.violations(page) == []
    await dialog.get_by_role("button", name="Done").click()
    await row(ann, "project").click()
    await rows(ann, "project", "  empty", "  src", "  notes.md", "main.py")
    await row(bo, "project").click()
    await row(bo, "notes.md").click()
    await bo.sees("# Notes\n")

    # Bo writes into it while it comes again: nothing of that is lost.
    await bo.press("Control+End")
    await bo.type("from bo\n")
    await bo.settles()
    await drops(ann, ann.editor, project)
    await expect(dialog).to_contain_text("3 files are there already")
    assert await axe.violations(page) == []
    await dialog.get_by_role("button", name="Keep both").click()
    await expect(dialog).to_contain_text("1 file was added; 2 files were there already")
    await dialog.get_by_role("button", name="Done").click()
    await rows(ann, "project", "  empty", "  src", "  notes_2.md", "  notes.md", "main.py")
    await bo.sees("# Notes\nfrom bo\n")

    async with page.expect_download() as folder:
        await row(ann, "src").click(button="right")
        await page.get_by_role("menuitem", name="Download").click()
    assert await unpacked(await folder.value) == {
        "src/": b"",
        "src/app.py": b"print(1)\n",
        "src/logo.png": PNG,
    }
    async with page.expect_download() as whole:
        await ann.button("In and out").click()
        await page.get_by_role("menuitem", name="Download all files").click()
    assert (await unpacked(await whole.value))["project/notes.md"] == b"# Notes\nfrom bo\n"

    # A folder is duplicated with its pictures.
    await row(ann, "src").click(button="right")
    await page.get_by_role("menuitem", name="Duplicate").click()
    await row(ann, "src_2").click()
    await expect(row(ann, "logo.png")).to_be_visible()


async def test_on_a_phone_a_zip_is_picked_a_picture_is_pasted_and_a_long_upload_is_stopped(
    newcomer: Newcomer, shared_server: Server, link: Proxy
) -> None:
    ann = await enters(newcomer, Room(shared_server, "one\n").through(link), **PHONE)
    page, said = ann.page, ann.page.get_by_role("status", name="Notices")

    async def picks(name: str, content: bytes) -> None:
        async with page.expect_file_chooser() as asked:
            await ann.button("In and out").click()
            await page.get_by_role("menuitem", name="Add files").click()
        chosen = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        await (await asked.value).set_files(chosen)  # type: ignore[arg-type]

    await picks("project.zip", a_zip(("lib/a.py", "a"), ("b.py", "b")))
    await expect(said).to_contain_text("2 files were added.")
    await rows(ann, "lib", "b.py", "main.py")

    # The server does not get it all: nothing of it is there.
    await page.route("**/import?*", lambda _route: None)
    await picks("long.py", b"x = 1\n" * 1000)
    running = page.get_by_role("region", name="Files are being added")
    await expect(running).to_contain_text("Adding long.py")
    assert await axe.violations(page) == []
    await running.get_by_role("button", name="Cancel").click()
    await expect(said).to_contain_text("Stopped. Nothing was added.")
    await page.unroute_all()

    # The server has all of it already, and is only slow to answer.
    # What else the page asks for goes on: waiting, it could take all connections of the browser.
    link.stall(answers_to=b"/import?")
    await picks("late.py", b"x = 1\n" * 1000)
    await expect(running.get_by_role("progressbar")).to_have_js_property("value", 1)
    await running.get_by_role("button", name="Cancel").click()
    await expect(running).to_contain_text("Stopping…")
    await expect(running.get_by_role("button")).not_to_be_attached()
    link.resume()
    await expect(said).to_contain_text("It was too late to stop. 1 file was added.")
    await rows(ann, "lib", "b.py", "late.py", "main.py")

    await row(ann, "b.py").tap()
    await ann.editor.focus()
    await page.evaluate(PASTE_A_PICTURE)
    await expect(said).to_contain_text("1 file was added.")
    await ann.button(re.compile("^Files")).locator("visible=true").click()
    await rows(ann, "lib", "b.py", "image.png", "late.py", "main.py")


async def test_a_room_of_several_files_shows_its_tree_once_and_an_empty_one_says_so(
    newcomer: Newcomer, shared_server: Server
) -> None:
    room = Room(shared_server, "one\n")
    ann = await newcomer(first_visit=True)
    await ann.page.goto(room.url)
    await ann.settles()
    await expect(ann.page.get_by_role("tree")).not_to_be_attached()
    bo = await enters(newcomer, room.url)
    await makes(bo, "New file", "a.py")
    await rows(ann, "a.py", "main.py")
    await ann.button("Close the files panel").click()
    await ann.page.reload()
    await ann.settles()
    await expect(ann.page.get_by_role("tablist")).to_be_visible()
    await expect(ann.page.get_by_role("tree")).not_to_be_attached()

    await row(bo, "a.py").click()
    await row(bo, "main.py").click(modifiers=["Shift"])
    await bo.press("Delete")
    await expect(ann.page.get_by_text("There is no text in this room.")).to_be_visible()
    assert await axe.violations(ann.page) == []
    await ann.page.get_by_role("main").get_by_role("button", name="New file").click()
    await names(ann, "b.py")
    await expect(ann.editor).to_be_focused()

    # A copy has the files, and with its history also what was removed.
    await ann.settles()
    await ann.button("Share").first.click()
    await ann.page.get_by_role("button", name="Copy this room…").click()
    await ann.page.get_by_text("all of their history").click()
    await ann.button("Copy the room").click()
    await ann.page.wait_for_url(lambda url: room.id not in url)
    await ann.settles()
    await expect(ann.page.get_by_role("heading", name="b.py")).to_be_visible()


async def test_a_room_begins_with_the_files_of_a_repository(
    gits: GitServer, server_of_gits: Server, newcomer: Newcomer
) -> None:
    server = server_of_gits
    ann = await newcomer()
    ann.excuses = re.compile("status of 422")
    await ann.page.goto(server.url)
    await ann.button("import from Git").click()
    address = ann.page.get_by_label("Address of a public repository")
    await expect(address).to_be_focused()
    assert await axe.violations(ann.page) == []
    await address.fill("http://localhost/project")
    await ann.press("Enter")
    await expect(ann.page.get_by_text("It has to be an address that begins with")).to_be_visible()
    await address.fill(f"{gits.url}/project")
    await ann.press("Enter")
    # The empty file that a room begins with has gone.
    await expect(ann.page.get_by_role("status", name="Notices")).to_contain_text("2 files were")
    await ann.button("Files panel").click()
    await rows(ann, "a.py", "b.py")
    await ann.button("In and out").click()
    await ann.page.get_by_role("menuitem", name="Import from Git").click()
    await address.fill(f"{gits.url}/none")
    await ann.press("Enter")
    notices = ann.page.get_by_role("status", name="Notices")
    await expect(notices).to_contain_text("There is no public repository at this address.")
