"""`/rooms/{room_id}/files`, as other programs use it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.clients import OtClient
from tests.support.rooms import NOBODYS
from tests.support.server import DEADLINE, Server


def made(http: httpx.Client, text: str = "") -> str:
    """The address of the files of a new room."""
    room_id = http.post("/rooms", json={"initial_code": text}).json()["roomId"]
    return f"/rooms/{room_id}/files"


def written(http: httpx.Client, address: str, text: str, **headers: str) -> Any:
    answer = http.put(address, content=text.encode(), headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json() | {"etag": answer.headers["etag"]}


def told(answer: httpx.Response, status: int) -> str:
    """The code and the words of an answer that says no."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["status_code"] == status
    return f"{body['extra']['code']}: {body['detail']}"


def test_the_files_of_a_room_are_listed_without_their_texts(http: httpx.Client) -> None:
    files = made(http, "🦦 = 1\n")
    main = {"id": "main", "path": "main.py", "language": "python", "length": 6}
    assert http.get(files).json() == {"revision": 1, "files": [main]}


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
        "language": "python",
        "length": 12,
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


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\xff\xfea\0", "not_a_text: The body is not UTF-8: invalid start byte at byte 0."),
        (b"a\0b", "not_a_text: A text cannot hold U+0000."),
        (
            b"\xed\xa0\x80",
            "not_a_text: The body is not UTF-8: invalid continuation byte at byte 0.",
        ),
    ],
)
def test_what_is_no_text_is_told_so(http: httpx.Client, body: bytes, words: str) -> None:
    address = made(http, "x") + "/main.py"
    assert told(http.put(address, content=body), 415) == words
    assert http.get(address).text == "x"


def test_a_text_has_a_limit_in_characters(http: httpx.Client) -> None:
    address = made(http) + "/main.py"
    most = 2 * 1024 * 1024
    assert written(http, address, "🦦" * most)["length"] == most
    answer = http.put(address, content=b"a" * (most + 1))
    words = f"The file would have {most + 1} characters; the limit is {most}."
    assert told(answer, 413) == f"text_too_large: {words}"
    assert told(http.put(address, content=b"a" * (4 * most + 1)), 413).startswith("too_large: ")


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
        await ann.until(lambda: ann.ot.text == "one\n2\ntwo\n")
