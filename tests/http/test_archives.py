"""Rooms as zips, as other programs get them."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import httpx

from tests.http.test_files import made, told, written
from tests.support.rooms import NOBODYS


def unpacked(answer: httpx.Response) -> dict[str, bytes]:
    assert answer.status_code == 200, answer.text
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_a_room_is_exported_as_it_is(http: httpx.Client) -> None:
    files = made(http, "x = '🦦'\n")
    answer = http.get(files.replace("/files", "/export.zip"))
    assert unpacked(answer) == {"main.py": "x = '🦦'\n".encode()}
    assert answer.headers["content-type"] == "application/zip"
    name = files.split("/")[2][:8]
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}.zip"
    assert answer.headers["etag"] == '"1"'


def test_a_room_is_exported_as_it_was_and_always_the_same(http: httpx.Client) -> None:
    files = made(http, "one")
    address = files.replace("/files", "/export.zip")
    before = http.get(address).content
    written(http, f"{files}/main.py", "two")
    assert http.get(address, params={"revision": 1}).content == before
    assert unpacked(http.get(address)) == {"main.py": b"two"}
    assert told(http.get(address, params={"revision": 3}), 404).startswith("unknown_revision: ")


def test_there_is_no_zip_of_a_room_that_is_not_there(http: httpx.Client) -> None:
    assert told(http.get(f"/rooms/{NOBODYS}/export.zip"), 404) == "room_not_found: Room not found"
