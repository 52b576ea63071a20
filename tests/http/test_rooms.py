"""`/rooms`, as other programs use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from collab.live.limits import ServerLimits
from tests.support.rooms import NOBODYS

LONGEST = 2 * 1024 * 1024


def refused(http: httpx.Client, content: bytes | str) -> Any:
    """Send a POST /rooms that the server must refuse with 400, and return its detail."""
    answer = http.post("/rooms", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 400, answer.text
    body = answer.json()
    assert body["status_code"] == 400
    return body["detail"]


@pytest.mark.parametrize("body", [None, {}])
def test_an_empty_body_makes_an_empty_python_room(
    http: httpx.Client, body: dict[str, str] | None
) -> None:
    answer = http.post("/rooms", json=body) if body is not None else http.post("/rooms")
    assert answer.status_code == 201
    room = answer.json()
    assert str(UUID(room["roomId"])) == room["roomId"]
    assert room == {"roomId": room["roomId"], "code": "", "language": "python", "name": None}


@pytest.mark.parametrize("language", ["python", "javascript", "typescript"])
def test_a_room_is_read_as_it_was_made(http: httpx.Client, language: str) -> None:
    body = {"language": language, "initial_code": "# Start coding… 🦦\n\tx = '\"'"}
    answer = http.post("/rooms", json=body)
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    made = answer.json()
    assert made == {
        "roomId": made["roomId"],
        "code": body["initial_code"],
        "language": language,
        "name": None,
    }
    answer = http.get(f"/rooms/{made['roomId']}")
    assert answer.status_code == 200
    assert answer.json() == made


def test_no_two_rooms_are_the_same(http: httpx.Client) -> None:
    assert len({http.post("/rooms").json()["roomId"] for _ in range(5)}) == 5


def test_the_id_of_a_room_may_be_in_capitals(http: httpx.Client) -> None:
    room = http.post("/rooms").json()
    assert http.get(f"/rooms/{room['roomId'].upper()}").json() == room


@pytest.mark.parametrize(
    "room_id",
    [NOBODYS, NOBODYS.replace("-", ""), "42", "no-uuid", f"{{{NOBODYS}}}", "%00", "%F0%9F%A6%A6"],
)
def test_an_unknown_room_is_a_404(http: httpx.Client, room_id: str) -> None:
    answer = http.get(f"/rooms/{room_id}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "Room not found"


def test_every_line_ending_becomes_a_line_feed(http: httpx.Client) -> None:
    room = http.post("/rooms", json={"initial_code": "a\r\nb\rc\nd\r\n"}).json()
    assert room["code"] == "a\nb\nc\nd\n"
    assert http.get(f"/rooms/{room['roomId']}").json()["code"] == "a\nb\nc\nd\n"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"language": "cobol"}, "language"),
        ({"language": 3}, "language"),
        ({"language": None}, "language"),
        ({"initial_code": 3}, "initial_code"),
        ({"initial_code": None}, "initial_code"),
        ({"initial_code": ["a"]}, "initial_code"),
        ({"initial_code": "a\0b"}, "initial_code"),
        ({"initial_code": "a" * (LONGEST + 1)}, "initial_code"),
    ],
)
def test_a_wrong_field_is_named(http: httpx.Client, body: dict[str, Any], field: str) -> None:
    detail = refused(http, json.dumps(body))
    assert detail.startswith(f"{field}: "), detail
    assert len(detail) < 200


@pytest.mark.parametrize("body", ["[]", "3", '"python"', '[{"language": "python"}]'])
def test_a_body_that_is_no_object_is_refused(http: httpx.Client, body: str) -> None:
    assert refused(http, body).startswith("body: ")


@pytest.mark.parametrize("body", ["{", "language=python", '"\\ud800"', "1" * 5000])
def test_a_body_that_is_no_json_is_refused(http: httpx.Client, body: bytes | str) -> None:
    assert refused(http, body)


@pytest.mark.parametrize("path", ["/rooms", "/autocomplete"])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'"\xff"', "body: It is not UTF-8"),
        (b'{"a\xff": 1}', "body: It is not UTF-8"),
        (b'{"code": "\xed\xa0\x80"}', "body: It is not UTF-8"),
        (b"[" * 3000, "body: It is nested too deep"),
        (b'{"a":' * 3000, "body: It is nested too deep"),
    ],
)
def test_a_body_that_no_reader_can_read_is_told_so(
    http: httpx.Client, path: str, body: bytes, words: str
) -> None:
    answer = http.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["detail"] == words


@pytest.mark.parametrize("half", ["\\ud800", "a\\udc00b", "\\ud800\\u0041"])
def test_half_a_character_is_named_by_its_field(http: httpx.Client, half: str) -> None:
    body = f'{{"language": "python", "initial_code": "{half}"}}'
    words = "It has half a surrogate pair, which is no character"
    assert refused(http, body) == f"initial_code: {words}"
    question = f'{{"code": "{half}", "cursorPosition": 0, "language": "python"}}'
    answer = http.post("/autocomplete", content=question)
    assert (answer.status_code, answer.json()["detail"]) == (400, f"code: {words}")


def test_a_text_of_the_greatest_length_is_kept(http: httpx.Client) -> None:
    code = "🦦" * LONGEST
    room = http.post("/rooms", json={"initial_code": code}).json()
    assert http.get(f"/rooms/{room['roomId']}").json()["code"] == code


def test_too_large_a_body_is_turned_away(http: httpx.Client) -> None:
    answer = http.post("/rooms", json={"initial_code": "a" * 7 * LONGEST})
    assert answer.status_code == 413
    most = ServerLimits().largest_message
    assert answer.json()["detail"] == f"The request is too large; the limit is {most} bytes."


def test_what_a_room_cannot_do_is_a_405(http: httpx.Client) -> None:
    room_id = http.post("/rooms").json()["roomId"]
    assert http.delete(f"/rooms/{room_id}").status_code == 405
    assert http.get("/rooms").status_code == 405


@pytest.mark.parametrize("path", ["/rooms", "/autocomplete"])
def test_a_body_of_many_parts_is_refused_before_they_are_made(
    http: httpx.Client, path: str
) -> None:
    body = '{"initial_code": [' + "1.5e300," * 20_000 + "1]}"
    answer = http.post(path, content=body)
    assert answer.status_code == 400
    assert answer.json()["detail"] == "body: It has more than 2100 parts"


def files_of(http: httpx.Client, room: Any) -> dict[str, Any]:
    listed = http.get(f"/rooms/{room['roomId']}/files").json()["files"]
    return {file["path"]: file for file in listed}


@pytest.mark.parametrize(
    ("name", "paths", "language"),
    [
        ("empty", {"main.py"}, "python"),
        ("python", {"main.py", "test_main.py"}, "python"),
        ("javascript", {"main.js", "main.test.js", "package.json"}, "javascript"),
        ("typescript", {"main.ts", "tsconfig.json"}, "typescript"),
        ("html", {"index.html", "main.js", "style.css"}, "html"),
    ],
)
def test_a_room_begins_with_a_template(
    http: httpx.Client, name: str, paths: set[str], language: str
) -> None:
    answer = http.post("/rooms", json={"template": name})
    assert answer.status_code == 201, answer.text
    room = answer.json()
    assert room["language"] == language
    assert http.get(f"/rooms/{room['roomId']}").json() == room
    assert set(files_of(http, room)) == paths


def test_the_python_template_passes_its_own_tests(http: httpx.Client, tmp_path: Path) -> None:
    room = http.post("/rooms", json={"template": "python"}).json()
    for path in files_of(http, room):
        text = http.get(f"/rooms/{room['roomId']}/files/{path}").text
        (tmp_path / path).write_text(text, encoding="utf-8")
    run = [sys.executable, "-m", "unittest"]
    ended = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Ran 1 test" in ended.stderr
    assert ended.returncode == 0


def test_a_room_is_made_of_files(http: httpx.Client) -> None:
    files = {"src/app.ts": "let x;\r\n", "README.md": "# Hi", "src/lib/a.py": "", "SRC/b.py": "b"}
    answer = http.post("/rooms", json={"files": files})
    assert answer.status_code == 201, answer.text
    room = answer.json()
    assert (room["code"], room["language"]) == ("let x;\n", "typescript")
    assert http.get(f"/rooms/{room['roomId']}").json() == room
    found = files_of(http, room)
    assert set(found) == {"src", "src/app.ts", "README.md", "src/lib", "src/lib/a.py", "src/b.py"}
    assert found["src/app.ts"]["id"] == "main"
    assert http.get(f"/rooms/{room['roomId']}/files").json()["revision"] == 1


def test_a_thousand_files_come_with_a_room(http: httpx.Client) -> None:
    files = {f"d{n % 10}/{n}.py": "x" for n in range(1000)}
    room = http.post("/rooms", json={"files": files}).json()
    assert len(files_of(http, room)) == 1010


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"files": {}}, "files: It has no file."),
        ({"files": {"../x": ""}}, "files.../x: It would lie outside of the room."),
        ({"files": {"": ""}}, "files.: It has no name."),
        ({"files": {"a": "\0"}}, "files.a: A text cannot hold U+0000."),
        ({"files": {"con": ""}}, "files.con: Windows keeps the name con for itself."),
        ({"files": {"a": ""}, "template": "python"}, "files: It cannot be given beside template."),
        (
            {"files": {"a": ""}, "initial_code": "x"},
            "files: It cannot be given beside initial_code.",
        ),
        ({"template": "cobol"}, "template: Invalid enum value 'cobol'"),
        ({"copy": NOBODYS}, "copy: There is no such room."),
        ({"copy": "x"}, "copy: There is no such room."),
        ({"history": True}, "history: It belongs to a copy."),
        ({"copy": NOBODYS, "template": "html"}, "copy: It cannot be given beside template."),
    ],
)
def test_what_a_room_cannot_begin_with_is_told(
    http: httpx.Client, body: dict[str, Any], words: str
) -> None:
    assert refused(http, json.dumps(body)) == words


def test_a_copy_has_the_files_and_not_the_past(http: httpx.Client) -> None:
    room = http.post("/rooms", json={"files": {"a/main.ts": "1", "b.py": "2", "c.py": "3"}}).json()
    address = f"/rooms/{room['roomId']}/files"
    http.put(f"{address}/logo.png", content=b"\x89PNG\0")
    http.put(f"{address}/a/main.ts", content=b"one")
    http.delete(f"{address}/c.py")
    answer = http.post("/rooms", json={"copy": room["roomId"]})
    assert answer.status_code == 201, answer.text
    copy = answer.json()
    assert copy["roomId"] != room["roomId"]
    assert (copy["code"], copy["language"]) == ("one", "typescript")
    assert http.get(f"/rooms/{copy['roomId']}").json() == copy
    assert files_of(http, copy) == files_of(http, room)
    assert http.get(f"/rooms/{copy['roomId']}/files").json()["revision"] == 2
    assert http.get(f"/rooms/{copy['roomId']}/files/logo.png").content == b"\x89PNG\0"
    # What is done to one is not done to the other.
    http.put(f"/rooms/{copy['roomId']}/files/b.py", content=b"two")
    assert http.get(f"{address}/b.py").text == "2"


def test_a_room_without_files_is_copied_with_an_empty_one(http: httpx.Client) -> None:
    room = http.post("/rooms", json={"initial_code": "x"}).json()
    http.delete(f"/rooms/{room['roomId']}/files/main.py")
    copy = http.post("/rooms", json={"copy": room["roomId"]}).json()
    assert (copy["code"], set(files_of(http, copy))) == ("", {"main.py"})


def test_a_copy_may_have_the_past_too(http: httpx.Client) -> None:
    room = http.post("/rooms", json={"initial_code": "one"}).json()
    address = f"/rooms/{room['roomId']}/files"
    http.put(f"{address}/main.py", content=b"two")
    http.put(f"{address}/logo.png", content=b"\x89PNG\0")
    http.delete(f"{address}/logo.png")
    answer = http.post("/rooms", json={"copy": room["roomId"], "history": True})
    assert answer.status_code == 201, answer.text
    copy = f"/rooms/{answer.json()['roomId']}/files"
    for path, revision in [("main.py", 1), ("main.py", 2), ("logo.png", 3)]:
        then = {"revision": revision}
        assert (
            http.get(f"{copy}/{path}", params=then).content
            == http.get(f"{address}/{path}", params=then).content
        )
    assert http.get(copy).json() == http.get(address).json()
    # It goes on from there by itself.
    assert http.put(f"{copy}/main.py", content=b"three").json()["revision"] == 5
    assert http.get(address).json()["revision"] == 4
