"""Rooms as zips, as other programs get them."""

from __future__ import annotations

import stat
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from collab.live.limits import ServerLimits
from collab.settings import Settings
from tests.files.zips import a_zip, info
from tests.http.files import made, told, written
from tests.support.here import serving
from tests.support.rooms import NOBODYS
from tests.support.server import DEADLINE


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


def imported(http: httpx.Client, files: str, made_zip: bytes, **params: str) -> Any:
    address = files.replace("/files", "/import")
    answer = http.post(address, content=made_zip, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(http: httpx.Client, files: str) -> dict[str, str]:
    return {file["path"]: file["kind"] for file in http.get(files).json()["files"]}


PROJECT = a_zip(
    ("src/app.py", "print('🦦')\r\n"),
    ("src/empty/", ""),
    ("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4000),
    ("inner.zip", a_zip(("x", "y"))),
    ("../evil.py", "evil"),
    (info("link", mode=stat.S_IFLNK | 0o777), "/etc/passwd"),
    ("src/App.py", "other"),
)


def test_a_zip_is_imported_with_words_for_what_is_not_kept(http: httpx.Client) -> None:
    files = made(http)
    result = imported(http, files, PROJECT)
    assert (result["added"], result["replaced"], result["unchanged"]) == (4, 0, 0)
    assert result["remarks"] == [
        {"path": "../", "words": "It would lie outside of the room.", "kept": False},
        {"path": "link", "words": "It is a link, and links are not followed.", "kept": False},
        {
            "path": "src/App.py",
            "words": "It is kept as src/App_2.py, beside another of its name.",
            "kept": True,
        },
    ]
    assert listed(http, files) == {
        "inner.zip": "asset",
        "logo.png": "asset",
        "main.py": "text",
        "src": "folder",
        "src/App_2.py": "text",
        "src/app.py": "text",
        "src/empty": "folder",
    }
    assert http.get(f"{files}/src/app.py").text == "print('🦦')\n"
    assert http.get(f"{files}/logo.png").headers["content-type"] == "image/png"


def test_an_export_that_is_imported_is_the_same_room(http: httpx.Client) -> None:
    first, second = made(http, "x = 1\n"), made(http, "")
    imported(http, first, PROJECT)
    http.put(f"{first}/logo.png", content=b"no image, but an asset")
    before = http.get(first.replace("/files", "/export.zip")).content
    result = imported(http, second, before, conflict="replace")
    assert (result["added"], result["replaced"], result["remarks"]) == (4, 1, [])
    assert unpacked(http.get(second.replace("/files", "/export.zip"))) == unpacked(
        http.get(first.replace("/files", "/export.zip"))
    )
    assert listed(http, second) == listed(http, first)


@pytest.mark.parametrize(
    ("conflict", "paths", "text", "counts"),
    [
        ("keep", ["a.bin", "a_2.bin", "main.py", "main_2.py"], "old\nline\n", (2, 0, 0)),
        ("skip", ["a.bin", "main.py"], "old\nline\n", (0, 0, 0)),
        ("replace", ["a.bin", "main.py"], "new\nline\n", (0, 2, 0)),
    ],
)
def test_what_is_there_already_is_kept_skipped_or_replaced(
    http: httpx.Client, conflict: str, paths: list[str], text: str, counts: tuple[int, ...]
) -> None:
    files = made(http, "old\nline\n")
    http.put(f"{files}/a.bin", content=b"\0old")
    made_zip = a_zip(("MAIN.py", "new\nline\n"), ("a.bin", b"\0new"))
    result = imported(http, files, made_zip, conflict=conflict)
    assert (result["added"], result["replaced"], result["unchanged"]) == counts
    assert sorted(path.lower() for path in listed(http, files)) == paths
    assert http.get(f"{files}/main.py").text == text
    if conflict == "replace":
        again = imported(http, files, made_zip, conflict=conflict)
        assert (again["unchanged"], again["revision"]) == (2, result["revision"])
        # It is the same file, which people have open.
        ids = {file["path"]: file["id"] for file in http.get(files).json()["files"]}
        assert ids["main.py"] == "main"
    if conflict == "skip":
        assert [remark["path"] for remark in result["remarks"]] == ["MAIN.py", "a.bin"]


@pytest.mark.parametrize("conflict", ["keep", "skip", "replace"])
def test_an_import_that_is_done_again_adds_nothing_twice(http: httpx.Client, conflict: str) -> None:
    files = made(http, "mine")
    made_zip = a_zip(("MAIN.py", "theirs"), ("lib/a.py", "a"), ("a.bin", b"\0"))
    first = imported(http, files, made_zip, conflict=conflict)
    before = listed(http, files)
    again = imported(http, files, made_zip, conflict=conflict)
    assert (again["added"], again["replaced"], again["revision"]) == (0, 0, first["revision"])
    # What is skipped is another file than the one that is there.
    assert again["unchanged"] == (2 if conflict == "skip" else 3)
    assert listed(http, files) == before


def test_a_text_and_an_asset_of_one_name_take_each_others_place(http: httpx.Client) -> None:
    files = made(http, "text")
    http.put(f"{files}/a.bin", content=b"\0")
    made_zip = a_zip(("main.py", b"\0"), ("a.bin", "text"))
    result = imported(http, files, made_zip, conflict="replace")
    assert (result["added"], result["replaced"]) == (0, 2)
    assert listed(http, files) == {"a.bin": "text", "main.py": "asset"}


def test_a_zip_is_imported_into_a_folder_and_a_folder_is_exported(http: httpx.Client) -> None:
    files = made(http)
    imported(http, files, a_zip(("lib/x.py", "x"), ("y.py", "y")), folder="vendor")
    answer = http.get(files.replace("/files", "/export.zip"), params={"folder": "vendor/lib"})
    assert unpacked(answer) == {"lib/": b"", "lib/x.py": b"x"}
    assert answer.headers["content-disposition"].endswith("lib.zip")
    nowhere = http.get(files.replace("/files", "/export.zip"), params={"folder": "none"})
    assert told(nowhere, 404) == "unknown_file: There is no file none in this room."
    answer = http.post(files.replace("/files", "/import"), params={"folder": "../x"})
    assert answer.json()["detail"] == "path: It would lie outside of the room."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"no zip", "bad_zip: This is not a zip, or it is damaged."),
        (b"", "bad_zip: This is not a zip, or it is damaged."),
        (
            a_zip(*((str(n), "") for n in range(10_001))),
            "bad_zip: The zip has 10001 entries; the limit is 10000.",
        ),
    ],
    ids=["no zip", "nothing", "too many"],
)
def test_a_zip_that_is_refused_changes_nothing(http: httpx.Client, body: bytes, words: str) -> None:
    files = made(http)
    assert told(http.post(files.replace("/files", "/import"), content=body), 422) == words
    assert http.get(files).json()["revision"] == 1


def test_a_bomb_is_stopped_where_the_room_would_be_too_large(http: httpx.Client) -> None:
    files = made(http)
    bomb = a_zip(*((f"{n}.bin", bytes(25 * 1024 * 1024)) for n in range(21)))
    assert len(bomb) < 1_000_000
    answer = http.post(files.replace("/files", "/import"), content=bomb)
    assert told(answer, 422).startswith("bad_zip: The files in the zip have 550502400 bytes")


def test_there_is_no_import_into_a_room_that_is_not_there(http: httpx.Client) -> None:
    answer = http.post(f"/rooms/{NOBODYS}/import", content=PROJECT)
    assert told(answer, 404) == "room_not_found: Room not found"
    # Nor do wrong parameters tell of one that is there.
    answer = http.post(f"/rooms/{NOBODYS}/import?conflict=ask", content=PROJECT)
    assert told(answer, 404) == "room_not_found: Room not found"
    answer = http.post(made(http).replace("/files", "/import?conflict=ask"), content=PROJECT)
    assert answer.status_code == 400


def test_an_import_of_a_thousand_files_is_a_few_changes(http: httpx.Client) -> None:
    files = made(http)
    text = "x = 1  # 0123456789\n" * 500
    result = imported(http, files, a_zip(*((f"d{n % 30}/{n}.py", text) for n in range(1000))))
    assert result["added"] == 1000
    assert result["revision"] < 15
    assert len(listed(http, files)) == 1031


async def test_who_has_written_more_than_it_may_waits_before_it_writes_more(
    database_url: str,
) -> None:
    limits = ServerLimits(log_bytes_per_address=40_000)  # 10,000 of them at once
    settings = Settings(port=0, database_url=database_url, limits=limits)
    async with (
        serving(settings) as address,
        httpx.AsyncClient(base_url=f"http://{address}", timeout=DEADLINE) as http,
    ):
        room = f"/rooms/{(await http.post('/rooms')).json()['roomId']}"
        # What is over the budget is taken all the same.
        assert (await http.put(f"{room}/files/a.bin", content=bytes(20_000))).is_success
        for answer in (
            await http.put(f"{room}/files/b.bin", content=b"\0"),
            await http.patch(f"{room}/files/a.bin", json={"path": "b.bin"}),
            await http.delete(f"{room}/files/a.bin"),
            await http.post(f"{room}/import", content=PROJECT),
            await http.post("/rooms", json={"copy": room.removeprefix("/rooms/")}),
            await http.post("/rooms"),
        ):
            assert told(answer, 429).startswith("too_much_written: Your address has written more")
            assert int(answer.headers["retry-after"]) > 60
        assert (await http.get(f"{room}/files/a.bin")).content == bytes(20_000)
