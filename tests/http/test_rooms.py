"""`/rooms`, as other programs use it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from collab.live.limits import ServerLimits
from tests.support.rooms import NOBODYS

LONGEST = 2 * 1024 * 1024


def refused(http: httpx.Client, content: bytes | str) -> Any:
    """What a POST /rooms that is a 400 says."""
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
    assert answer.json()["detail"] == "body: It has more than 100 parts"
