"""`/rooms/{room_id}/messages` and `…/threads`, as other programs use them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.database import execute
from tests.support.rooms import NOBODYS
from tests.support.server import Server

KEY = {"talk-key": "a-secret-of-a-program"}
OTHER = {"talk-key": "another-secret-of-one"}


@pytest.fixture
def room(http: httpx.Client) -> str:
    """The address of a new room with a text of three lines."""
    body = {"initial_code": "one\nTWO\nthree\n"}
    return f"/rooms/{http.post('/rooms', json=body).json()['roomId']}"


def said(http: httpx.Client, room: str, text: str, **body: Any) -> int:
    answer = http.post(f"{room}/messages", json={"text": text, **body}, headers=KEY)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["number"]
    return number


def texts(http: httpx.Client, room: str, **query: Any) -> list[str | None]:
    answer = http.get(f"{room}/messages", params=query)
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["messages"]]


def code(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    found: str = answer.json()["extra"]["code"]
    return found


def thread(http: httpx.Client, room: str) -> dict[str, Any]:
    """The only thread of a room."""
    [found] = http.get(f"{room}/threads").json()["threads"]
    assert isinstance(found, dict)
    return found


def put(http: httpx.Client, room: str, text: str) -> None:
    assert http.put(f"{room}/files/main.py", content=text.encode()).status_code == 200


def anchor(http: httpx.Client, room: str, start: int, end: int) -> dict[str, Any]:
    revision = http.get(f"{room}/files").json()["revision"]
    return {"file": "main", "revision": revision, "start": start, "end": end}


def test_what_is_said_is_read_in_pages_in_both_directions(http: httpx.Client, room: str) -> None:
    for number in range(1, 8):
        assert said(http, room, f"m{number}") == number
    assert texts(http, room, limit=3) == ["m5", "m6", "m7"]
    assert texts(http, room, limit=3, before=5) == ["m2", "m3", "m4"]
    assert texts(http, room, limit=3, before=2) == ["m1"]
    assert texts(http, room, limit=3, after=2) == ["m3", "m4", "m5"]
    assert texts(http, room, after=7) == []
    assert http.get(f"{room}/messages?limit=3").json()["more"] is True
    assert http.get(f"{room}/messages?limit=7").json()["more"] is False


@pytest.mark.parametrize(
    "query", ["before=-1", f"after={2**70}", "limit=0", "limit=201", "before=x", "thread=-3"]
)
def test_a_page_outside_of_what_there_can_be_is_an_error(
    http: httpx.Client, room: str, query: str
) -> None:
    assert http.get(f"{room}/messages?{query}").status_code == 400


def test_a_search_finds_words_and_beginnings_of_the_last(http: httpx.Client, room: str) -> None:
    said(http, room, "look at main.py:19, it fails")
    said(http, room, "the_parser looks odd")
    said(http, room, "Ölwechsel")
    assert texts(http, room, search="PARSER") == ["the_parser looks odd"]
    assert texts(http, room, search="main.py") == ["look at main.py:19, it fails"]
    assert texts(http, room, search="loo") == [
        "look at main.py:19, it fails",
        "the_parser looks odd",
    ]
    assert texts(http, room, search="ölw") == ["Ölwechsel"]
    assert texts(http, room, search="%") == texts(http, room, search="' | 'x") == []


def test_a_deleted_text_is_nowhere(http: httpx.Client, room: str) -> None:
    number = said(http, room, "regretted", anchor=anchor(http, room, 0, 3))
    assert texts(http, room, search="regretted") == ["regretted"]
    assert http.delete(f"{room}/messages/{number}", headers=KEY).status_code == 204
    assert texts(http, room, search="regretted") == []
    everything = [
        http.get(f"{room}/messages").text,
        http.get(f"{room}/messages?thread={number}").text,
        http.get(f"{room}/threads").text,
    ]
    assert "regretted" not in "".join(everything)
    assert http.get(f"{room}/threads").json()["threads"] == []
    assert code(http.delete(f"{room}/messages/{number}", headers=KEY), 404) == "unknown_message"


def test_who_has_another_key_or_none_changes_nothing(http: httpx.Client, room: str) -> None:
    number = said(http, room, "mine")
    for headers in (OTHER, {}):
        body = {"text": "forged"}
        answer = http.patch(f"{room}/messages/{number}", json=body, headers=headers)
        assert code(answer, 403) == "not_yours"
        answer = http.delete(f"{room}/messages/{number}", headers=headers)
        assert code(answer, 403) == "not_yours"
    assert texts(http, room) == ["mine"]
    body = {"text": "mine, edited"}
    assert http.patch(f"{room}/messages/{number}", json=body, headers=KEY).status_code == 200
    assert texts(http, room) == ["mine, edited"]


def test_an_author_is_not_told_by_the_body(http: httpx.Client, room: str) -> None:
    said(http, room, "x", author="Ann", who="someone", person="someone")
    [one] = http.get(f"{room}/messages").json()["messages"]
    assert one["author"] == "REST API"
    assert "someone" not in (one["who"], one["person"])


def test_a_message_with_a_nonce_is_kept_once(http: httpx.Client, room: str) -> None:
    assert said(http, room, "once", nonce="n" * 12) == said(http, room, "once", nonce="n" * 12)
    assert texts(http, room) == ["once"]


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ({"text": "x" * 4001}, 413, "message_too_long"),
        ({"text": "```\n" + "x" * 200_000 + "\n```"}, 413, "message_too_long"),
        ({"text": "x", "suggestion": "x" * 4001}, 413, "message_too_long"),
        ({"text": " \n\t\u200b\u202e\x00"}, 400, "empty_message"),
        ({"text": "x", "mentions": [f"p{n}" for n in range(21)]}, 400, "too_many_mentions"),
        (
            {"text": "x", "mentions": ["p"] * 3, "names": [f"n{n}" for n in range(20)]},
            400,
            "too_many_mentions",
        ),
        ({"text": "x", "thread": 5}, 404, "unknown_thread"),
        ({"text": "x", "names": ["Ann", "\0"]}, 400, "malformed"),
        ({"text": "x", "suggestion": "y"}, 400, "no_anchor"),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_code_and_words(
    http: httpx.Client, room: str, body: dict[str, Any], status: int, expected: str
) -> None:
    answer = http.post(f"{room}/messages", json=body)
    assert code(answer, status) == expected
    assert answer.json()["detail"]
    assert texts(http, room) == []


def test_a_megabyte_of_code_is_too_large_before_it_is_read(http: httpx.Client, room: str) -> None:
    body = {"text": "```\n" + "x" * 1024 * 1024 + "\n```"}
    assert http.post(f"{room}/messages", json=body).status_code == 413


@pytest.mark.parametrize(
    ("change", "status", "expected"),
    [
        ({"file": "nowhere"}, 404, "unknown_file"),
        ({"revision": 99}, 400, "unknown_revision"),
        ({"end": 15}, 400, "bad_anchor"),
        ({"start": 2**50, "end": 2**50}, 400, "bad_anchor"),
    ],
)
def test_an_anchor_that_fits_no_text_is_refused(
    http: httpx.Client, room: str, change: dict[str, Any], status: int, expected: str
) -> None:
    body = {"text": "x", "anchor": {**anchor(http, room, 0, 3), **change}}
    assert code(http.post(f"{room}/messages", json=body), status) == expected


@pytest.mark.parametrize("change", [{"start": 5, "end": 2}, {"start": -1}, {"end": 2**70}])
def test_an_anchor_that_is_none_is_malformed(
    http: httpx.Client, room: str, change: dict[str, Any]
) -> None:
    body = {"text": "x", "anchor": {**anchor(http, room, 0, 3), **change}}
    assert http.post(f"{room}/messages", json=body).status_code == 400


def test_a_message_replies_to_one_of_the_chat(http: httpx.Client, room: str) -> None:
    first = said(http, room, "Ship it?")
    comment = said(http, room, "why?", anchor=anchor(http, room, 0, 3))
    said(http, room, "yes", reply=first)
    assert http.get(f"{room}/messages").json()["messages"][1]["reply"] == first
    for body in ({"reply": 99}, {"reply": comment}, {"reply": first, "thread": comment}):
        answer = http.post(f"{room}/messages", json={"text": "x", **body})
        assert code(answer, 404) == "unknown_message"
    # The reply stays when what it answers is gone.
    http.delete(f"{room}/messages/{first}", headers=KEY)
    said(http, room, "late", reply=first)
    assert texts(http, room) == [None, "yes", "late"]


def test_a_thread_that_is_gone_is_told_by_no_list_count_or_search(
    http: httpx.Client, room: str
) -> None:
    number = said(http, room, "hidden", anchor=anchor(http, room, 4, 7))
    answer = said(http, room, "hidden answer", thread=number)
    for each in (number, answer):
        assert http.delete(f"{room}/messages/{each}", headers=KEY).status_code == 204
    assert http.get(f"{room}/threads").json()["threads"] == []
    assert texts(http, room) == texts(http, room, search="hidden") == []
    found = http.get(f"{room}/messages?thread={number}").text
    assert "hidden" not in found
    assert "TWO" not in found
    body = {"text": "x", "thread": number}
    assert code(http.post(f"{room}/messages", json=body), 404) == "unknown_thread"
    resolved = http.patch(f"{room}/threads/{number}", json={"resolved": True})
    assert code(resolved, 404) == "unknown_thread"


def test_too_many_messages_in_a_minute_are_refused_until_later(
    http: httpx.Client, room: str
) -> None:
    for number in range(20):
        said(http, room, str(number))
    answer = http.post(f"{room}/messages", json={"text": "more"}, headers=KEY)
    assert code(answer, 429) == "too_many_messages"
    assert 1 <= int(answer.headers["retry-after"]) <= 61
    assert http.post(f"{room}/messages", json={"text": "else"}, headers=OTHER).status_code == 201


def test_a_thread_follows_its_text(http: httpx.Client, room: str) -> None:
    number = said(http, room, "why?", anchor=anchor(http, room, 4, 7))
    put(http, room, "zero\none\nTWO\nthree\n")
    found = thread(http, room)
    assert (found["id"], found["start"], found["end"], found["quote"]) == (number, 9, 12, "TWO")
    # What is written before and after the text is no part of it.
    put(http, room, "zero\none\n(TWO)\nthree\n")
    found = thread(http, room)
    assert (found["start"], found["end"]) == (10, 13)
    moved = {"path": "lib/other.py"}
    assert http.patch(f"{room}/files/main.py", json=moved).status_code == 200
    assert thread(http, room)["file"] == "main"


def test_a_thread_on_deleted_text_keeps_its_quote_and_comes_back_with_the_text(
    http: httpx.Client, room: str
) -> None:
    said(http, room, "why?", anchor=anchor(http, room, 4, 7))
    put(http, room, "one\nthree\n")
    found = thread(http, room)
    assert (found["start"], found["quote"]) == (found["end"], "TWO")
    put(http, room, "new\none\nTWO\nthree\n")
    found = thread(http, room)
    assert (found["start"], found["end"]) == (8, 11)


def test_a_thread_has_answers_is_resolved_and_opened_again(http: httpx.Client, room: str) -> None:
    number = said(http, room, "why?", anchor=anchor(http, room, 4, 7))
    answer = said(http, room, "because", thread=number)
    assert texts(http, room, thread=number) == ["why?", "because"]
    assert texts(http, room) == []
    found = thread(http, room)
    assert (found["count"], found["last"], found["text"]) == (2, answer, "why?")
    address = f"{room}/threads/{number}"
    assert http.patch(address, json={"resolved": True}).status_code == 200
    assert thread(http, room)["resolved"] == "REST API"
    assert http.patch(address, json={"resolved": False}).status_code == 200
    assert "resolved" not in thread(http, room)
    assert code(http.patch(f"{room}/threads/99", json={"resolved": True}), 404) == "unknown_thread"
    # It lives as long as one of its messages.
    http.delete(f"{room}/messages/{number}", headers=KEY)
    assert thread(http, room)["count"] == 1
    http.delete(f"{room}/messages/{answer}", headers=KEY)
    assert http.get(f"{room}/threads").json()["threads"] == []


def test_a_suggestion_is_accepted_once_by_the_name_of_who_made_it(
    http: httpx.Client, room: str
) -> None:
    number = said(http, room, "better", anchor=anchor(http, room, 4, 7), suggestion="2\n2")
    put(http, room, "zero\none\nTWO\nthree\n")
    answer = http.post(f"{room}/messages/{number}/accept", headers={"x-collab-name": "Bo"})
    assert answer.status_code == 200, answer.text
    assert http.get(f"{room}/files/main.py").text == "zero\none\n2\n2\nthree\n"
    assert code(http.post(f"{room}/messages/{number}/accept"), 409) == "accepted"
    assert http.get(f"{room}/files/main.py").text == "zero\none\n2\n2\nthree\n"
    found = thread(http, room)
    assert found["resolved"] == "Bo"
    [one] = http.get(f"{room}/messages?thread={number}").json()["messages"]
    assert one["accepted"] == "Bo"


def test_a_suggestion_in_the_text_that_was_not_noted_as_accepted_is_noted_later(
    http: httpx.Client, room: str, shared_server: Server
) -> None:
    """The server died between the two."""
    number = said(http, room, "better", anchor=anchor(http, room, 4, 7), suggestion="2\n2")
    accept = f"{room}/messages/{number}/accept"
    first = http.post(accept, headers={"x-collab-name": "Bo"}).json()
    here = f"room_id = '{room.rpartition('/')[2]}'"
    execute(shared_server.database_url, f"update message set accepted_by = null where {here}")
    execute(shared_server.database_url, f"update thread set resolved_by = null where {here}")
    assert http.post(accept, headers={"x-collab-name": "Cy"}).json() == first
    assert http.get(f"{room}/files/main.py").text == "one\n2\n2\nthree\n"
    assert thread(http, room)["resolved"] == "Cy"
    assert code(http.post(accept), 409) == "accepted"


@pytest.mark.parametrize("changed", ["one\nTO\nthree\n", "one\nTxO\nthree\n"])
def test_a_suggestion_for_a_text_that_has_changed_is_not_accepted(
    http: httpx.Client, room: str, changed: str
) -> None:
    """Also where the text has kept its length."""
    number = said(http, room, "better", anchor=anchor(http, room, 4, 7), suggestion="2")
    put(http, room, changed)
    assert code(http.post(f"{room}/messages/{number}/accept"), 409) == "text_changed"
    assert http.get(f"{room}/files/main.py").text == changed


def test_a_suggestion_for_a_long_text_quotes_and_compares_all_of_it(
    http: httpx.Client, room: str
) -> None:
    put(http, room, long := "x" * 1000 + "\n")
    body = {"anchor": anchor(http, room, 0, 1000), "suggestion": "short"}
    first, second = (said(http, room, "better", **body) for _ in range(2))
    put(http, room, changed := "x" * 900 + "y" + "x" * 99 + "\n")
    assert code(http.post(f"{room}/messages/{first}/accept"), 409) == "text_changed"
    assert http.get(f"{room}/files/main.py").text == changed
    put(http, room, long)
    assert http.post(f"{room}/messages/{second}/accept").status_code == 200
    assert http.get(f"{room}/files/main.py").text == "short\n"
    put(http, room, "x" * 5000)
    body = {"text": "x", "anchor": anchor(http, room, 0, 5000), "suggestion": "short"}
    assert code(http.post(f"{room}/messages", json=body), 413) == "message_too_long"


@pytest.mark.parametrize("number", [-(2**80), 0, 2**53, 2**80])
def test_a_number_that_no_message_can_have_is_unknown(
    http: httpx.Client, room: str, number: int
) -> None:
    message = f"{room}/messages/{number}"
    body = {"text": "x"}
    assert code(http.patch(message, json=body, headers=KEY), 404) == "unknown_message"
    assert code(http.delete(message, headers=KEY), 404) == "unknown_message"
    assert code(http.post(f"{message}/accept"), 404) == "unknown_message"
    answer = http.patch(f"{room}/threads/{number}", json={"resolved": True})
    assert code(answer, 404) == "unknown_thread"


@pytest.mark.parametrize("path", ["messages", "threads"])
def test_a_room_that_is_not_there_has_no_talk(http: httpx.Client, path: str) -> None:
    for room_id in (NOBODYS, "anything"):
        answer = http.get(f"/rooms/{room_id}/{path}")
        assert (answer.status_code, answer.json()["detail"]) == (404, "Room not found")
        answer = http.post(f"/rooms/{room_id}/messages", json={"text": "x"})
        assert (answer.status_code, answer.json()["detail"]) == (404, "Room not found")
