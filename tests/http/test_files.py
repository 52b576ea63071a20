"""`/rooms/{room_id}/files`, as other programs use it."""

from __future__ import annotations

import httpx
import pytest

from tests.files.zips import a_zip
from tests.http.files import made, told, written
from tests.support.clients import OtClient
from tests.support.rooms import NOBODYS
from tests.support.server import DEADLINE, Server


def test_the_files_of_a_room_are_listed_without_their_texts(http: httpx.Client) -> None:
    files = made(http, "🦦 = 1\n")
    main = {"id": "main", "path": "main.py", "kind": "text", "language": "python", "length": 6}
    no_asset = {"size": None, "blob": None}
    assert http.get(files).json() == {"revision": 1, "files": [main | no_asset]}


def test_a_text_is_read_as_it_is_and_runs_nowhere(http: httpx.Client) -> None:
    text = "<script>alert('🦦')</script>\n\t\n"
    answer = http.get(made(http, text) + "/main.py")
    assert answer.content == text.encode()
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''main.py"


def test_a_text_that_is_written_is_saved(http: httpx.Client) -> None:
    files = made(http, "a = 1\n")
    assert written(http, f"{files}/main.py", "a = 1\nb = 2\r\n") == {
        "id": "main",
        "path": "main.py",
        "kind": "text",
        "language": "python",
        "length": 12,
        "size": None,
        "blob": None,
        "revision": 2,
        "merged": False,
        "etag": http.get(f"{files}/main.py").headers["etag"],
    }
    assert http.get(files.removesuffix("/files")).json()["code"] == "a = 1\nb = 2\n"


def test_a_text_that_is_there_already_makes_no_revision(http: httpx.Client) -> None:
    address = made(http, "x") + "/main.py"
    assert [written(http, address, "x")["revision"] for _ in range(2)] == [1, 1]


def test_an_older_revision_is_read_as_it_was(http: httpx.Client) -> None:
    files = made(http, "one")
    for text in ("two", "three"):
        written(http, f"{files}/main.py", text)
    texts = [http.get(f"{files}/main.py?revision={n}").text for n in (1, 2, 3)]
    assert texts == ["one", "two", "three"]
    assert http.get(files, params={"revision": 1}).json()["files"][0]["length"] == 3
    words = "unknown_revision: Revision 4 is above the head of this room, 3."
    assert told(http.get(f"{files}/main.py?revision=4"), 404) == words
    assert http.get(f"{files}/main.py?revision=0").status_code == 400


def test_who_has_the_text_is_not_sent_it_again(http: httpx.Client) -> None:
    address = made(http, "x") + "/main.py"
    etag = http.get(address).headers["etag"]
    answer = http.get(address, headers={"if-none-match": f'"other", {etag}'})
    assert (answer.status_code, answer.content) == (304, b"")
    written(http, address, "y")
    assert http.get(address, headers={"if-none-match": etag}).text == "y"


def test_a_change_of_an_older_version_is_merged_with_those_since(http: httpx.Client) -> None:
    address = made(http, "one\ntwo\nthree\n") + "/main.py"
    etag = http.get(address).headers["etag"]
    written(http, address, "ONE\ntwo\nthree\n")
    after = written(http, address, "one\ntwo\nTHREE\n", **{"if-match": etag})
    assert after["merged"]
    assert http.get(address).text == "ONE\ntwo\nTHREE\n"
    assert http.get(address).headers["etag"] == after["etag"]


def test_a_change_of_an_older_version_fails_where_that_is_asked_for(http: httpx.Client) -> None:
    address = made(http, "one\n") + "/main.py"
    etag = http.get(address).headers["etag"]
    newer = written(http, address, "two\n")["etag"]
    answer = http.put(
        address, content=b"three\n", params={"merge": "false"}, headers={"if-match": etag}
    )
    assert told(answer, 412).startswith("other_version: The file has changed")
    assert answer.headers["etag"] == newer
    assert http.get(address).text == "two\n"
    answer = http.put(
        address, content=b"three\n", params={"merge": "false"}, headers={"if-match": newer}
    )
    assert answer.json()["revision"] == 3


@pytest.mark.parametrize(
    "etag", ['"1-0000000000000000"', '"99-0123456789abcdef"', '"x"', "nonsense"]
)
def test_a_version_that_the_file_never_had_cannot_be_merged(http: httpx.Client, etag: str) -> None:
    address = made(http, "one\n") + "/main.py"
    answer = http.put(address, content=b"two\n", headers={"if-match": etag})
    assert told(answer, 412) == "other_version: If-Match names no version that this file has had."
    assert http.get(address).text == "one\n"


def test_conditions_about_whether_there_is_a_file(http: httpx.Client) -> None:
    address = made(http, "one\n") + "/main.py"
    answer = http.put(address, content=b"two\n", headers={"if-none-match": "*"})
    assert told(answer, 412) == "other_version: There is a file main.py already."
    assert written(http, address, "two\n", **{"if-match": "*"})["revision"] == 2


def test_a_file_is_added_with_its_folders(http: httpx.Client) -> None:
    files = made(http)
    after = written(http, f"{files}/src/lib/utils.ts", "x")
    assert (after["path"], after["language"], after["revision"]) == (
        "src/lib/utils.ts",
        "typescript",
        2,
    )
    written(http, f"{files}/SRC/other.py", "y")
    paths = [(file["path"], file["kind"]) for file in http.get(files).json()["files"]]
    assert paths == [
        ("main.py", "text"),
        ("src", "folder"),
        ("src/lib", "folder"),
        ("src/lib/utils.ts", "text"),
        ("src/other.py", "text"),
    ]
    assert http.get(f"{files}/src/lib/UTILS.ts").text == "x"
    assert told(http.get(f"{files}/src"), 404).startswith("unknown_file: ")
    assert told(http.put(f"{files}/src", content=b"x"), 409) == "is_folder: src is a folder."


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("a%2F..%2Fb", "path: It would lie outside of the room."),
        ("a/con.py", "path: Windows keeps the name con.py for itself."),
        ("a%00b", "path: A name cannot have the character U+0000."),
        ("ab%3Ac", "path: A name cannot have the character :"),
        (".git/x", "path: Git keeps the name .git for itself."),
        ("x/" * 32 + "y", "path: It is 33 levels deep; the limit is 32."),
        ("y" * 256, "path: The name is longer than 255 bytes."),
    ],
)
def test_a_name_that_no_desktop_can_store_is_refused(
    http: httpx.Client, path: str, words: str
) -> None:
    answer = http.put(f"{made(http)}/{path}", content=b"x")
    assert (answer.status_code, answer.json()["detail"]) == (400, words)


def test_a_file_is_moved_and_keeps_its_id(http: httpx.Client) -> None:
    files = made(http, "x")
    moved = http.patch(f"{files}/main.py", json={"path": "src/app.ts"}).json()
    assert (moved["id"], moved["path"], moved["language"]) == ("main", "src/app.ts", "typescript")
    assert http.get(f"{files}/src/app.ts").text == "x"
    assert http.get(f"{files}/main.py").status_code == 404
    assert http.patch(f"{files}/src", json={"path": "lib"}).json()["kind"] == "folder"
    assert http.get(f"{files}/lib/app.ts").text == "x"
    into_itself = http.patch(f"{files}/lib", json={"path": "lib/deeper"})
    assert told(into_itself, 409).startswith("into_itself: ")
    written(http, f"{files}/b.py", "b")
    taken = http.patch(f"{files}/b.py", json={"path": "LIB/app.ts"})
    assert told(taken, 409) == "name_taken: There is a file or folder LIB/app.ts already."
    assert http.patch(f"{files}/b.py", json={"path": "B.py"}).json()["path"] == "B.py"
    assert http.patch(f"{files}/none.py", json={"path": "c.py"}).status_code == 404
    wrong = http.patch(f"{files}/B.py", json={"path": "../c.py"})
    assert wrong.json()["detail"] == "path: It would lie outside of the room."


def test_what_is_removed_is_gone_and_was_there(http: httpx.Client) -> None:
    files = made(http)
    etag = written(http, f"{files}/src/a.py", "one")["etag"]
    written(http, f"{files}/src/a.py", "two")
    late = http.delete(f"{files}/src/a.py", headers={"if-match": etag})
    assert told(late, 412).startswith("other_version: ")
    gone = http.delete(f"{files}/src")
    assert (gone.status_code, gone.json()["revision"]) == (200, 4)
    assert [file["path"] for file in http.get(files).json()["files"]] == ["main.py"]
    assert http.get(f"{files}/src/a.py?revision=3").text == "two"
    assert told(http.delete(f"{files}/src"), 404).startswith("unknown_file: ")


def test_only_what_is_there_can_be_changed_from_a_version(http: httpx.Client) -> None:
    files = made(http)
    answer = http.put(f"{files}/new.py", content=b"x", headers={"if-match": "*"})
    assert told(answer, 412) == "other_version: There is no file new.py in this room."
    assert http.put(f"{files}/new.py", content=b"x", headers={"if-none-match": "*"}).is_success


def test_a_text_has_a_limit_in_characters(http: httpx.Client) -> None:
    address = made(http) + "/main.py"
    most = 2 * 1024 * 1024
    assert written(http, address, "🦦" * most)["length"] == most
    # What is longer can be kept, but not be edited.
    assert http.put(address, content=b"a" * (most + 1)).json()["kind"] == "asset"
    too_large = http.put(address, content=b"a" * (25 * 1024 * 1024 + 1))
    assert told(too_large, 413).startswith("too_large: ")


@pytest.mark.parametrize("room_id", [NOBODYS, "anything", "%00"])
def test_a_room_that_is_not_there_has_no_files(http: httpx.Client, room_id: str) -> None:
    for answer in (
        http.get(f"/rooms/{room_id}/files"),
        http.get(f"/rooms/{room_id}/files/main.py"),
        http.put(f"/rooms/{room_id}/files/main.py", content=b""),
    ):
        assert told(answer, 404) == "room_not_found: Room not found"


async def test_people_in_the_room_are_told_of_the_difference(shared_server: Server) -> None:
    room_id = shared_server.create_room(initial_code="one\ntwo\n")
    async with OtClient(shared_server.room_url(room_id), "ann" * 8) as ann:
        address = f"{shared_server.url}/rooms/{room_id}/files/main.py"
        async with httpx.AsyncClient(timeout=DEADLINE) as http:
            answer = await http.put(address, content=b"one\n2\ntwo\n")
        assert answer.json()["revision"] == 2
        await ann.until(lambda: ann.text == "one\n2\ntwo\n")


async def test_people_are_told_who_asked_for_a_change(shared_server: Server) -> None:
    room_id = shared_server.create_room()
    room = f"/rooms/{room_id}"
    bo = {"X-Collab-Name": "B%C3%B6%20%F0%9F%A6%A6", "X-Collab-Person": "q9f"}
    async with (
        OtClient(shared_server.room_url(room_id), "ann" * 8) as ann,
        httpx.AsyncClient(base_url=shared_server.url, timeout=DEADLINE, headers=bo) as http,
    ):
        await http.put(f"{room}/files/a.py", content=b"one")
        await http.patch(f"{room}/files/a.py", json={"path": "b.py"})
        await http.post(f"{room}/files/b.py", json={"path": "c.py"})
        await http.post(f"{room}/replace", json={"query": "one", "replacement": "two"})
        await http.post(f"{room}/import", content=a_zip(("d.py", "d")))
        await http.delete(f"{room}/files/c.py")
        await ann.until(lambda: len(ann.authors) == 6)
    assert [(one["name"], one["person"]) for one in ann.authors] == [("Bö 🦦", "q9f")] * 6


async def test_a_program_without_a_name_is_one_author_to_everybody(shared_server: Server) -> None:
    room_id = shared_server.create_room()
    async with (
        OtClient(shared_server.room_url(room_id), "ann" * 8) as ann,
        httpx.AsyncClient(base_url=shared_server.url, timeout=DEADLINE) as http,
    ):
        for name in ("a.py", "b.py"):
            await http.put(f"/rooms/{room_id}/files/{name}", content=b"one")
        await ann.until(lambda: len(ann.authors) == 2)
    first, second = ann.authors
    assert first["name"] == second["name"] == "REST API"
    assert first["person"] == second["person"]
    assert first["client"] != second["client"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Collab-Name": ""},
        {"X-Collab-Name": "%0A"},
        {"X-Collab-Name": "%E2%80%AEeve"},
        {"X-Collab-Name": "x" * 41},
        {"X-Collab-Person": "no spaces"},
        {"X-Collab-Person": ""},
    ],
)
def test_an_author_that_nobody_can_be_is_refused(
    http: httpx.Client, headers: dict[str, str]
) -> None:
    answer = http.put(f"{made(http)}/a.py", content=b"a", headers=headers)
    assert answer.status_code == 400
    [header] = headers
    assert answer.json()["detail"].startswith(f"{header}: ")


def test_a_folder_is_copied_with_its_texts_and_assets(http: httpx.Client) -> None:
    files = made(http, "x")
    http.put(f"{files}/lib/a.py", content=b"a")
    http.put(f"{files}/lib/deep/a.bin", content=b"\0a")
    before = http.get(files).json()["revision"]
    copied = http.post(f"{files}/lib", json={"path": "lib"}).json()
    assert (copied["path"], copied["kind"]) == ("lib_2", "folder")
    assert copied["revision"] == before + 1
    assert http.get(f"{files}/lib_2/a.py").text == "a"
    assert http.get(f"{files}/lib_2/deep/a.bin").content == b"\0a"
    # What is written into one is not in the other, and a folder may be copied into itself.
    http.put(f"{files}/lib/a.py", content=b"b")
    assert http.post(f"{files}/lib", json={"path": "lib/new/copy"}).is_success
    assert http.get(f"{files}/lib_2/a.py").text == "a"
    assert http.get(f"{files}/lib/new/copy/a.py").text == "b"
    assert http.get(f"{files}/lib/new/copy/new").status_code == 404
    assert told(http.post(f"{files}/none", json={"path": "x"}), 404).startswith("unknown_file: ")
