"""`/rooms/{room_id}/search` and `/rooms/{room_id}/replace`, as other programs use them."""

from __future__ import annotations

import asyncio
import json
import re
from random import Random
from typing import Any

import httpx
import pytest

from tests.support.clients import OtClient
from tests.support.database import fill
from tests.support.rooms import NOBODYS
from tests.support.server import DEADLINE, Server

FILES = {
    "main.py": "from lib import area\n\nprint(area(2))\n",
    "src/lib.py": "def area(r):\n    return 3 * r * r  # the Area\n",
    "notes.md": "areas\n",
}


def made(http: httpx.Client, files: dict[str, str]) -> str:
    """The address of a new room."""
    return f"/rooms/{http.post('/rooms', json={'files': files}).json()['roomId']}"


def searched(http: httpx.Client, room: str, query: str, **options: Any) -> list[Any]:
    """The lines of a search."""
    answer = http.post(f"{room}/search", json={"query": query, **options})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["cache-control"] == "no-store"
    return [json.loads(line) for line in answer.text.splitlines()]


def replaced(http: httpx.Client, room: str, query: str, to: str, **options: Any) -> Any:
    body = {"query": query, "replacement": to, **options}
    answer = http.post(f"{room}/replace", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def texts(http: httpx.Client, room: str) -> dict[str, str]:
    listed = http.get(f"{room}/files").json()["files"]
    paths = [file["path"] for file in listed if file["kind"] == "text"]
    return {path: http.get(f"{room}/files/{path}").text for path in paths}


def wrong(answer: httpx.Response) -> tuple[str, str]:
    """The field that a request is refused for, and the words."""
    assert answer.status_code == 400, answer.text
    [only] = answer.json()["extra"]
    return only["key"], only["message"]


def told(answer: httpx.Response, status: int) -> str:
    """The code and the words of an answer that says no."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    return f"{body['extra']['code']}: {body['detail']}"


def test_what_is_found_comes_by_file_with_its_lines(http: httpx.Client) -> None:
    room = made(http, FILES)
    http.put(f"{room}/files/area.png", content=b"\x89PNG\xff")
    begin, main, notes, lib, end = searched(http, room, "area")
    assert begin == {"type": "begin", "revision": 2, "files": 3, "assets": 1}
    assert [one["path"] for one in (main, notes, lib)] == ["main.py", "notes.md", "src/lib.py"]
    assert main["id"] == "main"
    assert main["matches"][1] == {
        "start": 28,
        "end": 32,
        "line": 3,
        "column": 7,
        "excerpt": "print(area(2))",
        "marked": 6,
        "marked_end": 10,
        "replacement": None,
    }
    assert end == {"type": "end", "matches": 5, "files": 3, "stopped": None, "words": None}


def test_options_narrow_what_is_found(http: httpx.Client) -> None:
    room = made(http, FILES)

    def count(query: str = "area", **options: Any) -> int:
        found: int = searched(http, room, query, **options)[-1]["matches"]
        return found

    assert count(case=True) == 4
    assert count(words=True) == 4
    assert count(include=["*.py"]) == 4
    assert count(include=["*.py"], exclude=["src/**"]) == 2
    assert count(r"are(?=\()", regex=True) == 0
    assert count(r"area(?=\()", regex=True) == 2
    assert count("no such") == 0


def test_an_older_revision_is_searched_as_it_was(http: httpx.Client) -> None:
    room = made(http, {"a.txt": "one"})
    http.put(f"{room}/files/a.txt", content=b"two")
    assert searched(http, room, "one")[-1]["matches"] == 0
    assert searched(http, room, "one", revision=1)[0]["revision"] == 1
    assert searched(http, room, "one", revision=1)[-1]["matches"] == 1
    answer = http.post(f"{room}/search", json={"query": "one", "revision": 9})
    assert told(answer, 404) == "unknown_revision: Revision 9 is above the head of this room, 2."


def test_what_another_process_has_written_is_found_at_once(
    http: httpx.Client, shared_server: Server
) -> None:
    room_id = shared_server.create_room(initial_code="")
    assert len(searched(http, f"/rooms/{room_id}", "x")) == 2
    asyncio.run(fill(shared_server.database_url, room_id, head=1, count=3))
    _, found, _ = searched(http, f"/rooms/{room_id}", "xx")
    assert [one["start"] for one in found["matches"]] == [0]


def test_what_is_removed_is_not_searched(http: httpx.Client) -> None:
    room = made(http, FILES)
    http.delete(f"{room}/files/src")
    assert [one["path"] for one in searched(http, room, "area")[1:-1]] == ["main.py", "notes.md"]
    assert replaced(http, room, "area", "x")["matches"] == 3


def test_a_search_with_a_replacement_shows_what_would_come(http: httpx.Client) -> None:
    room = made(http, {"a.txt": "b1 b2"})
    _, file, _ = searched(http, room, r"b(\d)", replacement="$1b", regex=True)
    assert [match["replacement"] for match in file["matches"]] == ["1b", "2b"]
    assert texts(http, room) == {"a.txt": "b1 b2"}


def test_a_pattern_that_takes_for_ever_is_stopped_with_words(database_url: str) -> None:
    words = "The search takes more than the 0.5 s that it may. It got as far as b.txt."
    with (
        Server("--limit-search-seconds=0.5", database_url=database_url) as server,
        httpx.Client(base_url=server.url, timeout=DEADLINE) as http,
    ):
        room = made(http, {"a.txt": "aa!", "b.txt": "a" * 99 + "!"})
        _, end = searched(http, room, "(a+)+$", regex=True)
        assert (end["stopped"], end["words"]) == ("too_slow", words)
        body = {"query": "(a+)+$", "replacement": "", "regex": True}
        assert told(http.post(f"{room}/replace", json=body), 422) == (
            f"too_slow: {words} Nothing is replaced."
        )


def test_a_search_ends_at_the_most_matches_and_a_replacement_does_nothing(
    http: httpx.Client,
) -> None:
    room = made(http, {"a.txt": "x" * 10_001})
    end = searched(http, room, "x")[-1]
    assert (end["matches"], end["stopped"]) == (10_000, "too_many_matches")
    assert end["words"] == "There are more than 10000 matches, the limit; these come first."
    answer = http.post(f"{room}/replace", json={"query": "x", "replacement": "y"})
    assert told(answer, 422).startswith("too_many_matches: There are more than 10000 matches")
    assert http.get(f"{room}/files").json()["revision"] == 1


def test_a_replacement_that_writes_too_much_does_nothing(http: httpx.Client) -> None:
    room = made(http, {"a.txt": "x" * 3000})
    answer = http.post(f"{room}/replace", json={"query": "x", "replacement": "y" * 1000})
    words = "text_too_large: It would write more than 2097152 characters, the limit."
    assert told(answer, 422) == words


@pytest.mark.parametrize(
    ("body", "key", "words"),
    [
        ({"query": ""}, "query", "There is nothing to search for."),
        ({"query": "x" * 1001}, "query", "The query has 1001 characters; the limit is 1000."),
        ({"query": "a)", "regex": True}, "query", "unbalanced parenthesis, at character 2."),
        ({"query": "a", "include": ["x"] * 101}, "include", "The limit is 100 patterns"),
        ({"query": "a", "exclude": ["x" * 1001]}, "exclude", "The limit is 100 patterns"),
        ({"query": "a", "exclude": ["/"]}, "exclude", "'/' names no file."),
        ({"query": "a", "regex": True, "replacement": "$1"}, "replacement", "has no group 1"),
        ({"query": "a", "replacement": "a\0"}, "replacement", "cannot hold U+0000"),
    ],
)
def test_a_query_that_cannot_be_asked_gets_words(
    http: httpx.Client, body: dict[str, Any], key: str, words: str
) -> None:
    room = made(http, {"a.txt": "a"})
    for path in ("search", "replace"):
        found, said = wrong(http.post(f"{room}/{path}", json={"replacement": "", **body}))
        assert found == key
        assert words in said


def test_a_pattern_of_the_empty_text_finds_nothing_and_says_so(http: httpx.Client) -> None:
    end = searched(http, made(http, {"a.txt": "b"}), "a*", regex=True)[-1]
    assert end["matches"] == 0
    assert end["words"].startswith("The pattern also matches where there is nothing")


def test_a_room_that_is_not_there_is_not_searched(http: httpx.Client) -> None:
    for path in ("search", "replace"):
        body = {"query": "a", "replacement": ""}
        answer = http.post(f"/rooms/{NOBODYS}/{path}", json=body)
        assert told(answer, 404) == "room_not_found: Room not found"


def test_all_matches_are_replaced_in_one_change(http: httpx.Client) -> None:
    room = made(http, FILES)
    body = replaced(http, room, "area", "surface", case=True)
    assert (body["revision"], body["matches"]) == (2, 4)
    assert [(one["path"], one["matches"]) for one in body["files"]] == [
        ("main.py", 2),
        ("notes.md", 1),
        ("src/lib.py", 1),
    ]
    after = {path: text.replace("area", "surface") for path, text in FILES.items()}
    assert texts(http, room) == after


def test_some_matches_are_replaced_and_others_stay(http: httpx.Client) -> None:
    room = made(http, {"main.txt": "a a a", "b.txt": "a"})
    body = replaced(http, room, "a", "b", matches={"main": [0, 4, 1]}, revision=1)
    assert body["matches"] == 2
    assert texts(http, room) == {"main.txt": "b a b", "b.txt": "a"}


def test_nothing_to_replace_makes_no_revision(http: httpx.Client) -> None:
    room = made(http, {"a.txt": "a"})
    for query, to in (("b", "c"), ("a", "a")):
        nothing = {"revision": 1, "matches": 0, "files": []}
        assert replaced(http, room, query, to) == nothing


def test_matches_of_an_older_revision_are_merged_with_what_came_since(http: httpx.Client) -> None:
    room = made(http, {"a.txt": "one two one"})
    http.put(f"{room}/files/a.txt", content=b"> one two one!")
    assert replaced(http, room, "one", "1", revision=1)["revision"] == 3
    assert texts(http, room) == {"a.txt": "> 1 two 1!"}


def test_a_request_that_names_a_revision_replaces_once(http: httpx.Client) -> None:
    room = made(http, {"a.txt": "one"})
    first = replaced(http, room, "one", "two", revision=1)
    http.put(f"{room}/files/b.txt", content=b"one")
    assert replaced(http, room, "one", "two", revision=1) == first
    assert texts(http, room) == {"a.txt": "two", "b.txt": "one"}
    assert replaced(http, room, "one", "three", revision=1)["revision"] == 4


async def test_the_same_request_at_the_same_time_replaces_once(shared_server: Server) -> None:
    async with httpx.AsyncClient(base_url=shared_server.url, timeout=DEADLINE) as http:
        files = {"a.txt": "one"}
        room = f"/rooms/{(await http.post('/rooms', json={'files': files})).json()['roomId']}"
        body = {"query": "one", "replacement": "two", "revision": 1}
        sent = [http.post(f"{room}/replace", json=body) for _ in range(4)]
        answers = await asyncio.gather(*sent)
        assert {answer.status_code for answer in answers} <= {200, 409}
        done = {answer.json()["revision"] for answer in answers if answer.status_code == 200}
        assert done == {2}
        assert (await http.get(f"{room}/files/a.txt")).text == "two"


def test_a_replacement_is_taken_back_and_what_came_since_stays(http: httpx.Client) -> None:
    room = made(http, FILES)
    revision = replaced(http, room, "area", "A", case=True)["revision"]
    http.put(f"{room}/files/notes.md", content=b"As, more\n")
    body = {"revision": revision}
    undone = http.post(f"{room}/replace/undo", json=body).json()
    assert undone == {"revision": 4, "files": 3}
    before = FILES | {"notes.md": "areas, more\n"}
    assert texts(http, room) == before
    assert http.post(f"{room}/replace/undo", json=body).json() == undone, "once"
    assert texts(http, room) == before
    assert http.post(f"{room}/replace/undo", json={"revision": 4}).json()["revision"] == 5
    assert texts(http, room)["src/lib.py"] == FILES["src/lib.py"].replace("area", "A")


@pytest.mark.parametrize(
    ("revision", "status", "words"),
    [
        (1, 409, "not_a_replacement: Revision 1 is no replacement."),
        (7, 404, "unknown_revision: Revision 7 is above the head of this room, 1."),
    ],
)
def test_only_a_replacement_is_taken_back(
    http: httpx.Client, revision: int, status: int, words: str
) -> None:
    room = made(http, {"a.txt": "a"})
    answer = http.post(f"{room}/replace/undo", json={"revision": revision})
    assert told(answer, status) == words


@pytest.mark.parametrize("seed", range(12))
def test_replacing_in_a_room_is_replacing_in_its_texts(http: httpx.Client, seed: int) -> None:
    draw = Random(seed)
    files = {f"{n}.txt": "".join(draw.choices("ab \n🦦", k=draw.randrange(200))) for n in range(3)}
    pattern, to, plain = draw.choice(
        [
            ("a(b?)", r"\1x", r"\1x"),
            ("[ab]+", "$$&-", "$&-"),
            (r"(?m)^(\w)(.*)$", "$2$1", r"\2\1"),
            ("🦦|b", "", ""),
            (r"\n", r"\n\n", r"\n\n"),
        ]
    )
    room = made(http, files)
    replaced(http, room, pattern, to, regex=True, case=True)
    after = {path: re.sub(pattern, plain, text) for path, text in files.items()}
    assert texts(http, room) == after


async def test_what_is_typed_meanwhile_is_merged(shared_server: Server) -> None:
    """Somebody types into a file that is being replaced in, again and again. Nothing is lost."""
    async with httpx.AsyncClient(base_url=shared_server.url, timeout=DEADLINE) as http:
        files = {"main.txt": "one two\n" * 20}
        room_id = (await http.post("/rooms", json={"files": files})).json()["roomId"]
        async with OtClient(shared_server.room_url(room_id), "k" * 20) as ann:
            for n in range(20):
                typing = asyncio.create_task(ann.type(f"<{n}>"))
                query, to = ("two", "2") if n % 2 else ("2", "two")
                body = {"query": query, "replacement": to, "case": True, "regex": False}
                body["include"] = ["*.txt"]
                sent = http.post(f"/rooms/{room_id}/replace", json=body)
                answer, _ = await asyncio.gather(sent, typing)
                assert answer.status_code == 200, answer.text
            await ann.settled()
            text = (await http.get(f"/rooms/{room_id}/files/main.txt")).text
            assert all(f"<{n}>".replace("2", "two") in text.replace("2", "two") for n in range(20))
            assert text.count("one") == 20
