"""`/rooms/{room_id}/code`: names, documentation and problems, by language servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar.exceptions import TooManyRequestsException

from collab.completions.turns import Questions
from tests.support.server import DEADLINE, Server

SHAPES = """
def area(r: float) -> float:
    return 3 * r * r
"""
FILES = {
    "main.py": "from lib.shapes import area\n\nprint(area(2))\n",
    "lib/shapes.py": SHAPES,
    "page.ts": "const wheels: number[] = [];\n",
    "notes.md": "areas\n",
}


@pytest.fixture
def http(learned_server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=learned_server.url, timeout=DEADLINE) as client:
        yield client


def made(http: httpx.Client) -> tuple[str, dict[str, str]]:
    """The address of a new room, and the ids of its files by path."""
    room = f"/rooms/{http.post('/rooms', json={'files': FILES}).json()['roomId']}"
    return room, {each["path"]: each["id"] for each in http.get(f"{room}/files").json()["files"]}


def asked(http: httpx.Client, address: str, **body: Any) -> Any:
    answer = http.post(address, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_names_come_with_types_and_those_with_underscores_last(http: httpx.Client) -> None:
    room, ids = made(http)
    code = "import os\nos."
    place = {"file": ids["main.py"], "code": code, "cursorPosition": len(code)}
    names = asked(http, f"{room}/code/names", **place)["names"]
    assert not names[0]["name"].startswith("_")
    assert names[-1]["name"].startswith("__")
    [getcwd] = [each for each in names if each["name"] == "getcwd"]
    assert (getcwd["kind"], "str" in getcwd["detail"]) == ("function", True)
    told = asked(http, f"{room}/code/documentation", **place, name="getcwd")
    assert "current working directory" in told["documentation"]


def test_a_suggestion_knows_the_other_files_of_the_room_for_who_is_let_in(
    http: httpx.Client,
) -> None:
    room, ids = made(http)
    code = "from lib import shapes\n\nprint(shapes.ar"
    question = {"code": code, "cursorPosition": len(code), "language": "python"}
    here = {"room": room.removeprefix("/rooms/"), "file": ids["main.py"]}
    while asked(http, "/autocomplete", **question, **here)["suggestion"] != "ea":
        pass  # until the server's process knows the files
    assert asked(http, "/autocomplete", **question)["suggestion"] != "ea"
    assert asked(http, "/autocomplete", **question, **here | {"file": "gone"})
    for other in (str(uuid4()), "nonsense"):
        answer = http.post("/autocomplete", json=question | here | {"room": other})
        assert (answer.status_code, answer.json()["extra"]["code"]) == (404, "room_not_found")


def test_documentation_of_typescript_is_told(http: httpx.Client) -> None:
    room, ids = made(http)
    code = FILES["page.ts"] + "wheels."
    place = {"file": ids["page.ts"], "code": code, "cursorPosition": len(code)}
    assert "push" in {each["name"] for each in asked(http, f"{room}/code/names", **place)["names"]}
    told = asked(http, f"{room}/code/documentation", **place, name="push")
    assert "push(" in told["detail"]
    assert "Appends" in told["documentation"]


def test_problems_are_those_of_the_text_as_it_is_seen(http: httpx.Client) -> None:
    room, ids = made(http)
    file = ids["main.py"]
    found = asked(http, f"{room}/code/problems", file=file, code=FILES["main.py"])
    assert found == {"servers": ["ty", "ruff"], "problems": []}
    code = "from lib.shapes import area\nimport json\n\né = area('2')\n"
    found = asked(http, f"{room}/code/problems", file=file, code=code)["problems"]
    unused, wrong = found
    assert (unused["source"], unused["code"], unused["line"]) == ("Ruff", "F401", 2)
    assert (wrong["severity"], wrong["source"], wrong["line"]) == ("error", "ty", 4)
    assert code[wrong["start"] : wrong["end"]] == "'2'"


def test_problems_of_all_files_are_those_of_what_is_committed(http: httpx.Client) -> None:
    files = {
        **FILES,
        "bad.py": "from lib.shapes import area\n\nx = area('2')\n",
        "b.ts": "let a: string = 1;\n",
    }
    room = f"/rooms/{http.post('/rooms', json={'files': files}).json()['roomId']}"
    ids = {each["id"]: each["path"] for each in http.get(f"{room}/files").json()["files"]}
    told = http.get(f"{room}/code/problems").json()
    found = {ids[each["file"]]: each for each in told["files"]}
    assert (set(found), told["left"]) == ({*files} - {"notes.md"}, 0)
    wrong = {path: [each["line"] for each in one["problems"]] for path, one in found.items()}
    assert {path: lines for path, lines in wrong.items() if lines} == {"bad.py": [3], "b.ts": [1]}
    [problem] = found["bad.py"]["problems"]
    assert (problem["column"], problem["source"]) == (10, "ty")


def test_an_address_has_so_many_questions_at_once() -> None:
    questions = Questions(1)
    with questions.one("a"), questions.one("b"):
        with pytest.raises(TooManyRequestsException) as refused, questions.one("a"):
            pass
        assert refused.value.extra == {"code": "too_many_questions"}
    with questions.one("a"):
        pass


def test_nothing_is_known_of_other_languages_and_of_files_that_are_not_there(
    http: httpx.Client,
) -> None:
    room, ids = made(http)
    notes = {"file": ids["notes.md"], "code": "areas\n"}
    assert asked(http, f"{room}/code/problems", **notes) == {"servers": [], "problems": []}
    assert asked(http, f"{room}/code/names", **notes, cursorPosition=2) == {"names": None}
    gone = {"file": "none", "code": ""}
    assert http.post(f"{room}/code/problems", json=gone).status_code == 404
    assert http.post(f"/rooms/{uuid4()}/code/problems", json=gone).status_code == 404
    beyond = {"file": ids["main.py"], "code": "", "cursorPosition": 1}
    assert http.post(f"{room}/code/names", json=beyond).status_code == 400
