"""`/autocomplete`, as other programs use it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

HELLO = {"code": "def hello", "cursorPosition": 9, "language": "python"}
JSON = {"content-type": "application/json"}


def asked(http: httpx.Client, **body: Any) -> Any:
    answer = http.post("/autocomplete", json=HELLO | body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(http: httpx.Client, body: bytes | str) -> str:
    answer = http.post("/autocomplete", content=body, headers=JSON)
    assert answer.status_code == 400, answer.text
    detail: str = answer.json()["detail"]
    assert len(detail) < 200
    return detail


def test_a_definition_is_gone_on_with(http: httpx.Client) -> None:
    answer = asked(http)
    assert set(answer) == {"suggestion", "confidence", "alternatives"}
    assert (answer["suggestion"], answer["confidence"]) == ("():", 0.9)


def test_a_definition_in_a_class_takes_self(http: httpx.Client) -> None:
    code = "class Greeter:\n    def hello"
    answer = asked(http, code=code, cursorPosition=len(code))
    assert (answer["suggestion"], answer["confidence"]) == ("(self):", 0.9)


def test_positions_are_code_points(http: httpx.Client) -> None:
    code = 'otter = "🦦🦦🦦"\ndef hello'
    assert asked(http, code=code, cursorPosition=len(code))["suggestion"] == "():"


def test_alternatives_are_other_likely_texts(http: httpx.Client) -> None:
    code = "if __name__"
    answer = asked(http, code=code, cursorPosition=len(code))
    assert answer["suggestion"] == ' == "__main__":\n    main()'
    confidences = [answer["confidence"], *(a["confidence"] for a in answer["alternatives"])]
    assert len(confidences) > 1
    assert all(0 < confidence <= 1 for confidence in confidences)
    texts = [answer["suggestion"], *(a["suggestion"] for a in answer["alternatives"])]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("language", ["python", "javascript", "typescript"])
def test_where_nothing_is_likely_nothing_is_suggested(http: httpx.Client, language: str) -> None:
    nothing = {"suggestion": "", "confidence": 0.0, "alternatives": []}
    assert asked(http, code="", cursorPosition=0, language=language) == nothing


def test_too_large_a_text_has_no_suggestion(http: httpx.Client) -> None:
    code = "\n" * 200_000 + "def hello"
    assert asked(http, code=code, cursorPosition=len(code))["suggestion"] == ""
    assert asked(http, code=code[10:], cursorPosition=len(code) - 10)["suggestion"] == "():"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": 3}, "code"),
        ({"code": None}, "code"),
        ({"cursorPosition": "9"}, "cursorPosition"),
        ({"cursorPosition": 1.5}, "cursorPosition"),
        ({"cursorPosition": True}, "cursorPosition"),
        ({"cursorPosition": None}, "cursorPosition"),
        ({"cursorPosition": -1}, "cursorPosition"),
        ({"cursorPosition": 10}, "cursorPosition"),
        ({"cursorPosition": 10**30}, "cursorPosition"),
        ({"language": "cobol"}, "language"),
        ({"language": None}, "language"),
    ],
)
def test_a_wrong_field_is_named(http: httpx.Client, wrong: dict[str, Any], field: str) -> None:
    assert refused(http, json.dumps(HELLO | wrong)).startswith(f"{field}: ")


@pytest.mark.parametrize("field", HELLO)
def test_a_missing_field_is_named(http: httpx.Client, field: str) -> None:
    body = {name: value for name, value in HELLO.items() if name != field}
    assert field in refused(http, json.dumps(body))


def test_a_body_that_is_not_there_is_missed(http: httpx.Client) -> None:
    assert refused(http, "") == "body: It is missing"


@pytest.mark.parametrize("body", ["[]", "{", '"def hello"', b"\xff", '{"code": "\\ud800"}'])
def test_a_body_that_is_no_question_is_refused(http: httpx.Client, body: bytes | str) -> None:
    assert refused(http, body)
